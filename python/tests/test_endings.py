"""Calls that end before their time, and what both ends tell of it."""

from __future__ import annotations

import pytest
from tests.conversation import HALF_CLOSE, RECEIVE_ALL, Conversation, finish, send
from tests.program import Record

MARK = [{"do": "mark", "mark": "there"}]
CANCEL = [{"do": "await", "mark": "there"}, {"do": "cancel"}]
FIRST = {"GetUser": [send(user_id="1")], "ListUsers": [send(page_size=1)], "CreateUsers": [], "ChatUsers": []}


@pytest.mark.parametrize("method", FIRST)
def test_a_cancel_ends_the_handlers_wait(talk: Conversation, method: str) -> None:
    plan = [*MARK, {"do": "await", "mark": "never"}]
    request_id, call_id = talk.call(method, *FIRST[method], *CANCEL, plan=plan)
    talk.relay("there", call_id)
    observation = talk.observation(request_id)
    assert (observation["ended"], observation["status"]["code"]) == ("status", "CANCELLED")
    assert observation["steps"] == ["ok"] * (len(FIRST[method]) + 2)
    (attempt,) = talk.view(call_id)
    assert attempt["steps"] == ["ok", "over"]
    assert attempt["context"] == "cancelled"
    assert attempt["left"] == {"threads": "returned", "aio": "cancelled"}[talk.stack]


def test_a_deadline_ends_both_ends(talk: Conversation) -> None:
    observation, (attempt,) = talk.observe(
        "GetUser", send(user_id="1"), {"do": "wait", "ms": 9000}, plan=[{"do": "wait", "ms": 9000}], deadline_ms=50
    )
    assert (observation["status"]["code"], observation["steps"]) == ("DEADLINE_EXCEEDED", ["ok", "over"])
    assert (attempt["steps"], attempt["context"]) == (["over"], "cancelled")


def test_an_upload_that_breaks_off_is_no_upload(talk: Conversation) -> None:
    plan = [{"do": "serve", "marks": {"2": "there"}}]
    request_id, call_id = talk.call("CreateUsers", send(2, user_id="1"), *CANCEL, plan=plan)
    talk.relay("there", call_id)
    assert talk.observation(request_id)["messages"] == []
    (attempt,) = talk.view(call_id)
    assert (attempt["left"] in ("cancelled", "status"), attempt["sent"], attempt["context"]) == (True, 0, "cancelled")


def test_reading_to_the_end_is_done_by_a_half_close_only(talk: Conversation) -> None:
    plan: list[Record] = [{"do": "receive", "count": 1}, *MARK, RECEIVE_ALL]
    request_id, call_id = talk.call("ChatUsers", send(user_id="1"), CANCEL[0], HALF_CLOSE, plan=plan)
    talk.relay("there", call_id)
    assert talk.observation(request_id)["status"]["code"] == "OK"
    assert talk.view(call_id)[0]["steps"] == ["ok", "ok", "ok"]
    request_id, call_id = talk.call("ChatUsers", send(user_id="1"), *CANCEL, plan=[*plan, {"do": "wait", "ms": 9000}])
    talk.relay("there", call_id)
    talk.observation(request_id)
    steps = talk.view(call_id)[0]["steps"]
    assert (steps[:2], steps[-1]) == (["ok", "ok"], "over")


def test_a_list_stops_when_its_call_is_over(talk: Conversation) -> None:
    read = {"do": "receive", "count": 1}
    observation, (attempt,) = talk.observe("ListUsers", send(page_size=1_000_000), read, {"do": "cancel"}, RECEIVE_ALL)
    assert observation["status"]["code"] == "CANCELLED"
    assert (attempt["left"], attempt["context"]) == ("cancelled", "cancelled")
    assert attempt["sent"] < 1_000_000


def test_closing_the_channel_ends_its_calls_only(talk: Conversation) -> None:
    steps = [{"do": "await", "mark": "there"}, {"do": "close_channel"}]
    plan = [*MARK, {"do": "await", "mark": "never"}]
    request_id, call_id = talk.call("ChatUsers", *steps, plan=plan, channel="own")
    talk.relay("there", call_id)
    assert talk.observation(request_id)["status"]["code"] == "CANCELLED"
    observation, _ = talk.observe("GetUser", send(user_id="1"), channel="own")
    assert observation["status"]["code"] == "OK"


def test_fresh_and_named_channels_have_connections_of_their_own(talk: Conversation) -> None:
    peers = []
    for channel in ("shared", "shared", "one", "two", "fresh", "fresh"):
        request_id, call_id = talk.call("GetUser", send(user_id="1"), channel=channel)
        talk.observation(request_id)
        peers.append(talk.server.ask("collect", call_id=call_id, attempts=1, wait_ms=5000)["attempts"][0]["peer"])
    assert peers[0] == peers[1]
    assert len(set(peers)) == 5


def test_a_call_that_does_not_end_is_given_up(talk: Conversation) -> None:
    observation, (attempt,) = talk.observe(
        "GetUser", send(user_id="1"), RECEIVE_ALL, plan=[{"do": "await", "mark": "never"}], give_up_after_ms=300
    )
    assert (observation["ended"], observation["steps"]) == ("gave_up", ["ok", "gave_up"])
    assert attempt["steps"] == ["over"]


def test_a_script_that_never_begins_its_call_is_given_up(talk: Conversation) -> None:
    request_id, call_id = talk.call("GetUser", {"do": "await", "mark": "never"}, send(), give_up_after_ms=50)
    observation = talk.observation(request_id)
    assert (observation["ended"], observation["steps"], observation["status"]) == ("gave_up", ["gave_up"], None)
    assert talk.view(call_id, attempts=0) == []


def test_collect_tells_of_a_handler_that_is_still_running(talk: Conversation) -> None:
    request_id, call_id = talk.call("GetUser", send(user_id="1"), plan=[*MARK, {"do": "await", "mark": "go"}])
    talk.saw(talk.server, "there", call_id)
    (attempt,) = talk.view(call_id, wait_ms=20)
    assert (attempt["left"], attempt["context"], attempt["steps"]) == ("running", "active", ["ok"])
    talk.client.release(call_id, "go")  # of no use to the handler
    talk.server.release(call_id, "go")
    assert talk.observation(request_id)["status"]["code"] == "OK"


def test_a_handler_may_end_a_call_early(talk: Conversation) -> None:
    steps = [send(user_id="1"), {"do": "wait", "ms": 9000}, HALF_CLOSE]
    observation, _ = talk.observe("ChatUsers", *steps, plan=[{"do": "receive"}, finish("ABORTED", "enough")])
    assert (observation["status"]["code"], observation["steps"]) == ("ABORTED", ["ok", "over", "ok"])


def test_calls_and_collects_go_on_beside_each_other(talk: Conversation) -> None:
    plan = [*MARK, {"do": "await", "mark": "go"}]
    calls = [talk.call("GetUser", send(user_id="1"), plan=plan) for _ in range(64)]
    collects = [talk.server.send("collect", call_id=call_id, attempts=1, wait_ms=9000) for _, call_id in calls]
    marked = {talk.server.marks.get(timeout=10)["call_id"] for _ in calls}
    assert marked == {call_id for _, call_id in calls}
    for _, call_id in calls:
        talk.server.release(call_id, "go")
    assert {talk.observation(request_id)["status"]["code"] for request_id, _ in calls} == {"OK"}
    assert {talk.server.reply(collect)["attempts"][0]["left"] for collect in collects} == {"returned"}
