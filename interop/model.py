"""The vocabulary: what a case, a cell, a verdict and a record are. Values only; this file does nothing."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from interop.contract import Configuration, Metadata, Mode, Ready, Step
from interop.wire_view import WireView

ANY = "any"  # an expectation's "don't compare this", always with a reason beside it in the catalogue


class _Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    pass


class Repeated(_Value, frozen=True, kw_only=True):
    """``count`` messages like ``each``, with ``{i}`` in its strings as 0, 1, …; kept short until it is compared."""

    count: int
    each: dict[str, Any]


Messages = list[dict[str, Any]] | Repeated


class Outcome(_Value, frozen=True, kw_only=True):
    """One outcome of one call that the specification allows. ``None`` means: not compared."""

    because: str = ""
    ended: str = "status"
    code: str | None = None
    message: str | None = None
    message_pattern: str | None = None
    details: list[dict[str, Any]] | None = None
    messages: Messages | None = None
    messages_at_most: int | None = None
    initial: Metadata | None = None
    trailing: Metadata | None = None
    steps: list[str] | None = None
    elapsed_at_least_ms: int | None = None
    elapsed_at_most_ms: int | None = None
    handler: HandlerOutcome | None = None


class HandlerOutcome(_Value, frozen=True, kw_only=True):
    """What the handler is to have seen. ``sees``: how many attempts; ``None`` in it: any number, also none.
    ``asked_for``: the case itself speaks of the handler; otherwise all is filled in."""

    sees: int | None = 1
    metadata: Metadata | None = None
    messages: Messages | None = None
    messages_at_most: int | None = None
    left: list[str] | None = None
    context: list[str] | None = None
    sent: int | None = None
    steps: list[str] | None = None
    deadline: Literal["present", "absent"] | None = None
    asked_for: bool = False


class CallSpec(_Value, frozen=True, kw_only=True):
    """One call of a case: the client's script, the handler's plan (``None``: the service itself), and what is to come
    of it. ``time_of_day``: fields of the response that hold the server's clock, of which only the form is compared.
    """

    method: str
    mode: Mode
    steps: list[Step]
    plan: list[Step] | None = None
    metadata: Metadata = []
    deadline_ms: int | None = None
    give_up_after_ms: int = 30_000
    channel: str = "shared"
    raw: bool = False
    time_of_day: list[str] = []
    expect: list[Outcome] = []


class Case(_Value, frozen=True, kw_only=True):
    """A case before it meets a pair. ``id`` is ``mode/group/name``; ``base`` is its id before expansion over values."""

    id: str
    base: str
    mode: Mode
    why: str
    calls: list[CallSpec]
    source: str
    line: int
    configuration: Configuration = Configuration(name="plain")
    in_sequence: bool = False
    quiet: bool = False
    own_process: bool = False
    kill_client_at: str | None = None
    repeat: int = 1
    unspecified: str | None = None
    tags: list[str] = []
    aliases: list[str] = []


class Implementation(_Value, frozen=True, kw_only=True):
    """An entry of implementations.toml: a server, a client driver, or both, each an argv. A server with an ``address``
    is a plain one: it listens there, started by the argv or by somebody else, and keeps no contract."""

    name: str
    server: list[str] | None
    client: list[str] | None
    user_agent: str
    directory: Path
    environment: dict[str, str] = {}
    memory_mb: int = 2048
    source: str = ""
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One client, one server, one case, the ``turn``-th time. Its id: in pytest, of its logs' folder, in links."""

    client: str
    server: str
    case: Case
    turn: int = 1

    @property
    def pair(self) -> str:
        return f"{self.client}--{self.server}"

    @property
    def id(self) -> str:
        return self._with(self.case.id) + (f"~{self.turn}" if self.turn > 1 else "")

    @property
    def aliases(self) -> list[str]:
        """The ids it had before its case was renamed."""
        return [self._with(alias) for alias in self.case.aliases]

    def _with(self, case: str) -> str:
        configuration = self.case.configuration.name
        middle = "" if configuration == "plain" else f"{configuration}/"
        return f"{self.pair}/{middle}{case}"


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
