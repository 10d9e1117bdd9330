"""The steps of a script (client) or a plan (handler): which there are at which end, and each as a checked value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.message import Message

from userservice.contract import messages
from userservice.contract import metadata as pairs
from userservice.contract import status as statuses
from userservice.contract.errors import CantDo, Malformed
from userservice.contract.fields import Record, natural, no_others
from userservice.contract.fields import field as required
from userservice.contract.messages import NO_MESSAGES, Batch
from userservice.contract.metadata import Pairs
from userservice.contract.methods import streams_requests, streams_responses
from userservice.contract.status import OK, Status

# Each step's keys beside "do".
_KEYS: dict[str, tuple[str, ...]] = {
    "headers": ("do", "metadata"),
    "send": ("do", "message", "count"),
    "receive": ("do", "count"),
    "receive_all": ("do",),
    "half_close": ("do",),
    "finish": ("do", "status", "trailers"),
    "raise": ("do", "text"),
    "return_nothing": ("do",),
    "serve": ("do", "marks"),
    "cancel": ("do",),
    "close_channel": ("do",),
    "wait": ("do", "ms"),
    "mark": ("do", "mark"),
    "await": ("do", "mark"),
}
_ANYWHERE = frozenset({"send", "receive", "receive_all", "wait", "mark", "await"})
CLIENT_STEPS = _ANYWHERE | {"half_close", "cancel", "close_channel"}
PLAN_STEPS = _ANYWHERE | {"headers", "finish", "raise", "return_nothing", "serve"}
# A script's steps that need no call: the only ones that may come before it has begun.
_WITHOUT_A_CALL = frozenset({"wait", "mark", "await", "close_channel"})
# The steps that end a plan.
LAST_STEPS = frozenset({"finish", "raise", "return_nothing", "serve"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step; only the fields that its ``do`` has are filled."""

    do: str
    batch: Batch = NO_MESSAGES
    count: int = 1
    metadata: Pairs = ()
    status: Status = OK
    text: str = ""
    marks: dict[str, str] = field(default_factory=dict)
    mark: str = ""
    ms: int = 0


def parse_script(records: list[Any], mode: str, kind: type[Message] | None) -> tuple[Step, ...]:
    """A client's steps; ``kind`` is the request type, None in a raw call."""
    steps = _parse(records, CLIENT_STEPS, kind)
    if streams_requests(mode):
        _check_order(steps)
    else:
        _check_one_send(steps, mode)
    return steps


def parse_plan(records: list[Any], mode: str, kind: type[Message]) -> tuple[Step, ...]:
    """A handler's steps; ``kind`` is the response type."""
    steps = _parse(records, PLAN_STEPS, kind)
    for index, step in enumerate(steps[:-1]):
        if step.do in LAST_STEPS:
            raise Malformed(f"no step can come after {step.do}", f"steps[{index}]")
    if streams_responses(mode):
        if any(step.do == "return_nothing" for step in steps):
            raise CantDo(f"step:return_nothing/{mode}", "a handler that streams its responses owes none")
    elif sum(step.batch.count for step in steps) > 1:
        raise Malformed(f"{mode} has one response", "steps")
    return steps


def _parse(records: list[Any], known: frozenset[str], kind: type[Message] | None) -> tuple[Step, ...]:
    steps = []
    for index, record in enumerate(records):
        try:
            steps.append(_parse_step(record, known, kind))
        except Malformed as error:
            raise error.under(f"steps[{index}]") from None
    return tuple(steps)


def _parse_step(record: Any, known: frozenset[str], kind: type[Message] | None) -> Step:
    if type(record) is not dict:
        raise Malformed("is not an object")
    do = required(record, "do", str)
    if do not in _KEYS:
        raise CantDo(f"step:{do}", "this program does not know the step")
    if do not in known:
        raise Malformed(f"{do} is no step at this end of a call")
    no_others(record, _KEYS[do])
    return _PARSERS[do](record, kind) if do in _PARSERS else Step(do=do)


def _send(record: Record, kind: type[Message] | None) -> Step:
    if type(record.get("message")) is not dict:
        raise Malformed("send needs a message")
    count = natural(record, "count") if record.get("count") is not None else None
    try:
        return Step(do="send", batch=messages.parse(record["message"], count, kind))
    except Malformed as error:
        raise error.under("message") from None


def _finish(record: Record, _: type[Message] | None) -> Step:
    try:
        how = statuses.parse(required(record, "status", dict))
    except Malformed as error:
        raise error.under("status") from None
    return Step(do="finish", status=how, metadata=_pairs(record, "trailers"))


def _serve(record: Record, _: type[Message] | None) -> Step:
    marks: dict[str, str] = required(record, "marks", dict, {})
    for count, mark in marks.items():
        if not count.isdecimal() or int(count) < 1 or type(mark) is not str:
            raise Malformed("is no object of counts and names", "marks")
    return Step(do="serve", marks=marks)


def _pairs(record: Record, key: str) -> Pairs:
    try:
        return pairs.parse(required(record, key, list, []))
    except Malformed as error:
        raise error.under(key) from None


def _mark(record: Record) -> str:
    mark = required(record, "mark", str)
    if not mark:
        raise Malformed("is empty", "mark")
    return mark


_PARSERS: dict[str, Callable[[Record, type[Message] | None], Step]] = {
    "headers": lambda record, _: Step(do="headers", metadata=_pairs(record, "metadata")),
    "send": _send,
    "receive": lambda record, _: Step(do="receive", count=natural(record, "count", 1)),
    "finish": _finish,
    "raise": lambda record, _: Step(do="raise", text=required(record, "text", str, "")),
    "serve": _serve,
    "wait": lambda record, _: Step(do="wait", ms=natural(record, "ms")),
    "mark": lambda record, _: Step(do="mark", mark=_mark(record)),
    "await": lambda record, _: Step(do="await", mark=_mark(record)),
}


def _check_one_send(steps: tuple[Step, ...], mode: str) -> None:
    sends = [index for index, step in enumerate(steps) if step.do == "send"]
    if len(sends) != 1 or steps[sends[0]].batch.count != 1:
        raise Malformed(f"{mode} takes exactly one send, of one message", "steps")
    for index in range(sends[0]):
        if steps[index].do == "cancel":
            raise CantDo(f"step:cancel/{mode}", "grpcio: there is no call to cancel before its request is given")
        if steps[index].do not in _WITHOUT_A_CALL:
            raise Malformed(f"{steps[index].do} before the send that begins the call", f"steps[{index}]")


def _check_order(steps: tuple[Step, ...]) -> None:
    closed = False
    for index, step in enumerate(steps):
        if closed and step.do == "send":
            raise Malformed("send after half_close", f"steps[{index}]")
        closed = closed or step.do == "half_close"
