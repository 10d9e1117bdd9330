"""A child's standard output is cut into lines, however it comes."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interop import contract
from interop.lines import Lines


@given(
    lines=st.lists(st.binary(max_size=20).map(lambda data: data.replace(b"\n", b""))),
    cuts=st.lists(st.integers(0, 400)),
)
def test_lines_come_whole_however_the_pipe_cuts_them(lines: list[bytes], cuts: list[int]) -> None:
    data = b"".join(line + b"\n" for line in lines)
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    found: list[bytes] = []
    protocol = Lines(found.append, lambda _: pytest.fail("noise"), lambda _: None, lambda _: None)
    for begin, end in itertools.pairwise(edges):
        protocol.pipe_data_received(1, data[begin:end])
    assert found == lines


@pytest.mark.parametrize("chunk", [1000, 65536, 2**30])
def test_the_longest_line_is_a_line_and_one_byte_more_is_none(chunk: int) -> None:
    found: list[int] = []
    noise: list[str] = []
    protocol = Lines(lambda line: found.append(len(line)), noise.append, lambda _: None, lambda _: None)
    data = b"".join(
        b"x" * size + b"\n" for size in (contract.MAX_LINE, contract.MAX_LINE + 1, 3 * contract.MAX_LINE, 5)
    )
    for begin in range(0, len(data), chunk):
        protocol.pipe_data_received(1, data[begin : begin + chunk])
    assert (found, noise) == ([contract.MAX_LINE, 5], ["a line of more than 1048576 bytes"] * 2)
