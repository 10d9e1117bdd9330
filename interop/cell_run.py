"""Runs one cell once: plan → call → collect, marks relayed between its ends. In: a cell and two processes; out: a
Round.

Judges nothing: what the client and the handler said is handed on as it came.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TypeVar

from interop import contract
from interop.contract import CALL_ID_KEY, Metadata
from interop.model import CallSpec, Cell
from interop.process import Process, ProcessFailed

T = TypeVar("T")


class Refused(Exception):
    """An implementation said ``unsupported`` or ``rejected`` in place of a reply."""

    def __init__(self, process: Process, reply: contract.Unsupported | contract.Rejected) -> None:
        self.process = process
        self.reply = reply
        super().__init__(f"{process.label}: {reply}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSeen:
    """One call from both ends. ``observation`` is None where the harness killed the client."""

    spec: CallSpec
    call_id: str
    observation: contract.Observation | None
    attempts: list[contract.Attempt]


@dataclass(slots=True, kw_only=True)
class Ends:
    """Where the calls of a cell run: the two processes and the address between them."""

    client: Process
    server: Process
    address: str


@dataclass(slots=True)
class CellRun:
    """One round of a cell. ``relay`` is called with each mark that a process of this cell reports."""

    cell: Cell
    ends: Ends
    call_ids: list[str]
    view_ms: int
    _killing: asyncio.Future[None] | None = field(default=None, init=False)
    _killer: asyncio.Future[None] | None = field(default=None, init=False)

    async def run(self) -> list[CallSeen]:
        """Raises ``Refused`` and ``ProcessFailed``."""
        calls = list(zip(self.cell.case.calls, self.call_ids, strict=True))
        if self.cell.case.kill_client_at:
            self._killing = asyncio.get_running_loop().create_future()
        try:
            for spec, call_id in calls:
                await self._plan(spec, call_id)
            observations = await self._observe(calls)
        except Refused:
            await asyncio.gather(*(self._collect(spec, call_id, 0) for spec, call_id in calls))
            raise
        collected = [self._collect(spec, call_id, _attempts(spec)) for spec, call_id in calls]
        views = [await collected[0]] if len(collected) == 1 else await asyncio.gather(*collected)
        return [
            CallSeen(spec=spec, call_id=call_id, observation=observation, attempts=view)
            for (spec, call_id), observation, view in zip(calls, observations, views, strict=True)
        ]

    async def _plan(self, spec: CallSpec, call_id: str) -> None:
        if spec.plan is None:
            return
        server = self.ends.server
        line = contract.Plan(id=server.next_id(), call_id=call_id, method=spec.method, mode=spec.mode, steps=spec.plan)
        _expected(server, await server.request(line), contract.Planned)

    async def _observe(self, calls: list[tuple[CallSpec, str]]) -> list[contract.Observation | None]:
        if self.cell.case.in_sequence:
            return [await self._call(spec, call_id) for spec, call_id in calls]
        if len(calls) == 1:
            return [await self._call(*calls[0])]
        results = await asyncio.gather(*(self._call(spec, call_id) for spec, call_id in calls), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return [result for result in results if not isinstance(result, BaseException)]

    async def _call(self, spec: CallSpec, call_id: str) -> contract.Observation | None:
        client = self.ends.client
        metadata: Metadata = [(CALL_ID_KEY, call_id), *spec.metadata]
        # A named channel is the case's own: nobody else's calls may travel on it.
        channel = spec.channel if spec.channel in ("shared", "fresh") else f"{self.call_ids[0]}-{spec.channel}"
        line = contract.Call(
            id=client.next_id(),
            call_id=call_id,
            target=self.ends.address,
            configuration=self.cell.case.configuration,
            channel=channel,
            method=spec.method,
            mode=spec.mode,
            metadata=metadata,
            give_up_after_ms=spec.give_up_after_ms,
            steps=spec.steps,
            raw=spec.raw,
            deadline_ms=spec.deadline_ms,
        )
        try:
            reply = await client.request(line, spec.give_up_after_ms / 1000)
        except ProcessFailed:
            if self._killing is None or not self._killing.done():
                raise
            return None
        return _expected(client, reply, contract.Observation)

    async def _collect(self, spec: CallSpec, call_id: str, attempts: int) -> list[contract.Attempt]:
        server = self.ends.server
        line = contract.Collect(id=server.next_id(), call_id=call_id, attempts=attempts, wait_ms=self.view_ms)
        return _expected(server, await server.request(line, self.view_ms / 1000), contract.View).attempts

    def relay(self, mark: contract.Mark) -> None:
        """Lets every ``await`` of that mark go on, at both ends of the cell; kills the client where the case says
        so.
        """
        for spec, call_id in zip(self.cell.case.calls, self.call_ids, strict=True):
            for process, steps in ((self.ends.client, spec.steps), (self.ends.server, spec.plan or [])):
                if any(step.do == "await" and step.mark == mark.mark for step in steps) and not process.failure:
                    process.send(contract.Release(call_id=call_id, mark=mark.mark))
        if self._killing and mark.mark == self.cell.case.kill_client_at and not self._killing.done():
            self._killing.set_result(None)
            self._killer = asyncio.ensure_future(self.ends.client.kill("was killed by the case"))


def _attempts(spec: CallSpec) -> int:
    sees = [outcome.handler.sees for outcome in spec.expect if outcome.handler]
    return min((number or 0 for number in sees), default=1 if not spec.expect else 0)


def _expected(process: Process, reply: contract.Reply, kind: type[T]) -> T:
    if isinstance(reply, kind):
        return reply
    if isinstance(reply, contract.Unsupported | contract.Rejected):
        raise Refused(process, reply)
    raise ProcessFailed(process.label, f"answered with {type(reply).__name__}, want {kind.__name__}")
