"""What the tests of the tap share: a call as HTTP/2 bytes, made by another library (h2), and frames made by hand."""

from __future__ import annotations

from h2.config import H2Configuration
from h2.connection import H2Connection

REQUEST = [
    (":method", "POST"), (":scheme", "http"), (":path", "/users.UserService/ListUsers"), (":authority", "here"),
    ("content-type", "application/grpc"), ("interop-call-id", "c7"), ("x-a-bin", "AAE"),
]  # fmt: skip
RESPONSE = [(":status", "200"), ("content-type", "application/grpc")]
TRAILERS = [("grpc-status", "5"), ("grpc-message", "no such user")]

Turns = list[tuple[str, bytes]]


def message(payload: bytes, compressed: bool = False) -> bytes:
    return bytes([compressed]) + len(payload).to_bytes(4) + payload


class Pair:
    """Two ends of a connection; ``turns`` are the bytes that passed, in order, with who sent them."""

    def __init__(self) -> None:
        self.client = H2Connection(H2Configuration(client_side=True, header_encoding="utf-8"))
        self.server = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        self.turns: Turns = []
        self.client.initiate_connection()
        self.server.initiate_connection()
        self.exchange()

    def exchange(self) -> None:
        """Until neither has anything to say."""
        said = True
        while said:
            said = False
            for name, end, other in (("client", self.client, self.server), ("server", self.server, self.client)):
                if data := end.data_to_send():
                    self.turns.append((name, data))
                    other.receive_data(data)
                    said = True


def call() -> Turns:
    """A server-streaming call: one request, two responses (the second compressed), NOT_FOUND in the trailers."""
    pair = Pair()
    pair.client.send_headers(1, REQUEST)
    pair.client.send_data(1, message(b"abc"), end_stream=True)
    pair.exchange()
    pair.server.send_headers(1, RESPONSE)
    pair.server.send_data(1, message(b"") + message(b"12345", compressed=True)[:3], pad_length=4)
    pair.server.send_data(1, message(b"12345", compressed=True)[3:])
    pair.server.send_headers(1, TRAILERS, end_stream=True)
    pair.exchange()
    return pair.turns
