"""What is volatile goes, with its reason: in, an Observation or an Attempt as it came; out, plain values that can be
compared.

This is the one list of what a comparison ignores. Time, ids and ports are kept beside the values, never in them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any

import msgspec

from interop.contract import CALL_ID_KEY, Attempt, Metadata, Observation, Status

# Metadata keys that a transport or framework adds. Which of them an application can see differs in every library, so
# only the application's own keys are compared (PROTOCOL-HTTP2.md, Requests and Responses, reserves the grpc- names).
FRAMEWORK_KEYS = {
    CALL_ID_KEY: "the harness' own",
    "user-agent": "kept on its own, as the proof of which stack spoke",
    "content-type": "the transport's",
    "content-length": "the transport's; net/http shows it",
    "te": "the transport's",
    "date": "net/http servers add it",
    "host": "net/http shows the authority under it",
    "trailer": "net/http announces trailers by it",
    "x-content-type-options": "net/http sets it on its own 404 page",
    "accept-encoding": "net/http clients add it",
    "accept": "net/http clients add it",
    "grpc-timeout": "observed as the deadline",
    "grpc-encoding": "the transport's",
    "grpc-accept-encoding": "the transport's",
    "grpc-status": "observed as the status",
    "grpc-message": "observed as the status",
    "grpc-status-details-bin": "observed as the status' details",
}
_TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]")
TIME_OF_DAY = "<HH:MM:SS>"


def client_view(observation: Observation, time_of_day: Sequence[str] = ()) -> dict[str, Any]:
    """What the client saw: status, metadata, messages, outcomes of steps. ``time_of_day``: fields of the messages that
    hold the server's clock.
    """
    return {
        "ended": observation.ended,
        **_status(observation.status),
        "messages": [_without_time_of_day(message, time_of_day) for message in observation.messages],
        "initial": own_metadata(observation.initial_metadata or []),
        "trailing": own_metadata(observation.trailing_metadata or []),
        "steps": observation.steps,
        "raised": None
        if observation.raised is None
        else {"type": observation.raised.type, "text": observation.raised.text},
    }


def handler_view(attempt: Attempt) -> dict[str, Any]:
    """What the handler saw of one attempt, and the two facts of how it ended."""
    return {
        "method": attempt.method,
        "planned": attempt.planned,
        "metadata": own_metadata(attempt.metadata),
        "messages": attempt.messages,
        "sent": attempt.sent,
        "steps": attempt.steps,
        "left": attempt.left,
        "left_status": None if attempt.left_status is None else _status(attempt.left_status),
        "context": attempt.context,
        "deadline": "absent" if attempt.deadline_ms is None else "present",
    }


# A record keeps this many messages of a call; beyond that the first ones, and a digest over the rest tells two apart.
MESSAGES_KEPT = 16


def shortened(view: dict[str, Any]) -> dict[str, Any]:
    """A view as a record keeps it: a stream of a thousand messages would be most of the file."""
    messages = view["messages"]
    if len(messages) <= 2 * MESSAGES_KEPT:
        return view
    rest = messages[MESSAGES_KEPT:]
    digest = hashlib.sha256(msgspec.json.encode(rest)).hexdigest()
    return {**view, "messages": [*messages[:MESSAGES_KEPT], {"and_more": len(rest), "sha256": digest}]}


def user_agent(attempt: Attempt) -> str:
    return next((value for key, value in attempt.metadata if key.lower() == "user-agent"), "")


def own_metadata(pairs: Metadata) -> list[list[str]]:
    """The application's own pairs, sorted by key, the order within a key kept: across keys HTTP has none (RFC 9110,
    5.3).
    """
    own = [
        [key.lower(), value] for key, value in pairs if key.lower() not in FRAMEWORK_KEYS and not key.startswith(":")
    ]
    return sorted(own, key=lambda pair: pair[0])


def _status(status: Status | None) -> dict[str, Any]:
    if status is None:
        return {"code": None, "message": None, "details": []}
    details = [_detail(detail.type_url, detail.json, detail.raw) for detail in status.details]
    return {"code": status.code, "message": status.message, "details": details}


def _detail(type_url: str, json: dict[str, Any] | None, raw: str | None) -> dict[str, Any]:
    return {"type_url": type_url, "json": json} if json is not None else {"type_url": type_url, "raw": raw}


def _without_time_of_day(message: dict[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    # The server's clock; that it has this form is all that can be compared.
    clocks = [name for name in fields if _TIME_OF_DAY.fullmatch(str(message.get(name)))]
    return {**message, **dict.fromkeys(clocks, TIME_OF_DAY)} if clocks else message
