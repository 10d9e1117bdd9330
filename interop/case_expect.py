"""``expect`` of the catalogue → Outcome: what is not said is filled in strictly, so that a case can fail.

Left out means: no details, no metadata of the application's own, the handler saw the call once, with the messages and
metadata the client sent, and sent on a stream what the client got. ``any`` must be written to compare less, and wants a
comment that says why.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Any, Literal

from msgspec import UNSET

from interop.case_steps import code, details, metadata
from interop.case_written import WrittenElapsed, WrittenExpect, WrittenHandler, WrittenMessages, typed
from interop.contract import Metadata, Step
from interop.errors import InputInvalid, nearest, shown
from interop.model import ANY, HandlerOutcome, Messages, Outcome, Repeated
from interop.payload import to_expect, whole
from interop.yaml_lines import at

_SEES = {"once": 1, "never": 0, ANY: None}
_DEADLINES: dict[str, Literal["present", "absent"] | None] = {"present": "present", "absent": "absent", ANY: None}


class Sent:
    """What the call sends, from which the handler's part of an expectation is filled in."""

    def __init__(self, steps: list[Step], pairs: Metadata, deadline_ms: int | None, streams_back: bool) -> None:
        sends = [_messages_of(step) for step in steps if step.do == "send"]
        self.messages = sends[0] if len(sends) == 1 else _together(sends)
        self.metadata = pairs
        self.deadline_ms = deadline_ms
        self.streams_back = streams_back


def _together(sends: list[Messages]) -> Messages:
    """Kept short where all are alike: ten times a thousand would cost every reading of the catalogue 50 ms."""
    first = sends[0] if sends else []
    alike = [
        one for one in sends if isinstance(one, Repeated) and isinstance(first, Repeated) and one.each == first.each
    ]
    if isinstance(first, Repeated) and len(alike) == len(sends) and "{i}" not in str(first.each):
        return Repeated(count=sum(one.count for one in alike), each=first.each)
    return [message for one in sends for message in whole(one)]


def _messages_of(step: Step) -> Messages:
    message = step.message
    if message is None or message.json is None:
        return []
    fields = dict(message.json)
    if message.fill:
        fields[message.fill.field] = {"fill": message.fill.size}
    expected = to_expect(fields, "")  # it was told where it was read as a step
    return [expected] if step.count is None else Repeated(count=step.count, each=expected)


def outcomes(written: Any, sent: Sent, where: str) -> list[Outcome]:
    """One outcome, or several of which any is allowed, each with its reason. Raises ``InputInvalid``."""
    if isinstance(written, dict):
        return [_outcome(written, sent, where)]
    if not isinstance(written, list) or len(written) < 2:
        raise InputInvalid(where, f"expect {shown(written)}", "a mapping, or a list of two or more of them")
    for number, one in enumerate(written):
        if not isinstance(one, dict) or not one.get("because"):
            raise InputInvalid(
                at(where, written, number),
                "one of several outcomes has no 'because'",
                "a reason for each tolerated outcome",
            )
    return [_outcome(one, sent, where) for one in written]


def _outcome(mapping: Any, sent: Sent, where: str) -> Outcome:
    where = at(where, mapping)
    written = typed(mapping, WrittenExpect, "expect", where)
    if written.code is None and written.ended == "status":
        raise InputInvalid(where, "expect without a code", "code: OK, NOT_FOUND, … or any")
    line_of = partial(at, where, mapping)
    elapsed = typed(written.elapsed_ms, WrittenElapsed, "elapsed_ms", line_of("elapsed_ms"))
    at_most = written.messages_at_most
    return Outcome(
        because=written.because,
        ended=written.ended,
        code=None if written.code in (ANY, None) else code(written.code, line_of("code")),
        message=_message(written, where),
        message_pattern=_pattern(written.message_pattern, line_of("message_pattern")),
        details=None if written.details == ANY else details(written.details, line_of("details")),
        messages=_messages(written.messages, line_of("messages")) if at_most is None else None,
        messages_at_most=at_most,
        initial=_metadata(written.initial, line_of("initial")),
        trailing=_metadata(written.trailing, line_of("trailing")),
        steps=_plain(written.steps),
        elapsed_at_least_ms=elapsed.at_least,
        elapsed_at_most_ms=elapsed.at_most,
        handler=_handler(written, sent, line_of("handler")),
    )


def _message(written: WrittenExpect, where: str) -> str | None:
    if written.message is not UNSET:
        return None if written.message == ANY else written.message
    # A message describes an error (PROTOCOL-HTTP2.md, Responses). What comes with OK is nobody's affair: grpc-js sends
    # "OK", and of the clients here only its own shows that.
    if written.message_pattern is not None or written.code in ("OK", ANY, None):
        return None
    found = "expect with an error code says nothing of the message"
    raise InputInvalid(where, found, "message, message_pattern, or message: any")


def _pattern(pattern: str | None, where: str) -> str | None:
    try:
        re.compile(pattern or "")
    except (re.error, RecursionError, OverflowError) as error:
        raise InputInvalid(where, f"message_pattern {shown(pattern)}: {error}", "a regular expression") from error
    return pattern


def _messages(written: Any, where: str) -> Messages | None:
    """A list of messages, or ``{count: n, each: {…}}`` with ``{i}`` in its strings."""
    if written == ANY:
        return None
    if isinstance(written, dict):
        many = typed(written, WrittenMessages, "messages", where)
        return Repeated(count=many.count, each=to_expect(many.each, at(where, written, "each")))
    if not isinstance(written, list):
        raise InputInvalid(where, f"messages {shown(written)}", "any, a list of mappings, or {count: …, each: {…}}")
    return [to_expect(one, at(where, written, number)) for number, one in enumerate(written)]


def _metadata(written: Any, where: str) -> Metadata | None:
    return None if written == ANY else metadata(written, where)


def _handler(written: WrittenExpect, sent: Sent, where: str) -> HandlerOutcome:
    mapping = {"sees": written.handler} if isinstance(written.handler, str) else written.handler
    given = typed(mapping, WrittenHandler, "handler", where)
    line_of = partial(at, where, mapping)
    is_number = isinstance(given.sees, int) and not isinstance(given.sees, bool) and given.sees >= 0
    if not is_number and given.sees not in list(_SEES):
        words = [*_SEES]
        hint = nearest(given.sees, words) if isinstance(given.sees, str) else ""
        raise InputInvalid(line_of("sees"), f"sees: {shown(given.sees)}", "once, never, any, or a number", hint)
    at_most = given.messages_at_most
    messages = sent.messages if given.messages is UNSET else _messages(given.messages, line_of("messages"))
    usual = "absent" if sent.deadline_ms is None else "present"
    return HandlerOutcome(
        sees=_SEES.get(given.sees, given.sees),
        metadata=sent.metadata if given.metadata is UNSET else _metadata(given.metadata, line_of("metadata")),
        messages=messages if at_most is None else None,
        messages_at_most=at_most,
        left=_usual_end(written) if given.left is UNSET else _words(given.left),
        context=_words(given.context),
        sent=_sent(written, given, sent),
        steps=_plain(given.steps),
        deadline=_DEADLINES[usual if given.deadline is UNSET else given.deadline],
        asked_for=mapping != {},
    )


def _plain(words: Sequence[str] | None) -> list[str] | None:
    return None if words is None else list(words)


def _words(value: str | Sequence[str] | None) -> list[str] | None:
    if value == ANY or value is None:
        return None
    return [value] if isinstance(value, str) else list(value)


def _usual_end(written: WrittenExpect) -> list[str] | None:
    if written.code in (ANY, None):
        return None
    return ["returned"] if written.code == "OK" else ["status"]


def _sent(written: WrittenExpect, given: WrittenHandler, sent: Sent) -> int | None:
    """On a stream the status comes after the messages: what the handler sent, the client got."""
    if given.sent is not UNSET:
        return None if isinstance(given.sent, str) else given.sent
    exactly = isinstance(written.messages, list | dict) and written.messages_at_most is None
    if not sent.streams_back or not exactly or written.code in (ANY, None):
        return None
    return written.messages["count"] if isinstance(written.messages, dict) else len(written.messages)
