"""What Linux' /proc says of processes: in, process groups; out, their members, memory and state. Elsewhere it knows
nothing.
"""

from __future__ import annotations

import contextlib
import os
from collections import defaultdict
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_PROC = Path("/proc")
_PF_EXITING = 0x4  # linux/sched.h


def members(groups: set[int]) -> dict[int, list[int]]:
    """The processes of each group. One system call a process: 2,000 of them take 1 ms."""
    found: dict[int, list[int]] = defaultdict(list)
    names = os.listdir(_PROC) if _PROC.is_dir() else []  # noqa: PTH208 - a Path for each of them costs ten times more
    for name in names:
        if name.isdigit():
            with contextlib.suppress(ProcessLookupError):
                group = os.getpgid(int(name))
                if group in groups:
                    found[group].append(int(name))
    return found


def resident(pids: list[int]) -> int:
    """Bytes of memory in use; what they share is counted for each."""
    return sum(_pages(pid) for pid in pids) * _PAGE


def _pages(pid: int) -> int:
    try:
        return int((_PROC / str(pid) / "statm").read_bytes().split()[1])
    except (OSError, IndexError):
        return 0  # it has just ended


def stopped(group: int) -> bool:
    """Whether one of the group was stopped by a signal, as SIGSTOP does."""
    return any(_state(pid) == b"T" for pid in members({group})[group])


def ending(pid: int) -> bool:
    """Whether it has gone or is about to: the kernel closes what it has open one by one, a listener last."""
    fields = stat(pid)
    return _PROC.is_dir() and (not fields or fields[0] in (b"Z", b"X") or bool(int(fields[6]) & _PF_EXITING))


def _state(pid: int) -> bytes:
    return next(iter(stat(pid)), b"")


def stat(pid: int) -> list[bytes]:
    """From the third field on (proc_pid_stat(5)); nothing where there is no such process."""
    try:
        return (_PROC / str(pid) / "stat").read_bytes().rpartition(b") ")[2].split()
    except OSError:
        return []
