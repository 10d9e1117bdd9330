"""What a person is told when their input is wrong: the file, the line, what was found, what is allowed, a suggestion.

Every stage that reads input raises ``InputInvalid``; the shells print it and exit 2.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


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
