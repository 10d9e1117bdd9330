"""Who is to blame, in a sentence: a bad column is the server's, a bad row the client's, all of it the case's."""

from __future__ import annotations

import msgspec
import pytest

from interop.blame import blamed
from interop.results import Kind, Record, Verdict

NAMES = ("python", "python-aio", "go", "go-connect")
KINDS = {"python": Kind.PASS, "python-aio": Kind.KNOWN, "go": Kind.ERROR, "go-connect": Kind.FAIL}


def record(pair: str, kind: Kind, case: str = "unary/a", configuration: str = "plain") -> Record:
    client, server = pair.split("--")
    return Record(
        id=f"{pair}/{configuration}/{case}",
        client=client,
        server=server,
        configuration=configuration,
        mode="unary",
        case=case,
        source="s:1",
        verdict=Verdict(kind=kind),
    )


def matrix(red: str, case: str = "unary/a", configuration: str = "plain") -> list[Record]:
    """``red`` holds words like ``go--python``, ``*--go`` (a column) and ``go--*`` (a row)."""
    words = set(red.split())
    found = []
    for client in NAMES:
        for server in NAMES:
            names = {f"{client}--{server}", f"*--{server}", f"{client}--*", "*--*"}
            kind = Kind.FAIL if words & names else Kind.PASS
            found.append(record(f"{client}--{server}", kind, case, configuration))
    return found


def told(records: list[Record]) -> list[tuple[str, int]]:
    return [(blame.who, len(blame.records)) for blame in blamed(records)]


@pytest.mark.parametrize(
    ("red", "want"),
    [
        ("", []),
        ("*--go", [("go as a server, with 4 of 4 clients", 4)]),
        ("*--go *--go-connect", [("go and go-connect as servers, with 4 of 4 clients", 8)]),
        ("*--python *--go *--go-connect", [("python, go and go-connect as servers, with 4 of 4 clients", 12)]),
        ("python-aio--*", [("python-aio as a client, with 4 of 4 servers", 4)]),
        ("python--* python-aio--*", [("python and python-aio as clients, with 4 of 4 servers", 8)]),
        ("go--python", [("go → python: this pair only", 1)]),
        ("go--python python--go", [("python → go: this pair only", 1), ("go → python: this pair only", 1)]),
        ("go--python python--python", [("python as a server, with 2 of 4 clients", 2)]),
        ("go--python go--go", [("go as a client, with 2 of 4 servers", 2)]),
        ("*--go go--*", [("go as a server, with 4 of 4 clients", 4), ("go as a client, with 4 of 4 servers", 3)]),
        ("*--*", [("the case itself is suspect: it fails on all 16 pairs", 16)]),
    ],
)
def test_the_shape_of_the_red_cells_says_whose_fault_it_is(red: str, want: list[tuple[str, int]]) -> None:
    assert told(matrix(red)) == want


def test_a_cell_that_fails_in_every_turn_is_still_one_pair() -> None:
    turns = [*matrix("go--python"), *matrix("go--python"), *matrix("")]
    assert told(turns) == [("go → python: this pair only", 2)]
    assert told([*matrix("*--*"), *matrix("*--*")]) == [("the case itself is suspect: it fails on all 16 pairs", 32)]


def broken(pair: str, sentence: str) -> Record:
    return msgspec.structs.replace(record(pair, Kind.ERROR), verdict=Verdict(kind=Kind.ERROR, sentence=sentence))


def test_whoever_broke_is_named_by_its_own_failure_and_nobody_by_its_cells() -> None:
    dead = [broken("go--x", "x as a server ended with exit code 1"), broken("go--y", "y as a server was not ready")]
    assert told(dead) == [("x as a server, with 1 of 1 clients", 1), ("y as a server, with 1 of 1 clients", 1)]
    assert told([*dead, record("go--go", Kind.FAIL), record("go--python", Kind.PASS)])[-1] == (
        "go → go: this pair only",
        1,
    )


def test_an_error_counts_as_a_failure_does() -> None:
    records = [record(f"{client}--{server}", KINDS[server]) for client in NAMES for server in NAMES]
    assert told(records) == [("go and go-connect as servers, with 4 of 4 clients", 8)]


def test_a_known_failure_is_nobodys_fault_today() -> None:
    assert told([record(f"{client}--go", Kind.KNOWN) for client in NAMES]) == []


@pytest.mark.parametrize("kind", [Kind.UNSUPPORTED, Kind.RECORDED])
def test_a_cell_that_was_not_judged_says_nothing_of_anybody(kind: Kind) -> None:
    silent = [record(f"rust--{server}", kind) for server in NAMES]
    assert told([*matrix("*--go"), *silent]) == [("go as a server, with 4 of 4 clients", 4)]
    assert told([*silent, record("go--go", kind)]) == []


def test_where_one_pair_ran_nobody_can_be_told_from_the_other() -> None:
    words = "go → python: only this pair ran, so nobody can be told from the other"
    assert told([record("go--python", Kind.FAIL)]) == [(words, 1)]


def test_with_one_client_a_bad_server_is_one_that_fails_beside_a_good_one() -> None:
    records = [record("go--go", Kind.PASS), record("go--python", Kind.FAIL)]
    assert told(records) == [("go → python: this pair only", 1)]


def test_cases_with_the_same_culprit_are_one_group_the_largest_first() -> None:
    records = [*matrix("go--*", case="unary/c"), *matrix("*--go", case="unary/a"), *matrix("*--go", case="unary/b")]
    first, second = blamed(records)
    assert (first.who, first.cases, len(first.records)) == (
        "go as a server, with 4 of 4 clients",
        ("unary/a", "unary/b"),
        8,
    )
    assert (second.who, second.cases, len(second.records)) == ("go as a client, with 4 of 4 servers", ("unary/c",), 4)


def test_configurations_are_not_mixed() -> None:
    """The same case under another configuration is another case: red there does not make it red here."""
    records = [*matrix("*--go", configuration="shipped"), *matrix("")]
    assert told(records) == [("go as a server, with 4 of 4 clients", 4)]


def test_every_red_cell_is_in_exactly_one_group() -> None:
    records = matrix("*--go go--* python--python python-aio--python")
    found = [one.id for blame in blamed(records) for one in blame.records]
    assert sorted(found) == sorted(one.id for one in records if one.verdict.kind is Kind.FAIL)
