"""What may be written in the catalogue: the keys of a case, a call, an expectation, each with its type.

In: a mapping as YAML gave it. Out: the same as a value with types, or ``InputInvalid``. What a value means is for
``cases``, ``case_steps`` and ``case_expect``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from interop import shape
from interop.contract import Mode
from interop.yaml_lines import at

# Up to what any language holds, and to what a machine gets through.
Milliseconds = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Count = Annotated[int, Meta(ge=0, le=100_000)]
Times = Annotated[int, Meta(ge=1, le=10_000)]
Text = Annotated[str, Meta(min_length=1)]
Tag = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]*\Z")]
StepOutcome = Literal["ok", "over", "gave_up"]
Left = Literal["returned", "status", "raised", "cancelled", "running"]
Context = Literal["active", "cancelled", "deadline", "unknown"]


class _Written(msgspec.Struct, frozen=True, kw_only=True):
    pass


class WrittenMethod(_Written, frozen=True, kw_only=True):
    path: Annotated[str, Meta(pattern=r"^/[A-Za-z0-9_.]+/[A-Za-z0-9_]+\Z")]
    mode: Mode
    time_of_day: list[str] = []


class WrittenCase(_Written, frozen=True, kw_only=True):
    name: str
    why: Text
    tags: list[Tag] = []
    values: Any = None
    calls: Annotated[list[Any], Meta(min_length=1)]
    plan: Any = None
    expect: Any = UNSET
    unspecified: Text | None = None
    configuration: Any = None
    in_sequence: bool = False
    quiet: bool = False
    repeat: Times = 1
    own_process: bool = False
    kill_client_at: Text | None = None
    aliases: list[Text] = []


class WrittenCall(_Written, frozen=True, kw_only=True):
    method: str
    times: Times = 1
    metadata: Any = []
    deadline_ms: Milliseconds | None = None
    give_up_after_ms: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None
    channel: Text = "shared"
    raw: bool = False
    steps: Any = []
    plan: Any = UNSET
    expect: Any = UNSET


class WrittenElapsed(_Written, frozen=True, kw_only=True):
    at_least: Milliseconds | None = None
    at_most: Milliseconds | None = None


class WrittenMessages(_Written, frozen=True, kw_only=True):
    count: Count
    each: Any


class WrittenExpect(_Written, frozen=True, kw_only=True):
    because: str = ""
    ended: Literal["status", "gave_up", "raised", "killed"] = "status"
    code: Any = None
    message: str | UnsetType = UNSET
    message_pattern: str | None = None
    details: Any = []
    messages: Any = []
    messages_at_most: Count | None = None
    initial: Any = []
    trailing: Any = []
    steps: list[StepOutcome] | None = None
    elapsed_ms: Any = {}
    handler: Any = {}


class WrittenHandler(_Written, frozen=True, kw_only=True):
    sees: Any = "once"
    metadata: Any = UNSET
    messages: Any = UNSET
    messages_at_most: Count | None = None
    left: Left | Literal["any"] | list[Left] | UnsetType = UNSET
    context: Context | Literal["any"] | list[Context] | None = None
    sent: Count | Literal["any"] | UnsetType = UNSET
    steps: list[StepOutcome] | None = None
    deadline: Literal["present", "absent", "any"] | UnsetType = UNSET


Kind = TypeVar("Kind", bound=_Written)


def typed(written: Any, kind: type[Kind], what: str, where: str) -> Kind:
    """Raises ``InputInvalid``: not a mapping, an unknown key, a missing one, or a value of another type."""

    def line_of(*key: str) -> str:
        return at(at(where, written), written, *key)

    return shape.typed(written, kind, what, line_of)
