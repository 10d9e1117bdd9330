"""The child processes of a run: one server and one client driver an implementation, started together, restarted when
they die.

In: implementations. Out: a live process for a name and role, and the address of its listener for a configuration.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path

from interop import contract
from interop.contract import Configuration, Role
from interop.model import Implementation
from interop.process import Process, ProcessFailed

ANSWERS_WITHIN_S = 15.0
LOOPBACK = "127.0.0.1"


class Fleet:
    """Owns every child process; ``close`` ends them all. ``through``: the address that clients get."""

    def __init__(
        self,
        implementations: dict[str, Implementation],
        logs: Path,
        on_mark: Callable[[contract.Mark], None],
        on_ready: Callable[[str, Role, contract.Ready], None],
    ) -> None:
        self._implementations, self._logs = implementations, logs
        self._on_mark, self._on_ready = on_mark, on_ready
        self._current: dict[tuple[str, Role], asyncio.Task[Process]] = {}
        self._listeners: dict[tuple[Process, str], asyncio.Task[str]] = {}
        self._closed = False
        self.through: Callable[[str], Awaitable[str]] = _straight
        self.everyone: list[Process] = []

    async def process(self, name: str, role: Role) -> Process:
        """The live process, started if there is none. Raises ``ProcessFailed``; one that never got ready is not tried
        again.
        """
        key = (name, role)
        task = self._current.get(key)
        if task is None or (task.done() and task.exception() is None and task.result().failure):
            task = self._current[key] = asyncio.ensure_future(self.fresh(name, role))
        return await asyncio.shield(task)

    async def fresh(self, name: str, role: Role) -> Process:
        """A process of its own, outside the shared ones. Raises ``ProcessFailed``."""
        process = Process(self._implementations[name], role, self._logs / f"{name}.{role}.log", self._on_mark)
        self.everyone.append(process)
        if self._closed:
            await process.close()
        ready = await process.start()
        self._on_ready(name, role, ready)
        await self._probe(process, role)
        process.believed = True
        return process

    async def _probe(self, process: Process, role: Role) -> None:
        # Without this, an implementation that claims everything, or answers unsupported by chance, would be believed.
        unheard = f"x-{secrets.token_hex(4)}"
        step = contract.Step(do=unheard)
        method, mode = "/users.UserService/GetUser", contract.MODES[0]
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
        reply = await process.request(line, ANSWERS_WITHIN_S)
        if not isinstance(reply, contract.Unsupported):
            answer = type(reply).__name__
            await process.kill(f"answered the unheard-of step {unheard!r} with {answer}: its word is not believed")
            raise process.failure or ProcessFailed(process.label, "is gone")

    async def address(self, server: Process, configuration: Configuration) -> str | contract.Unsupported:
        """Where that server listens for that configuration; opened when it is first needed."""
        key = (server, configuration.name)
        if key not in self._listeners:
            self._listeners[key] = asyncio.ensure_future(self._listen(server, configuration))
        try:
            return await asyncio.shield(self._listeners[key])
        except _Refused as refused:
            return refused.reply

    async def _listen(self, server: Process, configuration: Configuration) -> str:
        line = contract.Listen(id=server.next_id(), configuration=configuration, host=LOOPBACK, port=0)
        reply = await server.request(line, ANSWERS_WITHIN_S)
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
