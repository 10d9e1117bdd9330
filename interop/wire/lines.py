"""The lines between the harness and its relay, which is a process of its own: JSON, one a line."""

from __future__ import annotations

import msgspec

from interop.wire_view import WireView


class _Line(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    id: int


class Open(_Line, frozen=True, kw_only=True, tag="open"):
    """Harness → relay: stand before this server."""

    upstream: str


class Opened(_Line, frozen=True, kw_only=True, tag="opened"):
    address: str


class Take(_Line, frozen=True, kw_only=True, tag="take"):
    """Harness → relay: these calls are over; hand out what there is of them, and forget them."""

    calls: list[str]


class Taken(_Line, frozen=True, kw_only=True, tag="taken"):
    """``views`` by call id; a call that never came is not among them."""

    views: dict[str, WireView]


Request = Open | Take
Reply = Opened | Taken

_encoder = msgspec.json.Encoder()
_requests = msgspec.json.Decoder(Request)
_replies = msgspec.json.Decoder(Reply)


def encode(line: Request | Reply) -> bytes:
    return _encoder.encode(line) + b"\n"


def request(data: bytes) -> Request:
    line: Request = _requests.decode(data)
    return line


def reply(data: bytes) -> Reply:
    line: Reply = _replies.decode(data)
    return line
