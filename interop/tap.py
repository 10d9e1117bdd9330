"""The tap of a run: between every client and server a relay, and what it saw of a call in that call's record.

In: a server's address; out: the address that clients are given. In: a judged record; out: the same with its frames. The
verdict is not its business.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from interop.contract import Step
from interop.engine import CellResult
from interop.model import CallSpec
from interop.results import Record
from interop.wire import lines
from interop.wire.lines import Open, Opened, Reply, Request, Take, Taken
from interop.wire_view import WireView

_PROGRAM = (sys.executable, "-m", "interop.wire")
# A view is kept short, but a cell may have a thousand calls.
_LONGEST_LINE = 256 * 1024 * 1024
Give = Callable[[Record], None]


class Tap(Protocol):
    """``problems`` is what makes a run red beyond its cells."""

    problems: list[str]

    async def through(self, address: str) -> str: ...
    def told(self, record: Record, result: CellResult, give: Give) -> None: ...
    async def close(self) -> None: ...


class NoTap:
    """Clients and servers speak directly."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    async def through(self, address: str) -> str:
        return address

    def told(self, record: Record, result: CellResult, give: Give) -> None:
        give(record)

    async def close(self) -> None:
        pass


class WireTap:
    """Owns the processes of relay and reader, started when they are first needed."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._started: asyncio.Task[list[asyncio.subprocess.Process]] | None = None
        self._relay: asyncio.StreamWriter | None = None
        self._reading: list[asyncio.Task[None]] = []
        self._ids = itertools.count(1)
        self._waiting: dict[int, Callable[[Reply | None], None]] = {}

    async def through(self, address: str) -> str:
        self._started = self._started or asyncio.ensure_future(self._start())
        await asyncio.shield(self._started)
        opened: asyncio.Future[Reply | None] = asyncio.get_running_loop().create_future()
        self._ask(Open(id=next(self._ids), upstream=address), opened.set_result)
        reply = await opened
        return reply.address if isinstance(reply, Opened) else address

    def told(self, record: Record, result: CellResult, give: Give) -> None:
        """Gives the record's calls what the wire had of them; the cell's other rounds are forgotten."""
        specs = {seen.call_id: seen.spec for calls in result.rounds for seen in calls}

        def with_wire(reply: Reply | None) -> None:
            views = reply.views if isinstance(reply, Taken) else {}
            calls = [
                msgspec.structs.replace(call, wire=_view(views.get(call.call_id, WireView()), specs[call.call_id]))
                for call in record.calls
            ]
            give(msgspec.structs.replace(record, calls=calls))

        self._ask(Take(id=next(self._ids), calls=list(specs)), with_wire)

    async def close(self) -> None:
        """Ends the processes; nobody waits for them any more."""
        if self._started is None:
            return
        processes = await self._started
        if self._relay:
            self._relay.close()
        self._relay = None
        await asyncio.gather(*(process.wait() for process in processes), *self._reading)

    async def _start(self) -> list[asyncio.subprocess.Process]:
        source, sink = os.pipe()
        reader = await _process(stdin=source)
        relay = await _process(str(sink), stdin=asyncio.subprocess.PIPE, pass_fds=(sink,))
        os.close(source)
        os.close(sink)
        self._relay = relay.stdin
        self._reading = [asyncio.ensure_future(self._read(one)) for one in (relay, reader)]
        return [relay, reader]

    def _ask(self, request: Request, then: Callable[[Reply | None], None]) -> None:
        if self._relay is None:
            then(None)
            return
        self._waiting[request.id] = then
        self._relay.write(lines.encode(request))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout  # noqa: S101 - asked for where it is started
        async for line in process.stdout:
            reply = lines.reply(line)
            self._waiting.pop(reply.id)(reply)
        if self._relay is None:
            return
        self._relay.close()  # one does not go on without the other
        self._relay = None
        self.problems.append(f"a process of --wire ended with exit code {await process.wait()}")
        waiting, self._waiting = self._waiting, {}
        for then in waiting.values():
            then(None)


async def _process(*words: str, **pipes: Any) -> asyncio.subprocess.Process:
    # In a session of its own: Ctrl-C is the harness' business.
    return await asyncio.create_subprocess_exec(
        *_PROGRAM, *words, stdout=asyncio.subprocess.PIPE, limit=_LONGEST_LINE, start_new_session=True, **pipes
    )


def _view(view: WireView, spec: CallSpec) -> WireView:
    script, plan = ([_said(step) for step in steps] for steps in (spec.steps, spec.plan or []))
    return msgspec.structs.replace(view, script=script, plan=plan, metadata=spec.metadata)


def _said(step: Step) -> str:
    """A step in a few words: ``send ×3``, ``await second``, ``finish NOT_FOUND``."""
    told = [step.do, f"×{step.count}" if step.count is not None else "", step.mark or ""]
    told += [step.status.code if step.status else "", f"{step.ms} ms" if step.ms is not None else ""]
    return " ".join(word for word in told if word)
