"""Whatever ends a run, nothing of it is left: no process, no listening socket, no temporary file. Not even of
implementations that end neither with their input nor on SIGTERM.
"""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest

from interop.results import NotRun
from interop.tests.runs import CASES, INTEROP, SLOW, Folder, environment, ids, interrupted, made

STUBBORN = "stubborn"
HANGING = f"{STUBBORN}--{STUBBORN}/unary/small/slow"
DONE = ("small/users PASSED", "-v")
LISTENS = "0A"


@dataclass(frozen=True)
class Traces:
    """What a run leaves is found by a word in the environment of its processes and by a folder for temporary files."""

    word: str
    temporary: Path
    folder: Folder

    def processes(self) -> list[str]:
        return [
            (path.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            for path in Path("/proc").glob("[0-9]*/environ")
            if self.word.encode() in _read(path)
        ]

    def ports(self) -> set[int]:
        """The ports that servers said they listened on."""
        logs = (self.folder.output / "processes").rglob("*.log")
        found = {int(port) for log in logs for port in re.findall(r"listening on 127\.0\.0\.1:(\d+)", log.read_text())}
        assert found
        return found

    def assert_none(self) -> None:
        assert self.processes() == []
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        assert {int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == LISTENS} & self.ports() == set()
        assert list(self.temporary.iterdir()) == []


def _read(path: Path) -> bytes:
    with contextlib.suppress(OSError):
        return path.read_bytes()
    return b""


@pytest.fixture
def traces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Traces:
    word, temporary = f"run-{uuid.uuid4()}", tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("INTEROP_TRACE", word)
    monkeypatch.setenv("TMPDIR", str(temporary))
    return Traces(word, temporary, made(tmp_path, CASES + SLOW))


@pytest.mark.parametrize(("servers", "code"), [(STUBBORN, 0), ("stubborn,liar", 1)])
def test_nothing_is_left_after_a_run(traces: Traces, servers: str, code: int) -> None:
    ran = traces.folder.run(servers, "-k", "not slow", clients=STUBBORN)
    assert ran.returncode == code, ran.stdout
    traces.assert_none()


def test_nothing_is_left_after_ctrl_c(traces: Traces) -> None:
    results = interrupted(traces.folder, *DONE)
    assert results.footer is not None
    assert results.footer.not_run == [NotRun(id=HANGING, reason="interrupted")]
    traces.assert_none()


# pytest gives its workers a folder of its own for temporary files.
WORKERS = ("PASSED", "-v", "-n", "2", "--basetemp=pytest")


@pytest.mark.parametrize("words", [DONE, WORKERS], ids=["alone", "with xdist"])
def test_sigterm_ends_a_run_as_ctrl_c_does_and_says_so(traces: Traces, words: tuple[str, ...]) -> None:
    results = interrupted(traces.folder, *words, by=signal.SIGTERM)
    assert results.footer is not None
    assert results.footer.not_run[-1] == NotRun(id=HANGING, reason="terminated")
    assert results.footer.exit_code == 2
    assert (traces.folder.output / "index.html").exists()
    traces.assert_none()


def test_nothing_is_left_after_sigkill_of_the_harness_itself(traces: Traces) -> None:
    results = interrupted(traces.folder, *DONE, by=signal.SIGKILL)
    assert results.footer is None
    assert [record.id for record in results.records] == ids(STUBBORN, client=STUBBORN)
    until_gone(traces)
    traces.assert_none()
    told = subprocess.run(
        [*INTEROP[:-1], "report", "build/interop/results.jsonl"],
        cwd=traces.folder.path, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (told.returncode, "this is not all: the run was cut short" in told.stdout) == (2, True)


def until_gone(traces: Traces) -> None:
    """The guard has to notice first."""
    for _ in range(1000):
        if not traces.processes():
            return
        time.sleep(0.01)
