"""Clients × servers × cases → Cell, in the order in which they are run. Pure."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Sequence

import msgspec

from interop.model import Case, Cell

HEAVY = "heavy"


def cells(cases: Iterable[Case], clients: list[str], servers: list[str]) -> list[Cell]:
    """Every client with every server, for every case."""
    return [Cell(client=client, server=server, case=case) for case in cases for client in clients for server in servers]


def in_rounds(cases: Iterable[Case], rounds: int) -> list[Case]:
    """Each case repeated that many times over: its cells then have so many rounds, and tell them as a tally."""
    return [msgspec.structs.replace(case, repeat=case.repeat * rounds) for case in cases]


def in_order(all_of: Iterable[Cell]) -> list[Cell]:
    """Quiet ones last, the plain configuration first, otherwise as they came: all pairs of a case together."""
    return sorted(
        all_of,
        key=lambda cell: (cell.case.quiet, cell.case.configuration.name != "plain", cell.case.configuration.name),
    )


def selected(
    all_of: Iterable[Cell], *, heavy: bool = False, cases: Sequence[str] = (), cells: Sequence[str] = ()
) -> list[Cell]:
    """Without heavy cases unless asked for; only the ``cases`` (ids or globs) and ``cells`` (heavy too) named."""
    named = set(cells)
    return [cell for cell in all_of if cell.id in named or (_is_among(cell, heavy, cases) and (cases or not named))]


def _is_among(cell: Cell, heavy: bool, cases: Sequence[str]) -> bool:
    if HEAVY in cell.case.tags and not heavy:
        return False
    return not cases or any(fnmatch.fnmatchcase(cell.case.id, glob) for glob in cases)
