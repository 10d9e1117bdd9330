"""Whole reports against files that a person has read.

``REWRITE_GOLDEN=1 pytest interop/tests/report/test_golden.py`` writes them anew; then read the diff.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from interop.record import Results
from interop.report import junit, markdown, terminal
from interop.tests.report import sample

GOLDEN = Path(__file__).parent / "golden"
RUNS = {"red": sample.red(), "as-expected": sample.as_expected(), "cut-short": sample.cut_short()}


def on_a_terminal(colour: bool) -> Callable[[Results], str]:
    return lambda results: "\n".join(terminal.lines(results, Path("build/interop"), colour)) + "\n"


REPORTS: dict[str, Callable[[Results], str]] = {
    "terminal.txt": on_a_terminal(False),
    "colours.txt": on_a_terminal(True),
    "summary.md": markdown.summary,
    "junit.xml": junit.xml,
}


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("run", RUNS)
def test_a_report_reads_as_its_golden_file(run: str, report: str) -> None:
    golden, text = GOLDEN / f"{run}.{report}", REPORTS[report](RUNS[run])
    if os.environ.get("REWRITE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"{run}.{report}" for run in RUNS for report in REPORTS}
