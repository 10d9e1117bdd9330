"""The table client × server for a terminal: in, Results; out, lines of styled pieces that fit ``WIDTH`` columns.

By mode where that fits, one number a pair where it doesn't, and blocks of servers beyond that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from interop.contract import MODES
from interop.record import Results
from interop.report import facts
from interop.report.facts import Table
from interop.report.paint import Line, Piece, width

WIDTH = 112
_CORNER = "client ↓  server →"
_GAP = "  "

Content = Callable[[Table, str, str], Line]
_Grid = list[list[Line]]  # row → column → pieces


def table_lines(results: Results) -> list[Line]:
    drawn = _table(facts.table(results))
    return drawn if results.complete else [*drawn, [("this is not all: the run was cut short", "red")]]


def _table(table: Table) -> list[Line]:
    if not table.cells:
        return [[("no cell was judged", "red")]]
    by_mode = _grid(table, _by_mode, table.servers)
    if _widest(by_mode) <= WIDTH:
        return [*_drawn(by_mode), _legend(table, "passing of judged: unary · server · client · bidi")]
    found: list[Line] = []
    for servers in _blocks(table):
        found += _drawn(_grid(table, _in_one, servers))
    return [*found, _legend(table, "passing of judged")]


def _grid(table: Table, content: Content, servers: Sequence[str]) -> _Grid:
    head: list[Line] = [[(_CORNER, "dim")], *([(server, "bold")] for server in servers)]
    rows = ([[(client, "bold")], *(content(table, client, server) for server in servers)] for client in table.clients)
    return [head, *rows]


def _by_mode(table: Table, client: str, server: str) -> Line:
    modes = table.cells.get((client, server), {})
    found: Line = []
    for mode in MODES:
        found += [("·", "dim"), _number(modes.get(mode, Counter()))]
    return [*found[1:], *_signs(table.of(client, server))]


def _in_one(table: Table, client: str, server: str) -> Line:
    counts = table.of(client, server)
    return [_number(counts), *_signs(counts)]


def _number(counts: facts.Counts) -> Piece:
    text = facts.passing(counts)
    return (text, "red" if facts.red(counts) else "dim" if text == "–" else "green")


def _signs(counts: facts.Counts) -> Line:
    text = facts.signs(counts)
    return [(" " + text, "yellow")] if text else []


def _widest(grid: _Grid) -> int:
    return sum(_widths(grid)) + len(_GAP) * (len(grid[0]) - 1)


def _widths(grid: _Grid) -> list[int]:
    return [max(width(row[column]) for row in grid) for column in range(len(grid[0]))]


def _drawn(grid: _Grid) -> list[Line]:
    widths = _widths(grid)
    return [
        [
            piece
            for pieces, wide in zip(row, widths, strict=True)
            for piece in [*pieces, (" " * (wide - width(pieces)) + _GAP, "")]
        ][:-1]
        for row in grid
    ]


def _blocks(table: Table) -> list[Sequence[str]]:
    """Runs of servers whose columns fit side by side; one column always does."""
    found: list[list[str]] = [[]]
    for server in table.servers:
        if found[-1] and _widest(_grid(table, _in_one, [*found[-1], server])) > WIDTH:
            found.append([])
        found[-1].append(server)
    return [tuple(block) for block in found]


def _legend(table: Table, numbers: str) -> Line:
    total: facts.Counts = sum((table.of(*pair) for pair in table.cells), Counter())
    parts = [f"{sign} {kind}" for kind, sign in facts.SIGNS.items() if total[kind]]
    signs = f"; not counted: {', '.join(parts)}" if parts else ""
    return [(f"{numbers}{signs}", "dim")]
