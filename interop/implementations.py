"""TOML → Implementation. In: implementations.toml; out: entries by name. Starts nothing, and knows no language."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from interop import toml_lines
from interop.errors import InputInvalid, nearest, shown
from interop.model import Implementation
from interop.toml_lines import Toml

SHIPPED = Path(__file__).parent / "implementations.toml"
ROOT = Path(__file__).parent.parent
_KEYS = ("directory", "server", "client", "address", "environment", "debug", "user_agent", "memory_mb")
Where = Callable[..., str]  # of the entry, or of a key in it


def read(path: Path = SHIPPED) -> dict[str, Implementation]:
    """The entries of one file, in its order. Raises ``InputInvalid``."""
    written = toml_lines.read(path)
    return {name: _entry(written, name, entry) for name, entry in written.values.items()}


def read_with(extra: Path | None) -> dict[str, Implementation]:
    """The shipped entries and those of ``extra``. Raises ``InputInvalid``, also for a name that stands in both."""
    entries = read()
    for name, entry in (read(extra) if extra else {}).items():
        if name in entries:
            where = toml_lines.read(Path(entry.source)).where(name)
            allowed = f"a name that is not shipped ({', '.join(entries)})"
            raise InputInvalid(f"{where}: [{name}]", f"the name {name!r}", allowed)
        entries[name] = entry
    return entries


def _entry(written: Toml, name: str, entry: Any) -> Implementation:
    def where(*key: str) -> str:
        return f"{written.where(name, *key)}: [{name}]"

    if "--" in name or not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", name):
        raise InputInvalid(where(), f"the name {name!r}", "lower case, digits, '-', '.', '_', and no '--'")
    if not isinstance(entry, dict):
        raise InputInvalid(where(), shown(entry), "a table")
    for key in entry:
        if key not in _KEYS:
            raise InputInvalid(where(key), f"unknown key {key!r}", ", ".join(_KEYS), nearest(key, _KEYS))
    if not entry.keys() & {"server", "client", "address"}:
        allowed = "a command for one of them, or both, or the address of a server"
        raise InputInvalid(where(), "neither server nor client", allowed)
    return Implementation(
        name=name,
        server=_argv(where, entry, "server"),
        client=_argv(where, entry, "client"),
        user_agent=_pattern(where, _text(where, entry, "user_agent", "")),
        directory=Path(_text(where, entry, "directory", "{root}")),
        environment=_environment(where, entry, "environment"),
        debug=_environment(where, entry, "debug"),
        source=str(written.path),
        address=_address(where, entry),
        memory_mb=_megabytes(where, entry),
    )


def _argv(where: Where, entry: dict[str, Any], key: str) -> list[str] | None:
    argv = entry.get(key)
    if argv is None:
        return None
    if not isinstance(argv, list) or not argv or not argv[0] or not all(_is_word(word) for word in argv):
        raise InputInvalid(where(key), f"{key} = {shown(argv)}", 'a list of words, such as ["./server", "--verbose"]')
    return [_filled(word) for word in argv]


def _address(where: Where, entry: dict[str, Any]) -> str | None:
    """Where a server listens that has no control line."""
    if "address" not in entry:
        return None
    found = re.fullmatch(r"(\[[0-9a-f:.]+\]|[a-z0-9.-]+):([0-9]{1,5})", str(entry["address"]))
    if not found or not 0 < int(found[2]) < 65536:
        allowed = 'HOST:PORT, such as "127.0.0.1:50051" or "[::1]:50051"'
        raise InputInvalid(where("address"), f"address = {entry['address']!r}", allowed)
    return found[0]


def _text(where: Where, entry: dict[str, Any], key: str, default: str) -> str:
    value = entry.get(key, default)
    if not _is_word(value):
        raise InputInvalid(where(key), f"{key} = {shown(value)}", "a string")
    return _filled(value)


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and "\0" not in value  # what a process can be given


def _pattern(where: Where, pattern: str) -> str:
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        found = f"user_agent = {shown(pattern)}: {error}"
        raise InputInvalid(where("user_agent"), found, "a regular expression") from error
    return pattern


def _environment(where: Where, entry: dict[str, Any], key: str) -> dict[str, str]:
    value = entry.get(key, {})
    if not isinstance(value, dict) or not all(_is_word(word) for pair in value.items() for word in pair):
        raise InputInvalid(where(key), f"{key} = {shown(value)}", "a table of strings")
    if any(not name or "=" in name for name in value):
        raise InputInvalid(where(key), f"{key} = {shown(value)}", "names without '='")
    return {name: _filled(word) for name, word in value.items()}


def _megabytes(where: Where, entry: dict[str, Any]) -> int:
    value = entry.get("memory_mb", 2048)
    if type(value) is not int or value < 1:
        raise InputInvalid(where("memory_mb"), f"memory_mb = {value!r}", "a whole number of megabytes, 1 or more")
    return value


def _filled(word: str) -> str:
    # An other tree (a sabotaged copy, a user's build) can stand in for this one without a file of its own.
    root = os.environ.get("INTEROP_ROOT", str(ROOT))
    return word.replace("{root}", root).replace("{python}", sys.executable)


def plays(entry: Implementation, role: str) -> bool:
    return bool(getattr(entry, role) or (role == "server" and entry.address))


def chosen(all_of: dict[str, Implementation], names: list[str], option: str) -> list[str]:
    """The names picked by ``--clients`` or ``--servers``, in the order given. Raises ``InputInvalid``."""
    role = option.removeprefix("--").removesuffix("s")
    able = [name for name, entry in all_of.items() if plays(entry, role)]
    for name in names:
        if name not in able:
            raise InputInvalid(option, f"{name!r}", ", ".join(able), nearest(name, able))
    return names or able


def check_alone(all_of: dict[str, Implementation], servers: list[str], workers: int) -> None:
    """An address can be had once, and each of pytest-xdist's workers would start the server there. Raises
    ``InputInvalid``.
    """
    for name in servers:
        if workers and all_of[name].address and all_of[name].server:
            found = f"{workers} workers would each start {name} at {all_of[name].address}"
            raise InputInvalid("-n", found, "no -n with that server, or its address alone where it already runs")
