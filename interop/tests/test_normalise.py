"""What is volatile goes, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from interop.contract import Attempt, Detail, Observation, Raised, Status
from interop.normalise import FRAMEWORK_KEYS, client_view, handler_view, own_metadata, shortened, user_agent


def observation(**changed: Any) -> Observation:
    values: dict[str, Any] = {
        "id": "7",
        "call_id": "c7",
        "ended": "status",
        "messages": [],
        "steps": ["ok"],
        "elapsed_ms": 1.5,
    }
    return Observation(**{**values, **changed})


def attempt(**changed: Any) -> Attempt:
    values: dict[str, Any] = {
        "method": "/s/m",
        "planned": True,
        "metadata": [],
        "messages": [{"a": 1}],
        "sent": 1,
        "steps": [],
        "left": "returned",
        "context": "active",
    }
    return Attempt(**{**values, **changed})


def test_a_client_view_is_the_observation_without_ids_and_time() -> None:
    status = Status(
        code="NOT_FOUND", message="no", details=[Detail(type_url="t", json={}), Detail(type_url="u", raw="AA==")]
    )
    seen = observation(
        status=status,
        messages=[{"a": "b"}],
        initial_metadata=[("X-B", "2"), ("x-a", "1"), ("date", "now")],
        trailing_metadata=None,
    )
    assert client_view(seen) == {
        "ended": "status",
        "code": "NOT_FOUND",
        "message": "no",
        "details": [{"type_url": "t", "json": {}}, {"type_url": "u", "raw": "AA=="}],
        "messages": [{"a": "b"}],
        "initial": [["x-a", "1"], ["x-b", "2"]],
        "trailing": [],
        "steps": ["ok"],
        "raised": None,
    }


def test_what_was_raised_is_kept() -> None:
    view = client_view(observation(ended="raised", raised=Raised(type="ValueError", text="no")))
    assert (view["code"], view["message"], view["raised"]) == (None, None, {"type": "ValueError", "text": "no"})


def test_a_handler_view_is_the_attempt_without_peer_and_remaining_time() -> None:
    status = Status(code="ABORTED", message="m")
    seen = attempt(
        metadata=[("x-a", "1"), ("user-agent", "u")],
        peer="127.0.0.1:5",
        deadline_ms=99.5,
        left="status",
        left_status=status,
    )
    assert handler_view(seen) == {
        "method": "/s/m",
        "planned": True,
        "metadata": [["x-a", "1"]],
        "messages": [{"a": 1}],
        "sent": 1,
        "steps": [],
        "left": "status",
        "left_status": {"code": "ABORTED", "message": "m", "details": []},
        "context": "active",
        "deadline": "present",
    }
    assert handler_view(attempt())["deadline"] == "absent"


def test_framework_keys_go_and_a_repeated_key_keeps_its_order() -> None:
    pairs = [("x-b", "2"), ("x-a", "2"), *((key, "v") for key in FRAMEWORK_KEYS), (":authority", "h"), ("X-A", "1")]
    assert own_metadata(pairs) == [["x-a", "2"], ["x-a", "1"], ["x-b", "2"]]


def test_every_framework_key_has_its_reason() -> None:
    assert all(FRAMEWORK_KEYS.values())


@pytest.mark.parametrize("key", ["user-agent", "User-Agent"])
def test_the_user_agent_is_kept_on_its_own(key: str) -> None:
    assert (user_agent(attempt(metadata=[(key, "grpc-go/1")])), user_agent(attempt())) == ("grpc-go/1", "")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("12:34:56", "<HH:MM:SS>"),
        ("12:34", "12:34"),
        ("12:34:567", "12:34:567"),
        ("x12:34:56", "x12:34:56"),
        ("12:34:56\n", "12:34:56\n"),
        # Digits of another script are no time of day that a server would write.
        ("١٢:٣٤:٥٦", "١٢:٣٤:٥٦"),
    ],
)
def test_only_a_time_of_day_is_taken_for_the_servers_clock(sent: str, kept: str) -> None:
    seen = observation(messages=[{"message": "m", "timestamp": sent}])
    assert client_view(seen, ["timestamp"])["messages"] == [{"message": "m", "timestamp": kept}]


def test_a_time_of_day_in_any_other_field_is_compared() -> None:
    message = {"opens": "12:34:56", "count": 3, "inner": {"timestamp": "12:34:56"}}
    assert client_view(observation(messages=[message]), ["timestamp", "inner", "count"])["messages"] == [message]


def test_a_long_stream_is_kept_by_its_head_and_a_digest_that_tells_two_apart() -> None:
    many = [{"n": number} for number in range(33)]
    view = {"messages": many, "steps": []}
    other = {"messages": [*many[:-1], {"n": 0}], "steps": []}
    short = shortened(view)
    assert (short["messages"][:16], short["messages"][16]["and_more"], short["steps"]) == (many[:16], 17, [])
    assert short == shortened(view) != shortened(other)
    assert shortened({"messages": many[:32]}) == {"messages": many[:32]}
