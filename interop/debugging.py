"""``--debug``: nothing is hurried, the libraries tell what they do, and every process says its number before it is
called.

In: what would be run; out: the same without watchdogs and with traces. What a case expects stays as it is: one that
limits the time of a call is red where somebody took their time.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

import msgspec

from interop.model import Case, Implementation
from interop.patience import Patience
from interop.results import Spoke

# The contract has no word for "never".
_A_DAY_MS = 24 * 60 * 60 * 1000
WITHOUT_END = Patience(ready_s=math.inf, answers_s=math.inf, view_ms=_A_DAY_MS)


def unhurried(case: Case) -> Case:
    """The driver gives up after a day; a deadline on the wire is part of what is tested, and stays."""
    calls = [msgspec.structs.replace(call, give_up_after_ms=_A_DAY_MS) for call in case.calls]
    return msgspec.structs.replace(case, calls=calls)


def traced(entry: Implementation) -> Implementation:
    """With the environment that its entry names for this."""
    return msgspec.structs.replace(entry, environment={**entry.environment, **entry.debug})


def told(spoke: Spoke, logs: Path) -> str:
    log = logs / f"{spoke.name}.{spoke.role}.log"
    return f"{spoke.name} as a {spoke.role}: process {spoke.ready.pid}, its trace is in {log}"


def wait(everyone: list[Spoke], logs: Path) -> None:
    """Tells who runs; where somebody sits at a terminal, waits until a debugger is attached."""
    lines = [told(spoke, logs) for spoke in everyone]
    sys.stderr.write("".join(f"{line}\n" for line in lines))
    if sys.stdin.isatty():
        sys.stderr.write("Attach a debugger, then press Enter: ")
        sys.stderr.flush()
        sys.stdin.readline()
