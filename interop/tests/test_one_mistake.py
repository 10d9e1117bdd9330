"""One mistake in a good file is told with its line, what was found, what is allowed, and the nearest right name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interop.tests import written
from interop.tests.good_files import KINDS, File, prepared
from interop.tests.written import SETTINGS, WRONG, Key

each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@pytest.fixture
def inside(tmp_path: Path, kind: File) -> Path:
    return prepared(tmp_path, kind)


@each_kind
def test_the_good_one_is_read(kind: File, inside: Path) -> None:
    assert kind.told(inside, str(kind.text(kind.good))) == ""


@each_kind
def test_a_misspelt_key_is_told_with_its_line_and_the_right_name(kind: File, inside: Path) -> None:
    @SETTINGS
    @given(st.sampled_from(kind.keys).flatmap(lambda key: st.tuples(st.just(key), written.typos(str(key[-1])))))
    def holds(example: tuple[Key, str]) -> None:
        key, typo = example
        names = {str(other[-1]) for other in kind.keys}
        if typo in names:
            return  # message, of messages
        alike = {name for name in names if name.startswith(str(key[-1])) or str(key[-1]).startswith(name)}
        text = kind.text(written.renamed(kind.good, key, typo))
        told = kind.told(inside, str(text))
        assert told.startswith(f"{kind.name}:{text.at[(*key[:-1], typo)]}: ")
        assert f"unknown {'step' if key[-1] in STEPS else 'key'} {typo!r}" in told
        assert told.endswith(tuple(f"did you mean {name!r}?" for name in alike))

    holds()


STEPS = ("send", "receive", "receive_all", "await", "headers", "wait", "finish", "serve")


@each_kind
def test_a_value_of_another_type_is_told_with_its_line(kind: File, inside: Path) -> None:
    @SETTINGS
    @given(st.sampled_from(kind.keys))
    def holds(key: Key) -> None:
        text = kind.text(written.changed(kind.good, key, WRONG))
        told = kind.told(inside, str(text))
        assert told.startswith(f"{kind.name}:{text.at[key]}: ")
        assert str(WRONG) in told
        assert "; allowed: " in told

    holds()


@each_kind
def test_a_key_that_stands_twice_is_told_with_both_lines(kind: File, inside: Path) -> None:
    @SETTINGS
    @given(st.sampled_from(kind.keys))
    def holds(key: Key) -> None:
        text = kind.text(kind.good)
        line = text.lines[text.at[key] - 1]
        text.lines.insert(text.at[key] - 1, line if "=" in line else f"{line.partition(':')[0]}: 1")
        told = kind.told(inside, str(text))
        assert told.startswith(f"{kind.name}:{text.at[key] + 1}: ")
        assert told.endswith(f"stands twice; allowed: once; first in line {text.at[key]}")

    holds()


@each_kind
def test_an_entry_that_stands_twice_is_told_with_both_lines(kind: File, inside: Path) -> None:
    text = kind.text(kind.good)
    first = 2 if isinstance(kind.good, list) else 1  # behind the dash
    told = kind.told(inside, "\n".join([*text.lines, *text.lines]) + "\n")
    assert told.startswith(f"{kind.name}:{len(text.lines) + first}: ")
    assert told.endswith(f"stands twice; allowed: once; first in line {first}")


MISSING = [
    (kind, key)
    for kind in KINDS
    for key in written.keys(kind.good, set(kind.free))
    if key[-1] in kind.required and len(key) > 1
]


@pytest.mark.parametrize(("kind", "key"), MISSING, ids=lambda part: str(getattr(part, "name", part)))
def test_a_key_that_is_missing_is_told_with_the_line_of_what_lacks_it(kind: File, key: Key, inside: Path) -> None:
    text = kind.text(written.without(kind.good, key))
    first_key = min(line for other, line in text.at.items() if other[:-1] == key[:-1])
    line = text.at[key[:-1]] if kind.name.endswith(".toml") else first_key
    told = kind.told(inside, str(text))
    assert told.startswith(f"{kind.name}:{line}: ")
    assert f" without {key[-1]!r}; allowed: " in told
