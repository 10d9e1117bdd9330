"""What may be written in the catalogue: the keys of a case, a call, an expectation, each with its type.

In: a mapping as YAML gave it. Out: the same as a value with types, or ``InputInvalid``. What a value means is for
``cases``, ``case_steps`` and ``case_expect``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from interop.errors import InputInvalid, nearest

Count = Annotated[int, Meta(ge=0)]
AtLeastOne = Annotated[int, Meta(ge=1)]


class _Written(msgspec.Struct, frozen=True, kw_only=True):
    pass


class WrittenCase(_Written, frozen=True, kw_only=True):
    name: str
    why: Annotated[str, Meta(min_length=1)]
    tags: list[str] = []
    values: Any = None
    calls: Annotated[list[Any], Meta(min_length=1)]
    plan: list[Any] | None = None
    expect: dict[str, Any] | list[Any] | UnsetType = UNSET
    unspecified: str | None = None
    configuration: dict[str, Any] | None = None
    in_sequence: bool = False
    quiet: bool = False
    repeat: AtLeastOne = 1
    own_process: bool = False
    kill_client_at: str | None = None
    aliases: list[str] = []


class WrittenCall(_Written, frozen=True, kw_only=True):
    method: str
    times: AtLeastOne = 1
    metadata: Any = []
    deadline_ms: Count | None = None
    give_up_after_ms: AtLeastOne | None = None
    channel: str = "shared"
    raw: bool = False
    steps: Any = []
    plan: list[Any] | UnsetType | None = UNSET
    expect: dict[str, Any] | list[Any] | UnsetType = UNSET


class WrittenElapsed(_Written, frozen=True, kw_only=True):
    at_least: Count | None = None
    at_most: Count | None = None


class WrittenMessages(_Written, frozen=True, kw_only=True):
    count: Count
    each: dict[str, Any]


class WrittenExpect(_Written, frozen=True, kw_only=True):
    because: str = ""
    ended: Literal["status", "gave_up", "raised", "killed"] = "status"
    code: Any = None
    message: str | UnsetType = UNSET
    message_pattern: str | None = None
    details: Any = []
    messages: list[dict[str, Any]] | dict[str, Any] | Literal["any"] = []
    messages_at_most: Count | None = None
    initial: Any = []
    trailing: Any = []
    steps: list[str] | None = None
    elapsed_ms: dict[str, Any] = {}
    handler: Any = {}


class WrittenHandler(_Written, frozen=True, kw_only=True):
    sees: Any = "once"
    metadata: Any = UNSET
    messages: list[dict[str, Any]] | dict[str, Any] | Literal["any"] | UnsetType = UNSET
    messages_at_most: Count | None = None
    left: str | list[str] | UnsetType = UNSET
    context: str | list[str] | None = None
    sent: Count | Literal["any"] | UnsetType = UNSET
    steps: list[str] | None = None
    deadline: Literal["present", "absent", "any"] | UnsetType = UNSET


Kind = TypeVar("Kind", bound=_Written)


def typed(written: Any, kind: type[Kind], what: str, where: str) -> Kind:
    """Raises ``InputInvalid``: not a mapping, an unknown key, a missing one, or a value of another type."""
    keys = kind.__struct_fields__
    if not isinstance(written, dict):
        raise InputInvalid(where, f"{what}: {written!r}", f"a mapping with {', '.join(keys)}")
    for key in written:
        if key not in keys:
            raise InputInvalid(where, f"unknown key {key!r} in {what}", ", ".join(keys), nearest(key, keys))
    try:
        return msgspec.convert(dict(written), kind)
    except msgspec.ValidationError as error:
        raise InputInvalid(where, f"{what}: {error}") from error
