"""What each of the three lanes says of a call, made comparable: in, a CallRecord with its wire; out, counts, metadata
and statuses. Judges nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from interop.normalise import own_metadata
from interop.results import CallRecord
from interop.wire_view import Sender, WireFrame, WireStream, WireView

# statuscodes.md, in the order of their numbers.
CODES = (
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
    "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
    "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
)  # fmt: skip
Pairs = list[list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A status as one lane has it. ``message`` is None where the lane does not tell."""

    code: str
    message: str | None = None
    details: bool = False

    def __str__(self) -> str:
        said = f"{self.code}: {self.message}" if self.message else self.code
        return f"{said}, with details" if self.details else said


@dataclass(frozen=True, slots=True)
class Course:
    """A call by its lanes. The client speaks of the last attempt; a handler's attempt belongs to the stream that is as
    many before the last.
    """

    call: CallRecord
    wire: WireView

    @property
    def client(self) -> dict[str, Any] | None:
        return self.call.client

    @property
    def stream(self) -> WireStream | None:
        return self.wire.streams[-1] if self.wire.streams else None

    @property
    def attempt(self) -> dict[str, Any] | None:
        """What the handler saw of the last attempt on the wire."""
        return self._handler[-1] if self._handler else None

    @property
    def in_view(self) -> bool:
        """Whether what the handler saw can be known: not with a server that has no control line."""
        return self.call.handler is not None

    @property
    def _handler(self) -> list[dict[str, Any]]:
        return self.call.handler or []

    def attempt_of(self, stream: int) -> dict[str, Any] | None:
        from_last = next((at for at, one in enumerate(reversed(self.wire.streams)) if one.stream == stream), 0)
        return self._handler[-1 - from_last] if from_last < len(self._handler) else None

    def frames(self, sender: Sender, name: str) -> list[WireFrame]:
        """Of the last attempt."""
        last = self.stream.stream if self.stream else 0
        return [one for one in self.wire.frames if (one.sender, one.frame, one.stream) == (sender, name, last)]

    # --- the request --------------------------------------------------------------------------------------------------

    @property
    def told_to_send(self) -> int:
        """How many messages the client was told to send."""
        return sum(_count(step) for step in self.wire.script if step.startswith("send"))

    @property
    def sent_by_client(self) -> int:
        """How many it handed to its library for certain: what the steps hold that were done."""
        outcomes = self.client["steps"] if self.client else []
        done = [step for step, outcome in zip(self.wire.script, outcomes, strict=False) if outcome == "ok"]
        return sum(_count(step) for step in done if step.startswith("send"))

    @property
    def cancelled_by_client(self) -> bool:
        """As the client tells it."""
        steps = zip(self.wire.script, self.client["steps"] if self.client else [], strict=False)
        gave_up = self.client is not None and self.client["ended"] == "gave_up"
        return gave_up or any(step in ("cancel", "close_channel") and outcome == "ok" for step, outcome in steps)

    @property
    def cancelled_on_wire(self) -> bool:
        ends = [one for one in self.wire.frames if one.sender == "client" and one.frame in ("FIN", "RST")]
        return bool(ends or [one for one in self.frames("client", "RST_STREAM") if one.error != "NO_ERROR"])

    # --- the response -------------------------------------------------------------------------------------------------

    @property
    def status_of_handler(self) -> Ended | None:
        """None where what it left by has no status of its own."""
        attempt = self.attempt
        if attempt is None or attempt["left"] not in ("returned", "status"):
            return None
        status = attempt["left_status"]
        if status is None:
            return Ended(code="OK")
        return Ended(code=status["code"], message=status["message"], details=bool(status["details"]))

    @property
    def status_on_wire(self) -> Ended | None:
        trailers = dict(self._trailers or [])
        if "grpc-status" not in trailers:
            return None
        number, message = trailers["grpc-status"], trailers.get("grpc-message", "")
        whole = not message.endswith(" characters)")
        told = unquote(message) if whole else None
        return Ended(code=code_name(number), message=told, details="grpc-status-details-bin" in trailers)

    @property
    def status_of_client(self) -> Ended | None:
        if self.client is None or self.client["code"] is None:
            return None
        return Ended(code=self.client["code"], message=self.client["message"], details=bool(self.client["details"]))

    @property
    def _trailers(self) -> list[tuple[str, str]] | None:
        """Of the header blocks that the server sent, the one that ends the stream."""
        return next((one.headers for one in self.frames("server", "HEADERS") if "END_STREAM" in one.flags), None)

    @property
    def initial_on_wire(self) -> Pairs | None:
        """None where the only header block was the last: whose its pairs are, libraries tell in their own ways."""
        first = next(iter(self.frames("server", "HEADERS")), None)
        return None if first is None or "END_STREAM" in first.flags else metadata(first.headers)

    @property
    def trailing_on_wire(self) -> Pairs | None:
        return None if self.initial_on_wire is None or self._trailers is None else metadata(self._trailers)


def code_name(number: str) -> str:
    return CODES[int(number)] if number.isdecimal() and int(number) < len(CODES) else number


def metadata(headers: list[tuple[str, str]]) -> Pairs | None:
    """The application's own pairs, as an end tells them; None where they were too long to be kept whole."""
    if any(name == "…" or value.endswith(" characters)") for name, value in headers):
        return None
    pairs = [(name, part) for name, value in headers for part in _values(name, value)]
    return own_metadata([(name, _padded(name, part)) for name, part in pairs])


def _values(name: str, value: str) -> list[str]:
    return [part.strip() for part in value.removeprefix("\0").split(",")] if name.endswith("-bin") else [value]


def _padded(name: str, value: str) -> str:
    """-bin values may come without their padding (PROTOCOL-HTTP2.md, Binary-Header)."""
    return value + "=" * (-len(value) % 4) if name.endswith("-bin") else value


def count_of(messages: list[dict[str, Any]]) -> int:
    """How many messages a view tells of: a long list is kept short."""
    last = messages[-1] if messages else {}
    return len(messages) - 1 + int(last["and_more"]) if "and_more" in last else len(messages)


def _count(step: str) -> int:
    found = re.search(r"×([0-9]+)", step)
    return int(found[1]) if found else 1
