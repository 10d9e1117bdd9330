"""One thread that calls back when a time has come; it sleeps in between."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable


class Alarm:
    """A callback to come. ``cancel`` also lets go of what the callback holds."""

    __slots__ = ("callback",)

    def __init__(self, callback: Callable[[], object]) -> None:
        self.callback: Callable[[], object] | None = callback

    def cancel(self) -> None:
        self.callback = None


class Watchdog:
    """Callbacks run in the one thread, so they must not wait."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._alarms: list[tuple[float, int, Alarm]] = []
        self._numbers = itertools.count()
        threading.Thread(target=self._run, name="watchdog", daemon=True).start()

    def after(self, seconds: float, callback: Callable[[], object]) -> Alarm:
        alarm = Alarm(callback)
        entry = (time.monotonic() + seconds, next(self._numbers), alarm)
        with self._changed:
            heapq.heappush(self._alarms, entry)
            if self._alarms[0] is entry:
                self._changed.notify()
        return alarm

    def _run(self) -> None:
        while True:
            callback = self._next().callback
            if callback is not None:
                callback()

    def _next(self) -> Alarm:
        """Waits for the first alarm, which may change meanwhile."""
        with self._changed:
            while True:
                left = self._alarms[0][0] - time.monotonic() if self._alarms else None
                if left is not None and left <= 0:
                    return heapq.heappop(self._alarms)[2]
                self._changed.wait(left)
