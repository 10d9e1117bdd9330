"""What a run was asked for: which clients, servers, cases and cells, how many rounds. Pure."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from interop import matrix
from interop.errors import InputInvalid, nearest
from interop.model import Case, Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """``cases`` are ids or globs, ``cells`` are ids; empty means all. ``rounds``: each cell's calls, so often."""

    clients: list[str]
    servers: list[str]
    cases: list[str]
    cells: list[str]
    heavy: bool
    rounds: int


def every(asked: Selection, cases: Iterable[Case]) -> list[Cell]:
    """All cells of those cases, selected or not, with their rounds."""
    repeated = [msgspec.structs.replace(case, repeat=case.repeat * asked.rounds) for case in cases]
    return matrix.cells(repeated, asked.clients, asked.servers)


def selected(asked: Selection, cells: Iterable[Cell]) -> list[Cell]:
    """Without heavy cells unless asked for; a cell that is named by its id comes in any case."""
    named = set(asked.cells)
    among = not named or bool(asked.cases)
    return [cell for cell in cells if named & {cell.id, *cell.aliases} or (among and _is_among(asked, cell))]


def _is_among(asked: Selection, cell: Cell) -> bool:
    if matrix.HEAVY in cell.case.tags and not asked.heavy:
        return False
    names = [cell.case.id, *cell.case.aliases]
    return not asked.cases or any(fnmatch.fnmatchcase(name, glob) for glob in asked.cases for name in names)


def check(asked: Selection, cells: list[Cell]) -> None:
    """Raises ``InputInvalid`` for a case or a cell that is none of those, and for rounds that would run nothing."""
    if asked.rounds < 1:
        raise InputInvalid("--rounds", str(asked.rounds), "a whole number, 1 or more")
    cases = list(dict.fromkeys(name for cell in cells for name in (cell.case.id, *cell.case.aliases)))
    ids = [name for cell in cells for name in (cell.id, *cell.aliases)]
    for option, wanted, names in (("--case", asked.cases, cases), ("--cell", asked.cells, ids)):
        for glob in wanted:
            if not fnmatch.filter(names, glob):
                found = f"{glob!r} matches none of {len(names)}"
                raise InputInvalid(option, found, "see interop list", nearest(glob, names))
