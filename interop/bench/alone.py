"""The same cells with one client process each, as gRPC's own interop runner works: ``python -m interop.bench.alone
RESULTS``.

In: the results of a run of the matrix. Runs the identical Call lines, each on a client process that is started for it
and ended after it, and compares what both ends saw with what those results hold; a JSON line says how many are equal.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path

import msgspec

from interop import implementations, known, matrix, record
from interop.bench.selected import OUTPUT, small_cells
from interop.contract import Ready, Role
from interop.engine import CellResult, Engine
from interop.fleet import Fleet
from interop.judging import Judge
from interop.model import Cell
from interop.results import Record


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """``other``: cells whose verdict is another one than the matrix gave. ``equal``: those of which both ends saw
    exactly the same; where it is chance who is first, verdicts agree and sights need not.
    """

    cells: int
    equal: int
    other: list[str]


def main() -> None:
    before = {one.id: one for one in record.read(Path(sys.argv[1])).records}
    cells = [_alone(cell) for cell in small_cells() if cell.id in before]
    now = asyncio.run(_run(cells))
    equal = sum(_seen(one) == _seen(before[name]) for name, one in now.items())
    other = [name for name, one in now.items() if one.verdict.kind is not before[name].verdict.kind]
    told = Compared(cells=len(cells), equal=equal, other=other)
    print(msgspec.json.encode(told).decode())


def _alone(cell: Cell) -> Cell:
    # Few at a time: a process starts on one core, and two are all that many machines have.
    tags = [*cell.case.tags, matrix.BULK]
    case = msgspec.structs.replace(cell.case, own_process=True, tags=tags)
    return Cell(client=cell.client, server=cell.server, case=case)


async def _run(cells: list[Cell]) -> dict[str, Record]:
    logs = OUTPUT / "alone"
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir(parents=True)
    entries = implementations.read()
    judge = Judge(known.read(), entries)
    results: list[CellResult] = []

    def heard(name: str, role: Role, ready: Ready) -> None:
        judge.heard(name, role, ready.libraries)

    engine = Engine(lambda on_mark: Fleet(entries, logs, on_mark, heard), results.append)
    try:
        await engine.run(cells)
    finally:
        await engine.fleet.close()
    return {result.cell.id: judge.record(result) for result in results}


def _seen(one: Record) -> list[object]:
    return [(call.client, call.handler) for call in one.calls]


if __name__ == "__main__":
    main()
