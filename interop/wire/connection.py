"""One connection as its relay saw it: in, bytes of either direction, and how each ended; out, frames in the trace of
the call they belong to. Calls are known by the request metadata ``interop-call-id``; a stream without it is nobody's.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

from hyperframe.frame import GoAwayFrame, HeadersFrame, SettingsFrame

from interop.contract import CALL_ID_KEY
from interop.wire import trace
from interop.wire.frames import Frames, Read, Unreadable
from interop.wire.trace import Stream, Trace
from interop.wire_view import Sender, WireFrame

_OTHER: dict[Sender, Sender] = {"client": "server", "server": "client"}


class Connection:
    """``trace_of`` gives the trace of a call id; times are in seconds. ``over``: both ends are, or it was reset."""

    def __init__(self, number: int, trace_of: Callable[[str], Trace]) -> None:
        self._number, self._trace_of = number, trace_of
        self._frames: dict[Sender, Frames] = {"client": Frames(preface=True), "server": Frames(preface=False)}
        self._open: dict[int, tuple[Trace, Stream]] = {}
        self._ends: list[str] = []
        self._unreadable: list[tuple[Sender, str]] = []

    def saw(self, sender: Sender, data: bytes | memoryview, now: float) -> None:
        """Never raises for what the bytes are."""
        frames = self._frames.get(sender)
        if frames is None:
            return
        try:
            for read in frames.feed(data):
                self._read(sender, read, now)
        except Unreadable as error:
            del self._frames[sender]
            text = str(error)
            self._unreadable.append((sender, text))
            self._tell_all(now, lambda at_ms: _unreadable(sender, text, at_ms))

    @property
    def over(self) -> bool:
        return "RST" in self._ends or len(self._ends) == len(_OTHER)

    def ended(self, sender: Sender, how: Literal["FIN", "RST"], now: float) -> None:
        self._ends.append(how)
        self._tell_all(now, lambda at_ms: WireFrame(at_ms=at_ms, sender=sender, frame=how))

    def _read(self, sender: Sender, read: Read, now: float) -> None:
        frame = read.frame
        if isinstance(frame, SettingsFrame):
            size = frame.settings.get(SettingsFrame.HEADER_TABLE_SIZE)
            if size is not None and _OTHER[sender] in self._frames:
                self._frames[_OTHER[sender]].table_size(size)
        elif isinstance(frame, GoAwayFrame):
            self._tell_all(now, lambda at_ms: trace.goaway(frame, sender, at_ms))
        elif frame.stream_id:
            if sender == "client" and isinstance(frame, HeadersFrame) and frame.stream_id not in self._open:
                self._begin(read, now)
            self._of_stream(sender, read, now)

    def _begin(self, read: Read, now: float) -> None:
        call_id = next((value for name, value in read.headers or [] if name == CALL_ID_KEY), None)
        if call_id is None:
            return
        call, stream = self._trace_of(call_id), Stream(self._number, read.frame.stream_id)
        call.streams.append(stream)
        self._open[stream.number] = (call, stream)
        at_ms = call.at_ms(now)
        for sender, text in self._unreadable:
            call.add(partial(_unreadable, sender, text, at_ms))

    def _of_stream(self, sender: Sender, read: Read, now: float) -> None:
        call, stream = self._open.get(read.frame.stream_id, (None, None))
        if call is None or stream is None:
            return
        messages = stream.messages_in(read.frame, sender)
        call.add(partial(trace.of_stream, read, sender, messages, call.at_ms(now)))
        if "END_STREAM" in read.frame.flags:
            stream.ended.add(sender)
        if call.taken or len(stream.ended) == len(_OTHER):
            del self._open[stream.number]

    def _tell_all(self, now: float, frame: Callable[[float], WireFrame]) -> None:
        for call in {id(call): call for call, _ in self._open.values()}.values():
            call.add(partial(frame, call.at_ms(now)))


def _unreadable(sender: Sender, text: str, at_ms: float) -> WireFrame:
    return WireFrame(at_ms=at_ms, sender=sender, frame="UNREADABLE", text=text[:200])
