"""No report takes a run without its end for a run."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from interop.record import Results
from interop.report import facts, junit, markdown, page, terminal
from interop.results import Problem
from interop.tests.report import sample

RESULTS = sample.cut_short()
SAID = f"the run was cut short: 10 of {RESULTS.header.planned} cells were judged, and there is no footer"


def test_the_terminal_says_that_a_run_was_cut_short() -> None:
    lines = terminal.lines(RESULTS, Path("x"), False)
    assert any(SAID in line for line in lines)
    assert lines[-1].startswith("CUT SHORT: 10 of")
    assert lines[-1].endswith("NOT as expected")


def test_the_summary_says_that_a_run_was_cut_short() -> None:
    text = markdown.summary(RESULTS)
    assert text.startswith(f"## ❌ interop: NOT as expected: {SAID}")
    assert "CUT SHORT: 10 of" in text.splitlines()[-1]


def test_the_page_says_that_a_run_was_cut_short() -> None:
    html = page.html(RESULTS)
    assert f"<title>interop: NOT as expected: {SAID}</title>" in html
    assert f"<li><b>truncated</b>: {SAID}</li>" in html


def test_junit_has_an_error_for_a_run_cut_short() -> None:
    root = ET.fromstring(junit.xml(RESULTS))  # noqa: S314 - our own
    error = root.find("testsuite[@name='run']/testcase[@name='truncated']/error")
    assert error is not None
    assert error.get("message") == SAID


def test_a_file_that_lost_a_line_is_not_as_expected() -> None:
    whole = sample.as_expected()
    less = Results(header=whole.header, records=whole.records[1:], spoke=whole.spoke, footer=whole.footer)
    planned = whole.header.planned
    assert facts.problems(less) == [
        Problem(kind="broken file", text="the footer counts other cells than the file holds"),
        Problem(kind="broken file", text=f"{planned} cells planned, {planned - 1} accounted for"),
    ]
    assert facts.verdict(less) == "NOT as expected: 2 problems"


def test_a_run_that_was_stopped_is_not_as_expected_though_nothing_failed() -> None:
    stopped = sample.results([sample.passed("go--go", "unary/a/b")], ["go--go/unary/a/c"], [])
    assert facts.verdict(stopped) == "NOT as expected: 1 not run"


def test_a_run_without_a_cell_is_reported_all_the_same() -> None:
    nothing = sample.results([], [], [])
    assert facts.verdict(nothing) == "NOT as expected: 1 problem"
    assert terminal.lines(nothing, Path("x"), False)[1] == "no cell was judged"
    assert "nothing was selected" in markdown.summary(nothing)
    assert "nothing was selected" in junit.xml(nothing)
    assert "nothing was selected" in page.html(nothing)
