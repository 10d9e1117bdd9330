"""The commands for a person."""

from __future__ import annotations

import signal

from tests.program import PATIENCE_S, start

VISIT = """\
User received: User 1
Received user: User 0
Received user: User 1
Received user: User 2
Created 3 users
Received: Hello 1
Received: Hello 2
Received: Hello 3
"""


def test_a_first_visit(stack: str) -> None:
    server = start(stack, "serve", "--port", "0", "--pause-ms", "1")
    assert server.stdout
    said = server.stdout.readline()
    assert said.startswith("UserService listens on 127.0.0.1:")
    target = said.split()[-1]
    call = start(stack, "call", "--target", target)
    assert (call.communicate(timeout=PATIENCE_S)[0], call.returncode) == (VISIT, 0)
    server.send_signal(signal.SIGINT)
    assert (server.communicate(timeout=PATIENCE_S)[0], server.returncode) == ("", 0)


def test_a_visit_to_nobody_is_one_line_and_a_failure(stack: str) -> None:
    call = start(stack, "call", "--target", "127.0.0.1:1", stderr=-1)
    out, error = call.communicate(timeout=PATIENCE_S)
    assert (out, call.returncode, error.count("\n")) == ("", 1, 1)
    assert error.startswith("the call to 127.0.0.1:1 failed: UNAVAILABLE: ")
