"""Clients × servers × cases → Cell, in the order in which they are run. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from interop.model import Case, Cell

HEAVY = "heavy"


def cells(cases: Iterable[Case], clients: list[str], servers: list[str]) -> list[Cell]:
    """Every client with every server, for every case."""
    return [Cell(client=client, server=server, case=case) for case in cases for client in clients for server in servers]


def in_order(all_of: Iterable[Cell]) -> list[Cell]:
    """Quiet ones last, the plain configuration first, otherwise as they came: all pairs of a case together."""
    return sorted(
        all_of,
        key=lambda cell: (cell.case.quiet, cell.case.configuration.name != "plain", cell.case.configuration.name),
    )
