"""Known violations are strict both ways: exactly what is recorded is known, everything else is red."""

from __future__ import annotations

import msgspec
import pytest

from interop.contract import Configuration
from interop.known import Known, Limit, Violation, excused, for_pair, stale, wrong_limits
from interop.model import Case, Cell
from interop.results import Kind, Mismatch, Verdict
from interop.verdict import signature, verdict

FAILS = [Mismatch(where="client.code", want="OK", got="UNKNOWN")]
OTHER = [Mismatch(where="client.code", want="OK", got="INTERNAL")]
SAID, OTHER_SAID = signature(FAILS), signature(OTHER)


def cell(client: str = "go", server: str = "python", case: str = "unary/status/none") -> Cell:
    made = Case(
        id=case,
        base=case,
        mode="unary",
        why="w",
        calls=[],
        source="s.yaml",
        line=1,
        configuration=Configuration(name="plain"),
    )
    return Cell(client=client, server=server, case=made)


def entry(*outcomes: list[str], case: str = "unary/status/*", client: str = "go*", server: str = "*") -> Violation:
    return Violation(
        case=case,
        client=client,
        server=server,
        versions={"grpc-go": "1"},
        reason="because",
        link="l",
        outcomes=list(outcomes),
        line=3,
    )


def test_exactly_what_is_recorded_is_known() -> None:
    held = entry(SAID)
    got = excused(cell(), [SAID], verdict(FAILS), Known(violations=[held]))
    assert got == Verdict(
        kind=Kind.KNOWN,
        sentence=SAID[0],
        mismatches=FAILS,
        signature=SAID,
        reason="because",
        known="known/violations.toml:3 (unary/status/*, go* → *)",
    )


def test_one_that_fails_otherwise_is_red() -> None:
    got = excused(cell(), [OTHER_SAID], verdict(OTHER), Known(violations=[entry(SAID)]))
    sentence = f"{OTHER_SAID[0]} — not what known/violations.toml:3 (unary/status/*, go* → *) records"
    assert got == Verdict(kind=Kind.FAIL, sentence=sentence, mismatches=OTHER, signature=OTHER_SAID)


def test_one_that_fails_in_more_ways_is_red() -> None:
    more = [*FAILS, Mismatch(where="client.steps", want=[], got=["ok"])]
    assert excused(cell(), [signature(more)], verdict(more), Known(violations=[entry(SAID)])).kind is Kind.FAIL


def test_one_that_passes_in_spite_of_its_entry_is_red() -> None:
    got = excused(cell(), [[]], verdict([]), Known(violations=[entry(SAID)]))
    name = "known/violations.toml:3 (unary/status/*, go* → *)"
    sentence = f"passes, although {name} says it fails: remove the entry, or bound it by version"
    assert got == Verdict(kind=Kind.FAIL, sentence=sentence)


@pytest.mark.parametrize(
    ("rounds", "kind"),
    [
        ([SAID, [], SAID], Kind.KNOWN),
        ([[], []], Kind.KNOWN),
        ([SAID, SAID], Kind.KNOWN),
        ([SAID, OTHER_SAID, []], Kind.FAIL),
    ],
)
def test_where_outcomes_vary_each_has_to_be_in_the_set(rounds: list[list[str]], kind: Kind) -> None:
    worst = verdict(FAILS) if SAID in rounds else verdict([])
    assert excused(cell(), rounds, worst, Known(violations=[entry(SAID, [])])).kind is kind


def test_a_set_without_the_good_outcome_is_not_known_for_a_good_round() -> None:
    assert excused(cell(), [SAID, []], verdict(FAILS), Known(violations=[entry(SAID)])).kind is Kind.FAIL


@pytest.mark.parametrize(
    "other", [cell(client="python"), cell(case="unary/other/none"), cell(case="server-streaming/status/none")]
)
def test_a_cell_that_the_globs_do_not_match_is_judged_without_them(other: Cell) -> None:
    assert excused(other, [SAID], verdict(FAILS), Known(violations=[entry(SAID)])) == verdict(FAILS)


@pytest.mark.parametrize("kind", [Kind.ERROR, Kind.UNSUPPORTED, Kind.RECORDED])
def test_a_crash_is_never_a_known_failure(kind: Kind) -> None:
    broken = Verdict(kind=kind, sentence=SAID[0], signature=SAID)
    assert excused(cell(), [], broken, Known(violations=[entry(SAID, [])])) == broken


def test_an_entry_that_matches_no_cell_is_stale() -> None:
    known = Known(violations=[entry(SAID), entry(SAID, client="rust")])
    assert stale(known, [cell()]) == [
        "known/violations.toml:3 (unary/status/*, rust → *) matches no cell of the matrix"
    ]


def test_an_entry_that_matches_nothing_is_told_with_the_nearest_names() -> None:
    wrong = entry(SAID, case="unary/status/non", server="pyhton")
    assert stale(Known(violations=[wrong]), [cell()]) == [
        f"{wrong.name} matches no cell of the matrix; did you mean 'unary/status/none'?; did you mean 'python'?"
    ]


def test_an_entry_that_stands_behind_one_that_says_more_is_stale() -> None:
    known = Known(violations=[entry(SAID), msgspec.structs.replace(entry(SAID), case="unary/status/none", line=9)])
    assert stale(known, [cell(case="unary/status/none")]) == [
        "known/violations.toml:9 (unary/status/none, go* → *) matches no cell of the matrix"
    ]


def test_an_entry_of_other_versions_is_none_of_this_run() -> None:
    held, other = entry(SAID), msgspec.structs.replace(entry(SAID), versions={"grpc-go": "2", "connect": "1"})
    known = Known(violations=[held, other])
    assert for_pair(known, cell(), {"grpc-go": {"1"}}) == Known(violations=[held])
    assert other.otherwise({"grpc-go": {"1", "2"}}) == ["connect 1"]


def limit(feature: str = "step:cancel") -> Limit:
    return Limit(implementation="go", role="client", feature=feature, versions={}, proof="p", line=5)


def test_what_is_unsupported_has_to_be_on_the_list() -> None:
    seen = {("go", "client", "step:cancel"), ("go", "client", "step:wait"), ("mine", "client", "step:wait")}
    assert wrong_limits(Known(limits=[limit()]), seen, {"go"}, whole_run=True) == [
        "go as a client says step:wait is unsupported, which known/unsupported.toml does not list"
    ]


@pytest.mark.parametrize(("whole", "count"), [(True, 1), (False, 0)])
def test_what_is_on_the_list_has_to_show_in_a_whole_run(whole: bool, count: int) -> None:
    told = ["known/unsupported.toml:5 lists step:cancel of go as a client, which did not show"]
    assert wrong_limits(Known(limits=[limit()]), set(), {"go"}, whole) == told[:count]


def test_a_limit_of_an_implementation_that_there_is_not_is_told_with_the_nearest() -> None:
    wrong = Known(limits=[msgspec.structs.replace(limit(), implementation="pyton")])
    told = "known/unsupported.toml:5 lists step:cancel of pyton as a client, which did not show; did you mean 'python'?"
    assert wrong_limits(wrong, set(), {"python", "go"}, whole_run=True) == [told]


def test_who_has_a_limit_listed_is_held_to_the_list_though_not_shipped() -> None:
    seen = {("go", "server", "step:raise"), ("rust", "server", "step:raise")}
    assert wrong_limits(Known(limits=[limit()]), seen, set(), whole_run=False) == [
        "go as a server says step:raise is unsupported, which known/unsupported.toml does not list"
    ]
