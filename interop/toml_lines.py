"""TOML with line numbers: in, a file; out, its values, and the line of any key in it.

tomllib tells no positions, so they are looked up, and only once something is wrong: a statement of TOML can be read
by itself, so the text is cut into statements, and each is asked which key it gives.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interop.errors import InputInvalid, text_of

Key = tuple[str | int, ...]
_AT = re.compile(r" \((?:at line (\d+), column \d+|at end of document)\)$")


@dataclass(frozen=True)
class Toml:
    path: Path
    text: str
    values: dict[str, Any]

    def where(self, *key: str | int) -> str:
        """``FILE:LINE`` of a key, or of the nearest table around it. Entries of a list are counted from 0."""
        found = (self._lines.of(key[:length]) for length in range(len(key), 0, -1))
        return f"{self.path}:{next(filter(None, found), 1)}"

    @functools.cached_property
    def _lines(self) -> _Lines:
        return _Lines(self.text)


def read(path: Path) -> Toml:
    """Raises ``InputInvalid``: no such file, no UTF-8, no TOML, a table or a key that stands twice."""
    text = text_of(path, str(path))
    try:
        return Toml(path, text, tomllib.loads(text))
    except RecursionError as error:
        line = _Lines(text).unread
        raise InputInvalid(f"{path}:{line}", "lists or tables too deep in one another", "a few levels") from error
    except ValueError as error:  # tomllib's own, and int's for a number of thousands of digits
        raise _mistake(path, text, str(error)) from error


def _mistake(path: Path, text: str, problem: str) -> InputInvalid:
    at = _AT.search(problem)
    until = int(at[1]) if at and at[1] else None
    lines = _Lines("\n".join(text.split("\n")[:until]))
    if lines.unread or not lines.before:
        line = until or lines.unread or lines.line
        return InputInvalid(f"{path}:{line}", f"no valid TOML: {_AT.sub('', problem)}")
    return InputInvalid(f"{path}:{lines.line}", f"{lines.what} stands twice", "once", f"first in line {lines.before}")


class _Lines:
    """Where each key stands first. ``what`` the last statement gives, in which ``line``, and in which line it stood
    ``before`` (0: in none). ``unread``: where a statement begins that never becomes one (0: nowhere).
    """

    def __init__(self, text: str) -> None:
        self.what, self.line, self.before, self.unread = "", 1, 0, 0
        self._given: dict[Key, int] = {}
        self._implied: dict[Key, int] = {}  # [a.b] implies a
        self._entries: dict[Key, int] = {}  # how many [[a]] there are so far
        self._table: Key = ()
        for line, statement, said in self._statements(text):
            self.line = line
            if statement.startswith("["):
                self._header(_chain(said), is_entry=statement.startswith("[["))
            else:
                self._keys(said)

    def of(self, key: Key) -> int:
        return self._given.get(key) or self._implied.get(key, 0)

    def _statements(self, text: str) -> Iterator[tuple[int, str, dict[str, Any]]]:
        held = ""
        for number, line in enumerate(text.split("\n"), 1):
            self.unread = self.unread or number
            held += line + "\n"
            try:
                said = tomllib.loads(held)
            except (ValueError, RecursionError):
                continue
            if said:
                yield self.unread, held.lstrip(), said
            held, self.unread = "", 0

    def _header(self, names: list[str], *, is_entry: bool) -> None:
        key: Key = ()
        for name in names[:-1]:
            key = (*key, name)
            self._implied.setdefault(key, self.line)
            if key in self._entries:
                key = (*key, self._entries[key] - 1)
        key = (*key, names[-1])
        if is_entry:
            self._entries[key] = self._entries.get(key, 0) + 1
            self._implied.setdefault(key, self.line)
            key = (*key, self._entries[key] - 1)
        self.what, self.before = f"[{'.'.join(names)}]", self._given.get(key, 0)
        self._give(key)
        self._table = key

    def _keys(self, said: dict[str, Any]) -> None:
        names = _chain(said)
        self.before = self._given.get((*self._table, *names), 0)
        table = ".".join(name for name in self._table if isinstance(name, str))
        self.what = f"key {'.'.join(names)!r}" + (f" of [{table}]" if table else "")
        self._give_all(self._table, said)

    def _give_all(self, key: Key, value: Any) -> None:
        if key != self._table:
            self._give(key)
        parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for name, part in parts:
            self._give_all((*key, name), part)

    def _give(self, key: Key) -> None:
        self._given.setdefault(key, self.line)


def _chain(said: dict[str, Any]) -> list[str]:
    """The names of ``a.b.c``: the way down, as long as there is only one."""
    names = []
    value: Any = said
    while isinstance(value, dict) and len(value) == 1:
        ((name, value),) = value.items()
        names.append(name)
    return names
