"""The guard of a harness that was killed: which groups it ends, and which it leaves alone."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator

import pytest

from interop.guard import Guard


@pytest.fixture
def groups() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Three groups that end by a signal only."""
    started = [subprocess.Popen(["sleep", "600"], start_new_session=True) for _ in range(3)]
    yield started
    for one in started:
        one.kill()
        one.wait()


def test_it_ends_what_still_lives_and_not_what_is_gone(groups: list[subprocess.Popen[bytes]]) -> None:
    guard = Guard()
    for one in groups:
        guard.lives(one.pid)
    guard.gone(groups[1].pid)
    guard.close()  # its pipe ends, as it does when the harness is killed
    groups[1].terminate()
    assert [one.wait(timeout=20) for one in groups] == [-signal.SIGKILL, -signal.SIGTERM, -signal.SIGKILL]


def test_without_a_process_there_is_no_guard() -> None:
    Guard().close()


def test_a_guard_that_was_killed_does_not_stop_the_run(groups: list[subprocess.Popen[bytes]]) -> None:
    guard = Guard()
    guard.lives(groups[0].pid)
    assert guard._shell is not None
    guard._shell.kill()
    guard._shell.wait()
    guard.lives(groups[1].pid)
    guard.close()
    assert [one.poll() for one in groups] == [None] * 3
