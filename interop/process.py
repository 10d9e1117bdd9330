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

from interop import child_log, contract, proc
from interop.guard import Guard
from interop.lines import Lines
from interop.model import Case, Implementation
from interop.patience import PATIENT, Patience
from interop.replies import Replies


class _WithId(msgspec.Struct, frozen=True):
    id: str


_ID = msgspec.json.Decoder(_WithId)


class ProcessFailed(Exception):
    """A process broke: it could not be started, ended, or did not answer. ``tail`` is the end of its standard error."""

    def __init__(self, process: str, what: str, tail: str = "") -> None:
        self.process, self.what, self.tail = process, what, tail
        super().__init__(f"{process} {what}" + (f"; its last lines: {tail}" if tail else ""))


class Process:
    """A running implementation in one role. ``label`` reads like ``go as a server``; ``believed``: it passed the probe;
    ``fruitful``: a cell was done with it; ``hung``: it was ended for not answering.
    """

    def __init__(  # noqa: PLR0913 - what it is, where it logs and who is told, how long is waited, who ends what is left
        self,
        implementation: Implementation,
        role: contract.Role,
        log: Path,
        on_mark: Callable[[contract.Mark], None],
        patience: Patience = PATIENT,
        guard: Guard | None = None,
    ) -> None:
        self.label = f"{implementation.name} as a {role}"
        self.log = log
        self.memory_mb = implementation.memory_mb
        self.noise: list[str] = []
        self.dropped = 0
        self.failure: ProcessFailed | None = None
        self.ready: contract.Ready | None = None
        self.believed = self.fruitful = self.hung = False
        self._implementation, self._role, self._on_mark = implementation, role, on_mark
        self._patience, self._guard = patience, guard
        self._ending: asyncio.Future[None] | None = None
        self._replies = Replies()
        self._outbox: list[bytes] = []
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
            self.ready = await asyncio.wait_for(self._is_ready, self._patience.ready_s)
        except TimeoutError:
            await self.kill(f"{self._stopped()}was not ready within {self._patience.ready_s:g} s")
            raise cast(ProcessFailed, self.failure) from None
        return self.ready

    async def _spawn(self) -> None:
        argv = getattr(self._implementation, self._role)
        try:
            with self.log.open("ab") as errors:
                transport, _ = await asyncio.get_running_loop().subprocess_exec(
                    lambda: Lines(self._line, self._noise, self._exited, self._closed),
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
        if self._guard and not self._gone.is_set():
            self._guard.lives(self.pid)
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

    async def request(self, line: Any, takes_s: float = 0.0) -> contract.Reply:
        """The reply that carries the line's id. Raises ``ProcessFailed`` if the process ends, or does not answer in
        time; ``takes_s`` is what the request itself may take.
        """
        within_s = takes_s + self._patience.answers_s
        try:
            with self._replies.waiting(line.id, within_s) as reply:
                self.send(line)
                return await reply
        except TimeoutError:
            self.hung = True
            asked = contract.encode(line)[:200].decode(errors="replace").strip()
            await self.kill(f"{self._stopped()}did not answer {asked} within {within_s:g} s")
            raise cast(ProcessFailed, self.failure) from None

    def send(self, line: contract.ToProgram) -> None:
        if self.failure or self._transport is None:
            raise self.failure or ProcessFailed(self.label, "was never started")
        if not self._outbox:  # what is sent in one turn of the loop goes out as one: a wake-up costs more than a line
            asyncio.get_running_loop().call_soon(self._flush)
        self._outbox.append(contract.encode(line))

    def _flush(self) -> None:
        lines, self._outbox = b"".join(self._outbox), []
        if lines and self._transport and (pipe := self._transport.get_pipe_transport(0)):
            cast(asyncio.WriteTransport, pipe).write(lines)

    async def close(self) -> None:
        """Ends standard input, waits as long as the contract says, then kills the group."""
        self.failure = self.failure or ProcessFailed(self.label, "was stopped by the harness")
        if self._transport is None:
            return
        self._flush()
        if pipe := self._transport.get_pipe_transport(0):
            pipe.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._gone.wait(), self._patience.stops_s)
        await self.kill("")

    async def kill(self, why: str) -> None:
        """Kills the whole group; ``why`` is what whoever still waits is told."""
        if self._transport is None:
            return
        self._fail(why)
        if not self._gone.is_set():
            self._kill_group()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._gone.wait(), self._patience.stops_s)
        self._transport.close()

    def _kill_group(self) -> None:
        if self.pid > 1:  # group 0 is one's own
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    def _stopped(self) -> str:
        return "was stopped (SIGSTOP) and " if proc.stopped(self.pid) else ""

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
        elif not self._replies.came(line):
            self._noise(f"a {type(line).__name__.lower()} line with id {line.id!r}, for which nobody waits")

    def _malformed(self, data: bytes, what: str) -> None:
        """Noise; but one that carries the id of a request ends the wait for it, since no better answer will come."""
        self._noise(what)
        with contextlib.suppress(msgspec.MsgspecError, UnicodeDecodeError):
            wrong = ProcessFailed(self.label, f"answered with no line of the contract: {what}")
            self._replies.fail(_ID.decode(data).id, wrong)

    def _got_ready(self, line: contract.Ready) -> None:
        if self._is_ready.done():
            self._noise("a second ready line")
        else:
            self._is_ready.set_result(line)

    def _noise(self, what: str) -> None:
        if len(self.noise) >= self._patience.noise_lines:
            return
        self.noise.append(what)
        child_log.note(self.log, f"not a line of the contract: {what}")
        if len(self.noise) == self._patience.noise_lines:
            self._end(f"wrote {len(self.noise)} lines to standard output that are not of the contract")

    def _closed(self, fd: int) -> None:
        pipe = ("input", "output", "error")[fd]
        if self.failure is None:
            why = f"closed its standard {pipe} and went on running"
            asyncio.get_running_loop().call_later(self._patience.closes_s, self._end, why)

    def _end(self, why: str) -> None:
        if self.failure is None:
            self._ending = asyncio.ensure_future(self.kill(why))

    def _exited(self, transport: asyncio.SubprocessTransport) -> None:
        self._transport = transport  # it may end before whoever started it has heard that it runs
        self._gone.set()
        self._kill_group()  # what it left; later its number can be another's
        if self._guard:
            self._guard.gone(self.pid)
        code = transport.get_returncode()
        self._fail(
            f"was ended by {signal.Signals(-code).name}"
            if code is not None and code < 0
            else f"ended with exit code {code}"
        )

    def _fail(self, why: str) -> None:
        if self.failure is None:
            self.failure = ProcessFailed(self.label, why, child_log.tail(self.log))
        if not self._is_ready.done():
            self._is_ready.set_exception(self.failure)
            self._is_ready.exception()
        self._replies.fail_all(self.failure)
