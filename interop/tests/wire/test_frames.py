"""HTTP/2 frames out of bytes: cut anywhere, padded, continued, with another table size, and where it is none."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import pytest
from hpack import Decoder, Encoder
from hyperframe.frame import ContinuationFrame, DataFrame, Frame, HeadersFrame, SettingsFrame
from hypothesis import given
from hypothesis import strategies as st

from interop.tests.wire.peers import REQUEST, call
from interop.wire import frames
from interop.wire.frames import PREFACE, Frames, Read, Unreadable

CLIENT = b"".join(data for sender, data in call() if sender == "client")
SERVER = b"".join(data for sender, data in call() if sender == "server")


def read(reader: Frames, *parts: bytes) -> list[Any]:
    return [told(one) for part in parts for one in reader.feed(part)]


def told(one: Read) -> Any:
    return one.name, one.frame.stream_id, sorted(one.frame.flags), one.length, one.headers, one.continuations


def test_the_frames_of_a_client_are_read_whole() -> None:
    found = read(Frames(preface=True), CLIENT)
    assert [(name, flags) for name, _, flags, *_ in found] == [
        ("SETTINGS", []),
        ("SETTINGS", ["ACK"]),
        ("HEADERS", ["END_HEADERS"]),
        ("DATA", ["END_STREAM"]),
    ]
    assert found[2][4] == REQUEST


@given(st.sampled_from([CLIENT, SERVER]), st.lists(st.integers(0, len(CLIENT))))
def test_the_same_bytes_cut_anywhere_are_the_same_frames(whole: bytes, cuts: list[int]) -> None:
    ends = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    parts = [whole[start:end] for start, end in itertools.pairwise(ends)]
    client = whole is CLIENT
    assert read(Frames(client), *parts) == read(Frames(client), whole)


def test_a_header_block_of_several_frames_is_one() -> None:
    block = Encoder().encode(REQUEST)
    first, more, last = HeadersFrame(1, data=block[:5]), ContinuationFrame(1, data=block[5:9]), ContinuationFrame(1)
    last.data = block[9:]
    last.flags.add("END_HEADERS")
    (found,) = read(Frames(preface=False), serialized(first, more, last))
    assert found == ("HEADERS", 1, [], len(block), REQUEST, 2)


def serialized(*made: Frame) -> bytes:
    return b"".join(frame.serialize() for frame in made)


def test_padding_and_priority_are_no_part_of_a_header_block() -> None:
    frame = HeadersFrame(1, data=Encoder().encode(REQUEST), pad_length=9, depends_on=3, stream_weight=7)
    for flag in ("PADDED", "PRIORITY", "END_HEADERS"):
        frame.flags.add(flag)
    (found,) = read(Frames(preface=False), serialized(frame))
    assert found[4] == REQUEST


def test_a_binary_value_is_told_as_it_was_and_bytes_that_are_no_text_as_base64() -> None:
    fields = [("x-bin", b"\0\xff\x00"), ("y-bin", b"/wA"), ("z", b"\xff")]
    frame = HeadersFrame(1, data=Encoder().encode(fields), flags=["END_HEADERS"])
    (found,) = read(Frames(preface=False), serialized(frame))
    assert found[4] == [("x-bin", "\0/wA="), ("y-bin", "/wA"), ("z", "\\xff")]


def test_a_frame_of_an_unknown_type_is_passed_over() -> None:
    data = b"\x00\x00\x02\xbe\x00\x00\x00\x00\x0112"
    assert read(Frames(preface=False), data) == [("type 0xbe", 1, [], 2, None, 0)]


def test_a_larger_table_is_followed_once_the_other_side_allows_it() -> None:
    encoder = Encoder()
    encoder.header_table_size = 65536
    block = encoder.encode([(f"x-{number}", "v" * 100) for number in range(200)])
    frames_ = [HeadersFrame(number, data=data, flags=["END_HEADERS"]) for number, data in ((1, block), (3, b"\xbe"))]
    allowed = Frames(preface=False)
    allowed.table_size(65536)
    assert read(allowed, serialized(*frames_))[1][4] == [("x-199", "v" * 100)]
    with pytest.raises(Unreadable, match="exceeded max allowable table size"):
        read(Frames(preface=False), serialized(*frames_))


def test_a_huge_header_block_is_decoded_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []

    class Counting(Decoder):
        def decode(self, data: bytes, raw: bool = False) -> Iterable[Any]:
            sizes.append(len(data))
            return super().decode(data, raw)

    monkeypatch.setattr(frames, "Decoder", Counting)
    fields = [*REQUEST, *((f"x-{number}", f"{number:020}") for number in range(5000)), ("x-long", "1" * 100_000)]
    block = Encoder().encode(fields, huffman=False)
    parts = [block[start : start + 16_000] for start in range(0, len(block), 16_000)]
    made: list[Frame] = [HeadersFrame(1, data=parts[0]), *(ContinuationFrame(1, data=part) for part in parts[1:])]
    made[-1].flags.add("END_HEADERS")
    (found,) = read(Frames(preface=False), serialized(*made))
    assert found[4] == fields
    assert sum(sizes) == len(block)
    assert sorted(sizes)[-2] < 5_000


@pytest.mark.parametrize(
    ("client", "data", "said"),
    [
        (True, b"GET / HTTP/1.1\r\n", "no HTTP/2 preface: b'GET / HTTP/1.1"),
        (True, PREFACE[:-1] + b"\r", "no HTTP/2 preface"),
        (False, serialized(HeadersFrame(1, data=b"\xff\xff\xff", flags=["END_HEADERS"])), "HPACKDecodingError"),
        (False, serialized(HeadersFrame(1, data=b"\x82"), DataFrame(1)), "DataFrame within a header block"),
        (False, serialized(ContinuationFrame(1)), "CONTINUATION of none"),
        (False, serialized(HeadersFrame(1), ContinuationFrame(3)), "a header block of two streams"),
        (False, b"\x00\x00\x03\x03\x00\x00\x00\x00\x01123", "RST_STREAM must have 4 byte body"),
        (False, b"\x00\x00\x00\x00\x00\x00\x00\x00\x00", "Stream ID must be non-zero"),
        (False, serialized(SettingsFrame(0))[:3] + b"\x04\x01\x00\x00\x00\x00" + b"12", None),
    ],
)
def test_what_is_no_http2_is_told(client: bool, data: bytes, said: str | None) -> None:
    reader = Frames(client)
    if said is None:
        assert len(read(reader, data)) == 1  # what follows has not come yet
        return
    with pytest.raises(Unreadable) as caught:
        read(reader, data)
    assert said in str(caught.value)
