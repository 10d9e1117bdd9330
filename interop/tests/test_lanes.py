"""Where client, wire and handler part: calls made by hand, one for each way, and the lanes as they are printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from interop.lanes import text
from interop.lanes.course import Course
from interop.lanes.parting import Parting, parting
from interop.results import CallRecord, Kind, Mismatch, Record, Verdict
from interop.wire_view import Sender, WireFrame, WireMessage, WireStream, WireView

PATH = [(":method", "POST"), (":path", "/users.UserService/ChatUsers"), ("interop-call-id", "c1"), ("x-a", "1")]
HEAD = [(":status", "200"), ("content-type", "application/grpc"), ("x-i", "i")]


def frame(at_ms: float, sender: Sender, name: str, **more: Any) -> WireFrame:
    return WireFrame(at_ms=at_ms, sender=sender, frame=name, **{"stream": 1, **more})


def data(at_ms: float, sender: Sender, **more: Any) -> WireFrame:
    return frame(at_ms, sender, "DATA", length=8, messages=[WireMessage(length=3)], **more)


def trailers(number: int = 5, message: str = "no%20such user", *pairs: tuple[str, str]) -> WireFrame:
    headers = [("grpc-status", str(number)), ("grpc-message", message), ("x-t", "t"), *pairs]
    return frame(2.5, "server", "HEADERS", flags=["END_HEADERS", "END_STREAM"], headers=headers)


REQUEST = frame(0.0, "client", "HEADERS", headers=PATH)
SENT = [data(0.1, "client"), data(0.2, "client"), data(0.3, "client", flags=["END_STREAM"])]
ANSWER = [frame(2.0, "server", "HEADERS", headers=HEAD), data(2.1, "server")]


def wire(*frames: WireFrame, sent: int = 3, answered: int = 1, **more: Any) -> WireView:
    return WireView(
        frames=list(frames or (REQUEST, *SENT, *ANSWER, trailers())),
        **{
            "streams": [WireStream(connection=1, stream=1, sent=sent, answered=answered)],
            "script": ["send ×3", "half_close", "receive_all"],
            "metadata": [("x-a", "1")],
            "plan": ["receive_all", "send", "finish NOT_FOUND"],
            **more,
        },
    )


def client(**changed: Any) -> dict[str, Any]:
    values = {"ended": "status", "code": "NOT_FOUND", "message": "no such user", "details": [], "messages": [{"m": 0}]}
    ends = {"initial": [["x-i", "i"]], "trailing": [["x-t", "t"]], "steps": ["ok"] * 3, "raised": None}
    return {**values, **ends, **changed}


def handler(**changed: Any) -> dict[str, Any]:
    status = {"code": "NOT_FOUND", "message": "no such user", "details": []}
    values = {"metadata": [["x-a", "1"]], "messages": [{"n": 0}] * 3, "sent": 1, "steps": ["ok"] * 3}
    return {**values, "left": "status", "left_status": status, "context": "active", **changed}


def call(view: WireView | None = None, one: Any = None, *attempts: Any) -> CallRecord:
    seen = [handler(**attempt) for attempt in attempts or ({},) if attempt is not None]
    return CallRecord(call_id="c1", client=client(**(one or {})), handler=seen, wire=view or wire())


def parted(of: CallRecord, *complaints: str) -> Parting | None:
    assert of.wire is not None
    return parting(Course(of, of.wire), [Mismatch(where=where, want=1, got=2) for where in complaints])


ALL = (
    "handler.sees", "handler.metadata", "handler.messages", "handler.context", "client.initial", "client.messages",
    "client.code", "client.trailing", "client.steps",
)  # fmt: skip


def test_lanes_that_agree_do_not_part_whatever_is_complained_of() -> None:
    assert parted(call(), *ALL) is None


OTHER = {"left_status": {"code": "UNKNOWN", "message": "no such user", "details": []}}
NO_TRAILERS = wire(REQUEST, *SENT, *ANSWER)
CANCELLED = wire(REQUEST, data(0.1, "client"), frame(1.0, "client", "RST_STREAM", error="CANCEL"), sent=1, answered=0,
                 script=["send", "cancel"])  # fmt: skip
WAYS: list[tuple[str, CallRecord, str, str]] = [
    ("handler.sees", call(wire(sent=0, streams=[], answered=0)), "wire", "nothing of the call came on the wire"),
    ("handler.metadata", call(wire(metadata=[("x-a", "2")])), "wire",
     "the client was told to send x-a: 2, the wire had x-a: 1"),
    ("handler.metadata", call(None, None, {"metadata": []}), "handler",
     "the wire had x-a: 1, the handler saw no metadata of its own"),
    ("handler.sees", call(None, None, None), "handler", "the request was on the wire, no handler was called"),
    ("handler.messages", call(wire(sent=2), None, {"messages": [{"n": 0}] * 2}), "wire",
     "the client sent 3 messages, the wire had 2"),
    ("handler.messages", call(wire(sent=4)), "wire", "the client sent 3 messages, the wire had 4"),
    ("handler.messages", call(None, None, {"messages": [{"n": 0}] * 2}), "handler",
     "the wire had 3 messages of the client, the handler saw 2"),
    ("handler.messages", call(None, None, {"messages": [{"n": 0}] * 4}), "handler",
     "the wire had 3 messages of the client, the handler saw 4"),
    ("handler.context", call(wire(script=["send ×3", "cancel"]), {"steps": ["ok", "ok"]}), "wire",
     "the client cancelled, nothing of it was on the wire"),
    ("handler.context", call(CANCELLED, {"steps": ["ok", "ok"], "messages": []}, {"messages": [{}], "sent": 0}),
     "handler", "the cancellation was on the wire, the handler was not told"),
    ("client.initial", call(None, {"initial": []}), "client",
     "the wire had x-i: i, the client saw no metadata of its own"),
    ("client.messages", call(None, None, {"sent": 2}), "wire", "the handler sent 2 messages, the wire had 1"),
    ("client.messages", call(None, {"messages": []}), "client",
     "the wire had 1 message of the server, the client saw 0"),
    ("client.messages", call(None, {"messages": [{}, {"and_more": 2, "sha256": ""}]}), "client",
     "the wire had 1 message of the server, the client saw 3"),
    ("client.code", call(None, None, OTHER), "wire",
     "the handler left with UNKNOWN: no such user, the wire had NOT_FOUND: no such user"),
    ("client.code", call(NO_TRAILERS), "wire", "the handler left with NOT_FOUND: no such user, the wire had no status"),
    ("client.code", call(None, {"code": "UNKNOWN"}), "client",
     "the wire had NOT_FOUND: no such user, the client said UNKNOWN: no such user"),
    ("client.message", call(None, {"message": "no%20such user"}), "client",
     "the wire had NOT_FOUND: no such user, the client said NOT_FOUND: no%20such user"),
    ("client.code", call(NO_TRAILERS, None, {"left": "running"}), "client",
     "the wire had no status, the client said NOT_FOUND: no such user"),
    ("client.code", call(wire(REQUEST, *SENT, *ANSWER, trailers(42)), None, {"left": "raised"}), "client",
     "the wire had 42: no such user, the client said NOT_FOUND: no such user"),
    ("client.details", call(None, {"details": [{"type_url": "x"}]}), "client",
     "the wire had NOT_FOUND: no such user, the client said NOT_FOUND: no such user, with details"),
    ("client.trailing", call(None, {"trailing": []}), "client",
     "the wire had x-t: t, the client saw no metadata of its own"),
]  # fmt: skip


@pytest.mark.parametrize(("complaint", "of", "lane", "said"), WAYS, ids=[way[3][:60] for way in WAYS])
def test_each_way_to_part_is_found_at_its_lane(complaint: str, of: CallRecord, lane: str, said: str) -> None:
    found = parted(of, complaint)
    assert found is not None
    assert (found.lane, found.said) == (lane, said)


@pytest.mark.parametrize(
    "of",
    [
        call(None, None, {"messages": []}),  # a handler need not read
        call(None, None, None),  # an unknown method has no handler
        call(None, {"messages": []}),  # a client need not wait for what comes
        call(None, {"code": "DEADLINE_EXCEEDED"}),  # its own clock
        call(wire(sent=2), None, {"messages": [{}, {}]}),  # sent into a library that was told to cancel
    ],
)
def test_an_innocent_difference_counts_only_where_the_verdict_complains_of_it(of: CallRecord) -> None:
    assert parted(of, "handler.deadline") is None


def test_binary_metadata_is_compared_as_bytes_however_it_was_sent() -> None:
    for value in ("AAE=", "AAE", "\0AAE="):
        head = frame(0.0, "client", "HEADERS", headers=[*PATH[:3], ("x-b-bin", value), ("x-b-bin", "/w,AA")])
        view = wire(head, *SENT, *ANSWER, trailers(), metadata=[("x-b-bin", one) for one in ("AAE=", "/w==", "AA==")])
        seen = [["x-b-bin", one] for one in ("AAE=", "/w==", "AA==")]
        assert parted(call(view, None, {"metadata": seen}), *ALL) is None


def test_the_first_of_two_partings_is_marked() -> None:
    found = parted(call(None, {"code": "UNKNOWN"}, {"messages": []}), "client.code", "handler.messages")
    assert found is not None
    assert (found.lane, found.point) == ("handler", ("sent", 1))


def red(of: CallRecord, *complaints: str, calls: int = 1) -> Record:
    mismatches = [Mismatch(where=where, want=1, got=2) for where in complaints]
    verdict = Verdict(kind=Kind.FAIL, mismatches=mismatches)
    return Record(
        id="go--go/unary/a/b",
        client="go",
        server="go",
        configuration="plain",
        mode="unary",
        case="unary/a/b",
        source="a:1",
        verdict=verdict,
        calls=[of] * calls,
    )


def test_the_lanes_are_printed_in_the_order_of_the_wire_with_a_mark() -> None:
    printed = text.lines(red(call(None, {"code": "UNKNOWN"}), "client.code"))
    assert "\n".join(printed) + "\n" == (Path(__file__).parent / "lanes.txt").read_text(encoding="utf-8")


def test_a_client_that_nothing_came_from_has_lanes_too() -> None:
    nothing = WireView(script=["send", "receive_all"], plan=["finish OK"])
    one = call(nothing, {"steps": ["ok"], "messages": [], "initial": [], "trailing": []}, None)
    printed = text.lines(red(one, "handler.sees"))
    assert [" ".join(line.split()) for line in printed] == [
        "ms client wire handler",
        "send: ok, receive_all: not begun finish OK: not begun",
        "calls ◀ here they part",
        "sends message 1",
        "NOT_FOUND: no such user",
        "they part at the wire: nothing of the call came on the wire (the client's doing)",
    ]


def test_of_a_long_call_the_ends_and_the_mark_are_printed() -> None:
    frames = [REQUEST, *(data(number, "client") for number in range(79)), trailers()]
    view = wire(*frames, sent=1079, answered=0, left_out=1000, left_out_after=40, script=["send ×1079"])
    seen = {"messages": [{"n": 0}] * 16 + [{"and_more": 1039, "sha256": ""}], "sent": 0}
    printed = text.lines(red(call(view, {"steps": ["ok"], "messages": []}, seen), "handler.messages"))
    assert [line.strip() for line in printed if line.strip().startswith("…")] == [
        "… 29 rows",
        "… 1000 frames",
        "… 12 rows",
        "… 12 rows",
    ]
    (marked,) = (line for line in printed if text.MARK in line)
    assert marked.split() == "55.0 sends message 1056 → DATA 8 bytes, message 1056 ◀ here they part".split()
    assert len(printed) == 35


def test_of_several_calls_only_the_one_complained_of_is_shown() -> None:
    printed = text.lines(red(call(None, {"code": "UNKNOWN"}), "call 1: client.code", calls=3))
    assert printed[-1].startswith("call 1: they part at the client: the wire had NOT_FOUND")
    assert len([line for line in printed if "client" in line and "handler" in line and "wire " in line]) == 1


def test_what_was_not_recorded_has_no_lanes() -> None:
    one = red(CallRecord(call_id="c1", client=client(), handler=[handler()]), "client.code")
    assert (text.lines(one), text.sentence(one)) == ([], "")
