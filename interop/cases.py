"""YAML → Case. In: a folder of cases, one file a group, and its methods.yaml; out: cases, expanded over their values.

An entry reads in this order: ``name`` (mode/name), ``why``, ``calls``, ``plan``, ``expect``. The group is the file's
name.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import UNSET

from interop import yaml_lines
from interop.case_expect import Sent, outcomes
from interop.case_steps import metadata, steps
from interop.case_values import expanded, in_name
from interop.case_written import WrittenCall, WrittenCase, typed
from interop.contract import MODES, Configuration, Mode
from interop.errors import InputInvalid, nearest
from interop.model import CallSpec, Case
from interop.yaml_lines import Located

SHIPPED = Path(__file__).parent / "cases"
METHODS = "methods.yaml"
_CONFIGURATION_KEYS = ("name", "list_pause_ms")
# The matrix runs ListUsers without its pause, except where a case is about the pause.
PLAIN = Configuration(name="plain", list_pause_ms=0)
# A call that a library never ends is ended by the driver after this; far above what any case takes on a busy machine.
GIVE_UP_AFTER_MS = 20_000


class _Method(NamedTuple):
    path: str
    mode: Mode
    time_of_day: list[str]


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
    methods = _methods(path.parent / METHODS)
    entries = yaml_lines.load(_text(path), _short(path))
    if not isinstance(entries, list):
        raise InputInvalid(
            _short(path), "a mapping" if isinstance(entries, dict) else f"{entries!r}", "a list of cases"
        )
    cases: dict[str, Case] = {}
    for entry in entries:
        for case in _cases(entry, path, methods):
            if case.id in cases:
                raise InputInvalid(
                    f"{case.source}:{case.line}",
                    f"case {case.id!r} stands twice",
                    "",
                    f"first in line {cases[case.id].line}",
                )
            cases[case.id] = case
    return list(cases.values())


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputInvalid(str(path), f"can't be read: {error.strerror}") from error


def _short(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


@functools.cache
def _methods(path: Path) -> dict[str, _Method]:
    entries = yaml_lines.load(_text(path), _short(path))
    if not isinstance(entries, dict):
        raise InputInvalid(_short(path), f"{entries!r}", "a mapping of names to methods")
    return {name: _method(name, entry, _short(path)) for name, entry in entries.items()}


def _method(name: str, entry: Any, where: str) -> _Method:
    mode = entry.get("mode") if isinstance(entry, dict) else None
    if mode not in MODES or not str(entry.get("path", "")).startswith("/"):
        allowed = f"path: /package.Service/Method and mode: one of {', '.join(MODES)}"
        raise InputInvalid(where, f"{name}: {entry!r}", allowed)
    fields = entry.get("time_of_day", [])
    if not isinstance(fields, list) or not all(isinstance(field, str) for field in fields):
        raise InputInvalid(where, f"{name}: time_of_day: {fields!r}", "a list of fields of the response")
    return _Method(entry["path"], mode, fields)


def _cases(entry: Any, path: Path, methods: dict[str, _Method]) -> list[Case]:
    if not isinstance(entry, Located):
        raise InputInvalid(_short(path), f"{entry!r}", "a mapping with name, why, calls, plan, expect")
    where = f"{_short(path)}:{entry.line}"
    for key in ("name", "why", "calls"):
        if not entry.get(key) and entry.keys() <= set(WrittenCase.__struct_fields__):
            raise InputInvalid(where, f"a case without {key!r}", "name, why, calls and (expect or unspecified)")
    return [_case(one, labels, path, methods) for one, labels in expanded(entry, where)]


def _case(entry: Located, labels: dict[str, str], path: Path, methods: dict[str, _Method]) -> Case:
    where = f"{_short(path)}:{entry.line}"
    written = typed(entry, WrittenCase, "a case", where)
    mode, slash, rest = written.name.partition("/")
    if mode not in MODES or not slash:
        allowed = f"MODE/name with one of {', '.join(MODES)}"
        raise InputInvalid(where, f"name {written.name!r}", allowed, nearest(mode, MODES))
    base = f"{mode}/{path.stem}/{rest}"
    calls = [spec for call in entry["calls"] for spec in _calls(call, written, methods, where)]
    if (written.unspecified is None) == (not all(call.expect for call in calls)):
        raise InputInvalid(where, "a case needs either expect or unspecified (a reason)", "one of the two")
    return Case(
        id=in_name(base, labels, where),
        base=base,
        mode=mode,
        why=written.why,
        calls=calls,
        source=_short(path),
        line=entry.line,
        configuration=_configuration(written.configuration, where),
        in_sequence=written.in_sequence,
        quiet=written.quiet,
        own_process=written.own_process or written.kill_client_at is not None,
        kill_client_at=written.kill_client_at,
        repeat=written.repeat,
        unspecified=written.unspecified,
        tags=written.tags,
        aliases=written.aliases,
    )


def _calls(call: Any, case: WrittenCase, methods: dict[str, _Method], where: str) -> list[CallSpec]:
    if not isinstance(call, Located):
        raise InputInvalid(where, f"call {call!r}", "a mapping with method and steps")
    where = f"{where.rpartition(':')[0]}:{call.line}"
    written = typed(call, WrittenCall, "a call", where)
    if written.method not in methods:
        raise InputInvalid(where, f"method {written.method!r}", ", ".join(methods), nearest(written.method, methods))
    return [_spec(written, case, methods[written.method], where)] * written.times


def _spec(written: WrittenCall, case: WrittenCase, method: _Method, where: str) -> CallSpec:
    script = steps(written.steps, where)
    written_plan = case.plan if written.plan is UNSET else written.plan
    plan = None if written_plan is None else steps(written_plan, where)
    pairs = metadata(written.metadata, where)
    expect = case.expect if written.expect is UNSET else written.expect
    # A raw call's mode is the client's, and need not be the server's.
    streams_back = method[1] in ("server-streaming", "bidi-streaming") and not written.raw
    sent = Sent(script, pairs, written.deadline_ms, streams_back)
    return CallSpec(
        method=method.path,
        mode=method.mode,
        steps=script,
        plan=plan,
        metadata=pairs,
        deadline_ms=written.deadline_ms,
        give_up_after_ms=written.give_up_after_ms or GIVE_UP_AFTER_MS,
        channel=written.channel,
        raw=written.raw,
        time_of_day=method.time_of_day,
        expect=[] if expect is UNSET else outcomes(expect, sent, where),
    )


def _configuration(written: Any, where: str) -> Configuration:
    if written is None:
        return PLAIN
    if not isinstance(written, dict) or not written.get("name") or written.get("name") == "plain":
        raise InputInvalid(
            where, f"configuration {written!r}", "a mapping with a name of its own (not 'plain') and options"
        )
    for key in written:
        if key not in _CONFIGURATION_KEYS:
            raise InputInvalid(
                where,
                f"unknown key {key!r} in a configuration",
                ", ".join(_CONFIGURATION_KEYS),
                nearest(key, _CONFIGURATION_KEYS),
            )
    return Configuration(**written)
