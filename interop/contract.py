"""The lines that cross a process border, as frozen values; their JSON Schema is made from here (see README.md beside
this file).

In: bytes of one line. Out: one of the values below, or ``msgspec.ValidationError``. This file judges nothing.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

VERSION = 1
# Both ends read lines up to this length; the defaults of asyncio and Go's Scanner are 64 KB.
MAX_LINE = 1024 * 1024

CALL_ID_KEY = "interop-call-id"

Mode = Literal["unary", "server-streaming", "client-streaming", "bidi-streaming"]
MODES: tuple[Mode, ...] = ("unary", "server-streaming", "client-streaming", "bidi-streaming")
Role = Literal["server", "client"]
Metadata = list[tuple[str, str]]


class _Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class Fill(_Value, frozen=True, kw_only=True):
    """Put ``size`` characters of the pattern into string field ``field``."""

    field: str
    size: int


class Message(_Value, frozen=True, kw_only=True):
    json: dict[str, Any] | None = None
    fill: Fill | None = None
    raw: str | None = None


class Detail(_Value, frozen=True, kw_only=True):
    type_url: str
    json: dict[str, Any] | None = None
    raw: str | None = None


class Status(_Value, frozen=True, kw_only=True):
    code: str
    message: str = ""
    details: list[Detail] = []


class Step(_Value, frozen=True, kw_only=True):
    """One step of a script or a plan; which fields go with which ``do`` stands in the contract."""

    do: str
    message: Message | None = None
    count: int | None = None
    metadata: Metadata | None = None
    status: Status | None = None
    trailers: Metadata | None = None
    text: str | None = None
    marks: dict[str, str] | None = None
    mark: str | None = None
    ms: int | None = None


class Configuration(_Value, frozen=True, kw_only=True):
    """A listener's options, the same names for every implementation; ``None`` is "as shipped"."""

    name: str
    list_pause_ms: int | None = None


class Raised(_Value, frozen=True, kw_only=True):
    type: str
    text: str


class _Line(_Value, frozen=True, kw_only=True, tag_field="type"):
    pass


class Ready(_Line, frozen=True, kw_only=True, tag="ready"):
    contract: int
    role: Role
    implementation: str
    language: str
    libraries: dict[str, str]
    pid: int


class Listen(_Line, frozen=True, kw_only=True, tag="listen"):
    id: str
    configuration: Configuration
    host: str
    port: int


class Listening(_Line, frozen=True, kw_only=True, tag="listening"):
    id: str
    address: str


class Stop(_Line, frozen=True, kw_only=True, tag="stop"):
    id: str
    address: str
    grace_ms: int


class Stopped(_Line, frozen=True, kw_only=True, tag="stopped"):
    id: str


class Plan(_Line, frozen=True, kw_only=True, tag="plan"):
    id: str
    call_id: str
    method: str
    mode: Mode
    steps: list[Step]


class Planned(_Line, frozen=True, kw_only=True, tag="planned"):
    id: str


class Collect(_Line, frozen=True, kw_only=True, tag="collect"):
    id: str
    call_id: str
    attempts: int
    wait_ms: int


class Call(_Line, frozen=True, kw_only=True, tag="call"):
    id: str
    call_id: str
    target: str
    configuration: Configuration
    channel: str
    method: str
    mode: Mode
    metadata: Metadata
    give_up_after_ms: int
    steps: list[Step]
    raw: bool = False
    deadline_ms: int | None = None


class Observation(_Line, frozen=True, kw_only=True, tag="observation"):
    """What the client saw of one call. ``elapsed_ms`` in milliseconds; metadata values of ``-bin`` keys as base64."""

    id: str
    call_id: str
    ended: Literal["status", "gave_up", "raised"]
    messages: list[dict[str, Any]]
    steps: list[str]
    elapsed_ms: float
    status: Status | None = None
    initial_metadata: Metadata | None = None
    trailing_metadata: Metadata | None = None
    raised: Raised | None = None


class Attempt(_Value, frozen=True, kw_only=True):
    """What the handler saw of one attempt of a call. ``deadline_ms``: what remained when the handler began."""

    method: str
    planned: bool
    metadata: Metadata
    messages: list[dict[str, Any]]
    sent: int
    steps: list[str]
    left: Literal["returned", "status", "raised", "cancelled", "running"]
    context: Literal["active", "cancelled", "deadline", "unknown"]
    peer: str = ""
    deadline_ms: float | None = None
    left_status: Status | None = None
    raised: Raised | None = None


class View(_Line, frozen=True, kw_only=True, tag="view"):
    id: str
    call_id: str
    attempts: list[Attempt]


class Mark(_Line, frozen=True, kw_only=True, tag="mark"):
    call_id: str
    mark: str


class Release(_Line, frozen=True, kw_only=True, tag="release"):
    call_id: str
    mark: str


class Unsupported(_Line, frozen=True, kw_only=True, tag="unsupported"):
    id: str
    feature: str
    reason: str


class Rejected(_Line, frozen=True, kw_only=True, tag="rejected"):
    id: str
    reason: str


ToProgram = Listen | Stop | Plan | Collect | Call | Release
FromProgram = Ready | Listening | Stopped | Planned | View | Observation | Mark | Unsupported | Rejected
Reply = Listening | Stopped | Planned | View | Observation | Unsupported | Rejected

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(FromProgram)


def encode(line: ToProgram) -> bytes:
    return _encoder.encode(line) + b"\n"


def decode(data: bytes) -> FromProgram:
    """Raises ``msgspec.ValidationError`` (wrong shape) or ``msgspec.DecodeError`` (no JSON)."""
    line: FromProgram = _decoder.decode(data)
    return line


def schema() -> dict[str, Any]:
    """The JSON Schema of every line, both directions."""
    (reference,), components = msgspec.json.schema_components([ToProgram | FromProgram], ref_template="#/$defs/{name}")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "interop process contract, one line"}
    return {**head, **reference, "$defs": components}
