"""The miniature's server: listeners, plans, and what the handler saw of each call."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections import defaultdict

from interop.tests.miniature.handler import End, Gone, Handler
from interop.tests.miniature.program import Program
from interop.tests.miniature.wire import MODES, Line, Wire, status


class Server(Program):
    """``attempts`` and ``plans`` go by call id, until ``collect`` drops them."""

    def __init__(self, *words: object) -> None:
        super().__init__(*words)  # type: ignore[arg-type]
        self.listeners: dict[str, asyncio.Server] = {}
        self.plans: dict[str, list[Line]] = {}
        self.attempts: dict[str, list[Line]] = defaultdict(list)
        self.changed = asyncio.Condition()

    async def listen(self, line: Line) -> None:
        listener = await asyncio.start_server(self.serve, line["host"], line["port"], limit=2**21)
        address = "{}:{}".format(*listener.sockets[0].getsockname())
        self.listeners[address] = listener
        print(f"listening on {address}", file=sys.stderr, flush=True)
        await self.reply("listening", line, address=address)

    async def stop(self, line: Line) -> None:
        self.listeners.pop(line["address"]).close()
        await self.reply("stopped", line)

    async def plan(self, line: Line) -> None:
        self.plans[line["call_id"]] = line["steps"]
        await self.reply("planned", line)

    async def collect(self, line: Line) -> None:
        seen = self.attempts[line["call_id"]]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(line["wait_ms"] / 1000), self.changed:
                await self.changed.wait_for(
                    lambda: len(seen) >= line["attempts"] and all(one["left"] != "running" for one in seen)
                )
        self.plans.pop(line["call_id"], None)
        del self.attempts[line["call_id"]]
        await self.reply("view", line, call_id=line["call_id"], attempts=[] if self.has("no-view") else seen)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = Wire(reader, writer)
        first = await reader.readline()
        if not first:  # somebody only looked whether it listens
            writer.close()
            return
        head = json.loads(first)
        method = head["method"].removeprefix("/users.UserService/")
        if method in MODES:
            await self.handled(head, method, wire)
        else:
            wire.put(status=status("UNIMPLEMENTED", f"no method {method}"), trailing=[])
        writer.close()

    async def handled(self, head: Line, method: str, wire: Wire) -> None:
        """The interceptor: records how the handler's code left, and what became of the call."""
        call_id = dict(head["metadata"]).get("interop-call-id", "")
        print(f"call={call_id} begun", file=sys.stderr, flush=True)
        view = {
            **head, "planned": call_id in self.plans, "messages": wire.messages, "sent": 0, "steps": wire.outcomes,
            "left": "running", "context": "active",
        }  # fmt: skip
        pump = asyncio.create_task(_pump(wire, head["deadline_ms"]))
        if MODES[method] in ("unary", "server-streaming") and await wire.next() is None:
            return
        self.attempts[call_id].append(view)
        handler = Handler(self, method, call_id, wire)
        ended, trailing, left = status("OK"), [], "returned"
        try:
            await handler.run()
        except End as end:
            ended, trailing = end.args
            left = "returned" if ended["code"] == "OK" else "status"
        except Gone:
            left = "cancelled"
        except RuntimeError as error:
            ended, left = status("UNKNOWN", str(error)), "raised"
        pump.cancel()
        if ended["code"] == "OK" and left == "returned":
            handler.flush()
        wire.put(status=ended, trailing=trailing)
        context = {"OK": "active"}.get(wire.ended["code"], wire.ended["message"])
        view |= {"left": left, "context": context, "sent": handler.sent}
        view["left_status"] = ended if left == "status" else None
        async with self.changed:
            self.changed.notify_all()


async def _pump(wire: Wire, deadline_ms: float | None) -> None:
    """Puts what comes in the inbox; the call is over when the client cancels, goes away, or its deadline passes."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(None if deadline_ms is None else deadline_ms / 1000):
            async for line in wire.lines():
                if "cancel" in line:
                    break
                wire.inbox.put_nowait(line.get("message"))
            wire.end(status("CANCELLED", "cancelled"), [])
    wire.end(status("DEADLINE_EXCEEDED", "deadline"), [])
