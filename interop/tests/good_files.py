"""A good file of each kind that a person writes, with every key that there is, and how it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interop import cases, implementations, known
from interop.errors import InputInvalid
from interop.tests import written
from interop.tests.miniatures import write_cases
from interop.tests.written import Key, Text

IMPLEMENTATIONS: Any = {
    "mine": {"directory": "/", "server": ["./a", "b"], "user_agent": "^mine/"},
    "other-1": {"client": ["./a"], "environment": {"A": "1"}},
}
ENTRY = {"case": "unary/*", "versions": {"grpcio": "1"}, "reason": "r", "link": "l", "outcomes": [["x"], []]}
VIOLATIONS: Any = {"violation": [ENTRY, {**ENTRY, "client": "go", "server": "python*"}]}
LIMIT = {"implementation": "go", "role": "client", "feature": "f", "versions": {"a": "1"}, "proof": "p"}
LIMITS: Any = {"unsupported": [LIMIT, {**LIMIT, "role": "server"}]}
METHODS: Any = {
    "GetUser": {"path": "/users.UserService/GetUser", "mode": "unary"},
    "B": {"path": "/b/c", "mode": "unary"},
}
CASE: Any = {
    "name": "unary/a",
    "why": "w",
    "tags": ["quick"],
    "configuration": {"name": "paused", "list_pause_ms": 5},
    "in_sequence": True,
    "quiet": False,
    "repeat": 2,
    "own_process": False,
    "kill_client_at": "there",
    "aliases": ["unary/small/z"],
    "calls": [
        {
            "method": "GetUser",
            "times": 2,
            "metadata": [["x-a", "1"]],
            "deadline_ms": 500,
            "give_up_after_ms": 900,
            "channel": "fresh",
            "raw": False,
            "steps": [{"send": {"user_id": "1"}, "count": 2}, {"receive": 1}, {"await": "there"}, "receive_all"],
        },
        {"method": "GetUser", "plan": [{"serve": None}], "expect": {"code": "OK"}},
    ],
    "plan": [
        {"headers": [["x-b", "2"]]},
        {"wait": 5},
        {"finish": {"code": "ABORTED", "message": "m", "details": [], "trailers": [["x-c", "3"]]}},
    ],
    "expect": {
        "code": "ABORTED",
        "message": "m",
        "details": "any",
        "messages": {"count": 2, "each": {"user_id": "{i}"}},
        "initial": "any",
        "trailing": [["x-c", "3"]],
        "steps": ["ok", "over"],
        "elapsed_ms": {"at_least": 1, "at_most": 9},
        "handler": {"sees": 1, "messages": "any", "left": ["status"], "context": "active", "deadline": "present"},
    },
}
CASES: Any = [CASE, {**CASE, "name": "unary/b", "aliases": []}]


@dataclass(frozen=True, slots=True)
class File:
    """A kind of file: how it is read, a good one, how that is written, which keys must stand, where any key may."""

    name: str
    good: Any
    read: Callable[[Path], Any]
    text: Callable[[Any], Text]
    required: tuple[str, ...]
    free: frozenset[str]
    words: tuple[str, ...]

    def told(self, folder: Path, text: str | bytes) -> str:
        """Empty where it was read."""
        path = folder / self.name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(errors="replace"))
        try:
            self.read(path)
        except InputInvalid as error:
            return str(error).removeprefix(f"{folder}/")
        return ""

    @property
    def keys(self) -> list[Key]:
        """Where a word stands that is one of a few."""
        names = [key for key in written.keys(self.good, set(self.free)) if key[0] != key[-1]]
        return [key for key in names if len(str(key[-1])) > 3]


def _methods(path: Path) -> Any:
    cases._methods.cache_clear()
    return cases._methods(path)


TOML = ("[mine]", "[[violation]]", "[[unsupported]]", "server", "case", " = ", '"""', '["x"]', "1979-05-27", ".", "nan")
YAML = (
    "- ",
    "name: ",
    "unary/a",
    "calls: ",
    "GetUser",
    "expect: ",
    "no",
    "<<: ",
    "*a",
    "&a ",
    "!!int ",
    "? ",
    "|",
    "1_0",
)
KINDS = [
    File(
        "implementations.toml",
        IMPLEMENTATIONS,
        implementations.read,
        written.toml_text,
        (),
        frozenset({"environment"}),
        TOML,
    ),
    File(
        "violations.toml",
        VIOLATIONS,
        lambda path: known.read(path.parent),
        written.toml_text,
        ("case", "versions", "reason", "link", "outcomes"),
        frozenset({"versions"}),
        TOML,
    ),
    File(
        "unsupported.toml",
        LIMITS,
        lambda path: known.read(path.parent),
        written.toml_text,
        ("implementation", "role", "feature", "versions", "proof"),
        frozenset({"versions"}),
        TOML,
    ),
    File("methods.yaml", METHODS, _methods, written.yaml_text, ("path", "mode"), frozenset(), YAML),
    File(
        "small.yaml",
        CASES,
        cases.read_file,
        written.yaml_text,
        ("name", "why", "calls", "method"),
        frozenset({"send", "each", "details"}),
        YAML,
    ),
]


def prepared(folder: Path, kind: File) -> Path:
    """A folder of its own for each kind, with what has to stand beside it."""
    path = folder / kind.name.partition(".")[0]
    path.mkdir(exist_ok=True)
    if kind.name == "small.yaml":
        write_cases(path)
    return path
