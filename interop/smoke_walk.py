"""What `interop smoke` does with an implementation: in, its entry and others for its other end; out, what was seen.

The calls are shipped cases, run by the engine and judged by the judge of every run.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from interop import plain_case
from interop.contract import Mark, Role
from interop.engine import CellResult, Engine
from interop.fleet import Fleet
from interop.implementations import plays
from interop.judging import Judge
from interop.known import Known
from interop.model import Case, Cell, Implementation
from interop.process import Process, ProcessFailed
from interop.results import Kind, Record

# For each pair; the engine keeps 16 of them in flight.
BURST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """``kind`` is ok, not ok or skipped."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Who is walked through, and who is the client of its server and the server of its client."""

    entries: dict[str, Implementation]
    name: str
    client: str
    server: str

    @property
    def roles(self) -> list[Role]:
        every: tuple[Role, ...] = ("server", "client")
        return [role for role in every if plays(self.entries[self.name], role)]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """(client, server)"""
        by_role = {"server": (self.client, self.name), "client": (self.name, self.server)}
        return [by_role[role] for role in self.roles]


class _Patient(Fleet):
    """Believes whoever gets ready; whether its word is good is asked in a step of its own."""

    async def probe(self, process: Process, role: Role) -> None:
        """Not yet."""

    async def ask(self, process: Process, role: Role) -> None:
        await super().probe(process, role)


class Walk:
    """Every step is one method; they go in the order in which they stand here."""

    def __init__(self, ends: Ends, cases: dict[str, Case], logs: Path) -> None:
        self._ends, self._cases, self._logs = ends, cases, logs
        self._judge = Judge(Known(), ends.entries)
        self._results: list[CellResult] = []
        self._engine = Engine(self._fleet_of, self._results.append)

    def _fleet_of(self, on_mark: Callable[[Mark], None]) -> Fleet:
        self._fleet = _Patient(self._ends.entries, self._logs, on_mark, lambda *_: None)
        return self._fleet

    async def close(self) -> None:
        await self._fleet.close()

    async def ready(self) -> Seen:
        told = []
        for role in self._ends.roles:
            try:
                process = await self._fleet.process(self._ends.name, role)
            except ProcessFailed as failure:
                return Seen(kind="not ok", text=str(failure))
            told.append(f"{role} in {process.ready.language}" if process.ready else self._address())
        return Seen(kind="ok", text=", ".join(told))

    def _address(self) -> str:
        return f"server at {self._ends.entries[self._ends.name].address}"

    async def calls(self, names: Sequence[str]) -> Seen:
        """What the client saw is judged, and nothing else."""
        cases = [_without_view(self._cases[name]) for name in names]
        return await self._run([cell for case in cases for cell in self._cells(case, self._ends.pairs)])

    async def views(self, names: Sequence[str]) -> Seen:
        """What the handler saw, too."""
        pairs = [pair for pair in self._ends.pairs if not self._ends.entries[pair[1]].address]
        return await self._run([cell for name in names for cell in self._cells(self._cases[name], pairs)])

    async def honesty(self) -> Seen:
        told = []
        for role in self._ends.roles:
            try:
                process = await self._fleet.process(self._ends.name, role)
                if process.ready:
                    await self._fleet.ask(process, role)
                    told.append(f"the {role}")
            except ProcessFailed as failure:
                return Seen(kind="not ok", text=str(failure))
        text = f"a step that nobody has heard of is unsupported by {' and '.join(told)}"
        return Seen(kind="ok", text=text) if told else _no_control_line()

    async def burst(self, names: Sequence[str]) -> Seen:
        cells: list[Cell] = []
        for pair in self._ends.pairs:
            mixed = [cell for name in names for cell in self._cells(self._cases[name], [pair])]
            cells += itertools.islice(itertools.cycle(mixed), BURST)
        return await self._run(cells)

    def _cells(self, case: Case, pairs: list[tuple[str, str]]) -> list[Cell]:
        """Of the pairs whose server can be given the case."""
        able = [pair for pair in pairs if not self._ends.entries[pair[1]].address or not plain_case.needs(case)]
        return [Cell(client=client, server=server, case=case) for client, server in able]

    async def _run(self, cells: list[Cell]) -> Seen:
        if not cells:
            return _no_control_line()
        self._results.clear()
        before = len(self._engine.problems)
        await self._engine.run(cells)
        order = [cell.id for cell in cells]
        records = sorted(map(self._judge.record, self._results), key=lambda record: order.index(record.id))
        return _seen(records, self._engine.problems[before:])


def _seen(records: list[Record], problems: list[str]) -> Seen:
    red = [record for record in records if record.verdict.kind in (Kind.FAIL, Kind.ERROR)]
    if red:
        return Seen(
            kind="not ok", text=f"{len(red)} of {len(records)} cells, first {red[0].id}: {red[0].verdict.sentence}"
        )
    if problems:
        return Seen(kind="not ok", text=problems[0])
    passed = [record for record in records if record.verdict.kind is Kind.PASS]
    refused = dict.fromkeys(f"{one.verdict.sentence} ({one.verdict.reason})" for one in records if one.verdict.reason)
    text = f"{', '.join(_pairs(records))}: {len(passed)} of {len(records)} cells pass"
    said = f"; unsupported: {', '.join(refused)}" if refused else ""
    return Seen(kind="ok" if _pairs(passed) == _pairs(records) else "skipped", text=text + said)


def _pairs(records: list[Record]) -> list[str]:
    return sorted({f"{record.client} → {record.server}" for record in records})


def _no_control_line() -> Seen:
    return Seen(kind="skipped", text="no control line")


def _without_view(case: Case) -> Case:
    calls = [msgspec.structs.replace(call, expect=plain_case.seen_by_the_client(call.expect)) for call in case.calls]
    return msgspec.structs.replace(case, calls=calls)
