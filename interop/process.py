"""One child process that keeps the contract: lines in, lines out, deadline, group kill.

In: an argv. Out: a reply for each request, or ``ProcessFailed`` with the last lines of standard error. It reads
whatever comes: a line that is not of the contract is logged and blamed on the process, and shifts nothing, since
replies carry an id.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import msgspec

from interop import contract
from interop.model import Case, Implementation

READY_WITHIN_S = 30.0
# The contract gives a program two seconds from the end of its standard input; then its group is killed.
STOPS_WITHIN_S = 2.5


class _WithId(msgspec.Struct, frozen=True):
    id: str


_ID = msgspec.json.Decoder(_WithId)


class ProcessFailed(Exception):
    """A process broke: it could not be started, ended, or did not answer. ``tail`` is the end of its standard error."""

    def __init__(self, process: str, what: str, tail: str = "") -> None:
        self.process = process
        self.what = what
        self.tail = tail
        super().__init__(f"{process} {what}" + (f"; its last lines: {tail}" if tail else ""))


class Lines(asyncio.SubprocessProtocol):
    """Cuts standard output into lines; a line above the limit is dropped and reported, the next one counts again."""

    def __init__(
        self, on_line: Callable[[bytes], None], on_noise: Callable[[str], None], on_exit: Callable[[], None]
    ) -> None:
        self._on_line, self._on_noise, self._on_exit = on_line, on_noise, on_exit
        self._held = bytearray()
        self._dropping = False

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        *complete, rest = data.split(b"\n")
        for part in complete:
            self._line_ended(part)
        self._held += rest
        if len(self._held) > contract.MAX_LINE:
            self._held.clear()
            self._dropping = True

    def _line_ended(self, part: bytes) -> None:
        line = bytes(self._held) + part
        self._held.clear()
        if self._dropping or len(line) > contract.MAX_LINE:
            self._dropping = False
            self._on_noise(f"a line of more than {contract.MAX_LINE} bytes")
        else:
            self._on_line(line)

    def process_exited(self) -> None:
        self._on_exit()


class Process:
    """A running implementation in one role. ``label`` reads like ``go as a server``."""

    def __init__(
        self, implementation: Implementation, role: contract.Role, log: Path, on_mark: Callable[[contract.Mark], None]
    ) -> None:
        self.label = f"{implementation.name} as a {role}"
        self.log = log
        self.noise: list[str] = []
        self.failure: ProcessFailed | None = None
        self.ready: contract.Ready | None = None
        self.believed = False
        self._implementation, self._role, self._on_mark = implementation, role, on_mark
        self._waiting: dict[str, asyncio.Future[contract.Reply]] = {}
        self._given_up: set[str] = set()
        self._last_id = 0
        self._gone = asyncio.Event()
        self._is_ready: asyncio.Future[contract.Ready] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.SubprocessTransport | None = None

    async def start(self) -> contract.Ready | None:
        """Raises ``ProcessFailed`` when there is no ``ready`` line in time. None: nothing is to be heard from it."""
        if self.failure:
            raise self.failure
        await self._spawn()
        try:
            self.ready = await asyncio.wait_for(self._is_ready, READY_WITHIN_S)
        except TimeoutError:
            await self.kill(f"was not ready within {READY_WITHIN_S:.0f} s")
            raise cast(ProcessFailed, self.failure) from None
        return self.ready

    async def _spawn(self) -> None:
        argv = getattr(self._implementation, self._role)
        try:
            with self.log.open("ab") as errors:
                transport, _ = await asyncio.get_running_loop().subprocess_exec(
                    lambda: Lines(self._line, self._noise, self._exited),
                    *argv,
                    cwd=self._implementation.directory,
                    env={**os.environ, **self._implementation.environment},
                    stderr=errors,
                    start_new_session=True,
                )
        except OSError as error:
            what = argv[0] if self._implementation.directory.is_dir() else f"directory {self._implementation.directory}"
            raise ProcessFailed(self.label, f"could not be started ({what}: {error.strerror})") from error
        self._transport = transport
        if self.failure:  # closed while it was being started
            await self.kill("")
            raise self.failure

    @property
    def pid(self) -> int:
        return self._transport.get_pid() if self._transport else 0

    def refuses(self, case: Case) -> contract.Unsupported | None:
        return None  # whoever keeps the contract says so line by line

    def next_id(self) -> str:
        self._last_id += 1
        return str(self._last_id)

    async def request(self, line: Any, within_s: float) -> contract.Reply:
        """The reply with the line's id. Raises ``ProcessFailed`` if the process ends or does not answer in time."""
        reply: asyncio.Future[contract.Reply] = asyncio.get_running_loop().create_future()
        self._waiting[line.id] = reply
        self.send(line)
        try:
            async with asyncio.timeout(within_s):
                return await reply
        except TimeoutError:
            await self.kill(
                f"did not answer {contract.encode(line)[:200].decode(errors='replace').strip()} within {within_s:.0f} s"
            )
            raise cast(ProcessFailed, self.failure) from None
        finally:
            self._waiting.pop(line.id, None)
            if not reply.done() or reply.cancelled():
                self._given_up.add(line.id)

    def send(self, line: contract.ToProgram) -> None:
        if self.failure or self._transport is None:
            raise self.failure or ProcessFailed(self.label, "was never started")
        cast(asyncio.WriteTransport, self._transport.get_pipe_transport(0)).write(contract.encode(line))

    async def close(self) -> None:
        """Ends standard input, waits as long as the contract says, then kills the group."""
        self.failure = self.failure or ProcessFailed(self.label, "was stopped by the harness")
        if self._transport is None:
            return
        pipe = self._transport.get_pipe_transport(0)
        if pipe:
            pipe.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._gone.wait(), STOPS_WITHIN_S)
        await self.kill("")

    async def kill(self, why: str) -> None:
        """Kills the whole group; ``why`` is what whoever still waits is told."""
        if self._transport is None:
            return
        self._fail(why)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._transport.get_pid(), signal.SIGKILL)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._gone.wait(), STOPS_WITHIN_S)
        self._transport.close()

    def _line(self, data: bytes) -> None:
        try:
            line = contract.decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            self._malformed(data, f"{data[:200].decode(errors='replace')!r} ({error})")
            return
        if isinstance(line, contract.Mark):
            self._on_mark(line)
        elif isinstance(line, contract.Ready):
            self._got_ready(line)
        else:
            self._got_reply(line)

    def _malformed(self, data: bytes, what: str) -> None:
        """Noise; but one that carries the id of a request ends the wait for it, since no better answer will come."""
        self._noise(what)
        with contextlib.suppress(msgspec.MsgspecError, UnicodeDecodeError):
            waiting = self._waiting.get(_ID.decode(data).id)
            if waiting and not waiting.done():
                waiting.set_exception(ProcessFailed(self.label, f"answered with no line of the contract: {what}"))

    def _got_ready(self, line: contract.Ready) -> None:
        if self._is_ready.done():
            self._noise("a second ready line")
        else:
            self._is_ready.set_result(line)

    def _got_reply(self, line: contract.Reply) -> None:
        waiting = self._waiting.get(line.id)
        if line.id in self._given_up:
            return  # the harness no longer wanted it: nobody's fault
        if waiting is None or waiting.done():
            self._noise(f"a {type(line).__name__.lower()} line with id {line.id!r}, for which nobody waits")
        else:
            waiting.set_result(line)

    def _noise(self, what: str) -> None:
        self.noise.append(what)
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"[harness] not a line of the contract: {what}\n")

    def _exited(self) -> None:
        self._gone.set()
        code = self._transport.get_returncode() if self._transport else None
        self._fail(
            f"was ended by {signal.Signals(-code).name}"
            if code is not None and code < 0
            else f"ended with exit code {code}"
        )

    def _fail(self, why: str) -> None:
        if self.failure is None:
            self.failure = ProcessFailed(self.label, why, self._tail())
        if not self._is_ready.done():
            self._is_ready.set_exception(self.failure)
            self._is_ready.exception()
        for reply in self._waiting.values():
            if not reply.done():
                reply.set_exception(self.failure)

    def _tail(self) -> str:
        with contextlib.suppress(OSError):
            lines = self.log.read_bytes()[-2000:].decode(errors="replace").splitlines()
            return " | ".join(line.strip() for line in lines[-3:] if line.strip())
        return ""
