"""A TCP relay between clients and one server: in, the server's address; out, an address that leads to it.

Bytes are handed on as they come and unread, a witness is given a copy. No more is read than was handed on, so flow
control stays between the two ends; an end (FIN) and a reset (RST) are handed on as what they were.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from typing import Literal, Protocol

from interop.wire_view import Sender

HOST = "127.0.0.1"
CHUNK = 64 * 1024
_WAITING = 1024  # connections that may wait to be accepted
_TRY_AGAIN_S = 0.1  # after an accept that failed: out of file descriptors
_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: closing resets


class Witness(Protocol):
    """Told of one connection; must not block. ``room`` returns once it can take more."""

    def saw(self, sender: Sender, data: bytes) -> None: ...
    def ended(self, sender: Sender, how: Literal["FIN", "RST"]) -> None: ...
    async def room(self) -> None: ...


class Relay:
    """``witness`` makes one for each connection. ``close`` ends them all."""

    def __init__(self, upstream: str, witness: Callable[[], Witness]) -> None:
        self._host, _, self._port = upstream.rpartition(":")
        self._witness = witness
        self._listener = socket.create_server((HOST, 0), backlog=_WAITING)
        self._listener.setblocking(False)
        self._tasks = {asyncio.ensure_future(self._accept())}

    @property
    def address(self) -> str:
        host, port = self._listener.getsockname()
        return f"{host}:{port}"

    async def close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._listener.close()

    async def _accept(self) -> None:
        while True:
            try:
                client, _ = await asyncio.get_running_loop().sock_accept(self._listener)
            except OSError:
                await asyncio.sleep(_TRY_AGAIN_S)
                continue
            task = asyncio.ensure_future(self._join(client))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _join(self, client: socket.socket) -> None:
        with client:
            try:
                server = await self._connected()
            except OSError:
                _reset(client)
                return
            with server:
                await _both_ways(client, server, self._witness())

    async def _connected(self) -> socket.socket:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(self._host.strip("[]"), int(self._port), type=socket.SOCK_STREAM)
        family, *_, address = found[0]
        server = socket.socket(family, socket.SOCK_STREAM)
        server.setblocking(False)
        try:
            await loop.sock_connect(server, address)
        except BaseException:
            server.close()
            raise
        return server


async def _both_ways(client: socket.socket, server: socket.socket, witness: Witness) -> None:
    for one in (client, server):
        one.setblocking(False)
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        async with asyncio.TaskGroup() as pumps:
            pumps.create_task(_pump(client, server, "client", witness))
            pumps.create_task(_pump(server, client, "server", witness))
    except* OSError:
        _reset(client)
        _reset(server)


async def _pump(source: socket.socket, sink: socket.socket, sender: Sender, witness: Witness) -> None:
    """Until the source ends. Raises ``OSError`` where either of them is gone."""
    loop = asyncio.get_running_loop()
    while data := await _received(source, sender, witness):
        sent = _sent_at_once(sink, data)
        # Before anything is awaited: what the other end answers to these bytes comes after them, for the witness too.
        witness.saw(sender, data)
        if sent < len(data):
            await loop.sock_sendall(sink, memoryview(data)[sent:])
        await witness.room()
    witness.ended(sender, "FIN")
    sink.shutdown(socket.SHUT_WR)


async def _received(source: socket.socket, sender: Sender, witness: Witness) -> bytes:
    try:
        return await asyncio.get_running_loop().sock_recv(source, CHUNK)
    except OSError:
        witness.ended(sender, "RST")
        raise


def _sent_at_once(sink: socket.socket, data: bytes) -> int:
    try:
        return sink.send(data)
    except BlockingIOError:
        return 0


def _reset(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
