"""Known violations are strict both ways: exactly what is recorded is known, everything else is red."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from interop.contract import Configuration
from interop.errors import InputInvalid
from interop.known import Known, Limit, Violation, excused, for_pair, read, read_with, stale, wrong_limits
from interop.model import Case, Cell, Kind, Mismatch, Verdict
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


def test_the_files_are_read_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "violations.toml").write_text(
        '# head\n\n[[violation]]\ncase = "unary/status/*"\nclient = "go*"\nversions = {grpc-go = "1"}\n'
        'reason = "because"\n'
        f'link = "l"\noutcomes = [["{SAID[0]}"]]\n'
    )
    (tmp_path / "unsupported.toml").write_text(
        '\n\n\n\n[[unsupported]]\nimplementation = "go"\nrole = "client"\nfeature = "step:cancel"\n'
        'versions = {}\nproof = "p"\n'
    )
    assert read(tmp_path) == Known(violations=[entry(SAID)], limits=[limit()])
    with pytest.raises(InputInvalid, match=r"/nothing: no such folder; allowed: "):
        read(tmp_path / "nothing")


def test_a_limit_of_an_implementation_that_there_is_not_is_told_with_the_nearest() -> None:
    wrong = Known(limits=[msgspec.structs.replace(limit(), implementation="pyton")])
    told = "known/unsupported.toml:5 lists step:cancel of pyton as a client, which did not show; did you mean 'python'?"
    assert wrong_limits(wrong, set(), {"python", "go"}, whole_run=True) == [told]


GOOD = """[[violation]]
case = "c"
versions = { a = "1" }
reason = "r"
link = "l"
outcomes = [["x"]]
"""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[violation]\n", "violations.toml:1: no valid TOML: Expected ']]' at the end of an array declaration"),
        (
            '\n[[violations]]\ncase = "x"\n',
            "violations.toml:2: unknown table 'violations'; allowed: [[violation]]; did you mean 'violation'?",
        ),
        (
            '[violation]\ncase = "x"\n',
            "violations.toml:1: violation = {'case': 'x'}; allowed: [[violation]] above each",
        ),
        (
            '\n[[violation]] # a comment\ncase = "x"\n',
            "violations.toml:2: an entry without 'versions'; allowed: case, ",
        ),
        (
            '\n[[violation]]\nkase = "x"\n',
            "violations.toml:3: unknown key 'kase' in an entry; allowed: case, client, server, versions, reason, link, "
            "outcomes; did you mean 'case'?",
        ),
        (GOOD + "line = 3\n", "violations.toml:7: unknown key 'line' in an entry; allowed: case, "),
        (GOOD.replace('"c"', "1"), "violations.toml:2: case: 1; allowed: a string; put it in quotes, if it is text"),
        (GOOD.replace('"r"', '""'), "violations.toml:4: reason: ''; allowed: a string that is not empty"),
        (GOOD.replace('"1"', "1.5"), "violations.toml:3: versions: {'a': 1.5}; allowed: a string in each place of it"),
        (GOOD.replace('[["x"]]', '["x"]'), "violations.toml:6: outcomes: ['x']; allowed: a list in each place of it"),
        (GOOD + "\n" + GOOD, "violations.toml:8: an entry that stands twice; allowed: once; first in line 1"),
    ],
)
def test_a_mistake_in_the_list_is_told_with_file_and_line(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "violations.toml").write_text(text)
    with pytest.raises(InputInvalid) as caught:
        read(tmp_path)
    assert str(caught.value).removeprefix(f"{tmp_path}/").startswith(sentence)


def test_a_limit_is_one_of_a_server_or_a_client(tmp_path: Path) -> None:
    text = 'implementation = "a"\nrole = "sever"\nfeature = "f"\nversions = {}\nproof = "p"\n'
    (tmp_path / "unsupported.toml").write_text("[[unsupported]]\n" + text)
    with pytest.raises(InputInvalid) as caught:
        read(tmp_path)
    sentence = "unsupported.toml:3: role: 'sever'; allowed: server, client; did you mean 'server'?"
    assert str(caught.value) == f"{tmp_path}/{sentence}"


def test_one_more_list_comes_before_the_shipped_one_and_its_entries_say_where_they_stand(tmp_path: Path) -> None:
    for name, client in (("base", "*"), ("more", "node")):
        (tmp_path / name).mkdir()
        text = f'[[violation]]\ncase = "*"\nclient = "{client}"\nversions = {{}}\n'
        (tmp_path / name / "violations.toml").write_text(text + 'reason = "r"\nlink = "l"\noutcomes = [[]]\n')
    both = read_with(tmp_path / "base", [tmp_path / "more"])
    assert [entry.name for entry in both.violations] == [
        f"{tmp_path}/more/violations.toml:1 (*, node → *)",
        "known/violations.toml:1 (*, * → *)",
    ]


def test_who_has_a_limit_listed_is_held_to_the_list_though_not_shipped() -> None:
    seen = {("go", "server", "step:raise"), ("rust", "server", "step:raise")}
    assert wrong_limits(Known(limits=[limit()]), seen, set(), whole_run=False) == [
        "go as a server says step:raise is unsupported, which known/unsupported.toml does not list"
    ]


def test_the_shipped_lists_can_be_read() -> None:
    known = read()
    assert all(violation.reason and violation.link.startswith("https://") for violation in known.violations)
    assert all(one.proof and one.versions for one in known.limits)
