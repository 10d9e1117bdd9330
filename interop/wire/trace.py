"""The frames of one call, as they are kept: in, frames as they were read; out, a WireView. Bounded, however long the
call: the first and the last frames, and how many lie between them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from hyperframe.frame import DataFrame, Frame, GoAwayFrame, RstStreamFrame, WindowUpdateFrame

from interop.wire.frames import Pairs, Read
from interop.wire.messages import Messages
from interop.wire_view import Sender, WireFrame, WireMessage, WireStream, WireView

FRAMES_KEPT = 40  # at the beginning of a call, and as many at its end
_FIELDS_KEPT, _LONGEST_VALUE, _MESSAGES_KEPT = 64, 256, 16
# RFC 9113, section 7.
_ERRORS = (
    "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
    "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
    "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
)  # fmt: skip


class Stream:
    """One attempt of a call. ``ended`` holds whose END_STREAM has come."""

    def __init__(self, connection: int, number: int) -> None:
        self.connection, self.number = connection, number
        self.messages: dict[Sender, Messages] = {"client": Messages(), "server": Messages()}
        self.ended: set[Sender] = set()

    def messages_in(self, frame: Frame, sender: Sender) -> list[WireMessage]:
        if not isinstance(frame, DataFrame):
            return []
        data, frame.data = frame.data, b""  # the contents are not kept
        return self.messages[sender].feed(data)

    def told(self) -> WireStream:
        sent, answered = self.messages["client"].count, self.messages["server"].count
        return WireStream(connection=self.connection, stream=self.number, sent=sent, answered=answered)


class Trace:
    """One call. Once it is ``taken`` nothing more is kept of it."""

    def __init__(self) -> None:
        self.taken = False
        self.streams: list[Stream] = []
        self._began: float | None = None
        self._first: list[Callable[[], WireFrame]] = []
        self._last: deque[Callable[[], WireFrame]] = deque(maxlen=FRAMES_KEPT)
        self._total = 0

    def at_ms(self, now: float) -> float:
        if self._began is None:
            self._began = now
        return round((now - self._began) * 1000, 2)

    def add(self, frame: Callable[[], WireFrame]) -> None:
        """``frame`` is made only if it is kept: of a stream of thousands most are not."""
        if self.taken:
            return
        (self._first if self._total < FRAMES_KEPT else self._last).append(frame)
        self._total += 1

    def take(self) -> WireView:
        self.taken = True
        left_out = self._total - len(self._first) - len(self._last)
        view = WireView(
            streams=[stream.told() for stream in self.streams],
            frames=[frame() for frame in (*self._first, *self._last)],
            left_out=left_out,
            left_out_after=len(self._first) if left_out else 0,
        )
        self._first, self._last, self._total = [], deque(), 0
        return view


def of_stream(read: Read, sender: Sender, messages: list[WireMessage], at_ms: float) -> WireFrame:
    """A frame of a stream, and the messages that ended in it."""
    frame = read.frame
    return WireFrame(
        at_ms=at_ms,
        sender=sender,
        frame=read.name,
        stream=frame.stream_id,
        length=read.length,
        flags=sorted(frame.flags),
        headers=_kept(read.headers or []),
        continuations=read.continuations,
        messages=messages[:_MESSAGES_KEPT],
        more_messages=max(0, len(messages) - _MESSAGES_KEPT),
        error=error_name(frame.error_code) if isinstance(frame, RstStreamFrame) else "",
        increment=frame.window_increment if isinstance(frame, WindowUpdateFrame) else 0,
    )


def goaway(frame: GoAwayFrame, sender: Sender, at_ms: float) -> WireFrame:
    """The connection takes no more streams: said in each call that is open on it."""
    said = frame.additional_data.decode("utf-8", "backslashreplace")[:_LONGEST_VALUE]
    text = f"last stream {frame.last_stream_id}{said and ': '}{said}"
    error = error_name(frame.error_code)
    return WireFrame(at_ms=at_ms, sender=sender, frame="GOAWAY", length=frame.body_len, error=error, text=text)


def error_name(code: int) -> str:
    return _ERRORS[code] if code < len(_ERRORS) else str(code)


def _kept(headers: Pairs) -> Pairs:
    found = [(name[:_LONGEST_VALUE], _cut(value)) for name, value in headers[:_FIELDS_KEPT]]
    more = len(headers) - _FIELDS_KEPT
    return [*found, ("…", f"{more} more")] if more > 0 else found


def _cut(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]}… ({len(value)} characters)"
