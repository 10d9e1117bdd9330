"""YAML with line numbers: in, the text of a file; out, plain values whose mappings and lists know their lines.

Refuses what YAML lets slip: a key that stands twice in one mapping, dates, numbers that no language holds. What an
unquoted ``no`` or ``2020-01-01`` is taken for is told where it stands.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

import yaml

from interop.errors import InputInvalid, shown

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # a PyYAML built without libyaml: the same values, slower
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

# An alias stands for all that its anchor holds: a few lines of them can stand for more than there is memory.
_MOST_VALUES = 100_000
_INTEGER = "a whole number of at most 64 bits"
_NUMBER = "a number"


class Located(dict[str, Any]):
    """A mapping that knows the line it begins at, counted from 1, and those of its keys."""

    line: int
    lines: dict[str, int]

    def with_values(self, items: dict[str, Any]) -> Located:
        """Other values, in the same place."""
        copy = Located(items)
        copy.line, copy.lines = self.line, self.lines
        return copy


class LocatedList(list[Any]):
    """A list that knows the line of each of its items."""

    lines: list[int]

    def with_values(self, items: list[Any]) -> LocatedList:
        copy = LocatedList(items)
        copy.lines = self.lines
        return copy


def at(where: str, around: Any, part: str | int | None = None) -> str:
    """``FILE:LINE`` of a mapping, or of a part of a mapping or list; ``where`` itself, if that is not known."""
    line = getattr(around, "line", None) if part is None else None
    if isinstance(around, Located) and isinstance(part, str):
        line = around.lines.get(part)
    if isinstance(around, LocatedList) and isinstance(part, int):
        line = around.lines[part]
    if not line:
        return where
    file, _, number = where.rpartition(":")
    return f"{file if number.isdigit() else where}:{line}"


class _Refused(Exception):
    """What YAML would let slip, and what is allowed in its place."""

    def __init__(self, node: yaml.Node, found: str, allowed: str, hint: str = "") -> None:
        super().__init__(found)
        self.line, self.found, self.allowed, self.hint = _line(node), found, allowed, hint


class _LineLoader(_Loader):
    yaml_constructors: ClassVar[dict[Any, Any]] = {}  # filled below, only with what is allowed

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._sizes: dict[Any, int] = {}

    def mapping(self, node: yaml.Node) -> Located:
        if not isinstance(node, yaml.MappingNode):
            self.other(node)
        found = Located()
        found.line, found.lines = _line(node), {}
        for key_node, value_node in node.value:
            key = self._key(key_node)
            if key in found:
                raise _Refused(key_node, f"key {key!r} stands twice", "once", f"first in line {found.lines[key]}")
            found.lines[key] = _line(key_node)
            found[key] = self.construct_object(value_node, deep=True)
        self._count(node, [value for _, value in node.value])
        return found

    def sequence(self, node: yaml.Node) -> LocatedList:
        if not isinstance(node, yaml.SequenceNode):
            self.other(node)
        found = LocatedList(self.construct_object(item, deep=True) for item in node.value)
        found.lines = [_line(item) for item in node.value]
        self._count(node, node.value)
        return found

    def number(self, node: yaml.ScalarNode) -> int:
        try:
            found: int = self.construct_yaml_int(node)
        except (ValueError, IndexError):  # IndexError: PyYAML's own, where nothing stands
            raise _Refused(node, _text(node), _INTEGER) from None
        if not -(2**63) <= found < 2**63:
            raise _Refused(node, _text(node), _INTEGER)
        return found

    def fraction(self, node: yaml.ScalarNode) -> float:
        try:
            found: float = self.construct_yaml_float(node)
        except (ValueError, IndexError):  # IndexError: PyYAML's own, where nothing stands
            raise _Refused(node, _text(node), _NUMBER) from None
        if not math.isfinite(found):
            raise _Refused(node, _text(node), _NUMBER)
        return found

    def truth(self, node: yaml.ScalarNode) -> bool:
        if node.value.lower() not in self.bool_values:
            raise _Refused(node, _text(node), "true or false")
        found: bool = self.construct_yaml_bool(node)
        return found

    def other(self, node: yaml.Node) -> Any:
        kind = str(node.tag).rpartition(":")[2]
        if kind == "merge":
            raise _Refused(node, "a merge (<<)", "the keys written out")
        if isinstance(node, yaml.ScalarNode):
            raise _Refused(
                node, f"{_text(node)}, which YAML takes for a {kind}", "text in quotes, numbers, true, false"
            )
        raise _Refused(node, f"the tag {node.tag!r}", "mappings, lists, strings, numbers, true, false, null")

    def _key(self, node: yaml.Node) -> str:
        key = self.construct_object(node, deep=True)
        if isinstance(key, bool) or not isinstance(key, str | int):
            kind = str(node.tag).rpartition(":")[2]
            raise _Refused(node, f"a key that YAML takes for a {kind}: {_text(node)}", "a word", "put it in quotes")
        return str(key)

    def _count(self, node: yaml.Node, parts: list[yaml.Node]) -> None:
        self._sizes[node] = 1 + sum(self._sizes.get(part, 1) for part in parts)
        if self._sizes[node] > _MOST_VALUES:
            raise _Refused(node, "aliases that stand for ever more", f"{_MOST_VALUES} values in one file")


for _tag, _constructor in {
    "map": _LineLoader.mapping,
    "seq": _LineLoader.sequence,
    "str": _LineLoader.construct_yaml_str,
    "int": _LineLoader.number,
    "float": _LineLoader.fraction,
    "bool": _LineLoader.truth,
    "null": _LineLoader.construct_yaml_null,
}.items():
    _LineLoader.add_constructor(f"tag:yaml.org,2002:{_tag}", _constructor)
_LineLoader.add_constructor(None, _LineLoader.other)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _text(node: yaml.Node) -> str:
    return shown(node.value) if isinstance(node, yaml.ScalarNode) else "a mapping or a list"


def load(text: str, where: str) -> Any:
    """Raises ``InputInvalid`` naming the line."""
    try:
        return yaml.load(text, Loader=_LineLoader)  # noqa: S506 - it derives from the safe loader
    except _Refused as refused:
        raise InputInvalid(f"{where}:{refused.line}", refused.found, refused.allowed, refused.hint) from refused
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        position = getattr(error, "position", None)  # where a character is that YAML does not know
        line = mark.line + 1 if mark else text.count("\n", 0, position) + 1 if position is not None else 1
        problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
        raise InputInvalid(f"{where}:{line}", f"no valid YAML: {problem}") from error
    except RecursionError as error:
        raise InputInvalid(where, "no valid YAML: too deep in one another") from error
