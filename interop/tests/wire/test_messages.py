"""Length-prefixed messages out of DATA, however they are cut."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from interop.tests.wire.peers import message
from interop.wire.messages import Messages
from interop.wire_view import WireMessage


@given(st.lists(st.tuples(st.integers(0, 40), st.booleans())), st.lists(st.integers(0, 300)))
def test_the_same_bytes_cut_anywhere_are_the_same_messages(of: list[tuple[int, bool]], cuts: list[int]) -> None:
    whole = b"".join(message(b"x" * length, compressed) for length, compressed in of)
    reader = Messages()
    found = [one for start, end in pieces(len(whole), cuts) for one in reader.feed(whole[start:end])]
    assert found == [WireMessage(length=length, compressed=compressed) for length, compressed in of]
    assert (reader.count, reader.unfinished) == (len(of), False)


def pieces(length: int, cuts: list[int]) -> list[tuple[int, int]]:
    return list(itertools.pairwise(sorted({0, length, *(cut for cut in cuts if cut < length)})))


def test_a_message_that_is_not_over_is_told() -> None:
    reader = Messages()
    assert reader.feed(message(b"1234")[:-1]) == []
    assert (reader.count, reader.unfinished) == (0, True)
