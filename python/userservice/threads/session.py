"""A program of the contract, from its first line to its end: reads standard input in the main thread until it ends."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from userservice import services
from userservice.contract import lines, log
from userservice.contract.lines import Writer
from userservice.contract.requests import Parser, Request

# The contract gives a program two seconds to stop; what has not ended by then ends with the process.
CLOSE_S = 1.0


class Role(Protocol):
    def handle(self, request: Request) -> None: ...

    def close(self) -> None: ...


def run(name: str, parsers: Mapping[str, Parser], role: Callable[[Writer], Role]) -> None:
    """Never returns. SIGTERM is as good as the end of standard input."""
    writer = lines.take_stdout()
    log.set_up()
    program = role(writer)
    signal.signal(signal.SIGTERM, _leave)
    writer.ready(name, "python")
    try:
        for request in lines.requests_among(sys.stdin.buffer, writer, parsers, services.METHODS):
            program.handle(request)
    finally:
        closing = threading.Thread(target=program.close, daemon=True)
        closing.start()
        closing.join(CLOSE_S)
        sys.stderr.flush()
        os._exit(0)


def _leave(*_: Any) -> None:
    raise SystemExit
