"""The matrix as pytest shows it: real pytest runs over a small folder of cases, with miniatures as implementations."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from interop import record
from interop.results import Kind, Record
from interop.tests.miniatures import comparable
from interop.tests.runs import IDS, PYTEST, Folder, environment, ids, made

SCHEMA = json.loads((Path(record.__file__).parent / "schema" / "results.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def red(tmp_path_factory: pytest.TempPathFactory) -> tuple[Folder, Any]:
    """One whole run in which a server lies, which many tests look at."""
    folder = made(tmp_path_factory.mktemp("red"))
    return folder, folder.run("mini,liar", "-v")


@pytest.fixture(scope="module")
def green(tmp_path_factory: pytest.TempPathFactory) -> tuple[Folder, Any]:
    folder = made(tmp_path_factory.mktemp("green"))
    return folder, folder.run("mini", clients="mini,liar")


def collected(text: str) -> list[str]:
    return [line.partition("::")[2] for line in text.splitlines() if "::" in line]


def test_a_cell_is_a_test_with_its_id_and_its_verdict(red: tuple[Folder, Any]) -> None:
    told = {
        line.split()[0]: line.split()[1]
        for line in red[1].stdout.splitlines()
        if line.startswith("cases/small.yaml::mini")
    }
    failing = {"mini--liar/unary/small/user", "mini--liar/server-streaming/small/users"}
    assert told == {
        f"cases/small.yaml::{name}": "FAILED" if name in failing else "PASSED" for name in ids("mini", "liar")
    }


def test_a_red_cell_says_the_sentence_and_the_command_that_repeats_it(red: tuple[Folder, Any]) -> None:
    ran = red[1]
    assert ran.returncode == 1
    assert (
        'client.messages[0]: want {"user_id": "1", "name": "User 1", "email": "user1@example.com"}, got ' in ran.stdout
    )
    assert "again: interop run --cell 'mini--liar/unary/small/user' --implementations mine.toml cases\n" in ran.stdout


def test_each_line_of_the_results_is_valid_and_the_sum_is_right(red: tuple[Folder, Any]) -> None:
    folder, _ = red
    lines = [json.loads(line) for line in (folder.output / record.NAME).read_text(encoding="utf-8").splitlines()]
    for line in lines:
        jsonschema.validate(line, SCHEMA)
    kinds = [line["type"] for line in lines]
    assert (kinds[0], kinds[-1], kinds.count("cell"), kinds.count("implementation")) == ("header", "footer", 6, 3)
    assert (lines[0]["planned"], lines[0]["clients"], lines[0]["servers"]) == (6, ["mini"], ["mini", "liar"])
    counts = {"pass": 4, "fail": 2, "known": 0, "recorded": 0, "unsupported": 0, "error": 0}
    footer = {name: lines[-1][name] for name in ("counts", "not_run", "problems", "exit_code")}
    assert footer == {"counts": counts, "not_run": [], "problems": [], "exit_code": 1}


def red_cells(folder: Folder) -> list[Record]:
    return [one for one in folder.results().records if one.verdict.kind is Kind.FAIL]


def test_junit_and_the_logs_of_each_red_cell_are_written(red: tuple[Folder, Any]) -> None:
    folder, _ = red
    root = ElementTree.parse(folder.output / "junit.xml").getroot()  # noqa: S314 our own file
    names = {f"{one.get('classname')}/{one.get('name')}" for one in root.iter("testcase")}
    assert names >= set(ids("mini", "liar"))
    assert len(list(root.iter("failure"))) == 2
    written = {str(path.relative_to(folder.output / "logs")) for path in (folder.output / "logs").rglob("*.log")}
    assert written == {f"{one.id}/{role}.log" for one in red_cells(folder) for role in ("client", "server")}


def test_lf_runs_what_failed_and_no_more(red: tuple[Folder, Any]) -> None:
    folder, _ = red
    again = folder.run("mini,liar", "--lf", "--interop-output", "again")
    results = record.read(folder.path / "again" / record.NAME)
    assert (again.returncode, results.header.planned) == (1, 2)
    assert {one.id for one in results.records} == {
        "mini--liar/unary/small/user",
        "mini--liar/server-streaming/small/users",
    }


def test_a_green_run_exits_0(green: tuple[Folder, Any]) -> None:
    folder, ran = green
    footer = folder.results().footer
    assert footer is not None
    assert (ran.returncode, ran.stderr, footer.counts["pass"], footer.problems) == (0, "", 6, [])


def test_under_xdist_the_records_are_the_same(green: tuple[Folder, Any]) -> None:
    folder, _ = green
    shared = folder.run("mini", "-n", "2", "--interop-output", "shared", clients="mini,liar")
    results = record.read(folder.path / "shared" / record.NAME)
    assert results.footer is not None
    assert (shared.returncode, results.header.planned, results.footer.not_run, results.footer.problems) == (
        0,
        6,
        [],
        [],
    )
    want, got = ({one.id: comparable(one) for one in of.records} for of in (folder.results(), results))
    assert got == want
    spoke = sorted((one.name, one.role) for one in results.spoke)
    assert spoke == [("liar", "client"), ("mini", "client"), ("mini", "server"), ("mini", "server")]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return made(tmp_path)


@pytest.mark.parametrize(
    ("words", "want"),
    [
        ((), ids("mini", "liar")),
        (("-k", "mini--liar and none"), ["mini--liar/unary/small/none"]),
        (("-m", "unary"), ids("mini", "liar", cases=IDS[:2])),
        (("-m", "server_liar and not unary"), ids("liar", cases=IDS[2:])),
        (("--case", "unary/*/none"), ids("mini", "liar", cases=IDS[1:2])),
        (("--cell", "mini--liar/unary/small/none"), ["mini--liar/unary/small/none"]),
    ],
)
def test_cells_are_selected_and_listed_without_a_process(
    folder: Folder, words: tuple[str, ...], want: list[str]
) -> None:
    ran = folder.run("mini,liar", "--collect-only", "-q", *words)
    assert (collected(ran.stdout), ran.returncode, folder.output.exists()) == (want, 0, False)


def test_another_test_with_dashes_in_its_name_is_no_cell(tmp_path: Path) -> None:
    (tmp_path / "test_dashes.py").write_text(
        "import pytest\n\n@pytest.mark.parametrize('word', ['a--b'])\ndef test_word(word): pass\n"
    )
    ran = subprocess.run(
        [*PYTEST, "-n", "1", "-q"], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert (ran.returncode, "1 passed" in ran.stdout) == (0, True), ran.stdout
