"""Expansion over values: one written entry in, one entry for each combination of its ``values`` out.

``<name>`` in any string stands for the value: where it is the whole string, the value itself takes its place, type
kept.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

from interop.errors import InputInvalid
from interop.yaml_lines import Located

_PLACE = re.compile(r"<([a-z_]+)>")


def expanded(entry: Located, where: str) -> Iterator[tuple[Located, dict[str, str]]]:
    """Each entry with its values filled in, and the values' names as they stand in its id."""
    values = entry.get("values")
    if values is None:
        yield entry, {}
        return
    axes = [_axis(name, axis, where) for name, axis in _mapping(values, where).items()]
    body = {key: value for key, value in entry.items() if key != "values"}
    for combination in itertools.product(*axes):
        by_name = {name: value for name, _, value in combination}
        filled = Located({key: _filled(value, by_name, where) for key, value in body.items() if key != "name"})
        filled["name"] = entry.get("name")
        filled.line = entry.line
        yield filled, {name: label for name, label, _ in combination}


def in_name(name: str, labels: dict[str, str], where: str) -> str:
    """The case's name with the values' names in place of ``<value>``."""
    result = _PLACE.sub(lambda found: labels.get(found[1], found[0]), name)
    left = _PLACE.search(result)
    if left:
        raise InputInvalid(
            where, f"name {name!r} uses <{left[1]}>", f"one of values: {', '.join(labels) or 'none given'}"
        )
    return result


def _mapping(values: Any, where: str) -> dict[str, Any]:
    if not isinstance(values, dict) or not values:
        raise InputInvalid(where, f"values: {values!r}", "a mapping of a name to its values")
    return values


def _axis(name: str, axis: Any, where: str) -> list[tuple[str, str, Any]]:
    if isinstance(axis, dict) and axis:
        return [(name, str(label), value) for label, value in axis.items()]
    if isinstance(axis, list) and axis:
        return [(name, _label(value), value) for value in axis]
    raise InputInvalid(where, f"values of {name!r}: {axis!r}", "a list of words, or a mapping of labels to values")


def _label(value: Any) -> str:
    return str(value).lower().replace("_", "-")


def _filled(value: Any, by_name: dict[str, Any], where: str) -> Any:
    if isinstance(value, str):
        whole = _PLACE.fullmatch(value)
        if whole and whole[1] in by_name:
            return by_name[whole[1]]
        return _PLACE.sub(lambda found: str(by_name.get(found[1], found[0])), value)
    if isinstance(value, list):
        return [_filled(item, by_name, where) for item in value]
    if isinstance(value, dict):
        copy = Located({key: _filled(item, by_name, where) for key, item in value.items()})
        copy.line = getattr(value, "line", 0)
        return copy
    return value
