"""A server that knows nothing of the contract: it listens at an address, and that is all the harness has of it.

In: an entry with an address, and the command that serves there unless it already runs. Out: the face of a Process: it
answers for the server what can be answered, and refuses what would need a control line.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from pathlib import Path
from typing import Any

from interop import contract, plain_case, proc
from interop.guard import Guard
from interop.model import Case, Implementation
from interop.patience import PATIENT, Patience
from interop.process import Process, ProcessFailed

# How soon after a server has begun to listen that is noticed.
_POLL_S = 0.02
# Far above what a connection takes; a firewall that drops packets must not hold up a run.
_CONNECTS_WITHIN_S = 5.0
_CLOSES_WITHIN_S = 0.1


class PlainServer(Process):
    def __init__(
        self, implementation: Implementation, log: Path, patience: Patience = PATIENT, guard: Guard | None = None
    ) -> None:
        super().__init__(implementation, "server", log, lambda mark: None, patience, guard)
        self._address = implementation.address or ""

    async def start(self) -> None:
        """Raises ``ProcessFailed`` where nobody listens in time, or somebody else does."""
        if self.failure:
            raise self.failure
        refused = await self._refused()
        if self._implementation.server is None:
            if refused:
                what = f"does not run: nobody listens at {self._address} ({refused})"
                raise ProcessFailed(self.label, f"{what}; start it first, or give its command as server = […]")
            return
        if not refused:
            what = f"was not started: somebody listens at {self._address} already"
            raise ProcessFailed(self.label, f"{what}; end that, choose another address, or leave out server = […]")
        await self._spawn()
        await self._until_it_listens()

    async def _until_it_listens(self) -> None:
        try:
            async with asyncio.timeout(self._patience.ready_s):
                while await self._refused() and not self.failure:  # noqa: ASYNC110 - a socket has no event to await
                    await asyncio.sleep(_POLL_S)
        except TimeoutError:
            await self.kill(f"did not listen at {self._address} within {self._patience.ready_s:g} s")
        if self.failure:
            raise self.failure

    async def _refused(self) -> str:
        """Why no connection can be had; empty where one was."""
        host, _, port = self._address.rpartition(":")
        try:
            async with asyncio.timeout(_CONNECTS_WITHIN_S):
                reader, writer = await asyncio.open_connection(host.strip("[]"), int(port))
        except TimeoutError:
            return f"no answer within {_CONNECTS_WITHIN_S:.0f} s"
        except OSError as error:
            return os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
        gone = False if self.pid else await _ends(reader)
        writer.close()
        if gone:
            return "the connection was closed at once"
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        return ""

    def refuses(self, case: Case) -> contract.Unsupported | None:
        need = plain_case.needs(case)
        return _unsupported("", f"it has no control line, and this case needs {need}") if need else None

    async def request(self, line: Any, takes_s: float = 0.0) -> contract.Reply:
        """Answered here, on the server's behalf. Raises ``ProcessFailed`` where it is gone."""
        if isinstance(line, contract.Listen):
            return contract.Listening(id=line.id, address=self._address)
        if isinstance(line, contract.Collect):
            await self._is_still_there()
            return contract.View(id=line.id, call_id=line.call_id, attempts=[])
        return _unsupported(line.id, "it has no control line")

    async def _is_still_there(self) -> None:
        refused = "" if self.failure else await self._refused()
        stopped = self.pid and proc.stopped(self.pid)  # the kernel accepts connections for it all the same
        if stopped:
            self.hung = True
            await self.kill("was stopped (SIGSTOP)")
        ends = self.pid and proc.ending(self.pid)
        if not (self.failure or refused or ends):
            return
        if self.pid:  # how it ended says more than that it is gone
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._gone.wait(), self._patience.stops_s)
        self._fail(f"no longer listens at {self._address} ({refused})")
        await self.kill("")  # what it has left behind would hold its address
        if self.failure:
            raise self.failure

    async def close(self) -> None:
        """Asks the group to end, waits as long as for any other process, then kills it."""
        if self.pid and not self._gone.is_set():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGTERM)
        await super().close()

    def _line(self, data: bytes) -> None:
        with self.log.open("ab") as log:
            log.write(data + b"\n")

    def _closed(self, fd: int) -> None:
        """What it does with its pipes says nothing."""

    def _noise(self, what: str) -> None:
        """Its standard output is its own affair."""


async def _ends(reader: asyncio.StreamReader) -> bool:
    """Whether the connection is closed at once: of somebody else's server the kernel may accept one more on its way
    out. A gRPC server that lives says something, or waits for its client to begin.
    """
    try:
        async with asyncio.timeout(_CLOSES_WITHIN_S):
            return not await reader.read(1)
    except TimeoutError:
        return False
    except OSError:
        return True


def _unsupported(request: str, reason: str) -> contract.Unsupported:
    return contract.Unsupported(id=request, feature="control line", reason=reason)
