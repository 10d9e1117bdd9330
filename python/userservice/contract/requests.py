"""The lines that come in, as checked values. In: a decoded line. Out: one of the values below, Malformed or CantDo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from userservice.contract import metadata as pairs
from userservice.contract import steps as scripts
from userservice.contract.errors import CantDo, Malformed
from userservice.contract.fields import Record, field, natural, no_others, optional
from userservice.contract.metadata import Pairs
from userservice.contract.methods import MODES, Method
from userservice.contract.steps import Step

Methods = Mapping[str, Method]


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """``list_pause_ms`` None: as shipped."""

    name: str
    list_pause_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen:
    id: str
    configuration: Configuration
    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    id: str
    address: str
    grace_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    id: str
    call_id: str
    method: Method
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collect:
    id: str
    call_id: str
    attempts: int
    wait_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    call_id: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """``deadline_s`` None: no deadline."""

    id: str
    call_id: str
    target: str
    configuration: Configuration
    channel: str
    method: str
    mode: str
    raw: bool
    metadata: Pairs
    deadline_s: float | None
    give_up_after_s: float
    steps: tuple[Step, ...]


Request = Listen | Stop | Plan | Collect | Release | Call
_CALL_KEYS = ("type", "id", "call_id", "target", "configuration", "channel", "method", "mode", "raw", "metadata",
              "deadline_ms", "give_up_after_ms", "steps")  # fmt: skip


def parse(record: Record, parsers: Mapping[str, Parser], methods: Methods) -> Request:
    """``parsers`` says which lines this program takes: SERVER or CLIENT."""
    kind = field(record, "type", str)
    if kind not in parsers:
        raise Malformed(f"{kind} is no line for this program; there are {', '.join(parsers)}", "type")
    try:
        return parsers[kind](record, methods)
    except Malformed as error:
        raise error.under(kind) from None


def _listen(record: Record, _: Methods) -> Listen:
    no_others(record, ("type", "id", "configuration", "host", "port"))
    return Listen(
        id=field(record, "id", str),
        configuration=_configuration(record),
        host=field(record, "host", str),
        port=natural(record, "port"),
    )


def _stop(record: Record, _: Methods) -> Stop:
    no_others(record, ("type", "id", "address", "grace_ms"))
    grace_ms = natural(record, "grace_ms", 0)
    return Stop(id=field(record, "id", str), address=field(record, "address", str), grace_s=grace_ms / 1000)


def _plan(record: Record, methods: Methods) -> Plan:
    no_others(record, ("type", "id", "call_id", "method", "mode", "steps"))
    method = _known_method(record, methods)
    return Plan(
        id=field(record, "id", str),
        call_id=field(record, "call_id", str),
        method=method,
        steps=scripts.parse_plan(field(record, "steps", list), method.mode, method.response),
    )


def _collect(record: Record, _: Methods) -> Collect:
    no_others(record, ("type", "id", "call_id", "attempts", "wait_ms"))
    return Collect(
        id=field(record, "id", str),
        call_id=field(record, "call_id", str),
        attempts=natural(record, "attempts"),
        wait_s=natural(record, "wait_ms") / 1000,
    )


def _release(record: Record, _: Methods) -> Release:
    no_others(record, ("type", "call_id", "mark"))
    return Release(call_id=field(record, "call_id", str), mark=field(record, "mark", str))


def _call(record: Record, methods: Methods) -> Call:
    no_others(record, _CALL_KEYS)
    raw = field(record, "raw", bool, False)
    kind = None if raw else _known_method(record, methods).request
    deadline_ms = optional(record, "deadline_ms", int)
    mode = _mode(record)
    give_up_after_ms = natural(record, "give_up_after_ms")
    if give_up_after_ms == 0:
        raise Malformed("is no time at all", "give_up_after_ms")
    return Call(
        id=field(record, "id", str),
        call_id=field(record, "call_id", str),
        target=field(record, "target", str),
        configuration=_configuration(record),
        channel=field(record, "channel", str),
        method=field(record, "method", str),
        mode=mode,
        raw=raw,
        metadata=_metadata(record),
        deadline_s=None if deadline_ms is None else deadline_ms / 1000,
        give_up_after_s=give_up_after_ms / 1000,
        steps=scripts.parse_script(field(record, "steps", list), mode, kind),
    )


def _known_method(record: Record, methods: Methods) -> Method:
    name, mode = field(record, "method", str), _mode(record)
    method = methods.get(name)
    if method is None:
        raise CantDo(f"method:{name}", f"no stub has it; there are {', '.join(methods)}")
    if mode != method.mode:
        raise Malformed(f"{name} is {method.mode}", "mode")
    return method


def _mode(record: Record) -> str:
    mode = field(record, "mode", str)
    if mode not in MODES:
        raise Malformed(f"{mode} is none of {', '.join(MODES)}", "mode")
    return mode


def _metadata(record: Record) -> Pairs:
    try:
        return pairs.parse(field(record, "metadata", list, []))
    except Malformed as error:
        raise error.under("metadata") from None


def _configuration(record: Record) -> Configuration:
    options: dict[str, Any] = field(record, "configuration", dict)
    for key in options:
        if key not in ("name", "list_pause_ms"):
            raise CantDo(f"configuration:{key}", "the options known here are name and list_pause_ms")
    try:
        pause = None if options.get("list_pause_ms") is None else natural(options, "list_pause_ms")
        return Configuration(name=field(options, "name", str), list_pause_ms=pause)
    except Malformed as error:
        raise error.under("configuration") from None


Parser = Callable[[Record, Methods], Request]
SERVER: dict[str, Parser] = {"listen": _listen, "stop": _stop, "plan": _plan, "collect": _collect, "release": _release}
CLIENT: dict[str, Parser] = {"call": _call, "release": _release}
