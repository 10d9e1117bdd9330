"""Long strings, by the contract's algorithms: a pattern to fill a field with, and a digest to report one by."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import Any

# Strings of up to this many characters are reported whole.
WHOLE = 1024


@lru_cache(maxsize=8)
def pattern(size: int) -> str:
    """The first ``size`` characters of the pattern: hexadecimal SHA-256 of "0", "1", …, one after another."""
    blocks = range((size + 63) // 64)
    return "".join([sha256(b"%d" % block).hexdigest() for block in blocks])[:size]


def digest(text: str) -> str:
    """The string itself, or ``sha256:HEX:LENGTH`` for a long one."""
    if len(text) <= WHOLE:
        return text
    return f"sha256:{sha256(text.encode()).hexdigest()}:{len(text)}"


def digest_all(value: Any) -> Any:
    """The same JSON with every long string in it (keys aside) as its digest."""
    if isinstance(value, str):
        return digest(value)
    if isinstance(value, list):
        return [digest_all(part) for part in value]
    if isinstance(value, dict):
        return {key: digest_all(part) for key, part in value.items()}
    return value


def replace_all(value: Any, old: str, new: str) -> Any:
    """The same JSON with ``old`` replaced in every string in it, keys (of maps) too."""
    if isinstance(value, str):
        return value.replace(old, new)
    if isinstance(value, list):
        return [replace_all(part, old, new) for part in value]
    if isinstance(value, dict):
        return {key.replace(old, new): replace_all(part, old, new) for key, part in value.items()}
    return value
