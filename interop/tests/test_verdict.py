"""What was seen against what is allowed: each kind of mismatch, and the sentence that a person reads."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from interop.model import HandlerOutcome, Outcome
from interop.results import Kind, Mismatch, Verdict
from interop.verdict import judge, signature, verdict

CLIENT: dict[str, Any] = {
    "ended": "status",
    "code": "OK",
    "message": "",
    "details": [],
    "messages": [{"user_id": "1"}],
    "initial": [["x-a", "1"]],
    "trailing": [],
    "steps": ["ok", "ok"],
    "raised": None,
}
HANDLER: dict[str, Any] = {
    "method": "/users.UserService/GetUser",
    "planned": False,
    "metadata": [["x-b", "2"]],
    "messages": [{"user_id": "1"}],
    "sent": 1,
    "steps": [],
    "left": "returned",
    "left_status": None,
    "context": "active",
    "deadline": "absent",
}
EXPECT = Outcome(
    code="OK",
    message="",
    details=[],
    messages=[{"user_id": "1"}],
    initial=[("x-a", "1")],
    trailing=[],
    steps=["ok", "ok"],
    elapsed_at_least_ms=10,
    elapsed_at_most_ms=100,
    handler=HandlerOutcome(
        metadata=[("x-b", "2")],
        messages=[{"user_id": "1"}],
        left=["returned"],
        context=["active"],
        sent=1,
        steps=[],
        deadline="absent",
    ),
)


def said(client: dict[str, Any] | None, handlers: list[dict[str, Any]], elapsed_ms: float = 50.0) -> list[str]:
    return signature(judge([EXPECT], client, handlers, elapsed_ms))


def test_what_is_as_expected_has_no_mismatch() -> None:
    assert said(CLIENT, [HANDLER]) == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"code": "NOT_FOUND"}, "client.code: want OK, got NOT_FOUND"),
        ({"message": "oops"}, 'client.message: want "", got oops'),
        (
            {"details": [{"type_url": "t", "raw": "AA=="}]},
            'client.details: want [], got [{"type_url": "t", "raw": "AA=="}]',
        ),
        ({"messages": []}, "client.messages: want 1 message, got no message"),
        ({"messages": [{}, {}]}, "client.messages: want 1 message, got 2 messages"),
        ({"messages": [{"user_id": "2"}]}, 'client.messages[0]: want {"user_id": "1"}, got {"user_id": "2"}'),
        ({"initial": []}, 'client.initial: want [["x-a", "1"]], got []'),
        ({"trailing": [["x-c", ""]]}, 'client.trailing: want [], got [["x-c", ""]]'),
        ({"steps": ["ok", "over"]}, 'client.steps: want ["ok", "ok"], got ["ok", "over"]'),
        ({"ended": "gave_up"}, "client.ended: want status, got gave_up"),
        (
            {"ended": "raised", "code": None, "raised": {"type": "ValueError", "text": "bad key"}},
            "client.ended: want status, got raised ValueError: bad key",
        ),
    ],
)
def test_each_part_of_what_the_client_saw_is_compared(changed: dict[str, Any], sentence: str) -> None:
    assert said({**CLIENT, **changed}, [HANDLER]) == [sentence]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"metadata": []}, 'handler.metadata: want [["x-b", "2"]], got []'),
        ({"messages": []}, "handler.messages: want 1 message, got no message"),
        ({"sent": 2}, "handler.sent: want 1, got 2"),
        ({"steps": ["ok"]}, 'handler.steps: want [], got ["ok"]'),
        ({"left": "raised"}, "handler.left: want returned, got raised"),
        (
            {"left": "status", "left_status": {"code": "ABORTED", "message": "", "details": []}},
            "handler.left: want returned, got status ABORTED",
        ),
        ({"context": "cancelled"}, "handler.context: want active, got cancelled"),
        ({"deadline": "present"}, "handler.deadline: want absent, got present"),
    ],
)
def test_each_part_of_what_the_handler_saw_is_compared(changed: dict[str, Any], sentence: str) -> None:
    assert said(CLIENT, [{**HANDLER, **changed}]) == [sentence]


@pytest.mark.parametrize(("count", "words"), [(0, "never called"), (2, "called 2 times")])
def test_the_handler_is_to_be_called_as_often_as_expected(count: int, words: str) -> None:
    assert said(CLIENT, [HANDLER] * count) == [f"handler.sees: want called once, got {words}"]


@pytest.mark.parametrize("attempts", [0, 1, 3])
def test_any_number_of_calls_is_any_number(attempts: int) -> None:
    assert judge([Outcome(code="OK", handler=HandlerOutcome(sees=None))], CLIENT, [HANDLER] * attempts, 1.0) == []


def test_every_attempt_is_compared() -> None:
    two = [Outcome(handler=HandlerOutcome(sees=2, left=["returned"]))]
    assert signature(judge(two, CLIENT, [HANDLER, {**HANDLER, "left": "raised"}], 1.0)) == [
        "handler.left: want returned, got raised"
    ]


@pytest.mark.parametrize(
    ("elapsed_ms", "word"), [(9.9, "at least 10 ms, got less"), (100.1, "at most 100 ms, got more")]
)
def test_time_is_compared_but_never_quoted(elapsed_ms: float, word: str) -> None:
    """A signature with a measured time in it would be another one in each run."""
    assert said(CLIENT, [HANDLER], elapsed_ms) == [f"client.elapsed: want {word}"]


def test_no_more_messages_than_allowed() -> None:
    at_most = [Outcome(messages_at_most=1, handler=HandlerOutcome(messages_at_most=0))]
    assert signature(judge(at_most, {**CLIENT, "messages": [{}, {}]}, [HANDLER], 1.0)) == [
        "client.messages: want at most 1 messages, got 2 messages",
        "handler.messages: want at most 0 messages, got 1 messages",
    ]


@pytest.mark.parametrize(
    ("message", "found"), [("no such user: 7", []), (None, ["client.message: want /user: \\d/, got null"])]
)
def test_a_message_can_be_held_against_a_pattern(message: str | None, found: list[str]) -> None:
    assert signature(judge([Outcome(message_pattern=r"user: \d")], {**CLIENT, "message": message}, [], 1.0)) == found


def test_the_order_of_metadata_counts_within_a_key_only() -> None:
    want = [Outcome(trailing=[("x-b", "2"), ("x-a", "2"), ("x-a", "1")])]
    seen = {**CLIENT, "trailing": [["x-a", "2"], ["x-a", "1"], ["x-b", "2"]]}
    other = {**CLIENT, "trailing": [["x-a", "1"], ["x-a", "2"], ["x-b", "2"]]}
    assert (judge(want, seen, [], 1.0), len(judge(want, other, [], 1.0))) == ([], 1)


@pytest.mark.parametrize(
    ("value", "mismatches"), [("2,1, 1", 0), ("2, 1,1", 0), ("1,2,1", 1), ("2,1", 1), ("2 1 1", 1)]
)
def test_values_of_a_repeated_key_may_come_joined_by_commas(value: str, mismatches: int) -> None:
    want = [Outcome(trailing=[("x-a", "2"), ("x-b", "3"), ("x-a", "1"), ("x-a", "1")])]
    seen = {**CLIENT, "trailing": [["x-a", value], ["x-b", "3"]]}
    assert len(judge(want, seen, [], 1.0)) == mismatches


def test_one_of_several_outcomes_has_to_fit_as_a_whole() -> None:
    """Half of one and half of the other is neither."""
    either = [Outcome(because="a", code="OK", message="a"), Outcome(because="b", code="ABORTED", message="b")]
    fits = [
        judge(either, {**CLIENT, "code": code, "message": text}, [], 1.0)
        for code, text in (("OK", "a"), ("ABORTED", "b"))
    ]
    assert fits == [[], []]
    assert signature(judge(either, {**CLIENT, "code": "OK", "message": "b"}, [], 1.0)) == [
        "client.message: want a, got b"
    ]


def test_the_nearest_outcome_is_the_one_that_is_told() -> None:
    far, near = Outcome(code="ABORTED", message="x", steps=[]), Outcome(code="ABORTED")
    assert signature(judge([far, near], CLIENT, [], 1.0)) == ["client.code: want ABORTED, got OK"]


def test_a_killed_client_is_what_only_a_killing_case_expects() -> None:
    killed = [Outcome(ended="killed", handler=HandlerOutcome(left=["cancelled"]))]
    gone = {**HANDLER, "left": "cancelled"}
    assert judge(killed, None, [gone], None) == []
    assert signature(judge(killed, None, [HANDLER], None)) == ["handler.left: want cancelled, got returned"]
    assert said(None, [HANDLER]) == ["client.ended: want status, got killed"]
    assert signature(judge(killed, CLIENT, [gone], 1.0)) == ["client.ended: want killed, got status"]


def test_a_verdict_says_the_first_mismatch_and_how_many_more() -> None:
    mismatches = [
        Mismatch(where="client.code", want="OK", got="ABORTED"),
        Mismatch(where="client.steps", want=[], got=["ok"]),
    ]
    lines = ["client.code: want OK, got ABORTED", 'client.steps: want [], got ["ok"]']
    assert verdict(mismatches) == Verdict(
        kind=Kind.FAIL, sentence=f"{lines[0]} (and 1 more)", mismatches=mismatches, signature=lines
    )
    assert verdict([]) == Verdict(kind=Kind.PASS)


def test_a_long_value_is_cut_in_the_sentence_and_whole_in_the_record() -> None:
    long = "x" * 1000
    (mismatch,) = judge([Outcome(message="")], {**CLIENT, "message": long}, [], 1.0)
    digest = hashlib.sha256(long.encode()).hexdigest()[:8]
    assert (signature([mismatch]), mismatch.got) == ([f'client.message: want "", got {"x" * 160}… #{digest}'], long)


def test_two_long_values_that_part_late_have_two_signatures() -> None:
    one, other = (judge([Outcome(message="")], {**CLIENT, "message": "x" * 999 + end}, [], 1.0) for end in "ab")
    assert signature(one) != signature(other)


@pytest.mark.parametrize(("want", "got"), [(3, 3.0), ({"a": [2.5, 2.0]}, {"a": [2.5, 2]})])
def test_a_number_is_one_with_and_without_a_fraction_of_nothing(want: object, got: object) -> None:
    assert judge([Outcome(code="OK", messages=[{"f": want}])], {**CLIENT, "messages": [{"f": got}]}, [], None) == []


@pytest.mark.parametrize(("want", "got"), [(True, 1), (1.0, True), (0, False), ([1], [True]), (3, 3.5), (3, "3")])
def test_what_python_calls_equal_is_not_the_same_json(want: object, got: object) -> None:
    expect = Outcome(code="OK", messages=[{"field": want}])
    assert signature(judge([expect], {**CLIENT, "messages": [{"field": got}]}, [], None)) != []
    assert judge([expect], {**CLIENT, "messages": [{"field": want}]}, [], None) == []
