"""JUnit: well-formed whatever a server sent, and each verdict as what a CI system makes of it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from interop.report import junit
from interop.results import Kind, Verdict
from interop.tests.report.sample import NASTY, cell, red, results

ROOT = ET.fromstring(junit.xml(red()))  # noqa: S314 - our own


def case(pair: str, name: str) -> ET.Element:
    found = ROOT.find(f"testsuite[@name='{pair}']/testcase[@name='{name}']")
    assert found is not None
    return found


def test_a_cell_is_a_case_of_its_pairs_suite() -> None:
    found = case("python--python", "unary/status/not-found")
    assert found.attrib == {
        "classname": "python--python", "name": "unary/status/not-found", "time": "0.013",
        "file": "interop/cases/status.yaml", "line": "7",
    }  # fmt: skip
    assert list(found) == []


def test_any_text_is_well_formed() -> None:
    every = "".join(map(chr, range(0x200))) + "\ufffe\uffff\U0001f600" + NASTY
    crash = cell("go--go", "unary/a/b", Verdict(kind=Kind.ERROR, sentence=every), notes=[every])
    root = ET.fromstring(junit.xml(results([crash], [], [])))  # noqa: S314 - our own
    body = root.findtext(".//error") or ""
    assert "\\x00" in body
    assert "\\ufffe\\uffff\U0001f600" in body  # which expat lets through, and XML 1.0 doesn't
    assert "]]>" in body


def test_a_failure_says_sentence_difference_blame_and_how_to_repeat_it() -> None:
    failure = case("python--go", "unary/failure/raises")[0]
    assert failure.attrib == {"message": "client.code: want UNKNOWN, got INTERNAL", "type": "fail"}
    assert (failure.text or "").splitlines() == [
        "client.code",
        "  want UNKNOWN",
        "  got  INTERNAL",
        "blame: go as a server, with 2 of 2 clients",
        "again: interop run --cell 'python--go/unary/failure/raises' --implementations 'my own.toml'",
    ]


def test_what_is_neither_red_nor_passing_is_skipped_with_its_reason() -> None:
    known = case("go--go", "client-streaming/cardinality/no-request").find("skipped")
    refused = case("go--go-connect", "bidi-streaming/pause/reading").find("skipped")
    not_run = case("go--go-connect", "list-pause/bidi-streaming/deadline/passes").find("skipped")
    assert [None if one is None else one.get("message") for one in (known, refused, not_run)] == [
        "known: known/violations.toml:12 (client-streaming/cardinality/*, * → go): grpc-go counts messages late",
        "unsupported: go-connect as a server: pause: no flow control of its own",
        "not run: -x",
    ]


def test_a_recorded_cell_passes_with_a_property() -> None:
    found = case("go--go", "unary/failure/returns-nothing")
    assert [child.tag for child in found] == ["properties"]
    assert {one.get("name") for one in found[0]} == {"verdict", "reason"}


def test_a_problem_fails_the_suite_run() -> None:
    problem = case("run", "stale known entry 1").find("failure")
    assert problem is not None
    assert "matches no cell" in str(problem.get("message"))
