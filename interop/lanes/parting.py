"""Where the three lanes part: in, a Course and what its verdict complains of; out, the first point at which two lanes
that follow each other say different things.

Many differences are innocent: a handler need not read all that came, a client that cancels may see less than was sent.
So a difference counts where the verdict complains of such a thing, or where nothing could explain it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from interop.lanes.course import Course, Ended, Pairs, count_of, metadata
from interop.results import Mismatch

Lane = Literal["client", "wire", "handler"]
# What a row of the lanes shows: the request, its n-th message, a cancellation, the response's metadata, its n-th
# message, the end.
Point = tuple[Literal["request", "sent", "cancel", "initial", "answered", "end"], int]
_STEPS = ("client.steps", "handler.steps")
_END = ("client.code", "client.message", "client.details", "client.ended", "handler.left", "client.elapsed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """``lane`` says another thing than the one before it in the direction of travel; ``who`` made the step between."""

    lane: Lane
    who: Literal["client", "server"]
    point: Point
    said: str

    def __str__(self) -> str:
        return f"they part at the {self.lane}: {self.said} (the {self.who}'s doing)"


def parting(course: Course, mismatches: list[Mismatch]) -> Parting | None:
    """None where the lanes agree, as far as the wire shows it: it does not show what messages hold."""
    about = {one.where.rpartition(": ")[2].partition("[")[0] for one in mismatches}
    for check, aspects in _CHECKS:
        for found, certain in check(course):
            if certain or about & {*aspects}:
                return found
    return None


Found = Iterator[tuple[Parting, bool]]  # with True where nothing innocent explains it


def _request(course: Course) -> Found:
    if not course.wire.streams:
        yield _at("wire", "client", ("request", 1), "nothing of the call came on the wire"), True
        return
    head = next(iter(course.frames("client", "HEADERS")), None)
    on_wire = metadata(head.headers) if head else None
    told = metadata(course.wire.metadata)
    if on_wire is None or told is None:
        return
    if told != on_wire:
        said = f"the client was told to send {_pairs(told)}, the wire had {_pairs(on_wire)}"
        yield _at("wire", "client", ("request", 1), said), True
    if course.attempt is None and course.in_view:
        ok = course.status_on_wire == Ended(code="OK", message="")
        yield _at("handler", "server", ("request", 1), "the request was on the wire, no handler was called"), ok
    elif course.attempt is not None and course.attempt["metadata"] != on_wire:
        said = f"the wire had {_pairs(on_wire)}, the handler saw {_pairs(course.attempt['metadata'])}"
        yield _at("handler", "server", ("request", 1), said), True


def _messages_of_client(course: Course) -> Found:
    if course.stream is None:
        return
    on_wire, least, most = course.stream.sent, course.sent_by_client, course.told_to_send
    if on_wire > most or on_wire < least:
        told = most if on_wire > most else least
        said = f"the client sent {_counted(told)}, the wire had {on_wire}"
        yield _at("wire", "client", ("sent", min(told, on_wire) + 1), said), on_wire > most
    if course.attempt is None:
        return
    seen = count_of(course.attempt["messages"])
    if seen != on_wire:
        said = f"the wire had {_counted(on_wire)} of the client, the handler saw {seen}"
        yield _at("handler", "server", ("sent", min(seen, on_wire) + 1), said), seen > on_wire


def _cancel(course: Course) -> Found:
    if course.cancelled_by_client and not course.cancelled_on_wire:
        yield _at("wire", "client", ("cancel", 1), "the client cancelled, nothing of it was on the wire"), False
    if course.cancelled_on_wire and course.attempt is not None and course.attempt["context"] == "active":
        yield (
            _at("handler", "server", ("cancel", 1), "the cancellation was on the wire, the handler was not told"),
            False,
        )


def _messages_of_server(course: Course) -> Found:
    if course.stream is None:
        return
    on_wire = course.stream.answered
    if course.attempt is not None and course.attempt["sent"] != on_wire:
        sent = course.attempt["sent"]
        said = f"the handler sent {_counted(sent)}, the wire had {on_wire}"
        yield _at("wire", "server", ("answered", min(sent, on_wire) + 1), said), False
    if course.client is None:
        return
    seen = count_of(course.client["messages"])
    if seen != on_wire:
        said = f"the wire had {_counted(on_wire)} of the server, the client saw {seen}"
        yield _at("client", "client", ("answered", min(seen, on_wire) + 1), said), seen > on_wire


def _initial(course: Course) -> Found:
    on_wire = course.initial_on_wire
    if on_wire is not None and course.client is not None and course.client["initial"] != on_wire:
        said = f"the wire had {_pairs(on_wire)}, the client saw {_pairs(course.client['initial'])}"
        yield _at("client", "client", ("initial", 1), said), False


def _status(course: Course) -> Found:
    left, on_wire, came = course.status_of_handler, course.status_on_wire, course.status_of_client
    if left is not None and (on_wire is None or _differ(left, on_wire)):
        yield (
            _at("wire", "server", ("end", 1), f"the handler left with {left}, the wire had {on_wire or 'no status'}"),
            False,
        )
    if came is not None and (on_wire is None or _differ(on_wire, came)):
        yield (
            _at("client", "client", ("end", 1), f"the wire had {on_wire or 'no status'}, the client said {came}"),
            False,
        )


def _trailing(course: Course) -> Found:
    on_wire = course.trailing_on_wire
    if on_wire is not None and course.client is not None and course.client["trailing"] != on_wire:
        said = f"the wire had {_pairs(on_wire)}, the client saw {_pairs(course.client['trailing'])}"
        yield _at("client", "client", ("end", 1), said), False


# In the order of a call; each with what a verdict complains of where it is the cause.
_CHECKS: tuple[tuple[Callable[[Course], Found], tuple[str, ...]], ...] = (
    (_request, ("handler.sees", "handler.metadata", "handler.user_agent")),
    (_messages_of_client, ("handler.messages", *_STEPS)),
    (_cancel, ("handler.context", "handler.left")),
    (_initial, ("client.initial",)),
    (_messages_of_server, ("client.messages", "handler.sent", *_STEPS)),
    (_status, (*_END, *_STEPS)),
    (_trailing, ("client.trailing",)),
)


def _at(lane: Lane, who: Literal["client", "server"], point: Point, said: str) -> Parting:
    return Parting(lane=lane, who=who, point=point, said=said)


def _differ(one: Ended, other: Ended) -> bool:
    messages = one.message is not None and other.message is not None and one.message != other.message
    return one.code != other.code or messages or one.details != other.details


def _pairs(pairs: Pairs) -> str:
    return ", ".join(f"{name}: {value}" for name, value in pairs) or "no metadata of its own"


def _counted(count: int) -> str:
    return f"{count} message{'' if count == 1 else 's'}"
