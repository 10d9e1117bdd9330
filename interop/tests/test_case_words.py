"""Steps and expectations as the catalogue writes them: each word, and each mistake with what is allowed."""

from __future__ import annotations

from typing import Any

import pytest

from interop.case_expect import Sent, outcomes
from interop.case_steps import CODES, steps
from interop.contract import Detail, Fill, Message, Status, Step
from interop.errors import InputInvalid
from interop.model import Outcome, Repeated
from interop.tests.test_contract import README

AT = "f.yaml:7"
BAD_REQUEST: dict[str, Any] = {"google.rpc.BadRequest": {"field_violations": []}}


@pytest.mark.parametrize(
    ("written", "step"),
    [
        ({"send": {"user_id": "1"}}, Step(do="send", message=Message(json={"user_id": "1"}))),
        (
            {"send": {"user_id": "u{i}"}, "count": 3},
            Step(do="send", message=Message(json={"user_id": "u{i}"}), count=3),
        ),
        (
            {"send": {"user_id": {"fill": 9}}},
            Step(do="send", message=Message(json={}, fill=Fill(field="user_id", size=9))),
        ),
        ({"send": {"raw": "AA=="}}, Step(do="send", message=Message(raw="AA=="))),
        ({"receive": 2}, Step(do="receive", count=2)),
        ("receive_all", Step(do="receive_all")),
        ("half_close", Step(do="half_close")),
        ({"headers": [["x-a", "1"]]}, Step(do="headers", metadata=[("x-a", "1")])),
        ("finish", Step(do="finish", status=Status(code="OK"), trailers=[])),
        (
            {"finish": {"code": "ABORTED", "message": "m", "details": [BAD_REQUEST], "trailers": [["x-b", "2"]]}},
            Step(
                do="finish",
                status=Status(
                    code="ABORTED",
                    message="m",
                    details=[
                        Detail(type_url="type.googleapis.com/google.rpc.BadRequest", json={"field_violations": []})
                    ],
                ),
                trailers=[("x-b", "2")],
            ),
        ),
        ({"raise": "boom"}, Step(do="raise", text="boom")),
        ("return_nothing", Step(do="return_nothing")),
        ({"serve": {3: "three"}}, Step(do="serve", marks={"3": "three"})),
        ("serve", Step(do="serve", marks={})),
        ("cancel", Step(do="cancel")),
        ("close_channel", Step(do="close_channel")),
        ({"wait": 5}, Step(do="wait", ms=5)),
        ({"mark": "here"}, Step(do="mark", mark="here")),
        ({"await": "here"}, Step(do="await", mark="here")),
    ],
)
def test_each_step_is_written_so(written: Any, step: Step) -> None:
    assert steps([written], AT) == [step]
    assert f'"do": "{step.do}"' in README


ANY_STEP = (
    "send, receive, receive_all, half_close, headers, finish, raise, return_nothing, serve, cancel, close_channel, "
    "wait, mark, await"
)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("cancel", "steps 'cancel'; allowed: a list of steps"),
        ([5], "step 5; allowed: a word, or a mapping such as {send: {…}}"),
        (["recieve_all"], f"unknown step 'recieve_all'; allowed: {ANY_STEP}; did you mean 'receive_all'?"),
        ([{"send": {}, "cont": 3}], "unknown key 'cont' in step 'send'; allowed: count; did you mean 'count'?"),
        ([{"receive": -1}], "-1; allowed: a whole number, 0 or more"),
        ([{"wait": True}], "True; allowed: a whole number, 0 or more"),
        ([{"send": "x"}], "message 'x'; allowed: a mapping of field names to values"),
        ([{"send": {}, "count": "many"}], "'many'; allowed: a whole number, 0 or more"),
        (
            [{"headers": {"x-a": "1"}}],
            "metadata {'x-a': '1'}; allowed: a list of pairs of strings, such as [[x-a, '1']]",
        ),
        (
            [{"headers": [["x-a", 1]]}],
            "metadata [['x-a', 1]]; allowed: a list of pairs of strings, such as [[x-a, '1']]",
        ),
        (
            [{"finish": {"code": "NOTFOUND"}}],
            f"status code 'NOTFOUND'; allowed: {', '.join(CODES)}, or a number that is none of theirs, in quotes; "
            "did you mean 'NOT_FOUND'?",
        ),
        ([{"finish": {"code": 5}}], f"status code 5; allowed: {', '.join(CODES)}"),
        ([{"finish": {"text": "x"}}], "unknown key 'text' in a status; allowed: code, message, details, trailers"),
        (
            [{"finish": {"details": ["x"]}}],
            "details 'x'; allowed: a list of mappings, such as {google.rpc.BadRequest: {…}}",
        ),
        ([{"finish": "ABORTED"}], ""),
        # An unquoted no is False in YAML, and no text.
        ([{"finish": {"code": "ABORTED", "message": False}}], ""),
    ],
)
def test_each_mistake_in_a_step_is_told(written: Any, sentence: str) -> None:
    with pytest.raises(InputInvalid) as caught:
        steps(written, AT)
    assert str(caught.value).startswith(f"{AT}: {sentence}")


def sent(*written: Any) -> Sent:
    return Sent(steps(list(written), AT), [], None, streams_back=False)


def outcome(written: Any) -> Outcome:
    (found,) = outcomes(written, sent(), AT)
    return found


def test_what_the_client_sends_is_what_the_handler_is_to_get() -> None:
    one, many = {"send": {"user_id": "1"}}, {"send": {"user_id": "u{i}"}, "count": 2}
    assert sent(one).messages == [{"user_id": "1"}]
    assert sent(many).messages == Repeated(count=2, each={"user_id": "u{i}"})
    assert sent(many, one, "receive_all").messages == [{"user_id": "u0"}, {"user_id": "u1"}, {"user_id": "1"}]


def test_many_messages_can_be_expected_by_their_number() -> None:
    found = outcome({"code": "OK", "messages": {"count": 2, "each": {"a": "{i}"}}})
    assert found.messages == Repeated(count=2, each={"a": "{i}"})


@pytest.mark.parametrize(("written", "message"), [({}, None), ({"message": "done"}, "done")])
def test_a_message_with_ok_is_compared_only_where_a_case_says_it(written: dict[str, str], message: str | None) -> None:
    assert outcome({"code": "OK", **written}).message == message


def test_times_and_counts_are_bounds() -> None:
    found = outcome({"code": "OK", "elapsed_ms": {"at_least": 1, "at_most": 2}, "messages_at_most": 3})
    assert (found.elapsed_at_least_ms, found.elapsed_at_most_ms, found.messages, found.messages_at_most) == (
        1,
        2,
        None,
        3,
    )


def test_an_end_that_is_no_status_needs_no_code() -> None:
    found = outcome({"ended": "gave_up"})
    assert (found.ended, found.code, found.message) == ("gave_up", None, None)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("OK", "expect 'OK'; allowed: a mapping, or a list of two or more of them"),
        (
            [{"code": "OK", "because": "x"}],
            "expect [{'code': 'OK', 'because': 'x'}]; allowed: a mapping, or a list of two or more",
        ),
        (
            [{"code": "OK", "because": "x"}, {"code": "ABORTED"}],
            "one of several outcomes has no 'because'; allowed: a reason for each",
        ),
        ({"cod": "OK"}, "unknown key 'cod' in expect; allowed: because, ended, code, message, "),
        ({"message": "m"}, "expect without a code; allowed: code: OK, NOT_FOUND, … or any"),
        (
            {"code": "ABORTED"},
            "expect with an error code says nothing of the message; allowed: message, message_pattern, or message: any",
        ),
        ({"code": "OKAY"}, "status code 'OKAY'; allowed: OK, CANCELLED, "),
        ({"code": "OK", "handler": {"lef": "any"}}, "unknown key 'lef' in handler; allowed: sees, metadata, "),
        ({"code": "OK", "handler": {"sees": "twice"}}, "sees: 'twice'; allowed: once, never, any, or a number"),
        ({"code": "OK", "handler": [1]}, "handler: [1]; allowed: a mapping with sees, "),
        ({"code": "OK", "initial": "x"}, "metadata 'x'; allowed: a list of pairs of strings"),
        # Not told, these would compare nothing.
        ({"code": "OK", "elapsed_ms": {"at_mots": 5}}, "unknown key 'at_mots'"),
        ({"code": "OK", "elapsed_ms": 5}, ""),
        ({"code": "ABORTED", "message_pattern": "("}, ""),
        ({"code": "OK", "messages": 3}, ""),
        ({"code": "ABORTED", "message": False}, ""),
    ],
)
def test_each_mistake_in_an_expectation_is_told(written: Any, sentence: str) -> None:
    with pytest.raises(InputInvalid) as caught:
        outcomes(written, sent(), AT)
    assert str(caught.value).startswith(f"{AT}: {sentence}")
