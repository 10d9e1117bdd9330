"""Gives each cell the log lines that both processes wrote about its calls: in, the processes' logs; out, a folder a
cell.

Done once, after the processes ended, so that no late line is missed. A line belongs to the calls it names
(``call=ID``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

_CALL = re.compile(rb"\bcall=(\w+)")


def give_to_cells(processes: Path, cells: Path, calls: dict[str, str]) -> None:
    """``processes`` holds ``NAME.ROLE.log``; ``calls`` maps a call's id to its cell's id. Writes
    ``cells/CELL/ROLE.log``.
    """
    found: dict[tuple[str, str], list[bytes]] = defaultdict(list)
    for log in sorted(processes.glob("*.log")):
        role = log.stem.rpartition(".")[2]
        for cell, line in _lines(log, calls):
            found[(cell, role)].append(line)
    for (cell, role), lines in found.items():
        folder = cells / cell
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{role}.log").write_bytes(b"".join(lines))


def about(processes: Path, calls: set[str]) -> dict[str, list[str]]:
    """The lines about those calls, by the name of the process that wrote them: ``go.server``."""
    owners = dict.fromkeys(calls, "")
    found = {
        log.stem: [line.decode(errors="replace").rstrip() for _, line in _lines(log, owners)]
        for log in sorted(processes.rglob("*.log"))
    }
    return {name: lines for name, lines in found.items() if lines}


def _lines(log: Path, calls: dict[str, str]) -> list[tuple[str, bytes]]:
    found = []
    owner: str | None = None
    with log.open("rb") as file:
        for line in file:
            named = _CALL.search(line)
            if named:
                owner = calls.get(named[1].decode())
            elif not line.startswith((b" ", b"\t")):
                owner = None  # a stack trace is indented and goes with the line before it
            if owner is not None:
                found.append((owner, line))
    return found
