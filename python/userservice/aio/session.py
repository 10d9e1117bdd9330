"""A program of the contract, from its first line to its end: one loop, and a thread that reads standard input.

The thread is there because standard input may be a pipe, a file or a terminal, and a loop can wait for a pipe only.
"""

from __future__ import annotations

import asyncio
import functools
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Protocol

from userservice import services
from userservice.contract import lines, log, requests
from userservice.contract.lines import Writer
from userservice.contract.requests import Parser, Request

# The contract gives a program two seconds to stop; what has not ended by then ends with the process.
CLOSE_S = 1.0


class Role(Protocol):
    def handle(self, request: Request) -> None: ...

    async def close(self) -> None: ...


def run(name: str, parsers: Mapping[str, Parser], role: Callable[[Writer], Role]) -> None:
    """Never returns."""
    writer = lines.take_stdout()
    log.set_up()
    asyncio.run(_run(name, parsers, role, writer))


async def _run(name: str, parsers: Mapping[str, Parser], role: Callable[[Writer], Role], writer: Writer) -> None:
    """SIGTERM is as good as the end of standard input."""
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    program = role(writer)
    parse = functools.partial(requests.parse, parsers=parsers, methods=services.METHODS)

    def handle(request: Request) -> None:
        loop.call_soon_threadsafe(program.handle, request)

    code = 1

    def leave() -> None:
        nonlocal code
        code = 0
        over.set()

    def read() -> None:
        try:
            lines.answer_all(sys.stdin.buffer, parse, handle, writer)
            loop.call_soon_threadsafe(leave)
        finally:  # what breaks the reading ends the program, with the thread's traceback in the log
            loop.call_soon_threadsafe(over.set)

    loop.add_signal_handler(signal.SIGTERM, leave)
    writer.ready(name, "python-aio")
    threading.Thread(target=read, daemon=True).start()
    await over.wait()
    await asyncio.wait({loop.create_task(program.close())}, timeout=CLOSE_S)
    sys.stderr.flush()
    os._exit(code)
