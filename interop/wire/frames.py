"""Bytes of one direction of a connection → HTTP/2 frames. In: bytes, cut anywhere; out: the frames that ended in them,
header blocks decoded. What can't be read is told once; what comes after it is not read.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from hpack import Decoder
from hpack.hpack import decode_integer
from hyperframe.frame import ContinuationFrame, ExtensionFrame, Frame, HeadersFrame, PushPromiseFrame

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_HEAD = 9
# A header list beyond it is not read: memory is kept for no sender's sake.
MOST_HEADERS = 16 * 1024 * 1024
# The decoder copies the rest of a block for each field, so a long block goes to it in pieces.
_PIECE = 4 * 1024

Pairs = list[tuple[str, str]]


class Unreadable(Exception):
    """The bytes are no HTTP/2, or the recorder could not follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A frame; of a header block the first one, with the fields of all. ``length`` is that of the payload."""

    frame: Frame
    length: int
    headers: Pairs | None = None
    continuations: int = 0

    @property
    def name(self) -> str:
        if isinstance(self.frame, ExtensionFrame):
            return f"type 0x{self.frame.type:02x}"
        return _NAMES.get(type(self.frame).__name__, type(self.frame).__name__)


_NAMES = {
    "DataFrame": "DATA", "HeadersFrame": "HEADERS", "PriorityFrame": "PRIORITY", "RstStreamFrame": "RST_STREAM",
    "SettingsFrame": "SETTINGS", "PushPromiseFrame": "PUSH_PROMISE", "PingFrame": "PING", "GoAwayFrame": "GOAWAY",
    "WindowUpdateFrame": "WINDOW_UPDATE", "ContinuationFrame": "CONTINUATION", "AltSvcFrame": "ALTSVC",
}  # fmt: skip


class Frames:
    """Reads one direction. ``preface``: it is the client's, which begins with the connection preface."""

    def __init__(self, preface: bool) -> None:
        self._awaited = PREFACE if preface else b""
        self._buffer = bytearray()
        self._decoder = Decoder(max_header_list_size=MOST_HEADERS)
        self._block: _Block | None = None

    def feed(self, data: bytes | memoryview) -> Iterator[Read]:
        """Raises ``Unreadable``, after which it must not be fed again."""
        self._buffer += data
        if self._awaited and not self._preface():
            return
        used = 0
        view = memoryview(self._buffer)
        try:
            while (end := _end(view, used)) is not None:
                # Copies: a view that an exception's traceback holds would keep the buffer from shrinking.
                read = self._frame(bytes(view[used : used + _HEAD]), bytes(view[used + _HEAD : end]))
                used = end
                if read is not None:
                    yield read
        except Unreadable:
            raise
        except Exception as error:
            # Whatever the bytes did to a library: it is told, and the relay goes on.
            raise Unreadable(f"{type(error).__name__}: {error}") from error
        finally:
            view.release()
            del self._buffer[:used]

    def table_size(self, size: int) -> None:
        """The other side allows the compression table this size (SETTINGS_HEADER_TABLE_SIZE). The encoder tells in its
        next block what it makes of it, so a smaller one needs nothing here.
        """
        self._decoder.max_allowed_table_size = max(self._decoder.max_allowed_table_size, size)

    def _preface(self) -> bool:
        begun = bytes(self._buffer[: len(self._awaited)])
        if not self._awaited.startswith(begun):
            raise Unreadable(f"no HTTP/2 preface: {begun!r}")
        if len(begun) < len(self._awaited):
            return False
        del self._buffer[: len(begun)]
        self._awaited = b""
        return True

    def _frame(self, head: bytes, body: bytes) -> Read | None:
        frame, length = Frame.parse_frame_header(memoryview(head))
        frame.parse_body(memoryview(body))
        frame.body_len = length  # hyperframe leaves it at 0 for some kinds
        if isinstance(frame, HeadersFrame | PushPromiseFrame | ContinuationFrame):
            return self._part_of_block(frame)
        if self._block is not None:
            raise Unreadable(f"{type(frame).__name__} within a header block")
        return Read(frame=frame, length=length)

    def _part_of_block(self, frame: HeadersFrame | PushPromiseFrame | ContinuationFrame) -> Read | None:
        if isinstance(frame, ContinuationFrame) == (self._block is None):
            raise Unreadable("a header block that does not go on, or CONTINUATION of none")
        block = self._block = self._block or _Block(frame)
        block.add(frame)
        if "END_HEADERS" not in frame.flags:
            return None
        self._block = None
        fields = [(_text(name), _value(name, value)) for name, value in self._fields(b"".join(block.parts))]
        return Read(frame=block.first, length=block.length, headers=fields, continuations=len(block.parts) - 1)

    def _fields(self, block: bytes) -> Iterator[tuple[bytes, bytes]]:
        start = 0
        for end in _field_ends(block) if len(block) > _PIECE else [len(block)]:
            if end - start >= _PIECE or end == len(block):
                yield from self._decoder.decode(block[start:end], raw=True)
                start = end


def _end(buffer: memoryview, start: int) -> int | None:
    """Where the frame ends that begins at ``start``; None where that has not come."""
    end = start + _HEAD + int.from_bytes(buffer[start : start + 3])
    return end if start + _HEAD <= len(buffer) >= end else None


class _Block:
    """A header block that is still coming."""

    def __init__(self, first: Frame) -> None:
        self.first, self.length = first, 0
        self.parts: list[bytes] = []

    def add(self, frame: HeadersFrame | PushPromiseFrame | ContinuationFrame) -> None:
        self.parts.append(frame.data)
        self.length += frame.body_len
        if frame.stream_id != self.first.stream_id or self.length > MOST_HEADERS:
            raise Unreadable("a header block of two streams, or one that does not end")


def _field_ends(block: bytes) -> Iterator[int]:
    """Where each field of a header block ends (RFC 7541, section 6)."""
    view, at = memoryview(block), 0
    while at < len(block):
        first = block[at]
        bits, strings = (7, 0) if first & 0x80 else (6, 1) if first & 0x40 else (5, 0) if first & 0x20 else (4, 1)
        index, used = decode_integer(view[at:], bits)
        at += used
        for _ in range(strings and strings + (index == 0)):
            length, used = decode_integer(view[at:], 7)
            at += used + length
        if at > len(block):
            raise Unreadable("a header block cut short")
        yield at


def _value(name: bytes, value: bytes) -> str:
    # C-core speaks so to itself (SETTINGS_GRPC_ALLOW_TRUE_BINARY_METADATA): a NUL, then the bytes as they are.
    if name.endswith(b"-bin") and value.startswith(b"\0"):
        return "\0" + base64.b64encode(value[1:]).decode()
    return _text(value)


def _text(value: bytes) -> str:
    return value.decode("utf-8", "backslashreplace")
