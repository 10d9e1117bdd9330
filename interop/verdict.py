"""judge(): what was seen against what the specification allows. Pure: values in, a Verdict out; it starts nothing and
reads no file.

Equality first; differences are explained only for what differs.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from interop.model import HandlerOutcome, Messages, Outcome
from interop.payload import whole
from interop.results import Kind, Mismatch, Verdict

# A sentence is for a person: what is longer is cut, the whole value stands in the record.
_LONGEST = 160
_SEPARATOR = re.compile(r"[ \t]*,[ \t]*")


def judge(
    expect: list[Outcome], client: dict[str, Any] | None, handler: list[dict[str, Any]], elapsed_ms: float | None
) -> list[Mismatch]:
    """What differs from the nearest allowed outcome; nothing if one of them fits. ``client`` is None where it was
    killed.
    """
    found = [_against(outcome, client, handler, elapsed_ms) for outcome in expect]
    return min(found, key=len, default=[])


def _against(
    outcome: Outcome, client: dict[str, Any] | None, handler: list[dict[str, Any]], elapsed_ms: float | None
) -> list[Mismatch]:
    mismatches = list(_client(outcome, client))
    if elapsed_ms is not None:
        mismatches += _elapsed(outcome, elapsed_ms)
    if outcome.handler is not None:
        mismatches += _handler(outcome.handler, handler)
    return mismatches


def _client(want: Outcome, got: dict[str, Any] | None) -> list[Mismatch]:
    if got is None:
        return [] if want.ended == "killed" else [Mismatch(where="client.ended", want=want.ended, got="killed")]
    if got["ended"] != want.ended:
        # What follows from another kind of end would only repeat it.
        return [Mismatch(where="client.ended", want=want.ended, got=_ended(got))]
    found = _unequal(
        "client", {"code": want.code, "message": want.message, "details": want.details, "steps": want.steps}, got
    )
    if want.message_pattern is not None and not re.search(want.message_pattern, got["message"] or ""):
        found.append(Mismatch(where="client.message", want=f"/{want.message_pattern}/", got=got["message"]))
    found += _messages("client.messages", want.messages, want.messages_at_most, got["messages"])
    found += _pairs("client.initial", want.initial, got["initial"])
    found += _pairs("client.trailing", want.trailing, got["trailing"])
    return found


def _ended(got: dict[str, Any]) -> str:
    raised = got["raised"]
    return f"{got['ended']} {raised['type']}: {raised['text']}" if raised else got["ended"]


def _handler(want: HandlerOutcome, attempts: list[dict[str, Any]]) -> list[Mismatch]:
    if want.sees is not None and len(attempts) != want.sees:
        return [Mismatch(where="handler.sees", want=_times(want.sees), got=_times(len(attempts)))]
    return [mismatch for got in attempts for mismatch in _attempt(want, got)]


def _times(count: int) -> str:
    return {0: "never called", 1: "called once"}.get(count, f"called {count} times")


def _attempt(want: HandlerOutcome, got: dict[str, Any]) -> list[Mismatch]:
    found = _unequal("handler", {"deadline": want.deadline, "sent": want.sent, "steps": want.steps}, got)
    for name, allowed in (("left", want.left), ("context", want.context)):
        if allowed is not None and got[name] not in allowed:
            found.append(Mismatch(where=f"handler.{name}", want=" or ".join(allowed), got=_how_left(name, got)))
    found += _messages("handler.messages", want.messages, want.messages_at_most, got["messages"])
    found += _pairs("handler.metadata", want.metadata, got["metadata"])
    return found


def _how_left(name: str, got: dict[str, Any]) -> str:
    status = got["left_status"]
    return f"{got[name]} {status['code']}" if name == "left" and status else got[name]


def _unequal(side: str, wanted: dict[str, Any], got: dict[str, Any]) -> list[Mismatch]:
    return [
        Mismatch(where=f"{side}.{name}", want=want, got=got[name])
        for name, want in wanted.items()
        if want is not None and not _same(want, got[name])
    ]


def _same(want: Any, got: Any) -> bool:
    """Equal as JSON: to Python 1 is True, but to JSON it is not. 3.0 is 3, which is how one library writes a double and
    another one does not.
    """
    if isinstance(want, dict):
        return isinstance(got, dict) and want.keys() == got.keys() and all(_same(want[key], got[key]) for key in want)
    if isinstance(want, list):
        return isinstance(got, list) and len(want) == len(got) and all(map(_same, want, got))
    return (type(want) is type(got) or {type(want), type(got)} == {int, float}) and bool(want == got)


def _pairs(where: str, want: Any, got: list[list[str]]) -> list[Mismatch]:
    if want is None:
        return []
    sorted_want = sorted(([key, value] for key, value in want), key=lambda pair: pair[0])
    if sorted_want == got or _joined(sorted_want) == _joined(got):
        return []
    return [Mismatch(where=where, want=sorted_want, got=got)]


def _joined(pairs: list[list[str]]) -> list[tuple[str, list[str]]]:
    """Values of a repeated key may come joined by commas, which says the same (PROTOCOL-HTTP2.md, Requests,
    Custom-Metadata; RFC 9110, 5.3, allows spaces around them). -bin values are split by the library.
    """
    joined: dict[str, list[str]] = {}
    for key, value in pairs:
        joined.setdefault(key, []).extend(_SEPARATOR.split(value))
    return list(joined.items())


def _messages(where: str, want: Messages | None, at_most: int | None, got: list[dict[str, Any]]) -> list[Mismatch]:
    if at_most is not None and len(got) > at_most:
        return [Mismatch(where=where, want=f"at most {at_most} messages", got=f"{len(got)} messages")]
    if want is None or _same(wanted := whole(want), got):
        return []
    if len(wanted) != len(got):
        return [Mismatch(where=where, want=_counted(len(wanted)), got=_counted(len(got)))]
    first = next(number for number, (one, came) in enumerate(zip(wanted, got, strict=True)) if not _same(one, came))
    return [Mismatch(where=f"{where}[{first}]", want=wanted[first], got=got[first])]


def _counted(count: int) -> str:
    return {0: "no message", 1: "1 message"}.get(count, f"{count} messages")


def _elapsed(want: Outcome, elapsed_ms: float) -> list[Mismatch]:
    low, high = want.elapsed_at_least_ms, want.elapsed_at_most_ms
    if low is not None and elapsed_ms < low:
        return [Mismatch(where="client.elapsed", want=f"at least {low} ms", got="less")]
    if high is not None and elapsed_ms > high:
        return [Mismatch(where="client.elapsed", want=f"at most {high} ms", got="more")]
    return []


def signature(mismatches: list[Mismatch]) -> list[str]:
    """What a known entry has to repeat exactly: a sentence for each mismatch, in order."""
    return [said(mismatch) for mismatch in mismatches]


def said(mismatch: Mismatch) -> str:
    """``client.code: want NOT_FOUND, got UNKNOWN``."""
    return f"{mismatch.where}: want {_text(mismatch.want)}, got {_text(mismatch.got)}"


def _text(value: Any) -> str:
    text = value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)
    # What is cut off still tells two signatures apart.
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… #{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def verdict(mismatches: list[Mismatch]) -> Verdict:
    """Pass, or fail with the sentence of the first mismatch."""
    if not mismatches:
        return Verdict(kind=Kind.PASS)
    lines = signature(mismatches)
    more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
    return Verdict(kind=Kind.FAIL, sentence=lines[0] + more, mismatches=mismatches, signature=lines)
