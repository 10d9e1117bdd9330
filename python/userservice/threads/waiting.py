"""How a thread waits for signals."""

from __future__ import annotations

import threading

from userservice.contract.signals import Signal


def wait_for(seconds: float | None, *signals: Signal) -> None:
    """Returns once one of the signals is fired, at the latest after ``seconds``."""
    woken = threading.Event()
    for signal in signals:
        signal.tell(woken.set)
    woken.wait(seconds)
