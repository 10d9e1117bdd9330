"""A connection's bytes → the frames of each call, whole."""

from __future__ import annotations

from typing import Any, cast

import msgspec
from hyperframe.frame import GoAwayFrame, RstStreamFrame, WindowUpdateFrame

from interop.tests.wire.peers import REQUEST, RESPONSE, TRAILERS, Pair, call, message
from interop.wire.connection import Connection
from interop.wire.trace import FRAMES_KEPT, Trace
from interop.wire_view import Sender, WireStream, WireView


class Calls(dict[str, Trace]):
    def of(self, call_id: str) -> Trace:
        return self.setdefault(call_id, Trace())

    def seen(self, call_id: str = "c7") -> Any:
        return msgspec.json.decode(msgspec.json.encode(self[call_id].take()))


def connection(calls: Calls) -> Connection:
    return Connection(3, calls.of)


def witness(turns: list[tuple[str, bytes]]) -> tuple[Calls, Connection]:
    """A millisecond passes between two turns."""
    calls = Calls()
    seen = connection(calls)
    for number, (sender, data) in enumerate(turns):
        seen.saw(cast(Sender, sender), data, number / 1000)
    return calls, seen


def test_a_call_is_told_frame_by_frame() -> None:
    calls, _ = witness(call())
    told = calls.seen()
    head, end = ["END_HEADERS"], ["END_HEADERS", "END_STREAM"]
    sizes = [frame.pop("length") for frame in told["frames"]]
    assert told == {
        "streams": [{"connection": 3, "stream": 1, "sent": 1, "answered": 2}],
        "frames": [
            frame(4.0, "client", "HEADERS", flags=head, headers=pairs(REQUEST)),
            frame(4.0, "client", "DATA", flags=["END_STREAM"], messages=[{"length": 3}]),
            frame(5.0, "server", "HEADERS", flags=head, headers=pairs(RESPONSE)),
            frame(5.0, "server", "DATA", flags=["PADDED"], messages=[{"length": 0}]),
            frame(5.0, "server", "DATA", messages=[{"length": 5, "compressed": True}]),
            frame(5.0, "server", "HEADERS", flags=end, headers=pairs(TRAILERS)),
        ],
    }
    assert sizes[1:2] + sizes[3:5] == [8, 13, 7]


def frame(turn: float, sender: str, name: str, **more: Any) -> dict[str, Any]:
    return {"at_ms": turn - 4.0, "from": sender, "frame": name, "stream": 1, **more}


def pairs(headers: list[tuple[str, str]]) -> list[list[str]]:
    return [list(pair) for pair in headers]


def test_calls_on_one_connection_are_kept_apart_and_a_stream_without_an_id_is_nobodys() -> None:
    pair = Pair()
    for number, call_id in ((1, "c1"), (3, "c2"), (5, None)):
        own = [pair for pair in REQUEST if pair[0] != "interop-call-id"]
        pair.client.send_headers(number, [*own, *([("interop-call-id", call_id)] if call_id else [])])
        pair.client.send_data(number, message(b"1") * number)
    pair.client.send_headers(7, REQUEST)  # another attempt of c7 follows on the same connection
    pair.client.reset_stream(7, 8)
    pair.client.send_headers(9, REQUEST)
    pair.exchange()
    calls, _ = witness(pair.turns)
    assert {name: [(one.stream, one.sent) for one in trace.take().streams] for name, trace in calls.items()} == {
        "c1": [(1, 1)],
        "c2": [(3, 3)],
        "c7": [(7, 0), (9, 0)],
    }


def brief(told: Any) -> list[Any]:
    kept = ("frame", "from", "error", "increment", "text")
    return [tuple(frame[name] for name in kept if name in frame) for frame in told["frames"]]


def test_what_ends_a_connection_is_told_in_the_calls_that_are_open_on_it() -> None:
    pair = Pair()
    pair.client.send_headers(1, REQUEST)
    pair.exchange()
    calls, seen = witness(pair.turns)
    seen.saw("server", WindowUpdateFrame(1, window_increment=5).serialize(), 1.0)
    seen.saw("server", GoAwayFrame(0, last_stream_id=1, error_code=11, additional_data=b"calm").serialize(), 1.0)
    seen.saw("server", RstStreamFrame(1, error_code=8).serialize() + RstStreamFrame(1, error_code=99).serialize(), 1.0)
    seen.ended("client", "FIN", 1.0)
    seen.ended("server", "RST", 1.0)
    assert brief(calls.seen()) == [
        ("HEADERS", "client"),
        ("WINDOW_UPDATE", "server", 5),
        ("GOAWAY", "server", "ENHANCE_YOUR_CALM", "last stream 1: calm"),
        ("RST_STREAM", "server", "CANCEL"),
        ("RST_STREAM", "server", "99"),
        ("FIN", "client"),
        ("RST", "server"),
    ]


def test_what_cannot_be_read_is_told_and_the_other_direction_is_read_on() -> None:
    pair = Pair()
    pair.client.send_headers(1, REQUEST)
    pair.exchange()
    calls, seen = witness(pair.turns)
    seen.saw("server", b"\x00\x00\x03\x03\x00\x00\x00\x00\x01123", 1.0)
    seen.saw("server", b"more of it", 1.0)
    pair.client.send_data(1, message(b"1"), end_stream=True)
    pair.client.send_headers(
        3, [("interop-call-id" if name == "interop-call-id" else name, value) for name, value in REQUEST]
    )
    seen.saw("client", pair.client.data_to_send(), 2.0)
    unreadable = ("UNREADABLE", "server", "InvalidFrameError: RST_STREAM must have 4 byte body: actual length 3.")
    assert brief(calls.seen()) == [
        ("HEADERS", "client"),
        unreadable,
        ("DATA", "client"),
        unreadable,
        ("HEADERS", "client"),
    ]


def test_of_a_long_call_the_middle_is_left_out_and_counted() -> None:
    pair = Pair()
    pair.client.send_headers(1, REQUEST)
    for _ in range(1000):
        pair.client.send_data(1, message(b"1"))
    pair.client.end_stream(1)
    pair.exchange()
    calls, _ = witness(pair.turns)
    view = calls["c7"].take()
    assert (len(view.frames), view.left_out, view.left_out_after) == (
        2 * FRAMES_KEPT,
        1002 - 2 * FRAMES_KEPT,
        FRAMES_KEPT,
    )
    assert (view.streams[0].sent, view.frames[0].frame, view.frames[-1].flags) == (1000, "HEADERS", ["END_STREAM"])


def test_a_long_header_is_cut_and_says_so() -> None:
    pair = Pair()
    pair.client.send_headers(1, [*REQUEST, ("x-long", "v" * 1000), *((f"x-{number}", "") for number in range(100))])
    pair.exchange()
    calls, _ = witness(pair.turns)
    headers = calls.seen()["frames"][0]["headers"]
    assert headers[7] == ["x-long", f"{'v' * 256}… (1000 characters)"]
    assert (len(headers), headers[-1]) == (65, ["…", "44 more"])


def test_once_taken_nothing_more_is_kept() -> None:
    pair = Pair()
    pair.client.send_headers(1, REQUEST)
    pair.exchange()
    calls, seen = witness(pair.turns)
    trace = calls["c7"]
    assert len(trace.take().frames) == 1
    seen.saw("client", RstStreamFrame(1).serialize(), 1.0)
    assert trace.take() == WireView(streams=[WireStream(connection=3, stream=1)])
