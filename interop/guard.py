"""Outlives the harness to end what it leaves when it is killed: in, the process groups that live; out, nothing.

A shell of its own session reads groups from a pipe; when the pipe ends, it kills those that are still on its list. The
kernel's own means (PR_SET_PDEATHSIG) reaches a child but not that child's children, and is tied to a thread. A group is
taken off when its leader has been reaped, before its number can be given to another. A child whose start the kill falls
into (a millisecond) is not on the list yet: of that one only its input ends.
"""

from __future__ import annotations

import contextlib
import subprocess

# Built-ins alone, in a shell that starts in 1 ms: a Python would take ten times that.
_SCRIPT = """
trap '' HUP INT TERM
live=' '
while read -r sign group; do
    case $sign in
        +) live="$live$group " ;;
        -) live="${live%% "$group" *} ${live#* "$group" }" ;;
    esac
done
for group in $live; do kill -s KILL -- "-$group"; done
"""


class Guard:
    """Started with the first group."""

    def __init__(self) -> None:
        self._shell: subprocess.Popen[bytes] | None = None

    def lives(self, group: int) -> None:
        self._shell = self._shell or subprocess.Popen(
            ["/bin/sh", "-c", _SCRIPT],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
            bufsize=0,
        )
        self._tell(f"+ {group}\n")

    def gone(self, group: int) -> None:
        self._tell(f"- {group}\n")

    def close(self) -> None:
        if self._shell and self._shell.stdin:
            self._shell.stdin.close()
            self._shell.wait()

    def _tell(self, line: str) -> None:
        if self._shell and self._shell.stdin and not self._shell.stdin.closed:
            with contextlib.suppress(BrokenPipeError):  # somebody killed the guard: the run goes on without
                self._shell.stdin.write(line.encode())
