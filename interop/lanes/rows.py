"""The three lanes side by side: in, a Course and where it parts; out, rows in the order of the wire, and what an end
tells that never was on it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from interop.lanes.course import Course, code_name, count_of, metadata
from interop.lanes.parting import Lane, Parting, Point
from interop.wire_view import WireFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """``at_ms`` and ``sender`` where there is a frame; ``parts``: the lane at which they part, in one row at most."""

    at_ms: float | None = None
    sender: str = ""
    client: str = ""
    wire: str = ""
    handler: str = ""
    points: tuple[Point, ...] = ()
    parts: Lane | None = None


def rows(course: Course, parted: Parting | None) -> list[Row]:
    on_wire = _with_gap(course, [*_of_frames(course)])
    found = _in_place([_told(course), *on_wire], _Missing(course, on_wire).rows())
    if parted is None:
        return found
    at = next((number for number, row in enumerate(found) if parted.point in row.points), len(found) - 1)
    return [replace(row, parts=parted.lane) if number == at else row for number, row in enumerate(found)]


def _told(course: Course) -> Row:
    """What the ends were told to do, and what they say came of each step."""
    client = _steps(course.wire.script, course.client["steps"] if course.client else [])
    attempt = course.attempt
    handler = (
        _steps(course.wire.plan, attempt["steps"] if attempt else []) if course.wire.plan else "the service itself"
    )
    return Row(client=client, handler=handler)


def _steps(steps: list[str], outcomes: list[str]) -> str:
    told = [*outcomes, *["not begun"] * (len(steps) - len(outcomes))]
    return ", ".join(f"{step}: {outcome}" for step, outcome in zip(steps, told, strict=False))


def _of_frames(course: Course) -> Iterator[Row]:
    counts = {"client": 0, "server": 0}
    stream = None
    for number, frame in enumerate(course.wire.frames):
        if frame.stream not in (0, stream):
            stream, counts = frame.stream, {"client": 0, "server": 0}
        if course.wire.left_out and number == course.wire.left_out_after and course.stream:
            rest = course.wire.frames[number:]
            whole = {"client": course.stream.sent, "server": course.stream.answered}
            counts = {name: whole[name] - sum(_ended(one) for one in rest if one.sender == name) for name in counts}
        first = counts[frame.sender] + 1
        counts[frame.sender] += _ended(frame)
        yield _of_frame(course, frame, range(first, counts[frame.sender] + 1))


def _ended(frame: WireFrame) -> int:
    return len(frame.messages) + frame.more_messages


def _of_frame(course: Course, frame: WireFrame, numbers: range) -> Row:
    row = Row(at_ms=frame.at_ms, sender=frame.sender, wire=_frame(frame, numbers))
    fill = _FILL.get((frame.sender, frame.frame))
    return fill(course, frame, row, numbers) if fill else row


def _request(course: Course, frame: WireFrame, row: Row, numbers: range) -> Row:
    attempt = course.attempt_of(frame.stream)
    unseen = "is not called" if course.in_view else "can't be seen: no control line"
    seen = f"is called{_after(attempt['metadata'])}" if attempt else unseen
    return replace(row, client=f"calls{_after(course.wire.metadata)}", handler=seen, points=(("request", 1),))


def _request_messages(course: Course, frame: WireFrame, row: Row, numbers: range) -> Row:
    attempt = course.attempt_of(frame.stream)
    client = _several("sends", [number for number in numbers if number <= course.told_to_send])
    handler = _got(attempt["messages"] if attempt else [], numbers)
    return replace(row, client=client, handler=handler, points=tuple(("sent", number) for number in numbers))


def _response_messages(course: Course, frame: WireFrame, row: Row, numbers: range) -> Row:
    attempt = course.attempt_of(frame.stream)
    client = _got(course.client["messages"] if course.client else [], numbers)
    handler = _several("sends", [number for number in numbers if attempt and number <= attempt["sent"]])
    return replace(row, client=client, handler=handler, points=tuple(("answered", number) for number in numbers))


def _headers(course: Course, frame: WireFrame, row: Row, numbers: range) -> Row:
    if "END_STREAM" in frame.flags:
        return replace(row, client=_client_end(course), handler=_handler_end(course), points=(("end", 1),))
    initial = course.client["initial"] if course.client else []
    return replace(row, client=f"gets metadata{_after(initial)}" if initial else "", points=(("initial", 1),))


def _cancelled(course: Course, frame: WireFrame, row: Row, numbers: range) -> Row:
    if frame.error == "NO_ERROR":
        return row
    client = "cancels" if course.cancelled_by_client else ""
    handler = f"its call: {course.attempt['context']}" if course.attempt else ""
    return replace(row, client=client, handler=handler, points=(("cancel", 1),))


_FILL: dict[tuple[str, str], Callable[[Course, WireFrame, Row, range], Row]] = {
    ("client", "HEADERS"): _request,
    ("client", "DATA"): _request_messages,
    ("client", "RST_STREAM"): _cancelled,
    ("client", "FIN"): _cancelled,
    ("client", "RST"): _cancelled,
    ("server", "HEADERS"): _headers,
    ("server", "DATA"): _response_messages,
}


def _client_end(course: Course) -> str:
    if course.client is None:
        return "killed"
    ended = course.client["ended"]
    raised = course.client["raised"]
    told = f"{raised['type']}: {raised['text']}" if raised else str(course.status_of_client or "")
    trailing = course.client["trailing"]
    return f"{'' if ended == 'status' else f'{ended} '}{told}{_after(trailing)}"


def _handler_end(course: Course) -> str:
    if course.attempt is None:
        return ""
    status = course.status_of_handler if course.attempt["left_status"] else ""
    return f"{course.attempt['left']} {status}".strip()


def _frame(frame: WireFrame, numbers: range) -> str:
    """``HEADERS /users.UserService/GetUser``, ``DATA 8 bytes, message 1, END_STREAM``."""
    headers = dict(frame.headers)
    size = f" {frame.length} bytes" if frame.frame == "DATA" else ""
    told = [f"{frame.frame}{size}", headers.get(":path", ""), *_status(headers)]
    told += [frame.error, f"+{frame.increment}" if frame.increment else "", frame.text]
    squeezed = "compressed" if any(one.compressed for one in frame.messages) else ""
    pairs = [f"{name}: {value}" for name, value in metadata(frame.headers) or []]
    end = "END_STREAM" if "END_STREAM" in frame.flags else ""
    first = " ".join(word for word in told if word)
    return ", ".join(word for word in [first, _several("", list(numbers)), squeezed, *pairs, end] if word)


def _status(headers: dict[str, str]) -> list[str]:
    status, http = headers.get("grpc-status"), headers.get(":status", "200")
    told = [f"HTTP {http}"] if http != "200" else []
    if not status:
        return told
    return [*told, f"grpc-status {status} {code_name(status)} {headers.get('grpc-message', '')}".strip()]


def _several(verb: str, numbers: list[int]) -> str:
    if not numbers:
        return ""
    which = f"message {numbers[0]}" if len(numbers) == 1 else f"messages {numbers[0]}–{numbers[-1]}"
    return f"{verb} {which}".strip()


def _got(messages: list[dict[str, Any]], numbers: range) -> str:
    came = [number for number in numbers if number <= count_of(messages)]
    kept = len(messages) - ("and_more" in (messages[-1] if messages else {}))
    shown = json.dumps(messages[came[0] - 1], ensure_ascii=False) if len(came) == 1 and came[0] <= kept else ""
    return f"{_several('gets', came)} {shown}".strip()


def _after(pairs: Any) -> str:
    return "".join(f", {name}: {value}" for name, value in pairs)


@dataclass(frozen=True, slots=True)
class _Missing:
    """What the ends tell and no frame shows."""

    course: Course
    on_wire: list[Row]

    def rows(self) -> list[Row]:
        course = self.course
        stream, attempt = course.stream, course.attempt
        sent, answered = (stream.sent, stream.answered) if stream else (0, 0)
        called = _after(course.wire.metadata)
        found = [
            Row(client="" if stream else f"calls{called}", points=(("request", 1),)),
            Row(client=_several("sends", self._beyond(sent, course.sent_by_client)), points=self._points("sent", sent)),
            Row(client="cancels" if course.cancelled_by_client else "", points=(("cancel", 1),)),
            Row(
                client=_several(
                    "gets", self._beyond(answered, count_of(course.client["messages"] if course.client else []))
                ),
                handler=_several("sends", self._beyond(answered, attempt["sent"] if attempt else 0)),
                points=self._points("answered", answered),
            ),
            Row(client=_client_end(course), handler=_handler_end(course), points=(("end", 1),)),
        ]
        shown = {point for row in self.on_wire for point in row.points}
        return [row for row in found if (row.client or row.handler) and not shown & {*row.points}]

    def _beyond(self, last: int, count: int) -> list[int]:
        return list(range(last + 1, count + 1))

    def _points(self, name: Any, last: int) -> tuple[Point, ...]:
        return ((name, last + 1),)


def _in_place(found: list[Row], missing: list[Row]) -> list[Row]:
    """What no frame shows stands before the end, the end itself after all."""
    end = next((at for at, row in enumerate(found) if ("end", 1) in row.points), len(found))
    return [*found[:end], *missing, *found[end:]]


def _with_gap(course: Course, found: list[Row]) -> list[Row]:
    if not course.wire.left_out:
        return found
    at = course.wire.left_out_after
    return [*found[:at], Row(wire=f"… {course.wire.left_out} frames"), *found[at:]]
