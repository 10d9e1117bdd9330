"""YAML → Case. In: a folder of cases, one file a group, and its methods.yaml; out: cases, expanded over their values.

An entry reads in this order: ``name`` (mode/name), ``why``, ``calls``, ``plan``, ``expect``. The group is the file's
name.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec import UNSET

from interop import shape, yaml_lines
from interop.case_expect import Sent, outcomes
from interop.case_steps import metadata, steps
from interop.case_values import IN_ID, expanded, in_name
from interop.case_written import WrittenCall, WrittenCase, WrittenMethod, typed
from interop.contract import MODES, Configuration
from interop.errors import InputInvalid, nearest, shown, text_of
from interop.model import GIVE_UP_AFTER_MS, CallSpec, Case
from interop.yaml_lines import Located, at

SHIPPED = Path(__file__).parent / "cases"
METHODS = "methods.yaml"
Methods = dict[str, WrittenMethod]
# The matrix runs ListUsers without its pause, except where a case is about the pause.
PLAIN = Configuration(name="plain", list_pause_ms=0)


def read_all(folder: Path = SHIPPED) -> list[Case]:
    """Every case of a folder, files in order of name. Raises ``InputInvalid``."""
    cases = [case for path in sorted(folder.glob("*.yaml")) if path.name != METHODS for case in read_file(path)]
    if not cases:
        raise InputInvalid(str(folder), "no cases", "*.yaml files beside a methods.yaml")
    return cases


def named(name: str, folder: Path = SHIPPED) -> Case:
    """The case of that id, or of a cell's id without its pair. Raises ``InputInvalid``."""
    found = {id_: case for case in read_all(folder) for id_ in (case.id, *case.aliases, _with_configuration(case))}
    if name not in found:
        raise InputInvalid(name, f"no case of {folder}", "see interop list", nearest(name, found))
    return found[name]


def _with_configuration(case: Case) -> str:
    return f"{case.configuration.name}/{case.id}"


def read_file(path: Path) -> list[Case]:
    """The cases of one group. Raises ``InputInvalid``."""
    # A run asks twice: for what it collects, and for what all of the matrix is.
    return list(_read(path, path.stat().st_mtime_ns if path.exists() else 0))


@functools.lru_cache(maxsize=64)
def _read(path: Path, changed_ns: int) -> list[Case]:
    methods = _methods(path.parent / METHODS)
    where = _short(path)
    entries = yaml_lines.load(text_of(path, where), where)
    if not isinstance(entries, list):
        raise InputInvalid(at(f"{where}:1", entries), shown(entries), "a list of cases")
    cases: dict[str, Case] = {}
    for number, entry in enumerate(entries):
        for case in _cases(entry, path, methods, at(where, entries, number)):
            if case.id in cases:
                first = f"first in line {cases[case.id].line}"
                raise InputInvalid(f"{case.source}:{case.line}", f"case {case.id!r} stands twice", "once", first)
            cases[case.id] = case
    return list(cases.values())


def _short(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


@functools.cache
def _methods(path: Path) -> Methods:
    where = _short(path)
    entries = yaml_lines.load(text_of(path, where), where)
    if not isinstance(entries, dict):
        raise InputInvalid(at(f"{where}:1", entries), shown(entries), "a mapping of names to methods")
    return {name: typed(entry, WrittenMethod, name, at(where, entries, name)) for name, entry in entries.items()}


def _cases(entry: Any, path: Path, methods: Methods, where: str) -> list[Case]:
    if not isinstance(entry, Located):
        raise InputInvalid(where, shown(entry), "a mapping with name, why, calls, plan, expect")
    for key in ("name", "why", "calls"):
        if entry.get(key) in (None, "", []) and entry.keys() <= set(WrittenCase.__struct_fields__):
            place = at(at(where, entry), entry, key)
            raise InputInvalid(place, f"a case without {key!r}", "name, why, calls and (expect or unspecified)")
    return [_case(one, labels, path, methods) for one, labels in expanded(entry, at(where, entry))]


def _case(entry: Located, labels: dict[str, str], path: Path, methods: Methods) -> Case:
    where = f"{_short(path)}:{entry.line}"
    written = typed(entry, WrittenCase, "a case", where)
    mode, slash, rest = written.name.partition("/")
    if mode not in MODES or not slash:
        allowed = f"MODE/name with one of {', '.join(MODES)}"
        raise InputInvalid(at(where, entry, "name"), f"name {written.name!r}", allowed, nearest(mode, MODES))
    base = f"{mode}/{path.stem}/{rest}"
    calls = [spec for call in entry["calls"] for spec in _calls(call, entry, methods, where)]
    if mode not in {call.mode for call in calls}:
        modes = ", ".join(dict.fromkeys(call.mode for call in calls))
        raise InputInvalid(
            at(where, entry, "name"), f"name {written.name!r}, but its calls are {modes}", f"{modes}/name"
        )
    if (written.unspecified is None) == (not all(call.expect for call in calls)):
        raise InputInvalid(where, "a case needs either expect or unspecified (a reason)", "one of the two")
    return Case(
        id=in_name(base, labels, at(where, entry, "name")),
        base=base,
        mode=mode,
        why=written.why,
        calls=calls,
        source=_short(path),
        line=entry.line,
        configuration=_configuration(written.configuration, at(where, entry, "configuration")),
        in_sequence=written.in_sequence,
        quiet=written.quiet,
        own_process=written.own_process or written.kill_client_at is not None,
        kill_client_at=written.kill_client_at,
        repeat=written.repeat,
        unspecified=written.unspecified,
        tags=written.tags,
        aliases=written.aliases,
    )


def _calls(call: Any, case: Located, methods: Methods, where: str) -> list[CallSpec]:
    if not isinstance(call, Located):
        raise InputInvalid(at(where, case, "calls"), f"call {shown(call)}", "a mapping with method and steps")
    where = at(where, call)
    written = typed(call, WrittenCall, "a call", where)
    if written.method not in methods:
        found, hint = f"method {written.method!r}", nearest(written.method, methods)
        raise InputInvalid(at(where, call, "method"), found, ", ".join(methods), hint)
    return [_spec(written, _Said(call, case, where), methods[written.method])] * written.times


@dataclass(frozen=True, slots=True)
class _Said:
    """What a call says of a key, or else its case, and where that stands."""

    call: Located
    case: Located
    where: str

    def __call__(self, key: str) -> tuple[Any, str]:
        by = self.call if key in self.call else self.case
        return by.get(key, UNSET), at(self.where, by, key)


def _spec(written: WrittenCall, said: _Said, method: WrittenMethod) -> CallSpec:
    script = steps(written.steps, said("steps")[1])
    plan, plan_line = said("plan")
    expect, expect_line = said("expect")
    pairs = metadata(written.metadata, said("metadata")[1])
    # A raw call's mode is the client's, and need not be the server's.
    streams_back = method.mode in ("server-streaming", "bidi-streaming") and not written.raw
    sent = Sent(script, pairs, written.deadline_ms, streams_back)
    return CallSpec(
        method=method.path,
        mode=method.mode,
        steps=script,
        plan=None if plan is None or plan is UNSET else steps(plan, plan_line),
        metadata=pairs,
        deadline_ms=written.deadline_ms,
        give_up_after_ms=written.give_up_after_ms or GIVE_UP_AFTER_MS,
        channel=written.channel,
        raw=written.raw,
        time_of_day=method.time_of_day,
        expect=[] if expect is UNSET else outcomes(expect, sent, expect_line),
    )


def _configuration(written: Any, where: str) -> Configuration:
    if written is None:
        return PLAIN
    found = shape.typed(written, Configuration, "a configuration", lambda *key: at(at(where, written), written, *key))
    if not IN_ID.fullmatch(found.name) or "/" in found.name or found.name == "plain":
        allowed = "a name of its own (not 'plain') of letters, digits, '-', '_', '.'"
        raise InputInvalid(at(where, written, "name"), f"the name {shown(found.name)}", allowed)
    return found
