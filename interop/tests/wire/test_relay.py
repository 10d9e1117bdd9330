"""The relay with real sockets on loopback: bytes, ends and resets pass as they are, and nothing piles up in it."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import pytest

from interop.wire.relay import CHUNK, HOST, Relay
from interop.wire_view import Sender

T = TypeVar("T")
MEGABYTE = 1024 * 1024


class Seen:
    """A witness that keeps everything."""

    def __init__(self) -> None:
        self.data: dict[str, bytearray] = {"client": bytearray(), "server": bytearray()}
        self.ends: list[tuple[str, str]] = []

    def saw(self, sender: Sender, data: bytes) -> None:
        self.data[sender] += data

    def ended(self, sender: Sender, how: str) -> None:
        self.ends.append((sender, how))

    async def room(self) -> None:
        pass


class Ends:
    """Two sockets with a relay between them."""

    def __init__(self, client: socket.socket, server: socket.socket, seen: Seen) -> None:
        self.client, self.server, self.seen = client, server, seen
        self.loop = asyncio.get_running_loop()

    async def whole(self, end: socket.socket) -> bytes:
        """Until the other end's end."""
        found = bytearray()
        while data := await self.loop.sock_recv(end, MEGABYTE):
            found += data
        return bytes(found)

    async def send_in_pieces(self, end: socket.socket, data: bytes) -> None:
        pieces = random.Random(7)  # noqa: S311 - only where the bytes are cut
        start = 0
        while start < len(data):
            size = pieces.choice((1, 9, 1000, 100_000))
            await self.loop.sock_sendall(end, data[start : start + size])
            start += size
        end.shutdown(socket.SHUT_WR)


def between(use: Callable[[Ends], Awaitable[T]]) -> T:
    async def inside() -> T:
        async with asyncio.timeout(30), relayed(Seen()) as ends:
            return await use(ends)

    return asyncio.run(inside())


@contextlib.asynccontextmanager
async def relayed(seen: Seen) -> AsyncIterator[Ends]:
    loop = asyncio.get_running_loop()
    with socket.create_server((HOST, 0)) as listener, socket.socket() as client:
        listener.setblocking(False)
        client.setblocking(False)
        relay = Relay(f"{HOST}:{listener.getsockname()[1]}", lambda: seen)
        host, _, port = relay.address.rpartition(":")
        await loop.sock_connect(client, (host, int(port)))
        server, _ = await loop.sock_accept(listener)
        with server:
            server.setblocking(False)
            yield Ends(client, server, seen)
        await relay.close()


def test_every_byte_passes_in_its_order_both_ways_and_the_witness_has_the_same() -> None:
    there, back = random.Random(1).randbytes(3 * MEGABYTE), random.Random(2).randbytes(2 * MEGABYTE)  # noqa: S311

    async def use(ends: Ends) -> list[bool]:
        came = await asyncio.gather(
            ends.whole(ends.server),
            ends.whole(ends.client),
            ends.send_in_pieces(ends.client, there),
            ends.send_in_pieces(ends.server, back),
        )
        seen = ends.seen.data
        return [came[0] == there, came[1] == back, seen["client"] == there, seen["server"] == back]

    assert between(use) == [True] * 4


def test_half_of_a_connection_may_end() -> None:
    async def use(ends: Ends) -> tuple[bytes, bytes, list[tuple[str, str]]]:
        ends.client.shutdown(socket.SHUT_WR)
        ended = await ends.loop.sock_recv(ends.server, 10)
        await ends.loop.sock_sendall(ends.server, b"still here")
        return ended, await ends.loop.sock_recv(ends.client, 100), ends.seen.ends

    assert between(use) == (b"", b"still here", [("client", "FIN")])


@pytest.mark.parametrize("sender", ["client", "server"])
def test_a_reset_is_passed_on_as_a_reset(sender: str) -> None:
    async def use(ends: Ends) -> list[tuple[str, str]]:
        one, other = (ends.client, ends.server) if sender == "client" else (ends.server, ends.client)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        one.close()
        with pytest.raises(ConnectionResetError):
            await ends.loop.sock_recv(other, 10)
        return ends.seen.ends

    assert between(use) == [(sender, "RST")]


def test_what_nobody_reads_is_not_read_either() -> None:
    """Bounded by what the kernel takes and one chunk, however much there is to send."""

    async def use(ends: Ends) -> tuple[bool, bool]:
        data = bytes(MEGABYTE)
        sent, stuck = 0, 0
        while stuck < 20:  # turns in which neither the sender nor the relay got on
            before = sent, len(ends.seen.data["client"])
            with contextlib.suppress(BlockingIOError):
                sent += ends.client.send(data)
            await asyncio.sleep(0)
            stuck = stuck + 1 if before == (sent, len(ends.seen.data["client"])) else 0
        read = len(ends.seen.data["client"])
        arrived = 0
        while arrived < read - CHUNK:  # all that was read but the last chunk lies with the server's kernel
            arrived += len(await ends.loop.sock_recv(ends.server, MEGABYTE))
        ends.client.shutdown(socket.SHUT_WR)
        arrived += len(await ends.whole(ends.server))
        return read < sent, arrived == sent

    assert between(use) == (True, True)


def test_a_server_that_is_gone_resets_its_clients() -> None:
    async def inside() -> None:
        with socket.create_server((HOST, 0)) as listener:
            address = f"{HOST}:{listener.getsockname()[1]}"
        relay = Relay(address, Seen)
        with socket.socket() as client:
            client.setblocking(False)
            host, _, port = relay.address.rpartition(":")
            loop = asyncio.get_running_loop()
            await loop.sock_connect(client, (host, int(port)))
            with pytest.raises(ConnectionResetError):
                await loop.sock_recv(client, 10)
        await relay.close()

    asyncio.run(inside())
