"""Clients × servers × cases → Cell, in the order in which they are run. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from interop.model import Case, Cell

HEAVY = "heavy"  # only on request
BULK = "bulk"  # much to carry: few at a time, so that they starve neither each other nor the rest


def cells(cases: Iterable[Case], clients: list[str], servers: list[str], turns: int = 1) -> list[Cell]:
    """Every client with every server, for every case; all of them ``turns`` times over."""
    cases = list(cases)
    return [
        Cell(client=client, server=server, case=case, turn=turn)
        for turn in range(1, turns + 1)
        for case in cases
        for client in clients
        for server in servers
    ]


def order(cell: Cell) -> tuple[bool, bool, bool, str]:
    """To sort by: quiet ones last, bulk before them, the plain configuration first; otherwise they stay as they came,
    case by case.
    """
    configuration = cell.case.configuration.name
    return (cell.case.quiet, BULK in cell.case.tags, configuration != "plain", configuration)
