"""Clients × servers × cases → Cell, in the order in which they are run. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from interop.model import Case, Cell

HEAVY = "heavy"  # only on request
IMPATIENT_MS = 10_000  # a case that names less than this to give up after knows of a library that hangs
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


def order(cell: Cell) -> tuple[bool, bool, bool, bool, str]:
    """To sort by: quiet ones last, bulk before them, the plain configuration first; and among those whoever may have to
    give up, so that the wait goes by beside the rest. Otherwise they stay as they came, case by case.
    """
    case = cell.case
    patient = all(call.give_up_after_ms > IMPATIENT_MS for call in case.calls)
    return (case.quiet, BULK in case.tags, case.configuration.name != "plain", patient, case.configuration.name)
