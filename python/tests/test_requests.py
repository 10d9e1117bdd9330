from __future__ import annotations

from typing import Any

import pytest
from tests.conversation import finish, send
from users import users_pb2
from userservice import services
from userservice.contract import requests
from userservice.contract.errors import CantDo, Malformed
from userservice.contract.requests import Call, Configuration
from userservice.contract.steps import Step

CALL: dict[str, Any] = {
    "type": "call", "id": "1", "call_id": "c1", "target": "t", "configuration": {"name": "plain"}, "channel": "shared",
    "method": "/users.UserService/GetUser", "mode": "unary", "metadata": [["a-bin", "AAE="], ["a", "b"]],
    "deadline_ms": 1500, "give_up_after_ms": 2000, "steps": [send(user_id="1"), {"do": "receive_all"}],
}  # fmt: skip
PLAN: dict[str, Any] = {
    "type": "plan", "id": "1", "call_id": "c1", "method": "/users.UserService/GetUser", "mode": "unary", "steps": [],
}  # fmt: skip
STREAM = {"method": "/users.UserService/ListUsers", "mode": "server-streaming"}


def parse(record: dict[str, Any]) -> requests.Request:
    return requests.parse(record, {**requests.SERVER, **requests.CLIENT}, services.METHODS)


def test_a_call_is_read_whole() -> None:
    call = parse(CALL)
    assert isinstance(call, Call)
    assert list(call.steps[0].batch) == [users_pb2.UserRequest(user_id="1")]
    assert call == Call(
        id="1",
        call_id="c1",
        target="t",
        configuration=Configuration(name="plain"),
        channel="shared",
        method="/users.UserService/GetUser",
        mode="unary",
        raw=False,
        metadata=(("a-bin", b"\0\1"), ("a", "b")),
        deadline_s=1.5,
        give_up_after_s=2.0,
        steps=(call.steps[0], Step(do="receive_all")),
    )


def test_null_and_a_missing_deadline_are_no_deadline() -> None:
    without = {key: value for key, value in CALL.items() if key != "deadline_ms"}
    assert parse(without) == parse({**CALL, "deadline_ms": None})


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"type": "dance"}, "type: dance is no line for this program"),
        ({**CALL, "type": 1}, "type: is not a string"),
        ({**CALL, "extra": 1}, "call.extra: is no key of the contract"),
        ({**CALL, "mode": "simplex"}, "call.mode: simplex is none of unary"),
        ({**CALL, "mode": "bidi-streaming"}, "call.mode: /users.UserService/GetUser is unary"),
        ({**CALL, "deadline_ms": "soon"}, "call.deadline_ms: is not a whole number"),
        ({**CALL, "give_up_after_ms": 0}, "call.give_up_after_ms: is no time at all"),
        ({**CALL, "metadata": [["a-bin", "?"]]}, r"call.metadata\[0\]: is no base64"),
        ({**CALL, "metadata": [["a"]]}, r"call.metadata\[0\]: is no pair of strings"),
        ({**CALL, "steps": [{"do": "send"}]}, r"call.steps\[0\]: send needs a message"),
        ({**CALL, "steps": [{"do": "wait"}]}, r"call.steps\[0\].ms: is missing"),
        ({**CALL, "steps": [send(nope=1)]}, r"call.steps\[0\].message.json: is no users.UserRequest"),
        ({**CALL, "steps": []}, "call.steps: unary takes exactly one send"),
        ({**CALL, "steps": [{"do": "receive"}, send()]}, r"call.steps\[0\]: receive before the send"),
        ({**CALL, "steps": [{"do": "raise"}]}, r"call.steps\[0\]: raise is no step at this end"),
        ({**CALL, "raw": True}, r"call.steps\[0\].message.json: is no key"),
        ({**PLAN, "steps": [send(), send()]}, "plan.steps: unary has one response"),
        ({**PLAN, "steps": [{"do": "cancel"}]}, r"plan.steps\[0\]: cancel is no step at this end"),
        ({**PLAN, "steps": [finish("FINE")]}, r"plan.steps\[0\].status.code: FINE is no status code"),
        ({**PLAN, "steps": [finish("OK"), send()]}, r"plan.steps\[0\]: no step can come after finish"),
        ({**PLAN, "steps": [{"do": "serve", "marks": {"x": "y"}}]}, r"plan.steps\[0\].marks: is no object"),
    ],
)
def test_a_request_that_breaks_the_contract_is_told_where(record: dict[str, Any], said: str) -> None:
    with pytest.raises(Malformed, match=f"^{said}"):
        parse(record)


@pytest.mark.parametrize(
    ("record", "feature"),
    [
        ({**CALL, "steps": [{"do": "xyzzy"}]}, "step:xyzzy"),
        ({**CALL, "method": "/users.UserService/Xyzzy"}, "method:/users.UserService/Xyzzy"),
        ({**CALL, "configuration": {"name": "plain", "xyzzy": 1}}, "configuration:xyzzy"),
        ({**CALL, "steps": [{"do": "cancel"}, send()]}, "step:cancel/unary"),
        ({**PLAN, "steps": [finish("42")]}, "step:finish"),
        ({**PLAN, **STREAM, "steps": [{"do": "return_nothing"}]}, "step:return_nothing/server-streaming"),
    ],
)
def test_what_cant_be_done_is_named(record: dict[str, Any], feature: str) -> None:
    with pytest.raises(CantDo) as refused:
        parse(record)
    assert refused.value.feature == feature
