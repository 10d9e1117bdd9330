"""Messages as the catalogue writes them: into what a Call line carries, and into what an observation of them must
look like.

The catalogue writes ``{user_id: {fill: 1048576}}`` for a string field of so many characters of the pattern (see
README.md, Steps).
"""

from __future__ import annotations

import base64
import functools
import hashlib
from typing import Any

from interop.contract import Fill, Message
from interop.errors import InputInvalid, shown
from interop.model import Messages, Repeated

# The contract's border between a string that is reported whole and one reported as its digest, in characters.
LONGEST_WHOLE = 1024
_FILL_KEYS = ("fill", "prefix", "suffix")
# Above what any library takes as shipped, below what a machine has.
MOST_FILL = 64 * 1024 * 1024


@functools.cache
def pattern(size: int) -> str:
    """The contract's pattern: SHA-256 of "0", "1", … in hexadecimal, one after another, cut to ``size`` characters."""
    blocks = (size + 63) // 64
    return "".join(hashlib.sha256(str(number).encode()).hexdigest() for number in range(blocks))[:size]


@functools.lru_cache(maxsize=256)
def observed_text(text: str) -> str:
    """A string as an observation reports it: whole, or as digest and length."""
    if len(text) <= LONGEST_WHOLE:
        return text
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}:{len(text)}"


def to_send(fields: Any, where: str) -> Message:
    """A message of the catalogue as the contract's Message. Raises ``InputInvalid``."""
    if isinstance(fields, dict) and set(fields) == {"raw"}:
        return Message(raw=base64_text(fields["raw"], where))
    _check(fields, ("fill",), where)
    fills = [Fill(field=name, size=value["fill"]) for name, value in fields.items() if _is_fill(value)]
    if len(fills) > 1:
        raise InputInvalid(where, "two filled fields in one message", "one")
    plain = {name: value for name, value in fields.items() if not _is_fill(value)}
    return Message(json=plain, fill=fills[0] if fills else None)


def base64_text(text: Any, where: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except (TypeError, ValueError) as error:
        raise InputInvalid(where, shown(text), "base64 with its padding, such as AAE=") from error
    return str(text)


def to_expect(fields: Any, where: str) -> dict[str, Any]:
    """A message of the catalogue as an observation of it has to look. Raises ``InputInvalid``."""
    _check(fields, _FILL_KEYS, where)
    return {name: _expected(value) for name, value in fields.items()}


def _is_fill(value: Any) -> bool:
    """A mapping of other keys is a message or a map within the message."""
    return isinstance(value, dict) and "fill" in value and value.keys() <= set(_FILL_KEYS)


def _check(fields: Any, keys: tuple[str, ...], where: str) -> None:
    if not isinstance(fields, dict):
        raise InputInvalid(where, f"message {shown(fields)}", "a mapping of field names to values")
    for name, value in fields.items():
        if _is_fill(value):
            _check_fill(name, value, keys, where)
        elif isinstance(value, dict):
            _check(value, keys, where)


def _check_fill(name: str, value: dict[str, Any], keys: tuple[str, ...], where: str) -> None:
    size = value["fill"]
    words = [value[key] for key in value if key != "fill"]
    good = value.keys() <= set(keys) and all(isinstance(word, str) for word in words)
    if not good or not isinstance(size, int) or isinstance(size, bool) or not 0 <= size <= MOST_FILL:
        allowed = f"{', '.join(keys)}, with fill from 0 to {MOST_FILL}"
        raise InputInvalid(where, f"field {name!r}: {shown(value)}", allowed)


def _expected(value: Any) -> Any:
    if isinstance(value, str):
        return observed_text(value)
    if isinstance(value, list):
        return [_expected(item) for item in value]
    if not isinstance(value, dict):
        return value
    if _is_fill(value):
        return observed_text(value.get("prefix", "") + pattern(value["fill"]) + value.get("suffix", ""))
    return {name: _expected(item) for name, item in value.items()}


def whole(messages: Messages) -> list[dict[str, Any]]:
    """Every message of what may be kept short, as the contract's ``send`` with ``count`` makes them."""
    if not isinstance(messages, Repeated):
        return messages
    return [_numbered(messages.each, str(number)) for number in range(messages.count)]


def _numbered(value: Any, number: str) -> Any:
    """Within lists, messages and maps too, and in the keys of maps."""
    if isinstance(value, str):
        return value.replace("{i}", number)
    if isinstance(value, list):
        return [_numbered(item, number) for item in value]
    if isinstance(value, dict):
        return {_numbered(key, number): _numbered(item, number) for key, item in value.items()}
    return value
