"""Looks at live processes again and again: one above its memory limit is ended, a log that grows too long is cut.

Files and /proc are looked at rather than pipes read, so that neither costs the event loop anything while all is well.
"""

from __future__ import annotations

import asyncio

from interop import child_log, proc
from interop.patience import Patience
from interop.process import Process


async def keep(everyone: list[Process], patience: Patience) -> None:
    """Until it is cancelled."""
    while True:
        await asyncio.sleep(patience.looks_s)
        live = {process.pid: process for process in everyone if process.pid and not process.failure}
        for process in live.values():
            process.dropped += child_log.cut(process.log, patience.log_bytes)
        for group, pids in proc.members(set(live)).items():
            await _limit(live[group], proc.resident(pids))


async def _limit(process: Process, used: int) -> None:
    if used > process.memory_mb * 2**20:
        await process.kill(f"was ended for using more than its {process.memory_mb} MB of memory")
