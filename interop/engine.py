"""Runs cells: many in flight, quiet ones after the rest, and again what was in flight on a process that died.

In: cells. Out: a CellResult for each, through ``done``, as it completes. The rules: 16 in flight for a pair (64 was
no faster, and let one stopped server hold up all others); the slot is taken before the plan and freed when the view
is complete. Each pair has slots of its own, so that one that hangs holds up no other, and one for what has much to
carry.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from interop import contract, matrix
from interop.cell_run import CallSeen, CellRun, Ends, Refused
from interop.fleet import Fleet
from interop.model import Cell
from interop.process import Process, ProcessFailed

IN_FLIGHT_PER_PAIR = 16
BULK_IN_FLIGHT_PER_PAIR = 1
# A case about time must not wait for a processor: nothing else runs beside them. They mostly wait themselves, so many
# can be in flight, if they don't all begin at once.
QUIET_APART_S = 0.005
# So long without one cell done, and what is still in flight hangs.
CALM_AFTER_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CellResult:
    """What came of a cell, not judged: rounds of calls, or a refusal, or a failure of a process. ``call_ids``: of all
    calls that it began, also where nothing came of them.
    """

    cell: Cell
    rounds: list[list[CallSeen]] = field(default_factory=list)
    call_ids: list[str] = field(default_factory=list)
    refused: Refused | None = None
    failed: ProcessFailed | None = None
    notes: list[str] = field(default_factory=list)
    duration_ms: float = 0.0


class Engine:
    """``problems`` fills with what makes a run red beyond its cells."""

    def __init__(
        self,
        fleet_of: Callable[[Callable[[contract.Mark], None]], Fleet],
        done: Callable[[CellResult], None],
        prefix: str = "",
    ) -> None:
        self.fleet = fleet_of(self._on_mark)
        self.problems: list[str] = []
        self._done, self._prefix = done, prefix
        self._slots = _Slots()
        self._ended = 0
        self._running: dict[str, CellRun] = {}
        self._calls_made = 0
        self._struck: dict[ProcessFailed, list[Cell]] = defaultdict(list)
        self._told: set[ProcessFailed] = set()

    async def run(self, cells: Iterable[Cell]) -> None:
        """Every cell ends in exactly one call of ``done``, unless this is cancelled."""
        cells = list(cells)
        loud = [cell for cell in cells if not cell.case.quiet]
        quiet = [cell for cell in cells if cell.case.quiet]
        noise = asyncio.gather(*(self._in_slot(cell) for cell in loud))
        try:
            await self._until_calm(noise)
            await asyncio.gather(*(self._later(QUIET_APART_S * at, cell) for at, cell in enumerate(quiet)))
            await noise
        finally:
            noise.cancel()
        await self._again()
        self._unnoticed()

    async def _until_calm(self, noise: asyncio.Future[list[None]]) -> None:
        """Until all that is loud is over, or hangs: a process that is silent disturbs nobody, nor may it hold up
        anybody.
        """
        ended = -1
        while not noise.done() and ended != self._ended:
            ended = self._ended
            await asyncio.wait([noise], timeout=CALM_AFTER_S)

    async def _later(self, after_s: float, cell: Cell) -> None:
        await asyncio.sleep(after_s)
        await self._in_slot(cell)

    async def _in_slot(self, cell: Cell) -> None:
        kind = "quiet" if cell.case.quiet else "bulk" if matrix.BULK in cell.case.tags else ""
        async with self._slots[(cell.pair, kind)]:
            result = await self._once(cell)
        self._ended += 1
        if result.failed is not None and self._may_run_again(result.failed):
            self._struck[result.failed].append(cell)
        else:
            self._done(result)

    def _may_run_again(self, failure: ProcessFailed) -> bool:
        # One that never came so far as to be believed would not do so for the next cell either.
        return any(process.failure is failure and process.believed for process in self.fleet.everyone)

    async def _again(self) -> None:
        """The one allowed rerun: what was in flight on a process that died, one at a time on a fresh one."""
        struck, self._struck = self._struck, defaultdict(list)
        for failure, cells in struck.items():
            repeated = False
            for cell in cells:
                result = await self._once(cell)
                repeated = repeated or result.failed is not None
                note = f"run again: {failure.process} {failure.what} while {_cells(len(cells))} in flight on it"
                self._done(replace(result, notes=[*result.notes, note]))
            if not repeated:
                self.problems.append(
                    f"unexplained: {failure}; run again one at a time, none of its {len(cells)} cells did it again"
                )

    def _unnoticed(self) -> None:
        """Whoever died while none of its cells was in flight failed no cell, and yet may not pass for sound."""
        for process in itertools.chain.from_iterable(self.fleet.shared.values()):
            if process.believed and process.failure and process.failure not in self._told:
                self._told.add(process.failure)
                self.problems.append(f"unexplained: {process.failure}; no cell was in flight on it")

    async def _once(self, cell: Cell) -> CellResult:
        began = time.monotonic()
        calls: list[str] = []
        try:
            rounds = await self._rounds(cell, calls)
        except Refused as refused:
            refused.process.fruitful = True
            return CellResult(cell=cell, refused=refused, call_ids=calls, duration_ms=_since(began))
        except ProcessFailed as failure:
            self._told.add(failure)
            return CellResult(cell=cell, failed=failure, call_ids=calls, duration_ms=_since(began))
        return CellResult(cell=cell, rounds=rounds, call_ids=calls, duration_ms=_since(began))

    async def _rounds(self, cell: Cell, calls: list[str]) -> list[list[CallSeen]]:
        server = await self.fleet.process(cell.server, "server")
        if refusal := server.refuses(cell.case):
            raise Refused(server, refusal)
        address = await self.fleet.address(server, cell.case.configuration)
        if isinstance(address, contract.Unsupported):
            raise Refused(server, address)
        rounds = []
        for _ in range(cell.case.repeat):
            client = await self._client(cell)
            call_ids = [self._call_id() for _ in cell.case.calls]
            calls += call_ids
            ends = Ends(client=client, server=server, address=address)
            run = CellRun(cell, ends, call_ids, self.fleet.patience.view_ms)
            rounds.append(await self._round(run))
            client.fruitful = server.fruitful = True
            if cell.case.own_process:
                await client.close()
        return rounds

    async def _client(self, cell: Cell) -> Process:
        if cell.case.own_process:
            return await self.fleet.fresh(cell.client, "client")
        return await self.fleet.process(cell.client, "client")

    async def _round(self, run: CellRun) -> list[CallSeen]:
        self._running.update(dict.fromkeys(run.call_ids, run))
        try:
            return await run.run()
        finally:
            for call_id in run.call_ids:
                del self._running[call_id]

    def _call_id(self) -> str:
        self._calls_made += 1
        return f"{self._prefix}c{self._calls_made}"

    def _on_mark(self, mark: contract.Mark) -> None:
        run = self._running.get(mark.call_id)
        if run:
            run.relay(mark)


def _since(began: float) -> float:
    return round((time.monotonic() - began) * 1000, 2)


def _cells(number: int) -> str:
    return "1 cell was" if number == 1 else f"{number} cells were"


class _Slots(dict[tuple[str, str], asyncio.Semaphore]):
    """By pair and kind of cell."""

    def __missing__(self, key: tuple[str, str]) -> asyncio.Semaphore:
        slots = BULK_IN_FLIGHT_PER_PAIR if key[1] == "bulk" else IN_FLIGHT_PER_PAIR
        return self.setdefault(key, asyncio.Semaphore(slots))
