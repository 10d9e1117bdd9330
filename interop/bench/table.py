"""Costs → a table, as text and as Markdown: the same cells in both. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import msgspec

from interop.bench.measured import Cost

HEAD = ("", "cells", "s", "cells/s", "CPU s", "CPU ms/cell", "MB at most", "processes", "descriptors")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One way of making ``cells`` cells, measured once for each of ``costs``; ``said``: what came of it."""

    name: str
    cells: int
    costs: list[Cost]
    said: str = ""

    @property
    def cpu_s(self) -> float:
        return median(cost.cpu_s for cost in self.costs)

    @property
    def wall_s(self) -> float:
        return median(cost.wall_s for cost in self.costs)

    def texts(self) -> tuple[str, ...]:
        """One text for each of ``HEAD``; medians over the rounds."""
        return (
            self.name,
            f"{self.cells:,}",
            f"{self.wall_s:.1f}",
            f"{self.cells / self.wall_s:.0f}",
            f"{self.cpu_s:.1f}",
            f"{1000 * self.cpu_s / self.cells:.1f}",
            f"{median(cost.peak_mb for cost in self.costs):.0f}",
            f"{median(cost.processes for cost in self.costs):.0f}",
            f"{median(cost.descriptors for cost in self.costs):.0f}",
        )


def text(rows: Sequence[Row]) -> list[str]:
    """Lines in columns."""
    table = [HEAD, *(row.texts() for row in rows)]
    widths = [max(len(line[at]) for line in table) for at in range(len(HEAD))]
    return ["  ".join(_padded(at, cell, widths[at]) for at, cell in enumerate(line)).rstrip() for line in table]


def _padded(at: int, cell: str, width: int) -> str:
    return cell.ljust(width) if at == 0 else cell.rjust(width)


def markdown(rows: Sequence[Row]) -> list[str]:
    lines = [HEAD, ("---", *("---:" for _ in HEAD[1:])), *(row.texts() for row in rows)]
    return [f"| {' | '.join(line)} |" for line in lines]


def profile(cost: Cost) -> list[tuple[str, float, float]]:
    """(program, CPU s, its share in per cent) of one run, the greatest first."""
    return [(name, cpu_s, 100 * cpu_s / cost.cpu_s) for name, cpu_s in cost.cpu_by.items()]
