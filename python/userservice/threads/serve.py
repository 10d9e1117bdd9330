"""UserService for a person: listens until Ctrl-C or SIGTERM, then lets the calls in flight end. No harness in it."""

from __future__ import annotations

import signal
import sys
import threading

from userservice.command import Arguments
from userservice.contract import log
from userservice.threads import server

# How long calls in flight may take to end.
DRAIN_S = 5.0


def main(arguments: Arguments) -> None:
    log.set_up()
    users = server.make(arguments.pause_ms / 1000)
    try:
        address = server.listen(users, arguments.host, arguments.port)
    except RuntimeError as error:
        sys.exit(f"can't listen on {arguments.host}:{arguments.port}: {error}")
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    sys.stdout.write(f"UserService listens on {address}\n")
    sys.stdout.flush()
    stopped.wait()
    users.stop(DRAIN_S).wait()
