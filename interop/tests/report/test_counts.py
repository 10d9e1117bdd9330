"""The same numbers in every report, each read back from what the report says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from interop.record import Results
from interop.report import facts, junit, markdown, page, terminal
from interop.tests.report import sample

RUNS = [sample.red(), sample.as_expected()]
PAIR = re.compile(r"([\d/–]+) ?· ?([\d/–]+) ?· ?([\d/–]+) ?· ?([\d/–]+)(?: ((?:\d+[krun] ?)+))?")

Table = list[tuple[str, ...]]


def said(text: str) -> dict[str, int]:
    """``3 pass, 2 fail`` → numbers."""
    return {kind: int(number) for number, kind in re.findall(r"(\d+) (not run|[a-z]+)", text)}


def in_terminal(results: Results) -> dict[str, int]:
    last = terminal.lines(results, Path("x"), False)[-1]
    return said(last.partition(" cells: ")[2].partition(" in ")[0])


def in_markdown(results: Results) -> dict[str, int]:
    return said(markdown.summary(results).rstrip().splitlines()[-1].partition(" cells: ")[2])


def on_page(results: Results) -> dict[str, int]:
    chips = re.findall(r'data-kind="([a-z ]+)"[^>]*><b>(\d+)</b>', page.html(results))
    return {kind: int(number) for kind, number in chips}


def in_page_data(results: Results) -> dict[str, int]:
    data = embedded(page.html(results))
    kinds = ["pass"] * len(data["passes"]) + [cell["kind"] for cell in data["cells"]]
    return {kind: kinds.count(kind) for kind in data["kinds"]}


def in_junit(results: Results) -> dict[str, int]:
    cells = [case for case in ET.fromstring(junit.xml(results)).iter("testcase") if case.get("classname") != "run"]  # noqa: S314 - our own
    kinds = [junit_kind(case) for case in cells]
    return {kind: kinds.count(kind) for kind in facts.counts(results)}


def junit_kind(case: ET.Element) -> str:
    for told in case:
        if told.tag in ("failure", "error", "skipped"):
            return str(told.get("type"))
    recorded = case.find("properties/property[@name='verdict']")
    return "pass" if recorded is None else str(recorded.get("value"))


def embedded(html: str) -> dict[str, Any]:
    text = html.partition('<script type="application/json" id="data">')[2].partition("</script>")[0]
    data: dict[str, Any] = json.loads(text)
    return data


@pytest.mark.parametrize("report", [in_terminal, in_markdown, on_page, in_page_data, in_junit])
@pytest.mark.parametrize("results", RUNS)
def test_every_report_counts_the_same_cells(results: Results, report: Any) -> None:
    assert report(results) == facts.counts(results)


def test_the_sample_has_every_verdict() -> None:
    assert all(facts.counts(sample.red()).values())


def pairs_of_terminal(results: Results) -> Table:
    return [
        found.groups("") for line in terminal.lines(results, Path("x"), False) for found in PAIR.finditer(line.strip())
    ]


def pairs_of_markdown(results: Results) -> Table:
    rows = [line for line in markdown.summary(results).splitlines() if line.startswith("| **")]
    plain = re.sub(r"\*\*❌ |\*\*(?= ·| <|$| \|)|</?sub>", "", "\n".join(rows))
    return [found.groups("") for found in PAIR.finditer(plain)]


def pairs_of_page(results: Results) -> Table:
    found = re.findall(r'<span class="modes">(.*?)</span></span><span class="signs">(.*?)</span>', page.html(results))
    return [(*re.findall(r">([\d/–]+)<", f"{numbers}<"), signs) for numbers, signs in found]


@pytest.mark.parametrize("results", RUNS)
def test_every_report_has_the_same_table(results: Results) -> None:
    in_words = [tuple(text.strip() for text in pair) for pair in pairs_of_terminal(results)]
    assert len(in_words) == len(sample.PAIRS)
    assert [tuple(text.strip() for text in pair) for pair in pairs_of_markdown(results)] == in_words
    assert pairs_of_page(results) == in_words


def test_the_totals_of_junit_are_the_sums_of_its_cases() -> None:
    root = ET.fromstring(junit.xml(sample.red()))  # noqa: S314 - our own
    for suite in [root, *root.findall("testsuite")]:
        for total, tag in {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}.items():
            assert suite.get(total) == str(len(list(suite.iter(tag)))), (suite.get("name"), total)


def test_the_verdict_is_the_same_everywhere() -> None:
    for results in (*RUNS, sample.cut_short()):
        verdict = facts.verdict(results)
        assert markdown.summary(results).splitlines()[0].endswith(f"interop: {verdict}")
        assert f'<p class="verdict">{verdict}</p>' in page.html(results)
        assert terminal.lines(results, Path("x"), False)[-1].endswith(
            verdict.partition(": ")[0] if ":" in verdict else verdict
        )


def test_only_what_passes_counts_as_passing() -> None:
    counts = facts.Counts({"pass": 3, "known": 5, "recorded": 7, "unsupported": 1, "not run": 2, "fail": 1, "error": 1})
    assert (facts.passing(counts), facts.signs(counts)) == ("3/5", "5k 7r 1u 2n")
    assert facts.passing(facts.Counts({"known": 5})) == "–"
