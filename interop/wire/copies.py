"""What the relay tells the reader, as bytes in a pipe: who sent what on which connection, how a connection ended, and
which calls are to be handed out. In order, so that a call is handed out after all that passed before it was asked for.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

from interop.wire_view import Sender

# What it is, the connection's number, the time in seconds, the length of the data that follow.
_HEAD = struct.Struct(">BIdI")
What = Literal["data", "FIN", "RST", "take"]
_KINDS: tuple[tuple[Sender, What], ...] = (
    ("client", "data"), ("server", "data"), ("client", "FIN"), ("server", "FIN"), ("client", "RST"), ("server", "RST"),
    ("client", "take"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """``data``: the bytes that passed; of a ``take`` the line that asked for it."""

    sender: Sender
    what: What
    connection: int = 0
    at: float = 0.0
    data: bytes = b""

    def packed(self) -> bytes:
        kind = _KINDS.index((self.sender, self.what))
        return _HEAD.pack(kind, self.connection, self.at, len(self.data)) + self.data


def unpacked(source: BinaryIO) -> Iterator[Copy]:
    """Until the pipe ends."""
    while len(head := source.read(_HEAD.size)) == _HEAD.size:
        kind, connection, at, length = _HEAD.unpack(head)
        sender, what = _KINDS[kind]
        yield Copy(sender=sender, what=what, connection=connection, at=at, data=source.read(length))
