"""The server of the contract: lines in, lines out, a grpc.aio server a listener, all on one loop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import grpc

from userservice import services
from userservice.aio import session
from userservice.aio.interceptor import Interceptor
from userservice.aio.services import register
from userservice.aio.tasks import Tasks
from userservice.command import Arguments
from userservice.contract import requests
from userservice.contract.errors import Malformed
from userservice.contract.lines import Writer
from userservice.contract.requests import Collect, Listen, Plan, Release, Request, Stop
from userservice.contract.signals import Marks
from userservice.contract.views import Views


def main(_: Arguments) -> None:
    session.run("server", requests.SERVER, Server)


def make(pause_s: float | None, interceptors: Sequence[Interceptor] = ()) -> grpc.aio.Server:
    """A server with the services on it. A port that is taken is an error, not a share of its connections."""
    server = grpc.aio.server(interceptors=interceptors, options=(("grpc.so_reuseport", 0),))
    register(server, pause_s)
    return server


async def listen(server: grpc.aio.Server, host: str, port: int) -> str:
    """Starts the server; gives the address, as a client dials it. Raises RuntimeError where the port can't be had."""
    name = f"[{host}]" if ":" in host else host
    bound = server.add_insecure_port(f"{name}:{port}")
    await server.start()
    return f"{name}:{bound}"


class Server:
    """Answers requests; ``handle`` never waits."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._views, self._marks, self._tasks = Views(), Marks(), Tasks()
        self._interceptor = Interceptor(self._views, self._marks, writer, services.METHODS)
        self._listeners: dict[str, grpc.aio.Server] = {}

    def handle(self, request: Request) -> None:
        match request:
            case Plan():
                self._views.plan(request)
                self._writer.write("planned", id=request.id)
            case Collect():
                self._collect(request)
            case Release():
                self._marks.signal(request.call_id, request.mark).fire()
            case Listen():
                self._tasks.start(self._listen(request))
            case Stop():
                self._tasks.start(self._stop(request))

    async def close(self) -> None:
        """Ends every listener at once."""
        await asyncio.gather(*[server.stop(0) for server in self._listeners.values()])

    async def _listen(self, request: Listen) -> None:
        pause_ms = request.configuration.list_pause_ms
        server = make(None if pause_ms is None else pause_ms / 1000, (self._interceptor,))
        try:
            address = await listen(server, request.host, request.port)
        except Exception as error:  # noqa: BLE001  (whatever the library throws is why it can't listen)
            self._writer.refuse(request.id, Malformed(f"{request.host}:{request.port}: {error}", "listen"))
            return
        self._listeners[address] = server
        self._writer.write("listening", id=request.id, address=address)

    async def _stop(self, request: Stop) -> None:
        server = self._listeners.pop(request.address, None)
        if server is None:
            self._writer.refuse(request.id, Malformed(f"nothing listens on {request.address}", "stop.address"))
            return
        await server.stop(request.grace_s)
        self._writer.write("stopped", id=request.id)

    def _collect(self, request: Collect) -> None:
        complete = asyncio.Event()
        if self._views.watch(request.call_id, request.attempts, complete.set):
            self._view(request)
        else:
            self._tasks.start(self._view_when(complete, request))

    async def _view_when(self, complete: asyncio.Event, request: Collect) -> None:
        try:
            async with asyncio.timeout(request.wait_s):
                await complete.wait()
        except TimeoutError:
            pass
        self._view(request)

    def _view(self, request: Collect) -> None:
        attempts = self._views.collect(request.call_id)
        if all(attempt["left"] != "running" for attempt in attempts):  # a handler may still await a mark
            self._marks.forget(request.call_id)
        self._writer.write("view", id=request.id, call_id=request.call_id, attempts=attempts)
