"""Steps as the catalogue writes them (``- send: {user_id: "1"}``, ``- receive_all``) → the contract's Step."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from interop import shape
from interop.contract import Detail, Metadata, Status, Step
from interop.errors import InputInvalid, nearest, shown
from interop.payload import base64_text, to_send
from interop.yaml_lines import at

CODES = (
    "OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED "
    "RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS "
    "UNAUTHENTICATED"
).split()
MOST_MESSAGES = 100_000
_FINISH = ("code", "message", "details", "trailers")
_DETAILS = "a list of mappings, such as {google.rpc.BadRequest: {…}} or {type_url: …, json: {…}}"


def steps(written: Any, where: str) -> list[Step]:
    """A script or a plan. Raises ``InputInvalid``."""
    if not isinstance(written, list):
        raise InputInvalid(where, f"steps {shown(written)}", "a list of steps")
    return [_step(item, at(where, written, number)) for number, item in enumerate(written)]


def _step(item: Any, where: str) -> Step:
    if isinstance(item, str):
        item = {item: None}
    if not isinstance(item, dict) or not item:
        raise InputInvalid(where, f"step {shown(item)}", "a word, or a mapping such as {send: {…}}")
    verb = next((key for key in item if key != "count"), "count")
    if verb not in _MAKERS:
        raise InputInvalid(at(where, item, verb), f"unknown step {verb!r}", ", ".join(_MAKERS), nearest(verb, _MAKERS))
    others = ["count"] if verb == "send" else []
    for key in item:
        if key not in (verb, *others):
            found = f"unknown key {key!r} in step {verb!r}"
            raise InputInvalid(at(where, item, key), found, "count" if others else "nothing", nearest(key, others))
    return _MAKERS[verb](item, at(where, item, verb))


def _send(item: dict[str, Any], where: str) -> Step:
    count = _number(item["count"], at(where, item, "count"), MOST_MESSAGES) if "count" in item else None
    return Step(do="send", message=to_send(item["send"], where), count=count)


def _finish(item: dict[str, Any], where: str) -> Step:
    written = {} if item["finish"] is None else item["finish"]
    if not isinstance(written, dict):
        raise InputInvalid(where, f"finish: {shown(written)}", ", ".join(_FINISH))
    for key in written:
        if key not in _FINISH:
            found = f"unknown key {key!r} in a status"
            raise InputInvalid(at(where, written, key), found, ", ".join(_FINISH), nearest(key, _FINISH))
    trailers = metadata(written.get("trailers", []), at(where, written, "trailers"))
    return Step(do="finish", status=_status(written, where), trailers=trailers)


def _serve(item: dict[str, Any], where: str) -> Step:
    marks = {} if item["serve"] is None else item["serve"]
    if not isinstance(marks, dict) or not all(re.fullmatch("[0-9]+", str(count)) for count in marks):
        raise InputInvalid(where, f"serve: {shown(marks)}", "how many messages: a mark, such as {3: three}")
    return Step(do="serve", marks={str(count): _word(name, at(where, marks, count)) for count, name in marks.items()})


def _bare(item: dict[str, Any], where: str) -> Step:
    ((verb, value),) = item.items()
    if value is not None:
        raise InputInvalid(where, f"{verb}: {shown(value)}", f"the word {verb} alone")
    return Step(do=verb)


_MAKERS: dict[str, Callable[[dict[str, Any], str], Step]] = {
    "send": _send,
    "receive": lambda item, where: Step(do="receive", count=_number(item["receive"], where)),
    "receive_all": _bare,
    "half_close": _bare,
    "headers": lambda item, where: Step(do="headers", metadata=metadata(item["headers"], where)),
    "finish": _finish,
    "raise": lambda item, where: Step(do="raise", text=_word(item["raise"], where)),
    "return_nothing": _bare,
    "serve": _serve,
    "cancel": _bare,
    "close_channel": _bare,
    "wait": lambda item, where: Step(do="wait", ms=_number(item["wait"], where)),
    "mark": lambda item, where: Step(do="mark", mark=_word(item["mark"], where)),
    "await": lambda item, where: Step(do="await", mark=_word(item["await"], where)),
}


def _number(value: Any, where: str, most: int = 2**31 - 1) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise InputInvalid(where, shown(value), f"a whole number, 0 or more, at most {most}")
    return value


def _word(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise InputInvalid(where, shown(value), "a string (quote it: YAML reads no, 5 and null otherwise)")
    return value


def code(word: Any, where: str) -> str:
    of_no_name = isinstance(word, str) and re.fullmatch(r"[1-9][0-9]{1,9}", word) and int(word) >= len(CODES)
    if word not in CODES and not of_no_name:
        allowed = f"{', '.join(CODES)}, or a number that is none of theirs, in quotes"
        raise InputInvalid(where, f"status code {shown(word)}", allowed, nearest(str(word), CODES))
    return str(word)


def _status(written: dict[str, Any], where: str) -> Status:
    message = written.get("message", "")
    if message != "":
        _word(message, at(where, written, "message"))
    return Status(
        code=code(written.get("code", "OK"), at(where, written, "code")),
        message=message,
        details=[Detail(**one) for one in details(written.get("details", []), at(where, written, "details"))],
    )


def details(written: Any, where: str) -> list[dict[str, Any]]:
    """``{google.rpc.BadRequest: {…}}`` or ``{type_url: …, json: …}``, as the contract has them."""
    if not isinstance(written, list):
        raise InputInvalid(where, f"details {shown(written)}", _DETAILS)
    return [_detail(item, at(where, written, number)) for number, item in enumerate(written)]


def _detail(item: Any, where: str) -> dict[str, Any]:
    if isinstance(item, dict) and "type_url" in item:
        shape.typed(item, Detail, "a detail", lambda *key: at(where, item, *key))
        return {**item, **({"raw": base64_text(item["raw"], at(where, item, "raw"))} if "raw" in item else {})}
    if not isinstance(item, dict) or len(item) != 1 or not isinstance(next(iter(item.values())), dict):
        raise InputInvalid(where, f"details {shown(item)}", _DETAILS)
    ((name, body),) = item.items()
    return {"type_url": f"type.googleapis.com/{name}", "json": body}


def metadata(written: Any, where: str) -> Metadata:
    """A list of pairs, every value a string (base64 for a key ending in ``-bin``)."""
    pairs_are_good = isinstance(written, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(word, str) for word in pair) for pair in written
    )
    if not pairs_are_good:
        raise InputInvalid(where, f"metadata {shown(written)}", "a list of pairs of strings, such as [[x-a, '1']]")
    return [(key, base64_text(value, where) if key.endswith("-bin") else value) for key, value in written]
