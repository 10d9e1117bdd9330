"""Words with a style → text for a terminal. Knows ANSI and nothing else; without colour it adds nothing."""

from __future__ import annotations

from collections.abc import Sequence

_CODES = {"": "", "green": "32", "red": "1;31", "yellow": "33", "cyan": "36", "dim": "2", "bold": "1"}

Piece = tuple[str, str]  # text, style
Line = list[Piece]


def painted(pieces: Sequence[Piece], colour: bool) -> str:
    return "".join(_one(text, style) if colour else text for text, style in pieces)


def _one(text: str, style: str) -> str:
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if style and text else text


def width(pieces: Sequence[Piece]) -> int:
    return sum(len(text) for text, _ in pieces)
