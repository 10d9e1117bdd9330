"""What the table means, in sentences, and as a page of docs/. In: rows; out: lines. Pure but for the machine's name."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence

from interop.bench import table
from interop.bench.table import Row


def sentences(rows: Sequence[Row], waits: dict[str, float]) -> list[str]:
    """``waits``: how long a command of ``interop`` takes to answer, in seconds."""
    begins = ("small cells, once", "small cells, --repeat", "one client process a cell", "floor")
    small, repeated, alone, floor = (next(row for row in rows if row.name.startswith(begin)) for begin in begins)
    return [
        *(f"{row.name}: {row.said}." for row in rows if row.said),
        f"A process a cell costs {alone.cpu_s / alone.cells / (repeated.cpu_s / repeated.cells):.0f} times the CPU "
        f"seconds of --repeat, {alone.cpu_s / small.cpu_s:.0f} times those of one run.",
        f"Plain loops cost {100 * floor.cpu_s / repeated.cpu_s:.0f} % of the CPU seconds of the same calls with plans, "
        "views and verdicts.",
        _growth(rows),
        ", ".join(f"interop {command} answers in {seconds:.2f} s" for command, seconds in waits.items()) + ".",
    ]


def _growth(rows: Sequence[Row]) -> str:
    grown = [row for row in rows if row.name.endswith("implementations")]
    each = ", ".join(
        f"{row.name.split()[0]}: {row.costs[0].processes} processes, {1000 * row.cpu_s / row.cells:.1f} CPU ms a cell"
        for row in grown
    )
    return f"Implementations: {each}."


def page(rows: Sequence[Row], waits: dict[str, float], arguments: Sequence[str]) -> list[str]:
    """Markdown, ended by a newline."""
    repeated = next(row for row in rows if "--repeat" in row.name)
    profile = [f"| {name} | {cpu_s:.1f} | {share:.0f} % |" for name, cpu_s, share in table.profile(repeated.costs[-1])]
    return [
        "# What the matrix costs",
        "",
        f"Made by `make bench ARGS='{' '.join(arguments)}'`, in one sitting, on {os.cpu_count()} cores "
        f"({platform.system()} {platform.machine()}, Python {platform.python_version()}). Medians of "
        f"{len(rows[0].costs)} rounds; the slowest rows are measured once. CPU seconds are those of all processes "
        "together, starts included. Small cells are all but those tagged `bulk` (many or large messages) and the "
        "quiet ones (which wait for a clock).",
        "",
        *table.markdown(rows),
        "",
        *(f"- {line}" for line in sentences(rows, waits)),
        "",
        f"Where the CPU seconds of `{repeated.name}` go:",
        "",
        "| program | CPU s | share |",
        "| --- | ---: | ---: |",
        *profile,
        "",
    ]
