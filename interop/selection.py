"""What a run was asked for: which clients, servers, cases and cells, how many times over. Pure."""

from __future__ import annotations

import argparse
import fnmatch
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from interop import matrix
from interop.errors import InputInvalid, nearest
from interop.model import Case, Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """``cases`` are ids or globs, ``cells`` are ids; empty means all. ``repeat``: all of it, so often."""

    clients: list[str]
    servers: list[str]
    cases: list[str]
    cells: list[str]
    heavy: bool
    repeat: int


def names(text: str | None, option: str) -> list[str]:
    """``go,python`` as a list; empty where nothing was said. Raises ``InputInvalid``."""
    found = [] if text is None else [name.strip() for name in text.split(",")]
    if not all(found):
        raise InputInvalid(option, f"{text!r}, in which a name is empty", "names with a comma between them")
    twice = next((name for number, name in enumerate(found) if name in found[:number]), "")
    if twice:
        raise InputInvalid(option, f"{twice!r} twice", "each name once")
    return found


def times(text: str) -> int:
    """For argparse, which prints the message behind the option's name."""
    if not re.fullmatch("[1-9][0-9]{0,5}", text):
        raise argparse.ArgumentTypeError(f"{text!r}; allowed: a whole number, 1 or more")
    return int(text)


def every(asked: Selection, cases: Iterable[Case]) -> list[Cell]:
    """All cells of those cases, selected or not, in all their turns."""
    return matrix.cells(cases, asked.clients, asked.servers, asked.repeat)


def selected(asked: Selection, cells: Iterable[Cell]) -> list[Cell]:
    """Without heavy cells unless asked for; a cell that is named by its id comes in any case."""
    named = set(asked.cells)
    among = not named or bool(asked.cases)
    return [cell for cell in cells if named & _ids(cell) or (among and _is_among(asked, cell))]


def _ids(cell: Cell) -> set[str]:
    """What ``--cell`` can name it by; without a turn it means all turns."""
    return {cell.id, cell.id.partition("~")[0], *cell.aliases}


def _is_among(asked: Selection, cell: Cell) -> bool:
    if matrix.HEAVY in cell.case.tags and not asked.heavy:
        return False
    names = [cell.case.id, *cell.case.aliases]
    return not asked.cases or any(fnmatch.fnmatchcase(name, glob) for glob in asked.cases for name in names)


def left_out(asked: Selection, cells: list[Cell]) -> str:
    """What the selection would have taken besides, if heavy cells had been asked for."""
    heavy = len(selected(replace(asked, heavy=True), cells)) - len(selected(asked, cells))
    left = "1 heavy cell was" if heavy == 1 else f"{heavy} heavy cells were"
    return f"{left} left out; --heavy takes them" if heavy else ""


def check(asked: Selection, cells: list[Cell]) -> None:
    """Raises ``InputInvalid`` for a case or a cell that is none of those."""
    cases = list(dict.fromkeys(name for cell in cells for name in (cell.case.id, *cell.case.aliases)))
    ids = [name for cell in cells for name in _ids(cell)]
    for option, wanted, names in (("--case", asked.cases, cases), ("--cell", asked.cells, ids)):
        for glob in wanted:
            if not fnmatch.filter(names, glob):
                found = f"{glob!r} matches none of {len(names)}"
                raise InputInvalid(option, found, "see interop list", nearest(glob, names))
