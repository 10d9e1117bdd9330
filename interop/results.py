"""The vocabulary of what comes of a run: verdicts, records, the lines of results.jsonl. Values only; this file does
nothing.
"""

from __future__ import annotations

import enum
from typing import Any

import msgspec

from interop.contract import Ready
from interop.wire_view import WireView


class _Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    pass


class Kind(enum.StrEnum):
    PASS = "pass"
    FAIL = "fail"
    KNOWN = "known"
    RECORDED = "recorded"
    UNSUPPORTED = "unsupported"
    ERROR = "error"


class Mismatch(_Value, frozen=True, kw_only=True):
    """One thing that is not as expected. ``where`` is a path that begins with ``client`` or ``handler``."""

    where: str
    want: Any
    got: Any


class Verdict(_Value, frozen=True, kw_only=True):
    """``signature`` is what a known entry has to repeat exactly; ``sentence`` is what a person reads first."""

    kind: Kind
    sentence: str = ""
    mismatches: list[Mismatch] = []
    signature: list[str] = []
    reason: str = ""
    known: str = ""


class CallRecord(_Value, frozen=True, kw_only=True):
    """One call from both ends, as ``normalise`` leaves it. ``handler`` is None where the server has no control line,
    ``wire`` where no tap was between them.
    """

    call_id: str
    client: dict[str, Any] | None
    handler: list[dict[str, Any]] | None
    elapsed_ms: float | None = None
    user_agent: str | None = None
    wire: WireView | None = None


class Tally(_Value, frozen=True, kw_only=True):
    """How often a repeated cell came out one way; ``outcome`` is the mismatches' signature, empty for "as expected"."""

    outcome: list[str]
    count: int


class Record(_Value, frozen=True, kw_only=True, tag_field="type", tag="cell"):
    """A line of results.jsonl: one cell, judged once."""

    id: str
    client: str
    server: str
    configuration: str
    mode: str
    case: str
    source: str
    verdict: Verdict
    calls: list[CallRecord] = []
    tally: list[Tally] = []
    notes: list[str] = []
    duration_ms: float = 0.0


class Header(_Value, frozen=True, kw_only=True, tag_field="type", tag="header"):
    """The first line. ``planned``: how many cells were selected; times in ISO 8601, UTC; ``again``: the words that a
    command for one of its cells needs besides the cell (whose implementations, whose cases).
    """

    format: int
    started: str
    command: list[str]
    planned: int
    clients: list[str]
    servers: list[str]
    harness: dict[str, str]
    partial: bool = False
    again: list[str] = []


class Spoke(_Value, frozen=True, kw_only=True, tag_field="type", tag="implementation"):
    """A process that took part, in its own words."""

    name: str
    role: str
    ready: Ready


class NotRun(_Value, frozen=True, kw_only=True):
    id: str
    reason: str


class Problem(_Value, frozen=True, kw_only=True):
    """Something that makes the run red although no cell says so: a stale known entry, a lost cell."""

    kind: str
    text: str


class Footer(_Value, frozen=True, kw_only=True, tag_field="type", tag="footer"):
    """The last line; without it the run was cut short, and every reader says so."""

    counts: dict[str, int]
    not_run: list[NotRun]
    problems: list[Problem]
    duration_s: float
    exit_code: int
    remarks: list[str] = []
