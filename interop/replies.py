"""Requests that wait for their replies, by id: in, what came; out, the future that whoever asked awaits."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator
from contextlib import contextmanager

from interop import contract

Waiting = asyncio.Future[contract.Reply]


class Replies:
    """A reply that nobody waits for any longer, since the wait was cancelled, is nobody's fault."""

    def __init__(self) -> None:
        self._waiting: dict[str, Waiting] = {}
        self._given_up: set[str] = set()

    @contextmanager
    def waiting(self, request: str, within_s: float) -> Iterator[Waiting]:
        """The future of that request's reply; it raises ``TimeoutError`` once the time is over."""
        loop = asyncio.get_running_loop()
        reply: Waiting = loop.create_future()
        self._waiting[request] = reply
        # A timer alone costs a third of asyncio.timeout, and there are three requests a cell.
        alarm = None if within_s == math.inf else loop.call_later(within_s, _fail, reply, TimeoutError())
        try:
            yield reply
        finally:
            if alarm:
                alarm.cancel()
            del self._waiting[request]
            if not reply.done() or reply.cancelled():
                self._given_up.add(request)

    def came(self, line: contract.Reply) -> bool:
        """False where nobody waits, and nobody has waited, for that reply."""
        reply = self._waiting.get(line.id)
        if reply is None or reply.done():
            return line.id in self._given_up
        reply.set_result(line)
        return True

    def fail(self, request: str, error: Exception) -> None:
        if request in self._waiting:
            _fail(self._waiting[request], error)

    def fail_all(self, error: Exception) -> None:
        for reply in self._waiting.values():
            _fail(reply, error)


def _fail(reply: Waiting, error: Exception) -> None:
    if not reply.done():
        reply.set_exception(error)
