"""What a run was asked for: which clients, servers, cases and cells, how many times over. Pure."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass

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


def check(asked: Selection, cells: list[Cell]) -> None:
    """Raises ``InputInvalid`` for a case or a cell that is none of those, and for no turn at all."""
    if asked.repeat < 1:
        raise InputInvalid("--repeat", str(asked.repeat), "a whole number, 1 or more")
    cases = list(dict.fromkeys(name for cell in cells for name in (cell.case.id, *cell.case.aliases)))
    ids = [name for cell in cells for name in _ids(cell)]
    for option, wanted, names in (("--case", asked.cases, cases), ("--cell", asked.cells, ids)):
        for glob in wanted:
            if not fnmatch.filter(names, glob):
                found = f"{glob!r} matches none of {len(names)}"
                raise InputInvalid(option, found, "see interop list", nearest(glob, names))
