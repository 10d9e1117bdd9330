"""Steps as the catalogue writes them (``- send: {user_id: "1"}``, ``- receive_all``) → the contract's Step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from interop.contract import Detail, Metadata, Status, Step
from interop.errors import InputInvalid, nearest
from interop.payload import to_send

CODES = (
    "OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED "
    "RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS "
    "UNAUTHENTICATED"
).split()


def steps(written: Any, where: str) -> list[Step]:
    """A script or a plan. Raises ``InputInvalid``."""
    if not isinstance(written, list):
        raise InputInvalid(where, f"steps {written!r}", "a list of steps")
    return [_step(item, where) for item in written]


def _step(item: Any, where: str) -> Step:
    if isinstance(item, str):
        item = {item: None}
    if not isinstance(item, dict) or not item:
        raise InputInvalid(where, f"step {item!r}", "a word, or a mapping such as {send: {…}}")
    verb = next(iter(item))
    if verb not in _MAKERS:
        raise InputInvalid(where, f"unknown step {verb!r}", ", ".join(_MAKERS), nearest(verb, _MAKERS))
    for key in item:
        if key not in (verb, "count"):
            raise InputInvalid(where, f"unknown key {key!r} in step {verb!r}", "count", nearest(key, ["count"]))
    return _MAKERS[verb](item, where)


def _send(item: dict[str, Any], where: str) -> Step:
    count = _number(item["count"], where) if "count" in item else None
    return Step(do="send", message=to_send(item["send"], where), count=count)


def _finish(item: dict[str, Any], where: str) -> Step:
    written = item["finish"] or {}
    if not isinstance(written, dict):
        raise InputInvalid(where, f"finish: {written!r}", "a mapping with code, message, details, trailers")
    written = dict(written)
    trailers = metadata(written.pop("trailers", []), where)
    return Step(do="finish", status=status(written, where), trailers=trailers)


def _serve(item: dict[str, Any], where: str) -> Step:
    marks = item["serve"] or {}
    return Step(do="serve", marks={str(count): name for count, name in marks.items()})


_MAKERS: dict[str, Callable[[dict[str, Any], str], Step]] = {
    "send": _send,
    "receive": lambda item, where: Step(do="receive", count=_number(item["receive"], where)),
    "receive_all": lambda item, where: Step(do="receive_all"),
    "half_close": lambda item, where: Step(do="half_close"),
    "headers": lambda item, where: Step(do="headers", metadata=metadata(item["headers"], where)),
    "finish": _finish,
    "raise": lambda item, where: Step(do="raise", text=str(item["raise"])),
    "return_nothing": lambda item, where: Step(do="return_nothing"),
    "serve": _serve,
    "cancel": lambda item, where: Step(do="cancel"),
    "close_channel": lambda item, where: Step(do="close_channel"),
    "wait": lambda item, where: Step(do="wait", ms=_number(item["wait"], where)),
    "mark": lambda item, where: Step(do="mark", mark=str(item["mark"])),
    "await": lambda item, where: Step(do="await", mark=str(item["await"])),
}


def _number(value: Any, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise InputInvalid(where, f"{value!r}", "a whole number, 0 or more")
    return value


def code(word: Any, where: str) -> str:
    if word not in CODES and not (isinstance(word, str) and word.isdigit()):
        raise InputInvalid(where, f"status code {word!r}", ", ".join(CODES), nearest(str(word), CODES))
    return str(word)


def status(written: dict[str, Any], where: str) -> Status:
    for key in written:
        if key not in ("code", "message", "details"):
            raise InputInvalid(where, f"unknown key {key!r} in a status", "code, message, details, trailers")
    message = written.get("message", "")
    if not isinstance(message, str):
        raise InputInvalid(where, f"message {message!r}", "a string (quote it: YAML reads no, 5 and null otherwise)")
    return Status(
        code=code(written.get("code", "OK"), where),
        message=message,
        details=[Detail(**detail) for detail in details(written.get("details", []), where)],
    )


def details(written: Any, where: str) -> list[dict[str, Any]]:
    """``{google.rpc.BadRequest: {…}}`` or ``{type_url: …, json: …}``, as the contract has them."""
    if not isinstance(written, list) or not all(isinstance(item, dict) and item for item in written):
        raise InputInvalid(where, f"details {written!r}", "a list of mappings, such as {google.rpc.BadRequest: {…}}")
    return [_detail(dict(item), where) for item in written]


def _detail(item: dict[str, Any], where: str) -> dict[str, Any]:
    if "type_url" in item:
        if not item.keys() <= set(Detail.__struct_fields__):
            raise InputInvalid(where, f"detail {item!r}", "type_url with json or raw")
        return item
    name, body = next(iter(item.items()))
    return {"type_url": f"type.googleapis.com/{name}", "json": body}


def metadata(written: Any, where: str) -> Metadata:
    """A list of pairs, every value a string (base64 for a key ending in ``-bin``)."""
    pairs_are_good = isinstance(written, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(word, str) for word in pair) for pair in written
    )
    if not pairs_are_good:
        raise InputInvalid(where, f"metadata {written!r}", "a list of pairs of strings, such as [[x-a, '1']]")
    return [(key, value) for key, value in written]
