"""``expect`` of the catalogue → Outcome: what is not said is filled in strictly, so that a case can fail.

Left out means: no details, no metadata of the application's own, the handler saw the call once, with the messages and
metadata the client sent. ``any`` must be written to compare less, and wants a comment that says why.
"""

from __future__ import annotations

from typing import Any

from interop.case_steps import code, details, metadata
from interop.contract import Metadata, Step
from interop.errors import InputInvalid, nearest
from interop.model import ANY, HandlerOutcome, Messages, Outcome, Repeated
from interop.payload import to_expect, whole

_KEYS = (
    "because",
    "ended",
    "code",
    "message",
    "message_pattern",
    "details",
    "messages",
    "messages_at_most",
    "initial",
    "trailing",
    "steps",
    "elapsed_ms",
    "handler",
)
_HANDLER_KEYS = (
    "sees",
    "metadata",
    "messages",
    "messages_at_most",
    "left",
    "context",
    "sent",
    "steps",
    "deadline",
)
_SEES = {"once": 1, "never": 0, ANY: None}


class Sent:
    """What the call sends, from which the handler's part of an expectation is filled in."""

    def __init__(self, steps: list[Step], plan: list[Step] | None, pairs: Metadata, deadline_ms: int | None) -> None:
        sends = [_messages_of(step) for step in steps if step.do == "send"]
        self.messages = sends[0] if len(sends) == 1 else [message for one in sends for message in whole(one)]
        self.metadata = pairs
        self.deadline_ms = deadline_ms
        self.plan = plan


def _messages_of(step: Step) -> Messages:
    message = step.message
    if message is None or message.json is None:
        return []
    fields = dict(message.json)
    if message.fill:
        fields[message.fill.field] = {"fill": message.fill.size}
    return [to_expect(fields)] if step.count is None else Repeated(count=step.count, each=to_expect(fields))


def outcomes(written: Any, sent: Sent, where: str) -> list[Outcome]:
    """One outcome, or several of which any is allowed, each with its reason. Raises ``InputInvalid``."""
    if isinstance(written, dict):
        return [_outcome(written, sent, where)]
    if not isinstance(written, list) or len(written) < 2:
        raise InputInvalid(where, f"expect {written!r}", "a mapping, or a list of two or more of them")
    for one in written:
        if not isinstance(one, dict) or not one.get("because"):
            raise InputInvalid(where, "one of several outcomes has no 'because'", "a reason for each tolerated outcome")
    return [_outcome(one, sent, where) for one in written]


def _outcome(written: dict[str, Any], sent: Sent, where: str) -> Outcome:
    _known_keys(written, _KEYS, "expect", where)
    status = written.get("code")
    if status is None and written.get("ended", "status") == "status":
        raise InputInvalid(where, "expect without a code", "code: OK, NOT_FOUND, … or any")
    elapsed = written.get("elapsed_ms") or {}
    return Outcome(
        because=written.get("because", ""),
        ended=written.get("ended", "status"),
        code=None if status in (ANY, None) else code(status, where),
        message=_message(written, where),
        message_pattern=written.get("message_pattern"),
        details=_unless_any(written, "details", lambda value: details(value, where)),
        messages=None if "messages_at_most" in written else _unless_any(written, "messages", expected_messages),
        messages_at_most=written.get("messages_at_most"),
        initial=_unless_any(written, "initial", lambda value: metadata(value, where)),
        trailing=_unless_any(written, "trailing", lambda value: metadata(value, where)),
        steps=written.get("steps"),
        elapsed_at_least_ms=elapsed.get("at_least"),
        elapsed_at_most_ms=elapsed.get("at_most"),
        handler=_handler(written, sent, where),
    )


def _message(written: dict[str, Any], where: str) -> str | None:
    if "message" in written:
        return None if written["message"] == ANY else str(written["message"])
    if written.get("code") == "OK":
        return ""
    if "message_pattern" in written or written.get("code") in (ANY, None):
        return None
    raise InputInvalid(
        where, "expect with an error code says nothing of the message", "message, message_pattern, or message: any"
    )


def _unless_any(written: dict[str, Any], key: str, convert: Any) -> Any:
    value = written.get(key, [])
    return None if value == ANY else convert(value)


def expected_messages(written: Any) -> Messages:
    """A list of messages, or ``{count: n, each: {…}}`` with ``{i}`` in its strings."""
    if isinstance(written, dict):
        return Repeated(count=written["count"], each=to_expect(written["each"]))
    return [to_expect(one) for one in written]


def _handler(written: dict[str, Any], sent: Sent, where: str) -> HandlerOutcome:
    given = written.get("handler", {})
    if isinstance(given, str):
        given = {"sees": given}
    _known_keys(given, _HANDLER_KEYS, "handler", where)
    sees = given.get("sees", "once")
    if sees not in _SEES and not isinstance(sees, int):
        raise InputInvalid(where, f"sees: {sees!r}", "once, never, any, or a number")
    return HandlerOutcome(
        sees=_SEES.get(sees, sees),
        metadata=_or_sent(given, "metadata", sent.metadata),
        messages=None if "messages_at_most" in given else _or_sent(given, "messages", sent.messages),
        messages_at_most=given.get("messages_at_most"),
        left=_words(given, "left", _usual_end(written)),
        context=_words(given, "context", None),
        sent=given.get("sent"),
        steps=given.get("steps"),
        deadline=_unless_any_or(given, "deadline", "present" if sent.deadline_ms is not None else "absent"),
    )


def _or_sent(given: dict[str, Any], key: str, sent: Any) -> Any:
    value = given.get(key, sent)
    if value == ANY:
        return None
    if key == "messages" and value is not sent:
        return expected_messages(value)
    return value


def _words(given: dict[str, Any], key: str, default: list[str] | None) -> list[str] | None:
    value = given.get(key, default)
    if value == ANY or value is None:
        return None
    return [value] if isinstance(value, str) else list(value)


def _unless_any_or(given: dict[str, Any], key: str, default: Any) -> Any:
    value = given.get(key, default)
    return None if value == ANY else value


def _usual_end(written: dict[str, Any]) -> list[str] | None:
    if written.get("code") in (ANY, None):
        return None
    return ["returned"] if written.get("code") == "OK" else ["status"]


def _known_keys(written: Any, allowed: tuple[str, ...], what: str, where: str) -> None:
    if not isinstance(written, dict):
        raise InputInvalid(where, f"{what}: {written!r}", f"a mapping with {', '.join(allowed)}")
    for key in written:
        if key not in allowed:
            raise InputInvalid(where, f"unknown key {key!r} in {what}", ", ".join(allowed), nearest(key, allowed))
