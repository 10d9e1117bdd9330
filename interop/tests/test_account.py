"""The accounting line: planned is the sum of the verdicts and of what was not run, or the run is broken."""

from __future__ import annotations

import pytest

from interop.account import footer, line
from interop.results import Footer, Kind, NotRun, Problem, Record, Verdict

ZERO = {kind.value: 0 for kind in Kind}


def record(name: str, kind: Kind = Kind.PASS) -> Record:
    return Record(
        id=name,
        client="a",
        server="b",
        configuration="plain",
        mode="unary",
        case=name,
        source="s:1",
        verdict=Verdict(kind=kind),
    )


def closed(
    planned: list[str], records: list[Record], reason: str = "", problems: list[Problem] | None = None
) -> Footer:
    return footer(planned, records, reason, problems or [], ["a remark"], 1.234)


def test_a_run_that_went_as_expected() -> None:
    kinds = [Kind.PASS, Kind.PASS, Kind.KNOWN, Kind.RECORDED, Kind.UNSUPPORTED]
    records = [record(f"c{number}", kind) for number, kind in enumerate(kinds)]
    foot = closed([one.id for one in records], records)
    counts = {**ZERO, "pass": 2, "known": 1, "recorded": 1, "unsupported": 1}
    assert foot == Footer(counts=counts, not_run=[], problems=[], duration_s=1.23, exit_code=0, remarks=["a remark"])
    assert line(foot) == "5 cells: 2 pass, 0 fail, 1 known, 1 recorded, 1 unsupported, 0 error, 0 not run"


@pytest.mark.parametrize("kind", [Kind.FAIL, Kind.ERROR])
def test_one_red_cell_makes_the_run_red(kind: Kind) -> None:
    assert closed(["a", "b"], [record("a"), record("b", kind)]).exit_code == 1


def test_a_problem_makes_the_run_red_although_every_cell_passed() -> None:
    problem = Problem(kind="unexplained crash", text="t")
    assert closed(["a"], [record("a")], problems=[problem]).exit_code == 1


def test_what_was_not_run_has_its_reason_and_breaks_no_sum() -> None:
    foot = closed(["a", "b", "c"], [record("a", Kind.FAIL)], "stopping after 1 failures")
    reason = "stopping after 1 failures"
    assert foot.not_run == [NotRun(id="b", reason=reason), NotRun(id="c", reason=reason)]
    assert (foot.problems, foot.exit_code) == ([], 1)
    assert closed(["a", "b"], [record("a")], reason).exit_code == 1, "what was not run was not shown to work"
    assert line(foot) == "3 cells: 0 pass, 1 fail, 0 known, 0 recorded, 0 unsupported, 0 error, 2 not run"


@pytest.mark.parametrize(
    ("planned", "records", "text"),
    [
        (["a", "b", "c"], [record("a")], "2 cells were lost, first: b"),
        (["a"], [record("a"), record("a")], "a was judged 2 times"),
        (["a"], [record("a"), record("x")], "x was judged, but not planned"),
        ([], [], "nothing was selected: 0 cells planned"),
    ],
)
def test_a_broken_sum_is_worse_than_red(planned: list[str], records: list[Record], text: str) -> None:
    foot = closed(planned, [*records])
    assert (foot.problems, foot.exit_code) == ([Problem(kind="broken sum", text=text)], 2)


def test_a_broken_sum_is_not_hidden_by_a_failure() -> None:
    assert closed(["a", "b"], [record("a", Kind.FAIL)]).exit_code == 2
