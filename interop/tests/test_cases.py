"""YAML → Case: what is left out is filled in strictly, values are expanded, each mistake is told where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from interop import cases
from interop.contract import Configuration, Message, Status, Step
from interop.errors import InputInvalid
from interop.model import GIVE_UP_AFTER_MS, CallSpec, Case, HandlerOutcome, Outcome
from interop.tests.miniatures import read_cases, write_cases

CALLS = '  calls: [{method: GetUser, steps: [send: {user_id: "1"}, receive_all]}]\n'
OK = "  expect: {code: OK}\n"
HEAD = "- name: unary/a\n  why: w\n"


def told(folder: Path, text: str, methods: str | None = None) -> str:
    """The sentence of the one mistake in a group of cases."""
    path = write_cases(folder, text)
    if methods is not None:
        (folder / cases.METHODS).write_text(methods)
    with pytest.raises(InputInvalid) as caught:
        cases.read_file(path)
    return str(caught.value).removeprefix(f"{folder}/")


def test_the_least_that_a_case_says_expects_the_most(tmp_path: Path) -> None:
    text = """
- name: unary/least
  why: because
  calls: [{method: GetUser, metadata: [[x-a, "1"]], deadline_ms: 500, steps: [send: {user_id: "1"}, receive_all]}]
  expect: {code: OK}
"""
    steps = [Step(do="send", message=Message(json={"user_id": "1"})), Step(do="receive_all")]
    handler = HandlerOutcome(
        sees=1,
        metadata=[("x-a", "1")],
        messages=[{"user_id": "1"}],
        left=["returned"],
        deadline="present",
    )
    outcome = Outcome(code="OK", message=None, details=[], messages=[], initial=[], trailing=[], handler=handler)
    spec = CallSpec(
        method="/users.UserService/GetUser",
        mode="unary",
        steps=steps,
        metadata=[("x-a", "1")],
        deadline_ms=500,
        give_up_after_ms=GIVE_UP_AFTER_MS,
        expect=[outcome],
    )
    assert read_cases(tmp_path, text) == [
        Case(
            id="unary/small/least",
            base="unary/small/least",
            mode="unary",
            why="because",
            calls=[spec],
            source=f"{tmp_path}/small.yaml",
            line=2,
            configuration=Configuration(name="plain", list_pause_ms=0),
        )
    ]


@pytest.mark.parametrize(("written", "fields"), [("", []), (", time_of_day: [at]", ["at"])])
def test_a_method_says_which_fields_tell_the_time(tmp_path: Path, written: str, fields: list[str]) -> None:
    path = write_cases(tmp_path, HEAD + CALLS + OK)
    (tmp_path / cases.METHODS).write_text(f"GetUser: {{path: /s/m, mode: unary{written}}}")
    assert [case.calls[0].time_of_day for case in cases.read_file(path)] == [fields]


def outcome_of(folder: Path, expect: str) -> Outcome:
    (case,) = read_cases(folder, HEAD + CALLS + f"  expect: {expect}\n")
    return case.calls[0].expect[0]


def test_an_error_is_expected_to_be_ended_by_the_handler_on_purpose(tmp_path: Path) -> None:
    outcome = outcome_of(tmp_path, "{code: ABORTED, message_pattern: x+}")
    assert (outcome.message, outcome.message_pattern) == (None, "x+")
    assert outcome.handler is not None
    assert outcome.handler.left == ["status"]


def test_any_has_to_be_written_to_compare_less(tmp_path: Path) -> None:
    anything = "metadata: any, messages: any, left: any, context: any, deadline: any, sees: any, sent: any"
    outcome = outcome_of(
        tmp_path, f"{{code: any, details: any, messages: any, initial: any, trailing: any, handler: {{{anything}}}}}"
    )
    assert outcome == Outcome(handler=HandlerOutcome(sees=None, asked_for=True))


@pytest.mark.parametrize(("written", "sees"), [("never", 0), ("any", None), ("{sees: once}", 1), ("{sees: 3}", 3)])
def test_how_often_the_handler_sees_a_call(tmp_path: Path, written: str, sees: int | None) -> None:
    outcome = outcome_of(tmp_path, f"{{code: OK, handler: {written}}}")
    assert outcome.handler is not None
    assert outcome.handler.sees == sees


def test_a_plan_and_an_expectation_of_a_call_stand_before_those_of_the_case(tmp_path: Path) -> None:
    text = HEAD + (
        '  calls:\n    - {method: GetUser, times: 2, steps: [send: {user_id: "1"}]}\n'
        '    - {method: GetUser, steps: [send: {user_id: "1"}], plan: [], expect: {code: ABORTED, message: b}}\n'
        "  plan: [finish: {code: NOT_FOUND}]\n  expect: {code: NOT_FOUND, message: a}\n"
    )
    (case,) = read_cases(tmp_path, text)
    finish = Step(do="finish", status=Status(code="NOT_FOUND"), trailers=[])
    assert [call.plan for call in case.calls] == [[finish], [finish], []]
    assert [call.expect[0].message for call in case.calls] == ["a", "a", "b"]


def test_values_are_expanded_in_all_their_combinations_with_their_type_kept(tmp_path: Path) -> None:
    text = (
        "- name: unary/<code>-<wait>\n  why: about <code>\n"
        "  values: {code: [NOT_FOUND, ABORTED], wait: {short: 5, none: null}}\n"
        '  calls: [{method: GetUser, deadline_ms: <wait>, steps: [send: {user_id: "a-<code>"}]}]\n'
        "  expect: {code: <code>, message: any}\n"
    )
    found = read_cases(tmp_path, text)
    assert [case.id for case in found] == [
        f"unary/small/{name}" for name in ("not-found-short", "not-found-none", "aborted-short", "aborted-none")
    ]
    assert {case.base for case in found} == {"unary/small/<code>-<wait>"}
    assert [(case.why, case.calls[0].deadline_ms) for case in found[:2]] == [
        ("about NOT_FOUND", 5),
        ("about NOT_FOUND", None),
    ]
    assert found[3].calls[0].steps[0].message == Message(json={"user_id": "a-ABORTED"})
    assert found[3].calls[0].expect[0].code == "ABORTED"


def test_a_case_that_kills_its_client_has_a_client_of_its_own(tmp_path: Path) -> None:
    (case,) = read_cases(tmp_path, HEAD + "  kill_client_at: there\n" + CALLS + "  expect: {ended: killed}\n")
    assert (case.own_process, case.kill_client_at) == (True, "there")


def test_a_folder_is_read_in_the_order_of_its_files(tmp_path: Path) -> None:
    for group in ("b", "a"):
        write_cases(tmp_path, HEAD + CALLS + OK, group)
    assert [case.id for case in cases.read_all(tmp_path)] == ["unary/a/a", "unary/b/a"]


def test_a_folder_without_cases_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputInvalid, match="no cases; allowed: "):
        cases.read_all(tmp_path)


def test_a_group_without_its_methods_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("[]")
    with pytest.raises(InputInvalid, match=r"methods\.yaml: can't be read: No such file"):
        cases.read_file(tmp_path / "a.yaml")


MODES = "unary, server-streaming, client-streaming, bidi-streaming"
TWICE = "small.yaml:5: case 'unary/small/a' stands twice; allowed: once; first in line 1"
PAIRS = "a list of pairs of strings, such as [[x-a, '1']]"
NO_EXPECT = "small.yaml:1: a case needs either expect or unspecified (a reason); allowed: one of the two"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("- [", "small.yaml:2: no valid YAML: "),
        (HEAD + "  why: again\n" + CALLS + OK, "small.yaml:3: key 'why' stands twice; allowed: once; first in line 2"),
        ("name: unary/a\n", "small.yaml:1: {'name': 'unary/a'}; allowed: a list of cases"),
        ("- text\n", "small.yaml:1: 'text'; allowed: a mapping with name, why, calls, plan, expect"),
        (HEAD + "  expct: {}\n" + CALLS, "small.yaml:3: unknown key 'expct' in a case; allowed: name, why, "),
        ("- name: unary/a\n" + CALLS + OK, "small.yaml:1: a case without 'why'; allowed: name, why, calls and "),
        (HEAD + OK, "small.yaml:1: a case without 'calls'"),
        (
            "\n\n- name: unry/a\n  why: w\n" + CALLS + OK,
            f"small.yaml:3: name 'unry/a'; allowed: MODE/name with one of {MODES}; did you mean 'unary'?",
        ),
        ("- name: unary\n  why: w\n" + CALLS + OK, "small.yaml:1: name 'unary'; allowed: MODE/name with one of "),
        (
            "- name: unary/<what>\n  why: w\n" + CALLS + OK,
            "small.yaml:1: name 'unary/small/<what>' uses <what>; allowed: one of values: none given",
        ),
        (
            HEAD + "  values: [1]\n" + CALLS + OK,
            "small.yaml:3: values: [1]; allowed: a mapping of a name to its values",
        ),
        (HEAD + "  values: {a: 3}\n" + CALLS + OK, "small.yaml:3: values of 'a': 3; allowed: a list of words, or "),
        (HEAD + "  values: {a: {}}\n" + CALLS + OK, "small.yaml:3: values of 'a': {}; allowed: "),
        (HEAD + CALLS, NO_EXPECT),
        (HEAD + CALLS + OK + "  unspecified: why not\n", NO_EXPECT),
        (HEAD + CALLS + OK + HEAD + CALLS + OK, TWICE),
        (HEAD + "  calls: [{method: GetUsr}]\n" + OK, "small.yaml:3: method 'GetUsr'; allowed: GetUser, ListUsers, "),
        (
            HEAD + "  calls: [{method: GetUser, step: []}]\n" + OK,
            "small.yaml:3: unknown key 'step' in a call; allowed: method, times, ",
        ),
        (HEAD + "  calls: [GetUser]\n" + OK, "small.yaml:3: call 'GetUser'; allowed: a mapping with method and steps"),
        (
            HEAD + "  configuration: {name: plain}\n" + CALLS + OK,
            "small.yaml:3: the name 'plain'; allowed: a name of its own",
        ),
        (
            HEAD + "  configuration: {name: x, pause: 1}\n" + CALLS + OK,
            "small.yaml:3: unknown key 'pause' in a configuration; ",
        ),
        # What would make a case that can never fail, or run nothing.
        (HEAD + CALLS + "  expect:\n", "small.yaml:"),
        (HEAD + "  repeat: 0\n" + CALLS + OK, "small.yaml:"),
        (HEAD + "  repeat: often\n" + CALLS + OK, "small.yaml:"),
        (HEAD + "  calls: [{method: GetUser, times: 0}]\n" + OK, "small.yaml:"),
        (HEAD + "  calls: [{method: GetUser, deadline_ms: soon}]\n" + OK, "small.yaml:"),
        (HEAD + "  calls: 5\n" + OK, "small.yaml:"),
    ],
)
def test_each_mistake_is_told_where_it_stands(tmp_path: Path, text: str, sentence: str) -> None:
    assert told(tmp_path, text).startswith(sentence)


@pytest.mark.parametrize(
    ("methods", "sentence"),
    [
        ("", "1: None; allowed: a mapping of names to methods"),
        ("# head\n- GetUser\n", "1: ['GetUser']; allowed: a mapping of names to methods"),
        (
            "A: {path: /s/m, mode: unary}\nA: {path: /s/m, mode: unary}\n",
            "2: key 'A' stands twice; allowed: once; first",
        ),
        ("\nGetUser: /s/m\n", "2: GetUser: '/s/m'; allowed: a mapping with path, mode"),
        ("GetUser:\n  mode: unary\n", "2: GetUser without 'path'; allowed: path, mode"),
        (
            "GetUser:\n  pth: /s/m\n",
            "2: unknown key 'pth' in GetUser; allowed: path, mode, time_of_day; did you mean 'path'?",
        ),
        ("GetUser:\n  mode: unary\n  path: GetUser\n", "3: path: 'GetUser'; allowed: a string like "),
        ("GetUser:\n  path: /s/m\n  mode: uni\n", f"3: mode: 'uni'; allowed: {MODES}"),
        ("GetUser:\n  path: /s/m\n  mode: 5\n", f"3: mode: 5; allowed: {MODES}"),
        ("GetUser: {path: /s/m, mode: unary, time_of_day: at}\n", "1: time_of_day: 'at'; allowed: a list"),
    ],
)
def test_a_mistake_in_the_methods_is_told(tmp_path: Path, methods: str, sentence: str) -> None:
    assert told(tmp_path, HEAD + CALLS + OK, methods).startswith(f"methods.yaml:{sentence}")
