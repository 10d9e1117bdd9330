"""DATA → gRPC messages (PROTOCOL-HTTP2.md, Length-Prefixed-Message). In: the payloads of one direction of a stream, cut
anywhere; out: the messages that ended in each. Keeps lengths, not contents.
"""

from __future__ import annotations

from interop.wire_view import WireMessage

_PREFIX = 5  # one byte Compressed-Flag, four bytes length


class Messages:
    """``count`` messages ended so far; ``unfinished``: one has begun, and its end has not come."""

    def __init__(self) -> None:
        self.count = 0
        self._prefix = b""
        self._missing = 0

    @property
    def unfinished(self) -> bool:
        return bool(self._prefix)

    def feed(self, data: bytes) -> list[WireMessage]:
        if not self._prefix and len(data) - _PREFIX == int.from_bytes(data[1:_PREFIX]) >= 0:
            self.count += 1  # one whole message, as nearly always
            return [WireMessage(length=len(data) - _PREFIX, compressed=bool(data[0]))]
        found = []
        at = 0
        while at < len(data):
            if len(self._prefix) < _PREFIX:
                taken = data[at : at + _PREFIX - len(self._prefix)]
                at += len(taken)
                self._prefix += taken
                if len(self._prefix) < _PREFIX:
                    break
                self._missing = int.from_bytes(self._prefix[1:])
            skipped = min(self._missing, len(data) - at)
            at += skipped
            self._missing -= skipped
            if not self._missing:
                found.append(WireMessage(length=int.from_bytes(self._prefix[1:]), compressed=bool(self._prefix[0])))
                self._prefix = b""
        self.count += len(found)
        return found
