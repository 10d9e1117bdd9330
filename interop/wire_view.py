"""What passed on the wire for one call, between the client and the handler: values only; this file does nothing."""

from __future__ import annotations

from typing import Literal

import msgspec

Sender = Literal["client", "server"]


class _Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    pass


class WireMessage(_Value, frozen=True, kw_only=True):
    """A gRPC message, told where it ended. ``length`` is that of its bytes as they were sent."""

    length: int
    compressed: bool = False


class WireFrame(_Value, frozen=True, kw_only=True):
    """A frame of the call's streams, or of their connection where it concerns them (``stream`` 0).

    ``frame`` is HTTP/2's name; ``FIN`` and ``RST`` are the connection's own end, ``UNREADABLE`` what the recorder could
    not read. A header block is one frame with all its fields, however many CONTINUATIONs it took. Values are as they
    were on the wire, but that bytes which are no text (with a NUL before them) are base64 after the NUL. ``length`` is
    that of the payload; ``error`` the error code's name.
    """

    at_ms: float
    sender: Sender = msgspec.field(name="from")
    frame: str
    stream: int = 0
    length: int = 0
    flags: list[str] = []
    headers: list[tuple[str, str]] = []
    continuations: int = 0
    messages: list[WireMessage] = []
    more_messages: int = 0
    error: str = ""
    increment: int = 0
    text: str = ""


class WireStream(_Value, frozen=True, kw_only=True):
    """One attempt of the call. ``sent`` and ``answered``: whole messages of the client, and of the server."""

    connection: int
    stream: int
    sent: int = 0
    answered: int = 0


class WireView(_Value, frozen=True, kw_only=True):
    """One call on the wire, times in milliseconds since its first frame. Of a long one the middle is left out.

    ``script``, ``metadata`` and ``plan`` are what the two ends were told to do.
    """

    streams: list[WireStream] = []
    frames: list[WireFrame] = []
    left_out: int = 0
    left_out_after: int = 0
    script: list[str] = []
    metadata: list[tuple[str, str]] = []
    plan: list[str] = []
