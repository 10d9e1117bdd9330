"""YAML → Case. In: a folder of cases, one file a group, and its methods.yaml; out: cases, expanded over their values.

An entry reads in this order: ``name`` (mode/name), ``why``, ``calls``, ``plan``, ``expect``. The group is the file's
name.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from interop import yaml_lines
from interop.case_expect import Sent, outcomes
from interop.case_steps import metadata, steps
from interop.case_values import expanded, in_name
from interop.contract import MODES, Configuration, Mode
from interop.errors import InputInvalid, nearest
from interop.model import CallSpec, Case
from interop.yaml_lines import Located

SHIPPED = Path(__file__).parent / "cases"
METHODS = "methods.yaml"
_KEYS = (
    "name",
    "why",
    "tags",
    "values",
    "calls",
    "plan",
    "expect",
    "unspecified",
    "configuration",
    "in_sequence",
    "quiet",
    "repeat",
    "own_process",
    "kill_client_at",
    "aliases",
)
_CALL_KEYS = (
    "method",
    "times",
    "metadata",
    "deadline_ms",
    "give_up_after_ms",
    "channel",
    "raw",
    "steps",
    "plan",
    "expect",
)
_CONFIGURATION_KEYS = ("name", "list_pause_ms")
# The matrix runs ListUsers without its pause, except where a case is about the pause.
PLAIN = Configuration(name="plain", list_pause_ms=0)
# A call that a library never ends is ended by the driver after this; far above what any case takes on a busy machine.
GIVE_UP_AFTER_MS = 20_000


def read_all(folder: Path = SHIPPED) -> list[Case]:
    """Every case of a folder, files in order of name. Raises ``InputInvalid``."""
    cases = [case for path in sorted(folder.glob("*.yaml")) if path.name != METHODS for case in read_file(path)]
    if not cases:
        raise InputInvalid(str(folder), "no cases", "*.yaml files beside a methods.yaml")
    return cases


def read_file(path: Path) -> list[Case]:
    """The cases of one group. Raises ``InputInvalid``."""
    methods = _methods(path.parent / METHODS)
    entries = yaml_lines.load(_text(path), _short(path))
    if not isinstance(entries, list):
        raise InputInvalid(_short(path), f"a {type(entries).__name__}", "a list of cases")
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
def _methods(path: Path) -> dict[str, tuple[str, Mode]]:
    entries = yaml_lines.load(_text(path), _short(path))
    methods: dict[str, tuple[str, Mode]] = {}
    for name, entry in entries.items():
        if (
            not isinstance(entry, dict)
            or entry.get("mode") not in MODES
            or not str(entry.get("path", "")).startswith("/")
        ):
            raise InputInvalid(
                _short(path), f"{name}: {entry!r}", f"path: /package.Service/Method and mode: one of {', '.join(MODES)}"
            )
        methods[name] = (entry["path"], entry["mode"])
    return methods


def _cases(entry: Any, path: Path, methods: dict[str, tuple[str, Mode]]) -> list[Case]:
    if not isinstance(entry, Located):
        raise InputInvalid(_short(path), f"{entry!r}", "a mapping with name, why, calls, plan, expect")
    where = f"{_short(path)}:{entry.line}"
    for key in entry:
        if key not in _KEYS:
            raise InputInvalid(where, f"unknown key {key!r} in a case", ", ".join(_KEYS), nearest(key, _KEYS))
    for key in ("name", "why", "calls"):
        if not entry.get(key):
            raise InputInvalid(where, f"a case without {key!r}", "name, why, calls and (expect or unspecified)")
    return [_case(one, labels, path, methods) for one, labels in expanded(entry, where)]


def _case(entry: Located, labels: dict[str, str], path: Path, methods: dict[str, tuple[str, Mode]]) -> Case:
    where = f"{_short(path)}:{entry.line}"
    mode, slash, rest = str(entry["name"]).partition("/")
    if mode not in MODES or not slash:
        raise InputInvalid(
            where, f"name {entry['name']!r}", f"MODE/name with one of {', '.join(MODES)}", nearest(mode, MODES)
        )
    if ("expect" in entry) == ("unspecified" in entry) and not all("expect" in call for call in entry["calls"]):
        raise InputInvalid(where, "a case needs either expect or unspecified (a reason)", "one of the two")
    base = f"{mode}/{path.stem}/{rest}"
    return Case(
        id=in_name(base, labels, where),
        base=base,
        mode=mode,
        why=str(entry["why"]),
        calls=[spec for call in entry["calls"] for spec in _calls(call, entry, methods, where)],
        source=_short(path),
        line=entry.line,
        configuration=_configuration(entry.get("configuration"), where),
        in_sequence=entry.get("in_sequence", False),
        quiet=entry.get("quiet", False),
        own_process=entry.get("own_process", False) or "kill_client_at" in entry,
        kill_client_at=entry.get("kill_client_at"),
        repeat=entry.get("repeat", 1),
        unspecified=entry.get("unspecified"),
        tags=[str(tag) for tag in entry.get("tags", [])],
        aliases=[str(alias) for alias in entry.get("aliases", [])],
    )


def _calls(call: Any, entry: Located, methods: dict[str, tuple[str, Mode]], where: str) -> list[CallSpec]:
    if not isinstance(call, Located):
        raise InputInvalid(where, f"call {call!r}", "a mapping with method and steps")
    where = f"{where.rpartition(':')[0]}:{call.line}"
    for key in call:
        if key not in _CALL_KEYS:
            raise InputInvalid(where, f"unknown key {key!r} in a call", ", ".join(_CALL_KEYS), nearest(key, _CALL_KEYS))
    name = call.get("method")
    if name not in methods:
        raise InputInvalid(where, f"method {name!r}", ", ".join(methods), nearest(str(name), methods))
    return [_spec(call, entry, methods[name], where)] * call.get("times", 1)


def _spec(call: Located, entry: Located, method: tuple[str, Mode], where: str) -> CallSpec:
    script = steps(call.get("steps", []), where)
    written_plan = call.get("plan", entry.get("plan"))
    plan = None if written_plan is None else steps(written_plan, where)
    pairs = metadata(call.get("metadata", []), where)
    deadline = call.get("deadline_ms")
    expect = call.get("expect", entry.get("expect"))
    return CallSpec(
        method=method[0],
        mode=method[1],
        steps=script,
        plan=plan,
        metadata=pairs,
        deadline_ms=deadline,
        give_up_after_ms=call.get("give_up_after_ms", GIVE_UP_AFTER_MS),
        channel=call.get("channel", "shared"),
        raw=call.get("raw", False),
        expect=[] if expect is None else outcomes(expect, Sent(script, plan, pairs, deadline), where),
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
