"""The relay's process: in, lines that ask for relays and for what passed through them; out, one reply each.

A process of its own, since bytes must not wait until the harness has judged something.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from collections.abc import AsyncIterable, Callable
from functools import partial
from typing import Literal

from interop.wire import lines
from interop.wire.backlog import Backlog
from interop.wire.connection import Connection
from interop.wire.lines import Open, Opened, Take, Taken
from interop.wire.relay import Relay
from interop.wire.trace import Trace
from interop.wire_view import Sender

MAX_LINE = 1024 * 1024
_PIECE = 8 * 1024  # of bytes to be read in one go: some hundred small frames


async def on_standard_streams() -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=MAX_LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    transport, _ = await loop.connect_write_pipe(asyncio.Protocol, sys.stdout)
    await serve(reader, transport.write)


async def serve(requests: AsyncIterable[bytes], write: Callable[[bytes], None]) -> None:
    """Until the requests end; then every connection does."""
    relays: list[Relay] = []
    traces: dict[str, Trace] = {}
    numbers = itertools.count(1)
    backlog = Backlog()

    def witness() -> _Later:
        return _Later(Connection(next(numbers), lambda call_id: traces.setdefault(call_id, Trace())), backlog)

    def taken(request: Take) -> None:
        came = {call_id: traces.pop(call_id) for call_id in request.calls if call_id in traces}
        write(lines.encode(Taken(id=request.id, views={call_id: trace.take() for call_id, trace in came.items()})))

    async with asyncio.TaskGroup() as tasks:
        working = tasks.create_task(backlog.run())
        async for line in requests:
            match lines.request(line):
                case Open(id=number, upstream=upstream):
                    relays.append(Relay(upstream, witness))
                    write(lines.encode(Opened(id=number, address=relays[-1].address)))
                case Take() as request:
                    backlog.add(partial(taken, request))  # after all that had passed before it was asked for
        working.cancel()
    for relay in relays:
        await relay.close()


class _Later:
    """A witness that notes the time, and has the rest done when there is time."""

    def __init__(self, connection: Connection, backlog: Backlog) -> None:
        self._connection, self._backlog = connection, backlog

    def saw(self, sender: Sender, data: bytes) -> None:
        now, whole = time.monotonic(), memoryview(data)
        for start in range(0, len(data), _PIECE):
            piece = whole[start : start + _PIECE]
            self._backlog.add(partial(self._connection.saw, sender, piece, now), len(piece))

    def ended(self, sender: Sender, how: Literal["FIN", "RST"]) -> None:
        self._backlog.add(partial(self._connection.ended, sender, how, time.monotonic()))
