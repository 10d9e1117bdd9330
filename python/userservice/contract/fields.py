"""Fields of a decoded JSON object, one at a time, with their type checked. In: a dict. Out: a value, or ``Malformed``.

``null`` and a missing key are the same. Without a default a field has to be there.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar

from userservice.contract.errors import Malformed

Record = dict[str, Any]
T = TypeVar("T")
_NAMES = {str: "a string", int: "a whole number", bool: "true or false", list: "a list", dict: "an object"}
_NO_DEFAULT: Any = object()


def field(record: Record, key: str, kind: type[T], default: T = _NO_DEFAULT) -> T:
    value: T | None = record.get(key)
    if value is None:
        if default is _NO_DEFAULT:
            raise Malformed("is missing", key)
        return default
    if type(value) is not kind:
        raise Malformed(f"is not {_NAMES[kind]}", key)
    if isinstance(value, str) and not value.isascii():
        check_text(value, key)
    return value


def optional(record: Record, key: str, kind: type[T]) -> T | None:
    return None if record.get(key) is None else field(record, key, kind)


def natural(record: Record, key: str, default: int = _NO_DEFAULT) -> int:
    """A whole number that is not negative."""
    value = field(record, key, int, default)
    if value < 0:
        raise Malformed("is negative", key)
    return value


def check_text(value: str, path: str) -> None:
    """JSON can say half a surrogate pair (``"\\ud800"``), which no UTF-8 can carry."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Malformed("is no Unicode text", path) from None


def no_others(record: Record, known: Collection[str]) -> None:
    """Every key has to be a known one: a misspelt key must not pass for a default."""
    for key in record:
        if key not in known:
            raise Malformed("is no key of the contract", key)
