"""Things that happen once (a mark is released, a call is over), told by callback: each stack waits in its own way."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

# Marks of calls that nobody forgets (a release that comes after the end of its call) are kept up to this many.
KEPT = 4096


class Signal:
    """Happens once. ``at`` is when (``time.perf_counter``), None before. Callbacks run where it is fired."""

    __slots__ = ("_callbacks", "_lock", "at")

    def __init__(self) -> None:
        self.at: float | None = None
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], object]] = []

    @property
    def fired(self) -> bool:
        return self.at is not None

    def fire(self) -> None:
        with self._lock:
            if self.at is not None:
                return
            self.at = time.perf_counter()
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def tell(self, callback: Callable[[], object]) -> None:
        """Calls back once, at once where it has happened already."""
        with self._lock:
            if self.at is None:
                self._callbacks.append(callback)
                return
        callback()


class Marks:
    """The marks that the harness has released; a release may come before anybody awaits it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._signals: OrderedDict[str, dict[str, Signal]] = OrderedDict()

    def signal(self, call_id: str, mark: str) -> Signal:
        with self._lock:
            marks = self._signals.setdefault(call_id, {})
            if len(self._signals) > KEPT:
                self._signals.popitem(last=False)
            return marks.setdefault(mark, Signal())

    def forget(self, call_id: str) -> None:
        with self._lock:
            self._signals.pop(call_id, None)
