"""Expansion over values: one written entry in, one entry for each combination of its ``values`` out.

``<name>`` in any string stands for the value: where it is the whole string, the value itself takes its place, type
kept.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

from interop.errors import InputInvalid, nearest, shown
from interop.yaml_lines import Located, LocatedList, at

_PLACE = re.compile(r"<([a-z_]+)>")
# An id is a folder of logs and a word on a command line.
IN_ID = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")


def expanded(entry: Located, where: str) -> Iterator[tuple[Located, dict[str, str]]]:
    """Each entry with its values filled in, and the values' names as they stand in its id."""
    values = entry.get("values")
    if values is None:
        yield entry, {}
        return
    axes = [_axis(name, axis, at(where, values, name)) for name, axis in _mapping(entry, where).items()]
    for name in values:
        if f"<{name}>" not in str(entry.get("name")):
            found = f"name {shown(entry.get('name'))} without <{name}>"
            raise InputInvalid(at(where, entry, "name"), found, "a name that tells its values apart")
    body = {key: value for key, value in entry.items() if key != "values"}
    for combination in itertools.product(*axes):
        by_name = {name: value for name, _, value in combination}
        filled = {key: _filled(value, by_name) for key, value in body.items() if key != "name"}
        yield entry.with_values({**filled, "name": entry.get("name")}), {name: label for name, label, _ in combination}


def in_name(name: str, labels: dict[str, str], where: str) -> str:
    """The case's name with the values' names in place of ``<value>``."""
    result = _PLACE.sub(lambda found: labels.get(found[1], found[0]), name)
    left = _PLACE.search(result)
    if left:
        raise InputInvalid(
            where,
            f"name {name!r} uses <{left[1]}>",
            f"one of values: {', '.join(labels) or 'none given'}",
            nearest(left[1], labels),
        )
    if not IN_ID.fullmatch(result):
        raise InputInvalid(where, f"id {shown(result)}", "letters, digits, '-', '_', '.' between slashes")
    return result


def _mapping(entry: Located, where: str) -> dict[str, Any]:
    values = entry["values"]
    if not isinstance(values, dict) or not values:
        raise InputInvalid(at(where, entry, "values"), f"values: {shown(values)}", "a mapping of a name to its values")
    return values


def _axis(name: str, axis: Any, where: str) -> list[tuple[str, str, Any]]:
    if isinstance(axis, dict) and axis:
        return [(name, str(label), value) for label, value in axis.items()]
    if isinstance(axis, list) and axis:
        return [(name, _label(value), value) for value in axis]
    raise InputInvalid(where, f"values of {name!r}: {shown(axis)}", "a list of words, or a mapping of labels to values")


def _label(value: Any) -> str:
    return str(value).lower().replace("_", "-")


def _filled(value: Any, by_name: dict[str, Any]) -> Any:
    if isinstance(value, str):
        whole = _PLACE.fullmatch(value)
        if whole and whole[1] in by_name:
            return by_name[whole[1]]
        return _PLACE.sub(lambda found: str(by_name.get(found[1], found[0])), value)
    if isinstance(value, LocatedList):
        return value.with_values([_filled(item, by_name) for item in value])
    if isinstance(value, Located):
        return value.with_values({key: _filled(item, by_name) for key, item in value.items()})
    return value
