"""The shipped list of known violations against real runs: every entry is needed, and none is stale."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from interop import cases, implementations, known, matrix, record
from interop.implementations import ROOT
from interop.model import Cell
from interop.record import Results
from interop.results import Kind

STALE = """
[[violation]]
case = "unary/renamed/long-ago"
versions = {}
reason = "none"
link = "none"
outcomes = [["client.code: want OK, got UNKNOWN"]]
"""


def test_without_its_entry_a_known_cell_is_red_with_the_sentence_of_the_entry(tmp_path: Path) -> None:
    entries = known.read().violations
    # The first entry that matches is the one that holds.
    concerned = {cell.id: entry for cell in _cells() for entry in reversed(entries) if entry.matches(cell)}
    results = _run(tmp_path, sorted({entry.case for entry in entries}))

    judged = {judged.id: judged for judged in results.records if judged.id in concerned}

    assert set(judged) == set(concerned)
    for cell, entry in concerned.items():
        told = judged[cell].verdict
        if [] not in entry.outcomes:
            assert (cell, told.kind) == (cell, Kind.FAIL)
            assert (cell, told.signature in entry.outcomes) == (cell, True), told.signature
            assert told.sentence.startswith(told.signature[0])


def test_an_entry_that_matches_nothing_turns_the_run_red(tmp_path: Path) -> None:
    (tmp_path / "violations.toml").write_text(STALE, encoding="utf-8")

    results = _run(tmp_path, ["unary/messages/one"])

    assert results.footer is not None
    found = [problem.text for problem in results.footer.problems]
    assert found == ["known/violations.toml:2 (unary/renamed/long-ago, * → *) matches no cell of the matrix"]
    assert results.footer.exit_code == 1


def _cells() -> list[Cell]:
    names = list(implementations.read())
    return matrix.cells(cases.read_all(), names, names)


def _run(folder: Path, globs: list[str]) -> Results:
    """The cells of those cases, with the known list that lies in ``folder`` in place of the shipped one."""
    wanted = [word for glob in globs for word in ("--case", glob)]
    output = folder / "out"
    command = ["run", *wanted, "--interop-known", str(folder), "--interop-output", str(output)]
    subprocess.run([sys.executable, "-m", "interop", *command], cwd=ROOT, capture_output=True, timeout=180, check=False)
    return record.read(output / record.NAME)
