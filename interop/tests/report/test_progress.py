"""The line that moves: how often, what it says, and that a log gets no control characters."""

from __future__ import annotations

import io

from interop.report.progress import Progress
from interop.results import Kind, Record, Verdict
from interop.tests.report.sample import cell, code, failed, passed


class Clock:
    """Goes on only when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(stream: io.StringIO, records: list[Record], seconds_each: float) -> str:
    clock = Clock()
    progress = Progress(len(records), stream, clock)
    for record in records:
        clock.now += seconds_each
        progress.step(record)
    progress.close()
    return stream.getvalue()


def passes(number: int) -> list[Record]:
    return [passed("go--go", f"unary/a/{at}") for at in range(number)]


def test_a_log_gets_a_line_every_tenth_and_nothing_rewritten() -> None:
    written = run(io.StringIO(), passes(200), 0.01)
    lines = written.splitlines()
    assert len(lines) == 10
    assert lines[0] == "[##------------------] 20/200  0 red  0 known  about 2 s left"
    assert lines[-1] == "[####################] 200/200  0 red  0 known  2.0 s"
    assert "\r" not in written


def test_a_terminal_is_rewritten_ten_times_a_second_at_most() -> None:
    written = run(Terminal(), passes(1000), 0.001)
    assert 8 <= written.count("\r") <= 11
    assert written.count("\n") == 1
    assert written.rstrip().endswith("1000/1000  0 red  0 known  1.0 s")


def test_a_shorter_line_leaves_nothing_of_the_longer_one() -> None:
    drawn = run(Terminal(), passes(30), 0.2).strip("\n").split("\r")[1:]
    longest = 0
    for text in drawn:
        assert len(text) >= longest
        longest = len(text.rstrip())


def test_the_time_left_follows_the_pace_so_far() -> None:
    lines = run(io.StringIO(), passes(20), 3.0).splitlines()
    assert [line.rpartition("  ")[2] for line in lines[:2]] == ["about 54 s left", "about 48 s left"]


def test_red_cells_are_named_as_they_come_and_no_more_than_ten() -> None:
    records = [failed("go--go", f"unary/a/{at}", code("OK", "UNKNOWN")) for at in range(15)]
    lines = run(io.StringIO(), records, 0.0).splitlines()
    named = [line for line in lines if line.startswith("fail: ")]
    assert named == [f"fail: go--go/unary/a/{at}" for at in range(10)]
    assert lines.count("more red cells follow: see the report") == 1
    assert lines[-1].endswith("15/15  15 red  0 known  0.0 s")


def test_known_violations_are_counted_apart() -> None:
    known = cell("go--go", "unary/a/b", Verdict(kind=Kind.KNOWN))
    assert "1/1  0 red  1 known" in run(io.StringIO(), [known], 0.0)


def test_a_run_without_a_cell_writes_nothing() -> None:
    for stream in (Terminal(), io.StringIO()):
        assert run(stream, [], 0.0) == ""
