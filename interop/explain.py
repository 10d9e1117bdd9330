"""A case in words: in, a case and the results there are; out, lines for a person. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import msgspec

from interop.contract import Step
from interop.model import CallSpec, Case, HandlerOutcome, Outcome, Repeated
from interop.record import Results
from interop.results import Record

_ISOLATION = {
    "quiet": "runs when all others are over",
    "own_process": "on a client process of its own",
    "in_sequence": "its calls run one after another",
}


def lines(case: Case, results: Results | None) -> list[str]:
    """Why the case exists, what it does and expects, and how it came out last on each pair."""
    head = [case.id, f"  {case.source}:{case.line}", f"  why: {case.why}"]
    facts = [text for name, text in _ISOLATION.items() if getattr(case, name)]
    facts += [f"{case.repeat} rounds"] if case.repeat > 1 else []
    facts += [f"the client is killed at mark {case.kill_client_at!r}"] if case.kill_client_at else []
    facts += [f"configuration {case.configuration.name}"] if case.configuration.name != "plain" else []
    head += [f"  {'; '.join(facts)}"] if facts else []
    head += [f"  tags: {', '.join(case.tags)}"] if case.tags else []
    several = len(case.calls) > 1
    calls = [line for at, call in enumerate(case.calls) for line in _call(call, f"call {at}" if several else "call")]
    silent = ["", f"nothing is expected, the specification is silent: {case.unspecified}"] if case.unspecified else []
    return [*head, *calls, *silent, *_last(case, results)]


def _call(call: CallSpec, name: str) -> list[str]:
    about = [call.mode, *(["raw bytes"] if call.raw else [])]
    about += [f"channel {call.channel}"] if call.channel != "shared" else []
    about += [f"deadline {call.deadline_ms} ms"] if call.deadline_ms is not None else []
    about += [f"metadata {_json(call.metadata)}"] if call.metadata else []
    plan = ["the service itself"] if call.plan is None else [_step(step) for step in call.plan] or ["nothing, and OK"]
    found = ["", f"{name}: {call.method} ({', '.join(about)})"]
    found += _column("client ", [_step(step) for step in call.steps])
    found += _column("handler", plan)
    for at, outcome in enumerate(call.expect):
        found += [
            f"  {'or' if at else 'expect'}{': ' + outcome.because if outcome.because else ''}",
            *_outcome(outcome),
        ]
    return found


def _column(name: str, steps: Iterable[str]) -> list[str]:
    return [f"  {name if at == 0 else ' ' * len(name)}  {step}" for at, step in enumerate(steps)]


def _step(step: Step) -> str:
    """``send {"user_id": "1"} count 3``: what is the step's own needs no name."""
    values = {
        name: value for name, value in msgspec.to_builtins(step).items() if name != "do" and value not in ([], {})
    }
    own = [_json(values.pop(name)) for name in ("mark",) if name in values]
    if message := values.pop("message", None):
        own += [_json(message.pop("json"))] if message.get("json") else []
        values.update({name: value for name, value in message.items() if name != "json"})
    return " ".join([step.do, *own, *(f"{name} {_json(value)}" for name, value in values.items())])


def _outcome(outcome: Outcome) -> list[str]:
    values = _set(outcome, {"because", "handler"})
    found = [f"    {name.replace('_', ' ')}: {text}" for name, text in values]
    if outcome.handler is not None:
        found += [
            f"    handler's {name.replace('_', ' ')}: {text}" for name, text in _set(outcome.handler, {"asked_for"})
        ]
    return found


def _set(outcome: Outcome | HandlerOutcome, without: set[str]) -> list[tuple[str, str]]:
    values = ((name, getattr(outcome, name)) for name in outcome.__struct_fields__ if name not in without)
    return [(name, _text(value)) for name, value in values if value is not None]


def _text(value: Any) -> str:
    if isinstance(value, Repeated):
        return f"{value.count} like {_json(value.each)}"
    return value if isinstance(value, str) and value else _json(value)


def _json(value: Any) -> str:
    return value if isinstance(value, str) and value.isidentifier() else json.dumps(value, ensure_ascii=False)


def _last(case: Case, results: Results | None) -> list[str]:
    if results is None:
        return ["", "no run has left results"]
    mine = [one for one in results.records if one.case == case.id]
    head = f"last result, of the run of {results.header.started}:"
    if not mine:
        return ["", head, "  this case was not in it"]
    width = max(len(one.id.partition("/")[0]) for one in mine)
    return ["", head, *(f"  {one.id.partition('/')[0]:<{width}}  {_verdict(one)}" for one in mine)]


def _verdict(one: Record) -> str:
    told = one.verdict.sentence or one.verdict.reason
    return f"{one.verdict.kind}  {told}".rstrip() + (f"  ({'; '.join(one.notes)})" if one.notes else "")


def views(one: Record, logs: dict[str, list[str]]) -> list[str]:
    """What both ends saw of a cell, and what both processes wrote about it, by the process' name."""
    found = []
    for call in one.calls:
        found += ["", f"{call.call_id}: what the client saw", *_indented(call.client)]
        found += ["what the handler saw", *_indented(call.handler)]
    for name, written in logs.items():
        found += ["", f"what {name} wrote about it", *(f"  {line}" for line in written)]
    return found


def _indented(value: Any) -> list[str]:
    return [f"  {line}" for line in json.dumps(value, indent=2, ensure_ascii=False).splitlines()]
