"""The miniature's client driver: one connection a call."""

from __future__ import annotations

import asyncio
import sys
import time

from interop.tests.miniature.program import Program
from interop.tests.miniature.wire import REQUESTS, Line, Wire, messages_of, status


class Client(Program):
    made = 0

    async def call(self, line: Line) -> None:
        began = time.monotonic()
        print(f"call={line['call_id']} {line['method']}", file=sys.stderr, flush=True)
        self.made += 1
        if self.has("dies-on-call") and self.made == int(self.word):
            self.die()
        wire = Wire(*await _connected(line["target"]))
        metadata = [*line["metadata"], ["user-agent", "miniature/1"]]
        wire.put(method=line["method"], deadline_ms=line.get("deadline_ms"), metadata=metadata)
        pump = asyncio.create_task(_pump(wire))
        ended = await self.script(line, wire)
        pump.cancel()
        wire.close()
        await self.reply(
            "observation", line, call_id=line["call_id"], ended=ended, status=wire.ended, initial_metadata=wire.initial,
            trailing_metadata=wire.trailing, messages=wire.messages[:-1] if self.has("drops-last") else wire.messages,
            steps=wire.outcomes, elapsed_ms=(time.monotonic() - began) * 1000, raised=None,
        )  # fmt: skip

    async def script(self, line: Line, wire: Wire) -> str:
        if line.get("deadline_ms"):
            late = status("DEADLINE_EXCEEDED", "the deadline passed")
            asyncio.get_running_loop().call_later(line["deadline_ms"] / 1000, wire.end, late, [])
        try:
            async with asyncio.timeout(line["give_up_after_ms"] / 1000):
                for step in line["steps"]:
                    wire.outcomes.append(await self.step(step, line, wire))
                await wire.receive(None)
        except TimeoutError:
            wire.outcomes.append("gave_up")
            return "gave_up"
        return "status"

    async def step(self, step: Line, line: Line, wire: Wire) -> str:
        if self.pretends(step):
            return "ok"
        if step["do"] == "send":
            for message in messages_of(step, REQUESTS.get(line["method"].rpartition("/")[2], {})):
                wire.put(message=message)
        if step["do"] == "half_close" or (step["do"] == "send" and line["mode"] in ("unary", "server-streaming")):
            wire.put(half_close=True)
        if step["do"] == "cancel":
            wire.put(cancel=True)
            wire.end(status("CANCELLED", "cancelled by the client"), [])
        return await self.common_step(step, line["call_id"], wire)


async def _connected(target: str) -> tuple[asyncio.StreamReader | None, asyncio.StreamWriter | None]:
    host, _, port = target.rpartition(":")
    try:
        return await asyncio.open_connection(host.strip("[]"), int(port), limit=2**21)
    except OSError:
        return None, None


async def _pump(wire: Wire) -> None:
    async for line in wire.lines():
        if "message" in line:
            wire.inbox.put_nowait(line["message"])
        elif "initial" in line:
            wire.initial = line["initial"]
        else:
            wire.end(line["status"], line["trailing"])
    wire.end(status("UNAVAILABLE", "the connection is gone"), [])
