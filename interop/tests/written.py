"""What the properties of bad input share: documents as text with the line of each key, mistakes, arbitrary values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

Key = tuple[str | int, ...]
# The same examples every time, and no clock: a run that is slow is not wrong.
SETTINGS = settings(
    derandomize=True, database=None, deadline=None, max_examples=50, suppress_health_check=list(HealthCheck)
)
WRONG = 3.5  # of no type that any key takes


@dataclass(slots=True)
class Text:
    """Text as it is written line by line, and the line of each key."""

    lines: list[str] = field(default_factory=list)
    at: dict[Key, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return "\n".join(self.lines) + "\n"

    def write(self, key: Key, line: str) -> None:
        self.at.setdefault(key, len(self.lines) + 1)
        self.lines.append(line)


def yaml_text(document: Any) -> Text:
    """In block style: a line for each key, and for each item of a list."""
    text = Text()
    _yaml(text, (), document, "")
    return text


def _yaml(text: Text, key: Key, value: Any, indent: str) -> None:
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for name, part in parts:
        mark = f"{json.dumps(name)}:" if isinstance(value, dict) else "-"
        if isinstance(part, dict | list) and part:
            text.write((*key, name), f"{indent}{mark}")
            text.at[(*key, name)] += mark == "-"  # an item begins behind its dash
            _yaml(text, (*key, name), part, indent + "  ")
        else:
            text.write((*key, name), f"{indent}{mark} {json.dumps(part)}")


def toml_text(document: dict[str, Any]) -> Text:
    """Tables of keys, and lists of such tables, as people write them."""
    text = Text()
    for name, value in document.items():
        entries = value if isinstance(value, list) else [value]
        for number, entry in enumerate(entries):
            key: Key = (name, number) if isinstance(value, list) else (name,)
            text.write(key, f"[[{_quoted(name)}]]" if isinstance(value, list) else f"[{_quoted(name)}]")
            for part, written in entry.items():
                text.write((*key, part), f"{_quoted(part)} = {toml_value(written)}")
    return text


def toml_value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(name)} = {toml_value(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(part) for part in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return _quoted(value) if isinstance(value, str) else repr(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def changed(document: Any, key: Key, value: Any) -> Any:
    """A copy with another value at that place."""
    if not key:
        return value
    copy: Any = document.copy()
    copy[key[0]] = changed(copy[key[0]], key[1:], value)
    return copy


def without(document: Any, key: Key) -> Any:
    around = found(document, key[:-1])
    return changed(document, key[:-1], {name: value for name, value in around.items() if name != key[-1]})


def renamed(document: Any, key: Key, name: str) -> Any:
    around = found(document, key[:-1])
    return changed(document, key[:-1], {name if old == key[-1] else old: part for old, part in around.items()})


def found(document: Any, key: Key) -> Any:
    for part in key:
        document = document[part]
    return document


def keys(document: Any, free: set[str], key: Key = ()) -> Iterator[Key]:
    """Of every mapping, but for those below the keys in ``free``, in which any word may stand."""
    for name, value in document.items() if isinstance(document, dict) else enumerate(document):
        if isinstance(name, str):
            yield (*key, name)
        if isinstance(value, dict | list) and name not in free:
            yield from keys(value, free, (*key, name))


def typos(name: str) -> st.SearchStrategy[str]:
    """A letter left out, doubled, or changed places with the next."""
    at = st.integers(1, len(name) - 2)
    return st.one_of(
        at.map(lambda n: name[:n] + name[n + 1 :]),
        at.map(lambda n: name[:n] + name[n] + name[n:]),
        at.map(lambda n: name[:n] + name[n + 1] + name[n] + name[n + 2 :]),
    )


def texts(*words: str) -> st.SearchStrategy[str]:
    """Any text, and text made of the words of a language, which gets further."""
    pieces = st.sampled_from([*words, "\n", "\n", " ", "  ", "'", '"', "[", "]", "{", "}", ",", "#", "5", "é", "\t"])
    return st.one_of(st.text(), st.lists(pieces, max_size=30).map("".join))


def values(*words: str) -> st.SearchStrategy[Any]:
    """Whatever can be written, often with words that mean something."""
    names = st.one_of(st.sampled_from(words), st.text(max_size=5))
    numbers = st.one_of(st.integers(), st.floats(), st.sampled_from([0, -1, 2**31, 2**63, 10**30]))
    leaves = st.one_of(st.none(), st.booleans(), numbers, names)
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=8
    )
