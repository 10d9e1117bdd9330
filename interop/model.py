"""The vocabulary of what is run: cases, cells, implementations. Values only; this file does nothing.

What comes of it is in ``results``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from interop.contract import Configuration, Metadata, Mode, Step

ANY = "any"  # an expectation's "don't compare this", always with a reason beside it in the catalogue


# A call that a library never ends is ended by the driver after this; far above what any case takes on a busy machine.
GIVE_UP_AFTER_MS = 20_000


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
    give_up_after_ms: int = GIVE_UP_AFTER_MS
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
    debug: dict[str, str] = {}
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
