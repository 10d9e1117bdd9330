"""A run in which every cell waits at a meeting point until the test lets it go on: what is in flight is then known.

The handler of each cell says ``here`` and waits for ``go``. Of the guilty pairs the cells of ``unary/strike`` go first:
the guilty process gets a release line that says ``now``, by which a fault can be triggered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from interop import matrix
from interop.contract import Mark, Release, Role
from interop.engine import CellResult, Engine
from interop.fleet import Fleet
from interop.model import Cell, Implementation
from interop.patience import Patience
from interop.process import Process
from interop.tests.miniatures import Ran, implementation, judged, read_cases

_MET = """
- name: {mode}/{name}
  why: "users.proto."
  calls: [{{method: {method}, give_up_after_ms: 60000, steps: [{steps}]}}]
  plan: [mark: here, await: go, serve]
  expect: {{code: OK, messages: [{message}]}}
"""
_USER = '{user_id: "1", name: User 1, email: user1@example.com}'
_MODES = {
    "unary": ("GetUser", 'send: {user_id: "1"}, receive_all', _USER),
    "server-streaming": ("ListUsers", "send: {page_size: 1}, receive_all", _USER.replace("1", "0")),
    "client-streaming": (
        "CreateUsers",
        "{send: {user_id: u}, count: 3}, half_close, receive_all",
        "{user_count: 3, success: true}",
    ),
    "bidi-streaming": (
        "ChatUsers",
        'send: {user_id: "1", message: a, timestamp: ""}, half_close, receive_all',
        '{user_id: "1", message: "Received: a", timestamp: "<HH:MM:SS>"}',
    ),
}
STRIKE = """
- name: unary/strike
  why: "statuscodes.md, CANCELLED."
  calls: [{method: GetUser, give_up_after_ms: 60000, steps: [send: {user_id: "1"}, await: strike, cancel]}]
  plan: [mark: here, wait: 60000]
  expect: {code: CANCELLED, message: any, handler: {left: returned, context: cancelled, steps: [ok, over]}}
"""
CASES = STRIKE + "".join(
    _MET.format(mode=mode, name=name, method=method, steps=steps, message=message)
    for mode, (method, steps, message) in _MODES.items()
    for name in ("one", "two")
)


REAL_S = 60.0


class Hurried(asyncio.SelectorEventLoop):
    """A loop whose clock can be put forward: a wait of the harness then costs the test nothing."""

    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead


@dataclass(frozen=True, kw_only=True)
class Fault:
    """``struck`` tells from the guilty process that the fault is there. ``waits``: its answer has to be waited for;
    ``here``: how many cells get to the meeting; ``idle``: it strikes when its own cells are done.
    """

    name: str
    role: Role = "server"
    once: bool = True
    struck: Callable[[Process], object] = lambda process: process.failure
    waits: bool = False
    here: int = 54
    idle: bool = False

    def of(self, role: Role) -> Fault:
        return replace(self, role=role)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """``in_flight``: the cells of other pairs that were in flight as the fault struck."""

    ran: Ran
    in_flight: set[str]


class Meeting:
    """Two sound clients and servers, and one end more, ``bad``, that has the fault."""

    def __init__(self, folder: Path, fault: Fault, patience: Patience) -> None:
        self.fault, self._folder, self._patience = fault, folder, patience
        flag = folder / "struck" if fault.once else None
        both, bad = ["a", "b"], implementation("bad", **{fault.role: fault.name}, once=flag)
        bad = msgspec.structs.replace(bad, memory_mb=64)
        self.entries: dict[str, Implementation] = {name: implementation(name) for name in both} | {"bad": bad}
        clients, servers = (["a", "b", "bad"], both) if fault.role == "client" else (both, ["a", "b", "bad"])
        self.cells = matrix.cells(read_cases(folder / "cases", CASES), clients, servers)
        self.others = {cell.id for cell in self.cells if "bad" not in (cell.client, cell.server)}
        self._results: list[CellResult] = []
        self._here: list[str] = []
        self._open: set[bool] = set()  # which cells go on as soon as they are here: True for the first ones
        (folder / "logs").mkdir()
        self._engine = Engine(self._fleet, self._results.append)

    def _fleet(self, on_mark: Callable[[Mark], None]) -> Fleet:
        self._relay = on_mark
        return Fleet(self.entries, self._folder / "logs", self._heard, lambda *_: None, self._patience)

    def _heard(self, mark: Mark) -> None:
        if mark.mark == "here":
            self._here.append(mark.call_id)
            self._let_go()

    def _let_go(self) -> None:
        for call_id in [one for one in self._here if one in self._engine._running]:
            cell = self._engine._running[call_id].cell
            first = cell.id not in self.others and (self.fault.idle or _strikes(cell))
            if first in self._open:
                self._here.remove(call_id)
                self._go(call_id, cell)

    def _go(self, call_id: str, cell: Cell) -> None:
        if cell.id not in self.others and _strikes(cell) and not self.fault.idle:
            self._strike(call_id)
        self._relay(Mark(call_id=call_id, mark="strike" if _strikes(cell) else "go"))

    def _strike(self, call_id: str) -> None:
        if not self.guilty.failure:
            self.guilty.send(Release(call_id=call_id, mark="now"))

    @property
    def guilty(self) -> Process:
        return self._engine.fleet.shared[("bad", self.fault.role)][-1]

    def play(self) -> Scene:
        self._loop = Hurried()
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            return runner.run(self._play())

    async def _play(self) -> Scene:
        try:
            running = asyncio.ensure_future(self._engine.run(self.cells))
            await self._until(lambda: len(self._here) == self.fault.here)
            guilty = self.guilty
            self._lets(True)
            if self.fault.idle:
                await self._until(lambda: len(self._done()) + len(self.others) == len(self.cells))
                self._strike("")
            await self._until(lambda: self.fault.struck(guilty))
            in_flight = {run.cell.id for run in self._engine._running.values()} & self.others
            self._lets(False)
            if self.fault.waits:
                await self._waits_for(guilty)
            await asyncio.wait_for(running, REAL_S)
        finally:
            await self._engine.fleet.close()
        return Scene(ran=judged(self.entries, self._engine, self._results), in_flight=in_flight)

    def _lets(self, strikes: bool) -> None:
        self._open.add(strikes)
        self._let_go()

    async def _waits_for(self, guilty: Process) -> None:
        """All others end while the guilty process is still being waited for; then the clock is put forward."""
        await self._until(lambda: self.others <= self._done())
        assert guilty in self._engine.fleet.shared[("bad", self.fault.role)]
        assert guilty.failure is None
        while guilty.failure is None:
            self._loop.ahead += 1
            await asyncio.sleep(0.001)

    def _done(self) -> set[str]:
        return {result.cell.id for result in self._results}

    async def _until(self, holds: Callable[[], object]) -> None:
        for _ in range(6000):
            if holds():
                return
            await asyncio.sleep(0.005)
        told = [str(process.failure) for process in self._engine.fleet.everyone]
        raise AssertionError(f"it never came; {len(self._here)} here, {len(self._done())} done, {told}")


def _strikes(cell: Cell) -> bool:
    return cell.case.id.endswith("/strike")
