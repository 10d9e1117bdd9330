"""A miniature implementation: keeps the process contract in both roles without gRPC; its ends speak JSON lines over TCP.

``miniature.py server|client [--fault NAME[:WORD]] [--once FILE]``: the fault is the one thing it does wrong (``FAULTS``), with --once only
until FILE exists. It serves UserService, obeys plans, runs scripts, and answers ``unsupported`` to whatever else is asked of it.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import Any

Line = dict[str, Any]
FAULTS = (
    "garbage", "long-line", "twice", "unknown-id", "out-of-order", "never", "dies-at-start", "never-ready", "dies-on", "dies-on-call",
    "ignores-end", "claims-everything", "rejects", "drops-last", "changes-reply", "no-view", "shouts",
)  # fmt: skip
USER, CHAT, SERVICE = ("user_id", "name", "email"), ("user_id", "message", "timestamp"), "/users.UserService/"
REQUESTS: Line = {"GetUser": {"user_id": ""}, "ListUsers": {"page_size": 0}, "CreateUsers": {"user_id": ""}, "ChatUsers": dict.fromkeys(CHAT, "")}
REPLIES: Line = {"GetUser": dict.fromkeys(USER, ""), "ListUsers": dict.fromkeys(USER, ""), "CreateUsers": {"user_count": 0, "success": False}}
STEPS = {
    "client": "send receive receive_all half_close cancel wait mark await".split(),
    "server": "headers send receive receive_all finish raise return_nothing serve wait mark await".split(),
}
OK = {"code": "OK", "message": "", "details": []}
CANCELLED = {"code": "CANCELLED", "message": "cancelled by the client", "details": []}
TOO_LATE = {"code": "DEADLINE_EXCEEDED", "message": "the deadline passed", "details": []}


class Ended(Exception):
    """The handler ends the call with this status."""


class Wire:
    """One call, one connection. ``inbox`` holds messages, then None for the end; ``over`` is set once the call is."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer, self.inbox, self.over = reader, writer, asyncio.Queue[Line | None](), asyncio.Event()
        self.messages: list[Line] = []
        self.outcomes: list[str] = []
        self.status: Line | None = None
        self.initial: list[Any] = []
        self.trailing: list[Any] = []

    def put(self, **line: Any) -> None:
        if not self.writer.is_closing():
            self.writer.write(json.dumps(line).encode() + b"\n")

    def end(self, status: Line, trailing: list[Any]) -> None:
        if not self.over.is_set():
            self.status, self.trailing = status, trailing
            self.inbox.put_nowait(None)
            self.over.set()

    async def lines(self) -> AsyncIterator[Line]:
        while data := await self.reader.readline():
            yield json.loads(data)

    async def next(self) -> Line | None:
        message = await self.inbox.get()
        if message is None:
            self.inbox.put_nowait(None)  # the end stays the end
        else:
            self.messages.append(message)
        return message

    async def receive(self, count: int | None) -> str:
        while count is None or count > 0:
            if await self.next() is None:
                return "ok" if count is None else "over"
            count = None if count is None else count - 1
        return "ok"

    async def unless_over(self, awaited: Awaitable[Any]) -> str:
        first, over = asyncio.ensure_future(awaited), asyncio.ensure_future(self.over.wait())
        done, pending = await asyncio.wait({first, over}, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        return "ok" if first in done else "over"


class Program:
    """What both roles share: lines, marks, faults."""

    def __init__(self, role: str, fault: str, once: Path | None) -> None:
        self.role, self.once = role, once
        self.fault, _, self.word = fault.partition(":")
        self.out = os.fdopen(os.dup(1), "wb", buffering=0)
        os.dup2(2, 1)
        self.released: dict[tuple[str, str], asyncio.Event] = defaultdict(asyncio.Event)
        self.made = self.said = 0

    def has(self, *faults: str) -> bool:
        return self.fault in faults and (self.once is None or not self.once.exists())

    def die(self) -> None:
        if self.once:
            self.once.touch()
        print("miniature: dies, as it was told", file=sys.stderr, flush=True)
        os._exit(3)

    def say(self, kind: str, **line: Any) -> None:
        self.out.write(json.dumps({"type": kind, **line}).encode() + b"\n")

    async def reply(self, kind: str, request: Line, **line: Any) -> None:
        self.said += 1
        if self.has("never") and self.word == request["type"]:
            return
        if self.has("garbage"):
            self.out.write(b'Listening on port 8080\n{"type": "listening"}\n\xff\n')
        if self.has("long-line") and self.said == 1:
            self.out.write(b"x" * 10_000_000 + b"\n")
        if self.has("unknown-id"):
            self.say(kind, id="nobody's", **line)
        if self.has("out-of-order") and self.said % 2:
            await asyncio.sleep(0.01)
        for _ in range(2 if self.has("twice") else 1):
            self.say(kind, id=request["id"], **line)

    async def run(self) -> None:
        if self.has("dies-at-start"):
            self.die()
        if not self.has("never-ready"):
            self.say("ready", contract=1, role=self.role, implementation="miniature", language="python", libraries={}, pid=os.getpid())
        lines = asyncio.StreamReader(limit=2**21)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        tasks = set()
        while data := await lines.readline():
            tasks.add(asyncio.create_task(self.take(json.loads(data))))
        if self.has("ignores-end"):
            await asyncio.Event().wait()
        os._exit(0)

    async def take(self, request: Line) -> None:
        if request["type"] == "release":
            self.released[(request["call_id"], request["mark"])].set()
            return
        if self.has("rejects") and self.word == request["type"]:
            await self.reply("rejected", request, reason="the miniature was told to")
        elif not (unheard := self.unheard(request)) or self.has("claims-everything"):
            await getattr(self, request["type"])(request)
        else:
            await self.reply("unsupported", request, feature=unheard, reason="the miniature has no such thing")

    def unheard(self, request: Line) -> str:
        options = [key for key in request.get("configuration", {}) if key not in ("name", "list_pause_ms")]
        steps = [step["do"] for step in request.get("steps", []) if step["do"] not in STEPS[self.role]]
        found = [*(f"step:{step}" for step in steps), *(f"configuration:{key}" for key in options), *(["raw"] if request.get("raw") else [])]
        return found[0] if found else ""

    async def common(self, step: Line, call_id: str, wire: Wire) -> str:
        match step["do"]:
            case "wait":
                return await wire.unless_over(asyncio.sleep(step["ms"] / 1000))
            case "mark":
                self.say("mark", call_id=call_id, mark=step["mark"])
            case "await":
                return await wire.unless_over(self.released[(call_id, step["mark"])].wait())
            case "receive":
                return await wire.receive(step["count"])
            case "receive_all":
                return await wire.receive(None)
        return "ok"


def numbered(step: Line, defaults: Line) -> list[Line]:
    """The messages of a ``send``, ``{i}`` filled in where there is a count."""
    plain = {**defaults, **step["message"]["json"]}
    if step.get("count") is None:
        return [plain]
    return [json.loads(json.dumps(plain).replace("{i}", str(number))) for number in range(step["count"])]


class Client(Program):
    """Makes calls."""

    async def call(self, line: Line) -> None:
        call_id, began = line["call_id"], time.monotonic()
        print(f"call={call_id} {line['method']}", file=sys.stderr, flush=True)
        self.made += 1
        if self.has("dies-on") and self.word in json.dumps(line["steps"]) or self.has("dies-on-call") and self.made == int(self.word):
            self.die()
        host, port = line["target"].rsplit(":", 1)
        wire = Wire(*await asyncio.open_connection(host, int(port), limit=2**21))
        wire.put(**{name: line.get(name) for name in ("method", "metadata", "deadline_ms")})
        pump, ended = asyncio.create_task(self.pump(wire)), "status"
        if line.get("deadline_ms"):
            asyncio.get_running_loop().call_later(line["deadline_ms"] / 1000, wire.end, TOO_LATE, [])
        try:
            async with asyncio.timeout(line["give_up_after_ms"] / 1000):
                for step in line["steps"]:
                    wire.outcomes.append(await self.step(step, line, wire))
                await wire.receive(None)
        except TimeoutError:
            ended, wire.outcomes = "gave_up", [*wire.outcomes, "gave_up"]
        wire.writer.close()
        pump.cancel()
        messages = wire.messages[:-1] if self.has("drops-last") else wire.messages
        await self.reply(
            "observation", line, call_id=call_id, ended=ended, status=wire.status, initial_metadata=wire.initial, trailing_metadata=wire.trailing,
            messages=messages, steps=wire.outcomes, elapsed_ms=(time.monotonic() - began) * 1000, raised=None,
        )  # fmt: skip

    async def pump(self, wire: Wire) -> None:
        async for line in wire.lines():
            if "message" in line:
                wire.inbox.put_nowait(line["message"])
            elif "initial" in line:
                wire.initial = line["initial"]
            else:
                wire.end(line["status"], line["trailing"])
        wire.end({"code": "UNAVAILABLE", "message": "the connection is gone", "details": []}, [])

    async def step(self, step: Line, line: Line, wire: Wire) -> str:
        name = line["method"].removeprefix(SERVICE)
        if step["do"] == "send":
            for message in numbered(step, REQUESTS.get(name, {})):
                wire.put(message=message)
            if line["mode"] in ("unary", "server-streaming"):
                wire.put(half_close=True)
        elif step["do"] == "half_close":
            wire.put(half_close=True)
        elif step["do"] == "cancel":
            wire.put(cancel=True)
            wire.end(CANCELLED, [])
        return await self.common(step, line["call_id"], wire)
