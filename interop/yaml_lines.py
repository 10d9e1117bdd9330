"""YAML with line numbers: in, the text of a file; out, plain values whose mappings know their line (``Located.line``).

Refuses what YAML lets slip: a key that stands twice in one mapping.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml

from interop.errors import InputInvalid

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # a PyYAML built without libyaml: the same values, slower
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]


class Located(dict[str, Any]):
    """A mapping that knows the line it begins at, counted from 1."""

    line: int


class _LineLoader(_Loader):
    def construct_located(self, node: yaml.MappingNode) -> Located:
        found = Located()
        found.line = node.start_mark.line + 1
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            line = key_node.start_mark.line + 1
            if not isinstance(key, Hashable) or isinstance(key, (tuple, Located)):
                raise yaml.constructor.ConstructorError(None, None, "a key must be a word", key_node.start_mark)
            key = str(key)
            if key in found:
                raise yaml.constructor.ConstructorError(None, None, f"key {key!r} stands twice", key_node.start_mark)
            found[key] = self.construct_object(value_node, deep=True)
            found.line = min(found.line, line)
        return found


_LineLoader.add_constructor("tag:yaml.org,2002:map", _LineLoader.construct_located)


def load(text: str, where: str) -> Any:
    """Raises ``InputInvalid`` naming the line."""
    try:
        return yaml.load(text, Loader=_LineLoader)  # noqa: S506 - it derives from the safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise InputInvalid(f"{where}{line}", f"no valid YAML: {problem}") from error
