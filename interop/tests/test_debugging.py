"""--debug: nobody is hurried, traces are on, and every process says its number before it is called."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import msgspec
import pytest

from interop import debugging, implementations
from interop.tests.miniatures import implementation, read_cases
from interop.tests.runs import INTEROP, Folder, environment, made

CELL = "mini--mini/unary/small/user"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return made(tmp_path)


def processes(folder: Folder) -> list[str]:
    return [
        f"{one.name} as a {one.role}: process {one.ready.pid}, its trace is in "
        f"{folder.output}/processes/{one.name}.{one.role}.log"
        for one in folder.results().spoke
    ]


def test_every_process_says_its_number_and_where_its_trace_is(folder: Folder) -> None:
    ran = folder.run("mini", "--cell", CELL, "--debug", program=INTEROP)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert sorted(ran.stderr.splitlines()[:2]) == sorted(processes(folder))


def test_who_sits_at_a_terminal_is_waited_for(folder: Folder) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*INTEROP, *folder.words("mini", "--cell", CELL, "--debug")],
        cwd=folder.path, env=environment(), stdin=theirs, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    ) as running:  # fmt: skip
        assert running.stderr is not None
        said = b""
        while not said.endswith(b"press Enter: "):
            said += running.stderr.read(1)
        assert folder.results().records == []
        os.write(ours, b"\n")
        running.stderr.read()
    os.close(ours)
    os.close(theirs)
    assert (running.returncode, [one.id for one in folder.results().records]) == (0, [CELL])


def test_a_driver_is_told_to_give_up_after_a_day_and_the_deadline_on_the_wire_stays(tmp_path: Path) -> None:
    (case,) = (case for case in read_cases(tmp_path) if case.id == "unary/small/meeting")
    assert {call.give_up_after_ms for call in debugging.unhurried(case).calls} == {86_400_000}
    late = msgspec.structs.replace(case, calls=[msgspec.structs.replace(case.calls[0], deadline_ms=5)])
    assert debugging.unhurried(late).calls[0].deadline_ms == 5


def test_traces_are_what_an_entry_names_and_every_shipped_one_names_some() -> None:
    entry = msgspec.structs.replace(implementation(), environment={"A": "1", "B": "1"}, debug={"B": "2"})
    assert debugging.traced(entry).environment == {"A": "1", "B": "2"}
    assert [name for name, one in implementations.read().items() if not one.debug] == []


def test_several_workers_are_not_debugged(folder: Folder) -> None:
    ran = folder.run("mini", "--cell", CELL, "--debug", "-n", "2", program=INTEROP)
    assert (ran.returncode, "--interop-debug: beside -n; allowed: one of them" in ran.stdout + ran.stderr) == (2, True)
