"""YAML with line numbers: where each part stands, and what YAML would let slip."""

from __future__ import annotations

import pytest

from interop.errors import InputInvalid
from interop.yaml_lines import at, load

TEXT = """# head
- name: a
  steps:
    - one
    - {two: 2,
       three: 3}
  again: &kept [x]
- other: *kept
"""


def test_each_part_knows_where_it_stands() -> None:
    found = load(TEXT, "f.yaml")
    first, second = found
    assert found == [{"name": "a", "steps": ["one", {"two": 2, "three": 3}], "again": ["x"]}, {"other": ["x"]}]
    assert [at("f.yaml:1", first), at("f.yaml", second)] == ["f.yaml:2", "f.yaml:8"]
    assert [at("f.yaml:1", first, key) for key in first] == ["f.yaml:2", "f.yaml:3", "f.yaml:7"]
    steps = first["steps"]
    assert [at("f.yaml", steps, 0), at("f.yaml", steps, 1), at("f.yaml", steps[1], "three")] == [
        "f.yaml:4",
        "f.yaml:5",
        "f.yaml:6",
    ]


def test_what_has_no_line_stands_where_what_is_around_it_does() -> None:
    assert [at("f.yaml:7", "word"), at("f.yaml:7", {"a": 1}, "a"), at("f.yaml:7", load(TEXT, "f")[0], "none")] == [
        "f.yaml:7"
    ] * 3


LAUGHS = "\n".join(
    f"{name}: &{name} [{', '.join([f'*{before}' if before else 'x'] * 20)}]"
    for before, name in zip(["", *"abc"], "abcd", strict=True)
)
TYPES = "text in quotes, numbers, true, false"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: 1\nb: 2\na: 3", "3: key 'a' stands twice; allowed: once; first in line 1"),
        ("a:\n  b: [1,\n", "3: no valid YAML: did not find expected node content"),
        ("a:\n\tb: 1", "2: no valid YAML: found character that cannot start any token"),
        ("a: 1\nb: \0", "2: no valid YAML: unacceptable character #x0000: control characters are not allowed"),
        ("\nday: 2020-01-01", f"2: '2020-01-01', which YAML takes for a timestamp; allowed: {TYPES}"),
        ("day: 2020-13-45", f"1: '2020-13-45', which YAML takes for a timestamp; allowed: {TYPES}"),
        ("no: 1", "1: a key that YAML takes for a bool: 'no'; allowed: a word; put it in quotes"),
        ("~: 1", "1: a key that YAML takes for a null: '~'; allowed: a word; put it in quotes"),
        ("[a]: 1", "1: a key that YAML takes for a seq: a mapping or a list; allowed: a word; put it in quotes"),
        ("x: &a {b: 1}\ny:\n  <<: *a", "3: a merge (<<); allowed: the keys written out"),
        ("a: 99999999999999999999", "1: '99999999999999999999'; allowed: a whole number of at most 64 bits"),
        ("a: " + "9" * 5000, "1: '9999"),
        ("a: 0x" + "f" * 5000, "1: '0xffff"),
        ("a: .nan", "1: '.nan'; allowed: a number"),
        ("a: -.inf", "1: '-.inf'; allowed: a number"),
        ("a: !!int", "1: ''; allowed: a whole number of at most 64 bits"),
        ("a: !!float", "1: ''; allowed: a number"),
        ("a: !!int x", "1: 'x'; allowed: a whole number of at most 64 bits"),
        ("a: !!float x", "1: 'x'; allowed: a number"),
        ("a: !!bool x", "1: 'x'; allowed: true or false"),
        ("a: !!map x", f"1: 'x', which YAML takes for a map; allowed: {TYPES}"),
        ("a: !!set {x}", "1: the tag 'tag:yaml.org,2002:set'; allowed: mappings, lists, strings, numbers"),
        ("a: !!binary AA==", f"1: 'AA==', which YAML takes for a binary; allowed: {TYPES}"),
        ("a: !!python/object:os.system x", "1: 'x', which YAML takes for a os.system; allowed: "),
        ("a: &a [*a]", "1: no valid YAML: found unconstructable recursive node"),
        ("a: *b", "1: no valid YAML: found undefined alias"),
        (LAUGHS, "4: aliases that stand for ever more; allowed: 100000 values in one file"),
        ("a\n---\nb", "2: no valid YAML: but found another document"),
    ],
)
def test_what_is_no_plain_value_is_told_where_it_stands(text: str, sentence: str) -> None:
    with pytest.raises(InputInvalid) as caught:
        load(text, "f.yaml")
    assert str(caught.value).startswith(f"f.yaml:{sentence}")


def test_lists_without_end_are_told() -> None:
    with pytest.raises(InputInvalid, match=r"^f\.yaml: no valid YAML: too deep in one another$"):
        load("[" * 2000 + "]" * 2000, "f.yaml")
