"""A miniature server without the contract: UserService at one address, chatter on standard output, no control line."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from interop.tests.miniature.server import Server


class Plain(Server):
    def __init__(self, address: str, fault: str, once: Path | None) -> None:
        super().__init__("server", fault, once)
        self.host, _, self.port = address.rpartition(":")

    async def run(self) -> None:
        if self.has("dies-at-start"):
            self.die()
        if self.has("ignores-end"):
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if self.has("never-ready"):
            await asyncio.Event().wait()
        self.out.write(b"chatter\n")
        listener = await asyncio.start_server(self.serve, self.host.strip("[]"), int(self.port), limit=2**21)
        await listener.serve_forever()
