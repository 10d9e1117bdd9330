"""SIGKILL of the harness in the middle of a run: what was done stands in results.jsonl, and nothing is left, not of
--wire either.
"""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from interop import record
from interop.tests.runs import CASES, PYTEST, SLOW, Folder, environment, ids, made
from interop.tests.test_nothing_left import STUBBORN, Traces, traces, until_gone

__all__ = ["traces"]
FIRST_HANGS = SLOW.replace("  quiet: true\n", "") + CASES
DONE = ids(STUBBORN, client=STUBBORN)


def struck(folder: Folder, by: signal.Signals, before: Callable[[], None], *words: str) -> str:
    """Sends the signal once results.jsonl holds all cells but the one that hangs; what the run has printed."""
    with subprocess.Popen(
        [*PYTEST, *folder.words(STUBBORN, *words, clients=STUBBORN)],
        cwd=folder.path, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        start_new_session=True,
    ) as running:  # fmt: skip
        until(lambda: all(f'"id":"{name}"' in written(folder) for name in DONE))
        before()
        running.send_signal(by)
        return running.communicate()[0]


def written(folder: Folder) -> str:
    path = folder.output / record.NAME
    return path.read_text() if path.exists() else ""


def until(holds: Callable[[], bool]) -> None:
    for _ in range(3000):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("it never came")


def listening(word: str) -> set[int]:
    """The ports that the processes with the word listen on."""
    sockets = set()
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if word.encode() in path.read_bytes():
                sockets |= {str(one.readlink()) for one in (path.parent / "fd").iterdir()}
        except OSError:
            continue
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets}


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_with_wire_and_what_was_done_stands_though_the_first_cell_hangs(
    traces: Traces,
    tmp_path: Path,
    by: signal.Signals,
) -> None:
    made(tmp_path, FIRST_HANGS)
    ports: set[int] = set()

    def look() -> None:
        ports.update(listening(traces.word))
        assert sum("interop.wire" in one for one in traces.processes()) == 2

    struck(traces.folder, by, look, "--wire")
    until_gone(traces)
    traces.assert_none()
    assert len(ports) == 2
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    assert {int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == "0A"} & ports == set()
    results = traces.folder.results()
    assert sorted(one.id for one in results.records) == sorted(DONE)
    assert (results.footer is None) == (by == signal.SIGKILL)
