"""What a case needs of a server beyond its address, and what is left of it without."""

from __future__ import annotations

from pathlib import Path

import pytest

from interop import plain_case
from interop.model import Case
from interop.tests.miniatures import read_cases

CALL = "  calls: [{method: GetUser, steps: []}]\n"
SECOND = "  calls: [{method: GetUser, steps: []}, {method: GetUser, steps: [], plan: []}]\n"
OK = "  expect: {code: OK}\n"
WITH_HANDLER = "  expect: {code: OK, handler: {sees: any}}\n"


def case_of(folder: Path, text: str) -> Case:
    (case,) = read_cases(folder, f"- name: unary/a\n  why: w\n{text}")
    return case


@pytest.mark.parametrize(
    ("text", "need"),
    [
        (CALL + OK, ""),
        (CALL + "  expect: [{code: OK, because: a}, {code: any, because: b}]\n", ""),
        (SECOND + OK, "a plan"),
        (CALL + "  plan: []\n" + OK, "a plan"),
        (CALL + "  configuration: {name: slow}\n" + OK, "the configuration 'slow'"),
        (CALL + WITH_HANDLER, "the handler's view"),
        (CALL + "  expect: {code: OK, handler: never}\n", "the handler's view"),
        (CALL + "  unspecified: nobody says\n", "the handler's view"),
        (CALL + "  plan: []\n" + WITH_HANDLER, "a plan"),
    ],
)
def test_what_a_case_needs(tmp_path: Path, text: str, need: str) -> None:
    assert plain_case.needs(case_of(tmp_path, text)) == need


def test_without_the_handlers_part_the_clients_part_is_as_it_was(tmp_path: Path) -> None:
    (call,) = case_of(tmp_path, CALL + "  expect: {code: ABORTED, message: nope, handler: never}\n").calls
    (left,) = plain_case.seen_by_the_client(call.expect)
    assert (left.handler, left.code, left.message, left.messages) == (None, "ABORTED", "nope", [])
