"""The shipped implementations through the tap: the frames that each of them sends, the same verdicts as without it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from interop import record
from interop.contract import MODES
from interop.implementations import ROOT
from interop.record import Results
from interop.tests.runs import environment
from interop.wire_view import WireView

# Each stack in one role; a case of every group that is quick, and comes out one way.
PAIRS = ("--clients", "python,go-connect", "--servers", "python-aio,go")
CASES = (
    "*/messages/one", "unary/status/not-found", "server-streaming/status/*", "unary/details/*", "*/metadata/*",
    "*/order/*", "*/validation/*", "unary/unicode/*", "unary/cancel/waiting", "bidi-streaming/cancel/waiting",
    "*/connection/*", "*/early/ok", "*/failure/raises", "unary/unknown/*", "unary/deadline/passes", "*/pause/*",
    "client-streaming/upload/client-killed",
)  # fmt: skip


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Results, Results]:
    """Without the tap, and with it."""
    folder = tmp_path_factory.mktemp("shipped")
    return run(folder / "without"), run(folder / "with", "--wire")


def run(folder: Path, *words: str) -> Results:
    selected = [word for case in CASES for word in ("--case", case)]
    program = [sys.executable, "-m", "interop", "run", *PAIRS, *selected, "--interop-output", str(folder), *words]
    ended = subprocess.run(program, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout
    return record.read(folder / record.NAME)


def test_the_verdicts_are_the_same_with_a_tap_as_without(runs: tuple[Results, Results]) -> None:
    without, tapped = ({one.id: (one.verdict.kind, one.verdict.signature) for one in run.records} for run in runs)
    assert len(without) > 150
    assert tapped == without


def test_only_a_tapped_run_has_frames_and_every_call_of_it_has(runs: tuple[Results, Results]) -> None:
    without, tapped = ([call.wire for one in run.records for call in one.calls] for run in runs)
    assert set(without) == {None}
    assert [wire for wire in tapped if not wire or not wire.frames] == []
    assert [one for wire in tapped if wire for one in wire.frames if one.frame == "UNREADABLE"] == []


UNARY, STREAM = "HEADERS DATA+m", "HEADERS DATAm DATA+"
SHAPES = {
    "python": {"unary": UNARY, "server-streaming": UNARY, "client-streaming": STREAM, "bidi-streaming": STREAM},
    # An empty DATA goes ahead, so that the headers do.
    "go-connect": {"unary": UNARY, "server-streaming": UNARY, "client-streaming": f"HEADERS DATA{STREAM[7:]}",
                   "bidi-streaming": f"HEADERS DATA{STREAM[7:]}"},
}  # fmt: skip


def test_each_stack_sends_its_frames_in_all_four_modes(runs: tuple[Results, Results]) -> None:
    one = {f"{mode}/messages/one" for mode in MODES}
    found = {
        (cell.client, cell.server, cell.mode): shape(cell.calls[0].wire) for cell in runs[1].records if cell.case in one
    }
    assert found == {
        (client, server, mode): {"client": shapes[mode], "server": "HEADERS DATAm HEADERS+"}
        for client, shapes in SHAPES.items()
        for server in ("python-aio", "go")
        for mode in MODES
    }


def shape(wire: WireView | None) -> Any:
    """``HEADERS DATAm DATA+``: the frames of each end, ``m`` for a message that ends in it, ``+`` for END_STREAM. Flow
    control is a matter of sizes and time.
    """
    assert wire is not None
    told: dict[str, list[str]] = {"client": [], "server": []}
    for one in wire.frames:
        if one.frame in ("HEADERS", "DATA"):
            end = "+" if "END_STREAM" in one.flags else ""
            told[one.sender].append(f"{one.frame}{end}{'m' * len(one.messages)}")
    return {sender: " ".join(frames) for sender, frames in told.items()}
