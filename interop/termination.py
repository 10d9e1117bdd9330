"""SIGTERM ends a run as Ctrl-C does, with footer and reports: a CI system sends it when a job is cancelled.

In, what is to be told of it and says whether the run can still be cut short; out, an exception of pytest's own in the
main thread.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType

import pytest

REASON = "terminated"


def listen(may_end: Callable[[], bool]) -> Callable[[], None]:
    """Returns what puts back how SIGTERM was handled before."""
    if threading.current_thread() is not threading.main_thread():
        return lambda: None  # whoever runs pytest in a thread keeps the signals for itself

    def end(number: int, frame: FrameType | None) -> None:
        if may_end():
            pytest.exit(REASON)

    before = signal.signal(signal.SIGTERM, end)

    def put_back() -> None:
        signal.signal(signal.SIGTERM, before)

    return put_back
