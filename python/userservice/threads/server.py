"""The server of the contract: lines in, lines out, a grpcio server a listener."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import grpc

from userservice import services
from userservice.command import Arguments
from userservice.contract import requests
from userservice.contract.errors import Malformed
from userservice.contract.lines import Writer
from userservice.contract.requests import Collect, Listen, Plan, Release, Request, Stop
from userservice.contract.signals import Marks
from userservice.contract.views import Views
from userservice.threads import session
from userservice.threads.interceptor import Interceptor
from userservice.threads.services import register

# A handler holds a thread as long as its call lasts, also while a plan waits. Threads are made when first needed.
WORKERS = 256


def make(pause_s: float | None, interceptors: Sequence[Interceptor] = ()) -> grpc.Server:
    """A server with the services on it. A port that is taken is an error, not a share of its connections."""
    pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="handler")
    server = grpc.server(pool, interceptors=list(interceptors), options=(("grpc.so_reuseport", 0),))
    register(server, pause_s)
    return server


def listen(server: grpc.Server, host: str, port: int) -> str:
    """Starts the server; gives the address, as a client dials it. Raises RuntimeError where the port can't be had."""
    name = f"[{host}]" if ":" in host else host
    bound = server.add_insecure_port(f"{name}:{port}")
    server.start()
    return f"{name}:{bound}"


def main(_: Arguments) -> None:
    session.run("server", requests.SERVER, Server)


class Server:
    """Answers requests; ``handle`` never waits."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._views, self._marks = Views(), Marks()
        self._interceptor = Interceptor(self._views, self._marks, writer, services.METHODS)
        self._listeners: dict[str, grpc.Server] = {}

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
                self._listen(request)
            case Stop():
                self._stop(request)

    def close(self) -> None:
        """Ends every listener at once; does not wait for handlers."""
        for server in self._listeners.values():
            server.stop(0)

    def _listen(self, request: Listen) -> None:
        pause_ms = request.configuration.list_pause_ms
        server = make(None if pause_ms is None else pause_ms / 1000, (self._interceptor,))
        try:
            address = listen(server, request.host, request.port)
        except Exception as error:  # noqa: BLE001  (whatever the library throws is why it can't listen)
            self._writer.refuse(request.id, Malformed(f"{request.host}:{request.port}: {error}", "listen"))
            return
        self._listeners[address] = server
        self._writer.write("listening", id=request.id, address=address)

    def _stop(self, request: Stop) -> None:
        server = self._listeners.pop(request.address, None)
        if server is None:
            self._writer.refuse(request.id, Malformed(f"nothing listens on {request.address}", "stop.address"))
            return
        _beside(lambda: self._stopped(server, request))

    def _stopped(self, server: grpc.Server, request: Stop) -> None:
        server.stop(request.grace_s).wait()
        self._writer.write("stopped", id=request.id)

    def _collect(self, request: Collect) -> None:
        complete = threading.Event()
        if self._views.watch(request.call_id, request.attempts, complete.set):
            self._view(request)
        else:
            _beside(lambda: self._view_when(complete, request))

    def _view_when(self, complete: threading.Event, request: Collect) -> None:
        complete.wait(request.wait_s)
        self._view(request)

    def _view(self, request: Collect) -> None:
        attempts = self._views.collect(request.call_id)
        if all(attempt["left"] != "running" for attempt in attempts):  # a handler may still await a mark
            self._marks.forget(request.call_id)
        self._writer.write("view", id=request.id, call_id=request.call_id, attempts=attempts)


def _beside(work: Callable[[], None]) -> None:
    threading.Thread(target=work, daemon=True).start()
