"""A method as the contract names it: its full name, its mode and its message types."""

from __future__ import annotations

from dataclasses import dataclass

from google.protobuf.message import Message

UNARY, SERVER_STREAMING = "unary", "server-streaming"
CLIENT_STREAMING, BIDI_STREAMING = "client-streaming", "bidi-streaming"
MODES = (UNARY, SERVER_STREAMING, CLIENT_STREAMING, BIDI_STREAMING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """``name`` is the full one, ``/package.Service/Method``."""

    name: str
    mode: str
    request: type[Message]
    response: type[Message]


def streams_requests(mode: str) -> bool:
    return mode in (CLIENT_STREAMING, BIDI_STREAMING)


def streams_responses(mode: str) -> bool:
    return mode in (SERVER_STREAMING, BIDI_STREAMING)


def arity(mode: str) -> str:
    """The mode in grpcio's own words, which stand in the names of its functions and attributes: ``unary_stream``."""
    return f"{'stream' if streams_requests(mode) else 'unary'}_{'stream' if streams_responses(mode) else 'unary'}"


def mode_of(client_streams: bool, server_streams: bool) -> str:
    return MODES[2 * client_streams + server_streams]
