"""Metadata: the contract's pairs of strings ↔ the library's pairs, in which the value of a ``-bin`` key is bytes."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable
from typing import Any

from userservice.contract.errors import Malformed
from userservice.contract.fields import check_text

CALL_ID_KEY = "interop-call-id"
Pairs = tuple[tuple[str, str | bytes], ...]


def parse(pairs: list[Any]) -> Pairs:
    return tuple(_parse_pair(pair, f"[{index}]") for index, pair in enumerate(pairs))


def _parse_pair(pair: Any, path: str) -> tuple[str, str | bytes]:
    if type(pair) is not list or len(pair) != 2 or not all(type(part) is str for part in pair):
        raise Malformed("is no pair of strings", path)
    key, value = pair
    check_text(key, path)
    check_text(value, path)
    return (key, parse_base64(value, path)) if key.endswith("-bin") else (key, value)


def parse_base64(text: str, path: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise Malformed(f"is no base64: {error}", path) from None


def to_json(pairs: Iterable[tuple[str, str | bytes]]) -> list[list[str]]:
    return [[key, value if isinstance(value, str) else b64encode(value).decode()] for key, value in pairs]


def first(pairs: Iterable[tuple[str, str | bytes]], key: str) -> str | bytes | None:
    for name, value in pairs:
        if name == key:
            return value
    return None


def call_id_of(pairs: Iterable[tuple[str, str | bytes]] | None) -> str | None:
    """The id by which an attempt is joined with its plan; None for a call that is none of the harness's business."""
    value = first(pairs or (), CALL_ID_KEY)
    return value if isinstance(value, str) else None
