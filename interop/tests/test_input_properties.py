"""Whatever a person writes is read, or told as ``InputInvalid``; what is read is what was written."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interop import cases, implementations, record, selection, toml_lines, yaml_lines
from interop.errors import InputInvalid
from interop.tests import written
from interop.tests.good_files import KINDS, File, prepared
from interop.tests.report import sample
from interop.tests.written import SETTINGS, Key

each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@pytest.fixture
def inside(tmp_path: Path, kind: File) -> Path:
    return prepared(tmp_path, kind)


@each_kind
def test_any_text_is_read_or_told(kind: File, inside: Path) -> None:
    @SETTINGS
    @given(written.texts(*kind.words))
    def holds(text: str) -> None:
        told = kind.told(inside, text)
        assert told == "" or told.startswith(kind.name)

    holds()


@each_kind
def test_any_bytes_are_read_or_told(kind: File, inside: Path) -> None:
    @SETTINGS
    @given(st.binary(max_size=30))
    def holds(data: bytes) -> None:
        told = kind.told(inside, data)
        assert told == "" or told.startswith(kind.name)

    holds()


@each_kind
def test_any_value_in_place_of_a_good_one_is_read_or_told(kind: File, inside: Path) -> None:
    """Read means, for cases: they can go to the programs too."""
    words = (*sorted({str(key[-1]) for key in kind.keys}), "fill", "raw", "any", "plain", "unary/a")

    @SETTINGS
    @given(st.sampled_from(sorted(kind.text(kind.good).at, key=str)), written.values(*words))
    def holds(key: Key, value: Any) -> None:
        told = kind.told(inside, str(kind.text(_tables(kind, written.changed(kind.good, key, value)))))
        assert told == "" or told.startswith(kind.name)
        if told == "" and kind.read is cases.read_file:
            msgspec.json.encode(kind.read(inside / kind.name))

    holds()


def _tables(kind: File, document: Any) -> Any:
    """What TOML can write: no null, and mappings at the top."""
    if not kind.name.endswith(".toml"):
        return document
    tops = {name: value for name, value in document.items() if _is_table(value)}
    return _without_null(tops)


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and all(isinstance(one, dict) for one in value))


def _without_null(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_null(part) for name, part in value.items() if part is not None}
    return [_without_null(part) for part in value if part is not None] if isinstance(value, list) else value


LETTERS = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=5)
PARTS = st.recursive(
    st.integers(-(2**63), 2**63 - 1) | st.booleans() | LETTERS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LETTERS, inner, max_size=3),
    max_leaves=6,
)


@SETTINGS
@given(st.dictionaries(LETTERS, PARTS, min_size=1, max_size=4) | st.lists(PARTS, min_size=1, max_size=4))
def test_yaml_comes_back_as_it_was_written_with_the_line_of_each_part(document: Any) -> None:
    text = written.yaml_text(document)
    found = yaml_lines.load(str(text), "f.yaml")
    assert found == document
    for key, line in text.at.items():
        assert yaml_lines.at("f.yaml", written.found(found, key[:-1]), key[-1]) == f"f.yaml:{line}"


TABLE = st.dictionaries(LETTERS, PARTS, max_size=3)


@SETTINGS
@given(st.dictionaries(LETTERS, TABLE | st.lists(TABLE, min_size=1, max_size=3), max_size=3))
def test_toml_comes_back_as_it_was_written_with_the_line_of_each_part(document: Any) -> None:
    text = written.toml_text(document)
    path = Path("f.toml")
    found = toml_lines.Toml(path, str(text), tomllib.loads(str(text)))
    assert found.values == document
    for key, line in text.at.items():
        assert found.where(*key) == f"f.toml:{line}"


def test_results_that_are_cut_anywhere_are_read_up_to_there_or_told(tmp_path: Path) -> None:
    path, whole = tmp_path / record.NAME, sample.red()
    writer = record.Writer(path)
    assert whole.footer is not None
    lines: list[record.Line] = [whole.header, *whole.spoke, *whole.records, whole.footer]
    for line in lines:
        writer.write(line)
    writer.close()
    data = path.read_bytes()

    @SETTINGS
    @given(st.integers(0, len(data)))
    def holds(cut: int) -> None:
        path.write_bytes(data[:cut])
        if b"\n" not in data[:cut]:
            with pytest.raises(InputInvalid, match="no header line"):
                record.read(path)
        else:
            records = record.read(path).records
            assert {one.id: one for one in records} == {one.id: one for one in whole.records[: len(records)]}

    holds()


@SETTINGS
@given(written.texts("go", "python", "go-connect"), st.sampled_from(["--clients", "--servers"]))
def test_any_names_of_an_option_are_taken_or_told(text: str, option: str) -> None:
    every = implementations.read()
    names = [name.strip() for name in text.split(",")]
    if set(names) <= set(every) and len(set(names)) == len(names):
        assert implementations.chosen(every, selection.names(text, option), option) == names
    else:
        with pytest.raises(InputInvalid, match=f"^{option}: "):
            implementations.chosen(every, selection.names(text, option), option)
