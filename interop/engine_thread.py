"""The engine beside pytest: an event loop in a thread of its own; in, cells; out, a future Record for each.

pytest's items run one after another and only await what the engine does many at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from interop.contract import Mark, Mode, Ready, Role
from interop.engine import CellResult, Engine
from interop.fleet import Fleet
from interop.judging import Judge
from interop.model import Cell, Implementation
from interop.patience import PATIENT
from interop.process import Process
from interop.results import Record, Spoke
from interop.tap import NoTap, Tap


class EngineThread:
    """Starts nothing until the first ``submit``. ``close`` leaves no child behind."""

    def __init__(self, implementations: dict[str, Implementation], judge: Judge, logs: Path, prefix: str = "") -> None:
        self._implementations, self._judge, self._logs, self._prefix = implementations, judge, logs, prefix
        self._futures: dict[str, Future[Record]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._engine: Engine | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.patience = PATIENT
        self.tap: Tap = NoTap()
        self.spoke: list[Spoke] = []
        self.on_record: Callable[[Record], None] = lambda record: None
        self.on_started: Callable[[], None] | None = None

    def submit(self, cells: list[Cell]) -> None:
        """Every cell gets a future before this returns."""
        for cell in cells:
            self._futures[cell.id] = Future()
        loop = self._loop or self._start()
        loop.call_soon_threadsafe(self._begin, cells)

    def _start(self) -> asyncio.AbstractEventLoop:
        shutil.rmtree(self._logs, ignore_errors=True)
        self._logs.mkdir(parents=True)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="interop-engine", daemon=True)
        self._thread.start()
        return self._loop

    @property
    def started(self) -> bool:
        return self._thread is not None

    def submitted(self, cell: Cell) -> bool:
        return cell.id in self._futures

    def record(self, cell: Cell) -> Record:
        """Waits for the cell. Raises what broke the engine itself, if that is what happened."""
        return self._futures[cell.id].result()

    def close(self) -> list[str]:
        """Ends every process; returns what makes the run red beyond its cells."""
        if self._thread is None or self._loop is None:
            return []
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        return [*(self._engine.problems if self._engine else []), *self.tap.problems]

    def remarks(self) -> list[str]:
        return remarks_on(self._engine.fleet.everyone) if self._engine else []

    def _begin(self, cells: list[Cell]) -> None:
        if self._engine is None:
            self._engine = Engine(self._fleet, self._done, self._prefix)
        self._tasks.append(asyncio.ensure_future(self._run(self._engine, cells)))

    def _fleet(self, on_mark: Callable[[Mark], None]) -> Fleet:
        fleet = Fleet(self._implementations, self._logs, on_mark, self._ready, self.patience)
        fleet.through = self.tap.through
        return fleet

    async def _run(self, engine: Engine, cells: list[Cell]) -> None:
        engine.fleet.stubbed = _stubbed(cells)
        try:
            await asyncio.gather(
                *engine.fleet.start_together(_names(cells, "client"), _names(cells, "server")), return_exceptions=True
            )
            if self.on_started:
                await asyncio.to_thread(self.on_started)
            await engine.run(cells)
        except Exception as error:  # noqa: BLE001 - whoever awaits a cell is told, whatever broke
            self._broken(cells, error)

    def _broken(self, cells: list[Cell], error: Exception) -> None:
        for cell in cells:
            if not self._futures[cell.id].done():
                self._futures[cell.id].set_exception(error)

    def _done(self, result: CellResult) -> None:
        future = self._futures[result.cell.id]
        try:
            self.tap.told(self._judge.record(result), result, self._give)
        except Exception as error:  # noqa: BLE001 - a judge that breaks is that cell's failure
            future.set_exception(error)

    def _give(self, record: Record) -> None:
        try:
            self.on_record(record)
        finally:
            self._futures[record.id].set_result(record)

    def _ready(self, name: str, role: Role, ready: Ready) -> None:
        self._judge.heard(name, role, ready.libraries)
        self.spoke.append(Spoke(name=name, role=role, ready=ready))

    async def _end(self) -> None:
        for task in self._tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._engine:
            await self._engine.fleet.close()
        await self.tap.close()


def _names(cells: list[Cell], role: str) -> list[str]:
    return list(dict.fromkeys(getattr(cell, role) for cell in cells))


def _stubbed(cells: list[Cell]) -> tuple[str, Mode] | None:
    """A raw call may name a method that nobody has, or another mode than the method's: those are no good here."""
    calls = (call for cell in cells for call in cell.case.calls if not call.raw)
    return next(((call.method, call.mode) for call in calls), None)


def remarks_on(everyone: list[Process]) -> list[str]:
    """What processes wrote to standard output that is not of the contract, or too much of to standard error: no
    verdict, but somebody's fault.
    """
    babble = [
        f"{process.label} wrote {len(process.noise)} lines to standard output that are not of the contract, "
        f"first: {process.noise[0]}"
        for process in everyone
        if process.noise
    ]
    return babble + [
        f"{process.label} wrote more to standard error than its log keeps: {process.dropped} bytes were dropped"
        for process in everyone
        if process.dropped
    ]
