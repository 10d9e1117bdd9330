"""UserService for a person: listens until Ctrl-C or SIGTERM, then lets the calls in flight end. No harness in it."""

from __future__ import annotations

import asyncio
import signal
import sys

from userservice.aio import server
from userservice.command import Arguments
from userservice.contract import log

# How long calls in flight may take to end.
DRAIN_S = 5.0


def main(arguments: Arguments) -> None:
    log.set_up()
    asyncio.run(_serve(arguments))


async def _serve(arguments: Arguments) -> None:
    users = server.make(arguments.pause_ms / 1000)
    try:
        address = await server.listen(users, arguments.host, arguments.port)
    except RuntimeError as error:
        sys.exit(f"can't listen on {arguments.host}:{arguments.port}: {error}")
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    sys.stdout.write(f"UserService listens on {address}\n")
    sys.stdout.flush()
    await stopped.wait()
    await users.stop(DRAIN_S)
