"""Work that must not hold up the relaying: in, pieces of it; done in their order, one between two looks at the sockets.

Measured: with the reading done at once, a relay on a busy machine made calls late enough to fail.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

# Beyond it the oldest is done at once: what waits takes memory.
MOST_BYTES = 64 * 1024 * 1024


class Backlog:
    """``size`` is the memory that a piece of work holds while it waits."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._held = 0
        self._queue: deque[tuple[Callable[[], None], int]] = deque()
        self._some = asyncio.Event()

    def add(self, work: Callable[[], None], size: int = 0) -> None:
        self._queue.append((work, size))
        self._held += size
        self._some.set()
        while self._held > self._most:
            self._do_one()

    async def run(self) -> None:
        while True:
            await self._some.wait()
            while self._queue:
                self._do_one()
                await asyncio.sleep(0)
            self._some.clear()

    def _do_one(self) -> None:
        work, size = self._queue.popleft()
        self._held -= size
        work()
