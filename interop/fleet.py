"""The child processes of a run: one server and one client driver an implementation, started together, restarted when
they die.

In: implementations. Out: a live process for a name and role, and the address of its listener for a configuration.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import secrets
from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path

from interop import contract, watch
from interop.contract import Configuration, Mode, Role
from interop.guard import Guard
from interop.model import Implementation
from interop.patience import PATIENT, Patience
from interop.plain_server import PlainServer
from interop.process import Process, ProcessFailed

LOOPBACK = "127.0.0.1"


class Fleet:
    """Owns every child process; ``close`` ends them all. ``through``: the address that clients get."""

    def __init__(  # noqa: PLR0913 - what to start, where it logs, who is told of what, how long is waited
        self,
        implementations: dict[str, Implementation],
        logs: Path,
        on_mark: Callable[[contract.Mark], None],
        on_ready: Callable[[str, Role, contract.Ready], None],
        patience: Patience = PATIENT,
    ) -> None:
        self._implementations, self._logs = implementations, logs
        self._on_mark, self._on_ready, self.patience = on_mark, on_ready, patience
        self._guard = Guard()
        self._watch: asyncio.Task[None] | None = None
        self._current: dict[tuple[str, Role], asyncio.Task[Process]] = {}
        self._listeners: dict[tuple[Process, str], asyncio.Task[str]] = {}
        self._closed = False
        self.through: Callable[[str], Awaitable[str]] = _straight
        self.everyone: list[Process] = []
        # A method that the run calls through its stub, for the probe; the harness itself knows no proto.
        self.stubbed: tuple[str, Mode] | None = None
        self.shared: dict[tuple[str, Role], list[Process]] = defaultdict(list)

    async def process(self, name: str, role: Role) -> Process:
        """The live process, started if there is none. Raises ``ProcessFailed``; one that never got ready is not tried
        again, nor one that dies or hangs again and again.
        """
        key = (name, role)
        task = self._current.get(key)
        if task is None or (task.done() and task.exception() is None and task.result().failure):
            self._check_worth(self.shared[key])
            task = self._current[key] = asyncio.ensure_future(self._fresh(name, role, self.shared[key]))
        return task.result() if task.done() else await asyncio.shield(task)

    def _check_worth(self, tried: list[Process]) -> None:
        fruitless = list(itertools.takewhile(lambda process: not process.fruitful, reversed(tried)))
        hung = sum(process.hung for process in fruitless)
        if fruitless and (hung >= self.patience.hangs or len(fruitless) >= self.patience.deaths):
            last = fruitless[0].failure or ProcessFailed(fruitless[0].label, "is gone")
            why = f"it is not started again: {len(fruitless)} of them in a row ended without one cell done"
            raise ProcessFailed(last.process, f"{last.what}; {why}", last.tail)

    async def fresh(self, name: str, role: Role) -> Process:
        """A process of its own, outside the shared ones. Raises ``ProcessFailed``."""
        return await self._fresh(name, role, [])

    async def _fresh(self, name: str, role: Role, among: list[Process]) -> Process:
        process = self._made(name, role)
        self.everyone.append(process)
        among.append(process)
        self._watch = self._watch or asyncio.create_task(watch.keep(self.everyone, self.patience))
        if self._closed:
            await process.close()
        ready = await process.start()
        if ready:
            self._on_ready(name, role, ready)
            await self.probe(process, role)
        process.believed = True
        return process

    def _made(self, name: str, role: Role) -> Process:
        entry, log = self._implementations[name], self._logs / f"{name}.{role}.log"
        if role == "server" and entry.address:
            return PlainServer(entry, log, self.patience, self._guard)
        return Process(entry, role, log, self._on_mark, self.patience, self._guard)

    async def probe(self, process: Process, role: Role) -> None:
        """Asks for a step that nobody has heard of. Raises ``ProcessFailed`` where the answer is not ``unsupported``:
        an implementation that claims everything, or says unsupported by chance, is not believed.
        """
        unheard = f"x-{secrets.token_hex(4)}"
        step = contract.Step(do=unheard)
        method, mode = self.stubbed or (f"/{unheard}/{unheard}", contract.MODES[0])
        if role == "server":
            line: contract.Plan | contract.Call = contract.Plan(
                id=process.next_id(), call_id=unheard, method=method, mode=mode, steps=[step]
            )
        else:
            line = contract.Call(
                id=process.next_id(),
                call_id=unheard,
                target=f"{LOOPBACK}:9",
                configuration=Configuration(name="plain"),
                channel="shared",
                method=method,
                mode=mode,
                metadata=[],
                give_up_after_ms=1000,
                steps=[step],
            )
        reply = await process.request(line)
        if not isinstance(reply, contract.Unsupported):
            # Also where a file of cases has the method in a wrong mode; then the reason says so.
            answer = f"Rejected ({reply.reason})" if isinstance(reply, contract.Rejected) else type(reply).__name__
            await process.kill(f"answered the unheard-of step {unheard!r} with {answer}: its word is not believed")
            raise process.failure or ProcessFailed(process.label, "is gone")

    async def address(self, server: Process, configuration: Configuration) -> str | contract.Unsupported:
        """Where that server listens for that configuration; opened when it is first needed."""
        key = (server, configuration.name)
        if key not in self._listeners:
            self._listeners[key] = asyncio.ensure_future(self._listen(server, configuration))
        task = self._listeners[key]
        try:
            return task.result() if task.done() else await asyncio.shield(task)
        except _Refused as refused:
            return refused.reply

    async def _listen(self, server: Process, configuration: Configuration) -> str:
        line = contract.Listen(id=server.next_id(), configuration=configuration, host=LOOPBACK, port=0)
        reply = await server.request(line)
        if isinstance(reply, contract.Listening):
            return await self.through(reply.address)
        if isinstance(reply, contract.Unsupported):
            raise _Refused(reply)
        raise ProcessFailed(server.label, f"answered a listen line with {reply}")

    async def close(self) -> None:
        """Ends every process, also what is just being started."""
        self._closed = True
        await asyncio.gather(*(process.close() for process in self.everyone))
        await asyncio.gather(*self._current.values(), return_exceptions=True)
        if self._watch:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        self._guard.close()

    def start_together(self, clients: list[str], servers: list[str]) -> list[Awaitable[object]]:
        wanted: list[tuple[str, Role]] = [
            *((name, "server") for name in servers),
            *((name, "client") for name in clients),
        ]
        return [self.process(name, role) for name, role in wanted]


async def _straight(address: str) -> str:
    return address


class _Refused(Exception):
    def __init__(self, reply: contract.Unsupported) -> None:
        self.reply = reply
