"""Runs a command and measures it from outside: in, an argv; out, its Cost with all its descendants. Linux: it reads
/proc.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from interop import proc

_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6
_TICKS = os.sysconf("SC_CLK_TCK")
_EVERY_S = 0.1


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds by the clock and of CPU; peaks over all processes together (memory in MB, resident; descriptors: open
    files and sockets). ``cpu_by`` is the CPU seconds of each program that was seen, by the end of its command line.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float
    processes: int
    descriptors: int
    cpu_by: dict[str, float]
    exit_code: int
    output: str


def cost(argv: list[str], timeout_s: float = 900) -> Cost:
    """Kills what takes longer than ``timeout_s``; the exit code says so."""
    began = time.monotonic()
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        watcher = _Watcher(running.pid)
        watcher.start()
        reader = threading.Thread(target=lambda: watcher.said.append(running.stdout.read() if running.stdout else ""))
        reader.start()
        alarm = threading.Timer(timeout_s, running.kill)
        alarm.start()
        # With its descendants, as far as they were waited for: what the harness starts, it waits for.
        _, status, used = os.wait4(running.pid, 0)
        wall_s = time.monotonic() - began
        running.returncode = os.waitstatus_to_exitcode(status)
        alarm.cancel()
        watcher.over.set()
        watcher.join()
        reader.join()
    return Cost(
        wall_s=wall_s,
        cpu_s=used.ru_utime + used.ru_stime,
        peak_mb=watcher.peak_mb,
        processes=watcher.processes,
        descriptors=watcher.descriptors,
        cpu_by=watcher.cpu_by(),
        exit_code=running.returncode,
        output="".join(watcher.said),
    )


class _Watcher(threading.Thread):
    """Looks at a process and its descendants again and again, and keeps the highest figures."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.over = threading.Event()
        self.said: list[str] = []
        self.peak_mb = 0.0
        self.processes = self.descriptors = 0
        self._root = root
        self._cpu: dict[int, tuple[str, float]] = {}

    def run(self) -> None:
        while not self.over.wait(_EVERY_S):
            family = list(_family(self._root))
            self.processes = max(self.processes, len(family))
            self.peak_mb = max(self.peak_mb, sum(memory for _, memory, _ in family))
            self.descriptors = max(self.descriptors, sum(_open_files(pid) for pid, _, _ in family))
            for pid, _, cpu_s in family:
                self._cpu[pid] = (self._cpu[pid][0] if pid in self._cpu else _name(pid), cpu_s)

    def cpu_by(self) -> dict[str, float]:
        found: Counter[str] = Counter()
        for name, cpu_s in self._cpu.values():
            found[name] += cpu_s  # type: ignore[assignment]  # a Counter adds up whatever is a number
        return {name: round(cpu_s, 2) for name, cpu_s in found.most_common()}


def _family(root: int) -> Iterator[tuple[int, float, float]]:
    """(pid, resident MB, CPU seconds) of a process and its descendants."""
    stats = dict(_stats())
    children: dict[int, list[int]] = {}
    for pid, fields in stats.items():
        children.setdefault(int(fields[1]), []).append(pid)
    left = [root]
    while left:
        pid = left.pop()
        left += children.get(pid, [])
        if pid in stats:
            fields = stats[pid]
            yield pid, int(fields[21]) * _PAGE_MB, (int(fields[11]) + int(fields[12])) / _TICKS


def _stats() -> Iterator[tuple[int, list[bytes]]]:
    """``proc.stat`` of every process."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := proc.stat(int(entry.name))):
            yield int(entry.name), fields


def _open_files(pid: int) -> int:
    with contextlib.suppress(OSError):
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return 0


def _name(pid: int) -> str:
    """The last two words of its command line: ``userservice.aio server``; the harness goes by its own name."""
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").split("\0")
        if any("\n" in word for word in words):
            return Path(words[0]).name  # a script as an argument: the guard
        return "the harness" if "interop" in words or "interop.bench.alone" in words else " ".join(words[-2:])
    return "?"
