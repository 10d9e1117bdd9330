"""The relay's process: in, lines that ask for relays, and for calls; out, the relays' addresses, and a copy of all that
passes, for the reader.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
import time
from collections.abc import AsyncIterable, Callable
from typing import Literal

from interop.wire import lines
from interop.wire.copies import Copy
from interop.wire.lines import Open, Opened, Take
from interop.wire.relay import Relay
from interop.wire_view import Sender

MAX_LINE = 1024 * 1024
# What may wait for the reader; beyond it nothing more is handed on until there is room.
_COPIES_WAITING = 64 * 1024 * 1024


async def on_pipes(copies: int) -> None:
    """Standard input and output, and the pipe of that number for the copies."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=MAX_LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    replies, _ = await loop.connect_write_pipe(asyncio.Protocol, sys.stdout)
    transport, protocol = await loop.connect_write_pipe(
        lambda: asyncio.StreamReaderProtocol(asyncio.StreamReader()), os.fdopen(copies, "wb")
    )
    transport.set_write_buffer_limits(high=_COPIES_WAITING)
    await serve(reader, replies.write, asyncio.StreamWriter(transport, protocol, None, loop))
    transport.close()


async def serve(requests: AsyncIterable[bytes], write: Callable[[bytes], None], copies: asyncio.StreamWriter) -> None:
    """Until the requests end; then every connection does."""
    relays: list[Relay] = []
    numbers = itertools.count(1)
    async for line in requests:
        match lines.request(line):
            case Open(id=number, upstream=upstream):
                relays.append(Relay(upstream, lambda: _Copying(next(numbers), copies)))
                write(lines.encode(Opened(id=number, address=relays[-1].address)))
            case Take():
                copies.write(Copy(sender="client", what="take", data=line).packed())
    for relay in relays:
        await relay.close()


class _Copying:
    """A witness that notes the time, and passes a copy on."""

    def __init__(self, connection: int, copies: asyncio.StreamWriter) -> None:
        self._connection, self._copies = connection, copies

    def saw(self, sender: Sender, data: bytes) -> None:
        self._write(Copy(sender=sender, what="data", connection=self._connection, at=time.monotonic(), data=data))

    def ended(self, sender: Sender, how: Literal["FIN", "RST"]) -> None:
        self._write(Copy(sender=sender, what=how, connection=self._connection, at=time.monotonic()))

    def _write(self, copy: Copy) -> None:
        self._copies.write(copy.packed())

    async def room(self) -> None:
        await self._copies.drain()
