"""TOML → Implementation. In: implementations.toml; out: entries by name. Starts nothing, and knows no language."""

from __future__ import annotations

import os
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from interop.errors import InputInvalid, nearest
from interop.model import Implementation

SHIPPED = Path(__file__).parent / "implementations.toml"
ROOT = Path(__file__).parent.parent
_KEYS = ("directory", "server", "client", "environment", "user_agent", "memory_mb")


def read(path: Path = SHIPPED) -> dict[str, Implementation]:
    """The entries of one file, in its order. Raises ``InputInvalid``."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputInvalid(str(path), f"can't be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputInvalid(str(path), f"no valid TOML: {error}") from error
    return {name: _entry(path, name, entry) for name, entry in entries.items()}


def read_with(extra: Path | None) -> dict[str, Implementation]:
    """The shipped entries and those of ``extra``. Raises ``InputInvalid``, also for a name that stands in both."""
    entries = read()
    for name, entry in (read(extra) if extra else {}).items():
        if name in entries:
            raise InputInvalid(
                f"{extra}: [{name}]", f"the name {name!r}", f"a name that is not shipped ({', '.join(entries)})"
            )
        entries[name] = entry
    return entries


def _entry(path: Path, name: str, entry: Any) -> Implementation:
    where = f"{path}: [{name}]"
    if "--" in name or not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", name):
        raise InputInvalid(where, f"the name {name!r}", "lower case, digits, '-', '.', '_', and no '--'")
    if not isinstance(entry, dict):
        raise InputInvalid(where, f"a {type(entry).__name__}", "a table")
    for key in entry:
        if key not in _KEYS:
            raise InputInvalid(where, f"unknown key {key!r}", ", ".join(_KEYS), nearest(key, _KEYS))
    if "server" not in entry and "client" not in entry:
        raise InputInvalid(where, "neither server nor client", "a command for one of them, or both")
    return Implementation(
        name=name,
        server=_argv(where, entry, "server"),
        client=_argv(where, entry, "client"),
        user_agent=_pattern(where, _text(where, entry, "user_agent", "")),
        directory=Path(_text(where, entry, "directory", "{root}")),
        environment=_environment(where, entry),
        memory_mb=_megabytes(where, entry),
        source=str(path),
    )


def _argv(where: str, entry: dict[str, Any], key: str) -> list[str] | None:
    argv = entry.get(key)
    if argv is None:
        return None
    if not isinstance(argv, list) or not argv or not all(isinstance(word, str) for word in argv):
        raise InputInvalid(where, f"{key} = {argv!r}", 'a list of words, such as ["./server", "--verbose"]')
    return [_filled(word) for word in argv]


def _text(where: str, entry: dict[str, Any], key: str, default: str) -> str:
    value = entry.get(key, default)
    if not isinstance(value, str):
        raise InputInvalid(where, f"{key} = {value!r}", "a string")
    return _filled(value)


def _pattern(where: str, pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise InputInvalid(where, f"user_agent = {pattern!r}: {error}", "a regular expression") from error
    return pattern


def _environment(where: str, entry: dict[str, Any]) -> dict[str, str]:
    value = entry.get("environment", {})
    if not isinstance(value, dict) or not all(isinstance(word, str) for word in value.values()):
        raise InputInvalid(where, f"environment = {value!r}", "a table of strings")
    return {key: _filled(word) for key, word in value.items()}


def _megabytes(where: str, entry: dict[str, Any]) -> int:
    value = entry.get("memory_mb", 2048)
    if type(value) is not int or value < 1:
        raise InputInvalid(where, f"memory_mb = {value!r}", "a whole number of megabytes, 1 or more")
    return value


def _filled(word: str) -> str:
    # An other tree (a sabotaged copy, a user's build) can stand in for this one without a file of its own.
    root = os.environ.get("INTEROP_ROOT", str(ROOT))
    return word.replace("{root}", root).replace("{python}", sys.executable)


def chosen(all_of: dict[str, Implementation], names: list[str], option: str) -> list[str]:
    """The names picked by ``--clients`` or ``--servers``, in the order given. Raises ``InputInvalid``."""
    role = option.removeprefix("--").removesuffix("s")
    able = [name for name, entry in all_of.items() if getattr(entry, role)]
    for name in names:
        if name not in able:
            raise InputInvalid(option, f"{name!r}", ", ".join(able), nearest(name, able))
    return names or able
