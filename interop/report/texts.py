"""Any value as short, printable text: in, what was wanted and what came; out, text that no reader chokes on."""

from __future__ import annotations

import json
from typing import Any

# A line of a report; the whole value stands in results.jsonl and on the page.
LONGEST = 100
_BEFORE = 30  # characters kept before the first difference


def printable(text: str) -> str:
    """Control characters and the invisible as escapes: an answer must not steer the reader's terminal."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape", "surrogatepass").decode() for sign in text
    )


def lines(text: str, most: int, longest: int = LONGEST) -> list[str]:
    """A text of several lines, cut after ``most`` of them."""
    found = [cut(printable(line.expandtabs(4)), longest) for line in text.rstrip().splitlines()]
    return found if len(found) <= most else [*found[:most], f"… and {len(found) - most} more lines"]


def said(value: Any) -> str:
    """A value as a person reads it: plain text as it is, everything else as JSON."""
    return printable(value) if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False, default=str)


def cut(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def want_and_got(want: Any, got: Any, longest: int = LONGEST) -> tuple[str, str]:
    """Both, cut around their first difference where they are long."""
    wanted, came = said(want), said(got)
    if max(len(wanted), len(came)) <= longest:
        return wanted, came
    pairs = enumerate(zip(wanted, came, strict=False))
    first = next((at for at, (one, other) in pairs if one != other), min(len(wanted), len(came)))
    return _from(wanted, first - _BEFORE, longest), _from(came, first - _BEFORE, longest)


def _from(text: str, start: int, longest: int) -> str:
    return cut(text if start <= 0 else f"…{text[start:]}", longest)
