"""The bench: a command with its descendants is measured; the table, the names it grows by, the plain calls."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from interop import cases, implementations
from interop.bench import growth, table
from interop.bench.measured import Cost, cost
from interop.bench.said import sentences
from interop.bench.selected import calls_of, small_cases
from interop.bench.table import Row
from interop.matrix import BULK, HEAVY
from interop.tests.miniatures import read_cases

# A parent that works little, and a child that works for 0.3 s of CPU and then waits to be seen.
CHILD = "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass\nprint('done', flush=True)"
PARENT = f"import subprocess, sys; code = subprocess.call([sys.executable, '-c', {CHILD!r}]); sys.exit(3)"


def made_up(wall_s: float, cpu_s: float, **changed: object) -> Cost:
    values = {"peak_mb": 300.4, "processes": 9, "descriptors": 120, "cpu_by": {}, "exit_code": 0, "output": ""}
    return Cost(wall_s=wall_s, cpu_s=cpu_s, **{**values, **changed})  # type: ignore[arg-type]


ROWS = [
    Row(name="small cells, once", cells=1000, costs=[made_up(5, 8)]),
    Row(name="small cells, --repeat 3", cells=3000, costs=[made_up(6, 12), made_up(9, 15), made_up(7, 10)]),
    Row(name="one client process a cell", cells=1000, costs=[made_up(90, 160)], said="all the same"),
    Row(name="floor: plain loops", cells=3000, costs=[made_up(3, 6)]),
    Row(name="2 implementations", cells=72, costs=[made_up(1, 1.8, processes=5)]),
]


def test_a_command_is_measured_with_its_descendants() -> None:
    measured = cost([sys.executable, "-c", PARENT])
    assert (measured.exit_code, measured.output, measured.processes) == (3, "done\n", 2)
    assert measured.cpu_s >= 0.3
    assert measured.wall_s > 0.3
    assert measured.peak_mb > 5
    assert measured.descriptors >= 6  # two processes with their standard three


def test_the_table_has_medians_and_the_same_cells_as_text_and_as_markdown() -> None:
    assert table.text(ROWS[:2]) == [
        "                         cells    s  cells/s  CPU s  CPU ms/cell  MB at most  processes  descriptors",
        "small cells, once        1,000  5.0      200    8.0          8.0         300          9          120",
        "small cells, --repeat 3  3,000  7.0      429   12.0          4.0         300          9          120",
    ]
    assert table.markdown(ROWS[:1]) == [
        "|  | cells | s | cells/s | CPU s | CPU ms/cell | MB at most | processes | descriptors |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        "| small cells, once | 1,000 | 5.0 | 200 | 8.0 | 8.0 | 300 | 9 | 120 |",
    ]


def test_the_sentences_hold_the_rows_against_each_other() -> None:
    assert sentences(ROWS, {"list": 0.25}) == [
        "one client process a cell: all the same.",
        "A process a cell costs 40 times the CPU seconds of --repeat, 20 times those of one run.",
        "Plain loops cost 50 % of the CPU seconds of the same calls with plans, views and verdicts.",
        "Implementations: 2: 5 processes, 25.0 CPU ms a cell.",
        "interop list answers in 0.25 s.",
    ]


@pytest.mark.parametrize("size", growth.SIZES)
def test_the_shipped_implementations_stand_under_as_many_names_as_asked(tmp_path: Path, size: int) -> None:
    words = growth.words(size, tmp_path)
    names = words[words.index("--clients") + 1].split(",")
    every = implementations.read_with(Path(words[1]))
    assert (len(set(names)), set(names) - every.keys()) == (size, set())
    assert {name.partition("-2")[0].removesuffix("-1") for name in names} <= implementations.read().keys()


def test_plain_loops_make_the_calls_of_the_small_cases(tmp_path: Path) -> None:
    assert calls_of(read_cases(tmp_path)) == [
        "GetUser 1", "ListUsers 2", "CreateUsers 3", "ChatUsers 1", "GetUser 1", "GetUser 1", "GetUser 1", "GetUser 1",
    ]  # fmt: skip
    assert {case.id for case in cases.read_all()} - {case.id for case in small_cases()} == {
        case.id for case in cases.read_all() if case.quiet or {BULK, HEAVY} & set(case.tags)
    }
