"""How a task waits for signals, all of which are fired on its loop."""

from __future__ import annotations

import asyncio

from userservice.contract.signals import Signal


async def wait_for(seconds: float | None, *signals: Signal) -> None:
    """Returns once one of the signals is fired, at the latest after ``seconds``."""
    woken = asyncio.Event()
    for signal in signals:
        signal.tell(woken.set)
    try:
        async with asyncio.timeout(seconds):
            await woken.wait()
    except TimeoutError:
        pass
