"""A program of the contract, from its first line to its end: reads standard input in the main thread until it ends."""

from __future__ import annotations

import functools
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from userservice import services
from userservice.contract import lines, log, requests
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
    parse = functools.partial(requests.parse, parsers=parsers, methods=services.METHODS)
    signal.signal(signal.SIGTERM, _leave)
    code = 0
    try:
        writer.ready(name, "python")
        lines.answer_all(sys.stdin.buffer, parse, program.handle, writer)
    except Exception:  # noqa: BLE001 - whatever it is, the log has it and the exit code says so
        traceback.print_exc()
        code = 1
    finally:
        closing = threading.Thread(target=program.close, daemon=True)
        closing.start()
        closing.join(CLOSE_S)
        sys.stderr.flush()
        os._exit(code)


def _leave(*_: Any) -> None:
    raise SystemExit
