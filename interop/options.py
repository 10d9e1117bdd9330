"""What a run was asked for, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from interop.known import Known
from interop.model import Implementation
from interop.selection import Selection
from interop.tap import Tap


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a run was asked for. ``worker`` is xdist's name of this process, empty for the one that writes."""

    implementations: dict[str, Implementation]
    selection: Selection
    output: Path
    known: Known
    worker: str
    command: list[str]
    again: list[str]
    progress: bool
    tap: Tap
