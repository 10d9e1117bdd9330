"""Messages of the catalogue: what is sent, and what an observation of it has to look like."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interop.contract import Fill, Message
from interop.errors import InputInvalid
from interop.model import Repeated
from interop.payload import LONGEST_WHOLE, observed_text, pattern, to_expect, to_send, whole

README = Path(__file__).parent.parent / "README.md"


def test_the_pattern_is_the_one_of_the_contract() -> None:
    (size, vector), *_ = re.findall(r"Test vector: size (\d+) is `([0-9a-f]+)`", README.read_text(encoding="utf-8"))
    assert (len(vector), pattern(int(size))) == (70, vector)


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_shorter_pattern_is_the_beginning_of_a_longer_one(one: int, other: int) -> None:
    short, long = sorted((one, other))
    assert (pattern(long)[:short], len(pattern(long))) == (pattern(short), long)


def test_a_string_is_reported_whole_up_to_the_border_of_the_contract() -> None:
    assert observed_text("用" * LONGEST_WHOLE) == "用" * LONGEST_WHOLE
    digest = hashlib.sha256(("用" * (LONGEST_WHOLE + 1)).encode()).hexdigest()
    assert observed_text("用" * (LONGEST_WHOLE + 1)) == f"sha256:{digest}:1025"


def test_what_is_filled_is_sent_as_a_size_and_expected_as_a_digest() -> None:
    fields = {"user_id": {"fill": 2000}, "name": "n"}
    assert to_send(fields, "f:1") == Message(json={"name": "n"}, fill=Fill(field="user_id", size=2000))
    assert to_expect(fields, "f:1") == {"user_id": observed_text(pattern(2000)), "name": "n"}


def test_a_filled_field_can_stand_between_other_text() -> None:
    assert to_expect({"name": {"fill": 3, "prefix": "User ", "suffix": "!"}}, "f:1") == {"name": "User 5fe!"}


def test_what_stands_within_a_message_is_sent_as_it_is_and_expected_as_it_is_observed() -> None:
    long = "x" * 2000
    fields = {
        "size": {"fill_mm": 5, "note": long},
        "labels": [long, "a"],
        "pieces": {"front": "3"},
        "lines": [{"n": 1}],
    }
    assert to_send(fields, "f:1") == Message(json=fields)
    assert to_expect(fields, "f:1") == {
        **fields,
        "size": {"fill_mm": 5, "note": observed_text(long)},
        "labels": [observed_text(long), "a"],
    }


def test_raw_bytes_are_sent_as_they_are() -> None:
    assert to_send({"raw": "AAE="}, "f:1") == Message(raw="AAE=")


def test_a_number_stands_for_itself_in_each_of_many() -> None:
    each = {"user_id": "u{i}-{i}", "page_size": 1}
    assert whole(Repeated(count=2, each=each)) == [{**each, "user_id": "u0-0"}, {**each, "user_id": "u1-1"}]
    deep = {"of": {"name": "{i}"}, "names": ["{i}", 1], "pieces": {"sku-{i}": "{i}"}}
    assert whole(Repeated(count=2, each=deep))[1] == {"of": {"name": "1"}, "names": ["1", 1], "pieces": {"sku-1": "1"}}
    assert whole([each]) == [each], "without a count nothing is replaced"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ("text", "f:1: message 'text'; allowed: a mapping of field names to values"),
        ({"a": {"fill": 1}, "b": {"fill": 1}}, "f:1: two filled fields in one message; allowed: one"),
    ],
)
def test_what_is_no_message_is_told(fields: object, sentence: str) -> None:
    with pytest.raises(InputInvalid) as caught:
        to_send(fields, "f:1")
    assert str(caught.value) == sentence
