"""What a server and a client driver of a stack tell of calls, said over the contract."""

from __future__ import annotations

from tests.conversation import HALF_CLOSE, RECEIVE_ALL, Conversation, finish, observed, seen, send
from tests.program import Record

BAD_REQUEST = {
    "code": "INVALID_ARGUMENT",
    "message": "user_id must not be empty",
    "details": [
        {
            "type_url": "type.googleapis.com/google.rpc.BadRequest",
            "json": {"field_violations": [{"field": "user_id", "description": "must not be empty", "reason": ""}]},
        }
    ],
}


def users(*numbers: int) -> list[dict[str, str]]:
    return [{"user_id": f"{n}", "name": f"User {n}", "email": f"user{n}@example.com"} for n in numbers]


def test_a_unary_call(talk: Conversation) -> None:
    assert talk.observe("GetUser", send(user_id="1"), RECEIVE_ALL) == (
        observed(users(1), ["ok", "ok"]),
        [seen([{"user_id": "1"}], 1)],
    )


def test_a_server_stream(talk: Conversation) -> None:
    assert talk.observe("ListUsers", send(page_size=2), {"do": "receive", "count": 3}) == (
        observed(users(0, 1), ["ok", "over"]),
        [seen([{"page_size": 2}], 2)],
    )


def test_a_client_stream(talk: Conversation) -> None:
    assert talk.observe("CreateUsers", send(3, user_id="{i}"), HALF_CLOSE, RECEIVE_ALL) == (
        observed([{"user_count": 3, "success": True}], ["ok", "ok", "ok"]),
        [seen([{"user_id": "0"}, {"user_id": "1"}, {"user_id": "2"}], 1)],
    )


def test_a_bidi_stream_answers_each_message_as_it_comes(talk: Conversation) -> None:
    ask, read = send(user_id="1", message="hi"), {"do": "receive", "count": 1}
    observation, view = talk.observe("ChatUsers", ask, read, ask, read, HALF_CLOSE)
    for message in observation["messages"]:
        assert len(message.pop("timestamp")) == len("HH:MM:SS")
    answer = {"user_id": "1", "message": "Received: hi"}
    assert observation == observed([answer, answer], ["ok"] * 5)
    assert view == [seen([{"user_id": "1", "message": "hi", "timestamp": ""}] * 2, 2)]


def test_a_violation_ends_every_kind_of_call(talk: Conversation) -> None:
    for method, step in (("GetUser", send()), ("CreateUsers", send()), ("ChatUsers", send())):
        observation, (attempt,) = talk.observe(method, step, RECEIVE_ALL)
        assert (observation["status"], observation["messages"]) == (BAD_REQUEST, [])
        assert (attempt["left"], attempt["left_status"], attempt["sent"]) == ("status", BAD_REQUEST, 0)


def test_a_plan_takes_the_handlers_place(talk: Conversation) -> None:
    info = {"reason": "r", "domain": "d", "metadata": {"k": "v"}}
    detail = {"type_url": "type.googleapis.com/google.rpc.ErrorInfo", "json": info}
    unknown = {"type_url": "type.googleapis.com/not.Known", "raw": "AAE="}
    status = {"code": "NOT_FOUND", "message": "no ✓", "details": [detail, unknown]}
    headers = {"do": "headers", "metadata": [["x-h", "1"], ["x-h", "2"]]}
    plan: list[Record] = [headers, {"do": "finish", "status": status, "trailers": [["x-t-bin", "AAE="]]}]
    observation, view = talk.observe("GetUser", send(user_id="1"), plan=plan)
    trailers = dict(observation.pop("trailing_metadata"))
    assert trailers.pop("grpc-status-details-bin")
    assert trailers == {"x-t-bin": "AAE="}
    assert observation["status"] == status
    assert observation["initial_metadata"] == headers["metadata"]
    left = {"left": "status", "left_status": status, "steps": ["ok", "ok"]}
    assert view == [seen([{"user_id": "1"}], 0, planned=True, **left)]


def test_a_plan_that_says_nothing_ends_with_an_empty_response(talk: Conversation) -> None:
    assert talk.observe("CreateUsers", HALF_CLOSE, plan=[]) == (
        observed([{"user_count": 0, "success": False}], ["ok"]),
        [seen([], 1, planned=True)],
    )


def test_a_plan_reads_sends_and_ends_with_trailers_on_ok(talk: Conversation) -> None:
    plan: list[Record] = [{"do": "receive"}, send(2, user_id="{i}"), finish("OK", trailers=[["x-t", "1"]])]
    observation, view = talk.observe("ChatUsers", send(user_id="1"), HALF_CLOSE, plan=plan)
    got = [{"user_id": "0", "message": "", "timestamp": ""}, {"user_id": "1", "message": "", "timestamp": ""}]
    assert observation == observed(got, ["ok", "ok"], trailing_metadata=[["x-t", "1"]])
    read = {"user_id": "1", "message": "", "timestamp": ""}
    assert view == [seen([read], 2, planned=True, steps=["ok", "ok", "ok"])]


def test_an_exception_is_the_librarys_to_answer(talk: Conversation) -> None:
    plan = [{"do": "raise", "text": "boo"}]
    observation, view = talk.observe("GetUser", send(user_id="1"), plan=plan)
    assert observation["status"]["code"] == "UNKNOWN"
    raised = {"type": "PlannedException", "text": "boo"}
    assert view == [seen([{"user_id": "1"}], 0, planned=True, steps=["ok"], left="raised", raised=raised)]


def test_a_handler_that_returns_nothing_is_an_error(talk: Conversation) -> None:
    observation, view = talk.observe("GetUser", send(user_id="1"), plan=[{"do": "return_nothing"}])
    assert (observation["status"]["code"] in ("INTERNAL", "UNKNOWN"), observation["messages"]) == (True, [])
    assert view == [seen([{"user_id": "1"}], 0, planned=True, steps=["ok"])]


def test_a_plan_can_hand_over_to_the_service_and_mark_a_message(talk: Conversation) -> None:
    plan: list[Record] = [{"do": "receive", "count": 1}, {"do": "serve", "marks": {"2": "two"}}]
    request_id, call_id = talk.call("CreateUsers", send(3, user_id="x"), HALF_CLOSE, plan=plan)
    talk.saw(talk.server, "two", call_id)
    assert talk.observation(request_id)["messages"] == [{"user_count": 2, "success": True}]
    assert talk.view(call_id) == [seen([{"user_id": "x"}] * 3, 1, planned=True, steps=["ok", "ok"])]


def test_a_plan_is_dropped_by_collect(talk: Conversation) -> None:
    request_id, call_id = talk.call("GetUser", send(user_id="1"), plan=[finish("ABORTED")])
    assert talk.observation(request_id)["status"]["code"] == "ABORTED"
    talk.view(call_id)
    again = talk.request(call_id, "GetUser", send(user_id="1"))
    assert talk.client.ask(**again)["messages"] == users(1)
    assert talk.view(call_id) == [seen([{"user_id": "1"}], 1)]


def test_a_call_without_the_harness_key_is_not_looked_at(talk: Conversation) -> None:
    request_id, call_id = talk.call("GetUser", send(user_id="1"), plan=[finish("ABORTED")], metadata=[])
    assert talk.observation(request_id) == observed(users(1), ["ok"])
    assert talk.view(call_id, attempts=0) == []


def test_a_raw_call_takes_and_gives_bytes(talk: Conversation) -> None:
    step = {"do": "send", "message": {"raw": "CgEx"}}
    observation, _ = talk.observe("GetUser", step, raw=True)
    assert observation["messages"] == [{"raw": "CgExEgZVc2VyIDEaEXVzZXIxQGV4YW1wbGUuY29t"}]


def test_metadata_and_deadline_arrive_as_they_were_asked_for(talk: Conversation) -> None:
    request = talk.request("meta", "GetUser", send(user_id="1"))
    pairs = [["x-a", "1"], ["interop-call-id", "meta"], ["x-a", "2"], ["x-b-bin", "AAE="]]
    talk.client.ask(**{**request, "metadata": pairs, "deadline_ms": 5000})
    talk.client.ask(**{**request, "metadata": pairs, "deadline_ms": None})
    with_deadline, without = talk.server.ask("collect", call_id="meta", attempts=2, wait_ms=5000)["attempts"]
    sent = [pair for pair in with_deadline["metadata"] if pair[0] != "user-agent"]
    assert sorted(sent) == sorted(pairs)
    assert 4000 < with_deadline["deadline_ms"] < 5100
    assert without["deadline_ms"] is None
    assert with_deadline["peer"].startswith("127.0.0.1:")
