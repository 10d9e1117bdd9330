"""A mapping as a person wrote it → a value with types. In: plain values, and how to find the line of a key.

Out: the value, or ``InputInvalid`` that names the key, what was found there, what is allowed, and a hint.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import msgspec

from interop.errors import InputInvalid, nearest, shown

Struct = TypeVar("Struct", bound=msgspec.Struct)
_PROBLEM = re.compile(r"(?P<what>.*?)(?:, got `[^`]*`)?(?: - at `\$\.?(?P<key>\w*)(?P<rest>.*)`)?$", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(\w+)`")
_WORDS = {
    "str": "a string",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "null",
}


def typed(written: Any, kind: type[Struct], what: str, where: Callable[..., str]) -> Struct:
    """``where(key)`` is the place of a key, ``where()`` that of the whole. Raises ``InputInvalid``."""
    keys = kind.__struct_fields__
    if not isinstance(written, dict):
        raise InputInvalid(where(), f"{what}: {shown(written)}", f"a mapping with {', '.join(keys)}")
    for key in written:
        if key not in keys:
            raise InputInvalid(where(key), f"unknown key {key!r} in {what}", ", ".join(keys), nearest(key, keys))
    try:
        return msgspec.convert(dict(written), kind)
    except msgspec.ValidationError as error:
        missing = _MISSING.fullmatch(str(error))
        if missing:
            raise InputInvalid(where(), f"{what} without {missing[1]!r}", ", ".join(keys)) from error
        raise _mistake(written, kind, str(error), where) from error


def _mistake(written: dict[str, Any], kind: type[Struct], problem: str, where: Callable[..., str]) -> InputInvalid:
    found = _PROBLEM.fullmatch(problem)
    if found is None or found["key"] not in written:
        return InputInvalid(where(), problem)
    key, value = found["key"], written[found["key"]]
    words = list(_literals(typing.get_type_hints(kind)[key]))
    hint = nearest(value, words) if isinstance(value, str) else ""
    if not words and "`str" in found["what"] and not isinstance(value, str | list | dict):
        hint = "put it in quotes, if it is text"
    return InputInvalid(where(key), f"{key}: {shown(value)}", _allowed(found, words), hint)


def _allowed(found: re.Match[str], words: list[str]) -> str:
    if words:
        return ", ".join(words) + (", or a list of them" if "array" in found["what"] else "")
    expected = found["what"].removeprefix("Expected ")
    for name, word in _WORDS.items():
        expected = re.sub(rf"\b{name}\b(?=[^`]*`)", word, expected)
    expected = expected.replace("`", "").replace(" | ", " or ").replace("of length >= 1", "that is not empty")
    expected = expected.replace("matching regex", "like")
    return expected + (" in each place of it" if found["rest"] else "")


def _literals(hint: Any) -> Iterator[str]:
    for part in typing.get_args(hint):
        if isinstance(part, str):
            yield part
        else:
            yield from _literals(part)
