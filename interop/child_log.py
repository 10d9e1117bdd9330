"""The log of a process: its standard error goes straight to the file, the harness only adds notes, cuts and reads."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def note(log: Path, text: str) -> None:
    with log.open("a", encoding="utf-8") as file:
        file.write(f"[harness] {text}\n")


def tail(log: Path) -> str:
    """The last three lines, as one."""
    with contextlib.suppress(OSError), log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 2000))
        lines = file.read(2000).decode(errors="replace").splitlines()
        return " | ".join(line.strip() for line in lines[-3:] if line.strip())
    return ""


def cut(log: Path, keep: int) -> int:
    """Drops what comes after the first ``keep`` bytes, once that is as much again; returns how much it dropped."""
    try:
        size = log.stat().st_size
    except OSError:
        return 0
    if size <= 2 * keep:
        return 0
    os.truncate(log, keep)  # the process appends, so that it goes on right behind
    with log.open("ab") as file:
        file.write(b"\n")
    note(log, f"{size - keep} bytes were dropped here: the log of a process is cut back to its first {keep} bytes")
    return size - keep
