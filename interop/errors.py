"""What a person is told when their input is wrong: the file, the line, what was found, what is allowed, a suggestion.

Every stage that reads input raises ``InputInvalid``; the shells print it and exit 2.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_LONGEST_SHOWN = 200


class InputInvalid(Exception):
    """``where`` is ``file:line`` or an option's name; the message is complete and needs no traceback."""

    def __init__(self, where: str, found: str, allowed: str = "", hint: str = "") -> None:
        self.where = where
        parts = [f"{where}: {found}"]
        if allowed:
            parts.append(f"allowed: {allowed}")
        if hint:
            parts.append(hint)
        super().__init__("; ".join(parts))


def nearest(name: str, names: Iterable[str]) -> str:
    """A suggestion such as ``did you mean 'unary'?``, or nothing where no name is near."""
    close = difflib.get_close_matches(name, list(names), n=1)
    return f"did you mean {close[0]!r}?" if close else ""


def nearest_file(path: Path) -> str:
    """A suggestion from the folder where a file of that name was looked for."""
    try:
        return nearest(path.name, (other.name for other in path.parent.iterdir() if other != path))
    except OSError:
        return ""


def shown(value: Any) -> str:
    """What was found, in a length that a person reads."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a number of thousands of digits, lists in lists without end
        return f"a {type(value).__name__} too large to show"
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def text_of(path: Path, where: str) -> str:
    """The text of a file that a person wrote. Raises ``InputInvalid``, for what is no UTF-8 with its line."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputInvalid(where, f"can't be read: {error.strerror}", hint=nearest_file(path)) from error
    try:
        return data.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputInvalid(f"{where}:{line}", f"the byte 0x{data[error.start]:02x}", "text in UTF-8") from error
