"""What both roles of a miniature share: lines on stdio, marks, and the one fault."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from interop.tests.miniature.wire import Line, Wire

# After a colon the word that the fault needs: ``never:call``, ``dies-on:poison``, ``dies-on-call:3``.
FAULTS = {
    "garbage": "writes lines that are no JSON, or of no contract, before each reply",
    "long-line": "writes a line of 10 MB before its first reply",
    "twice": "answers everything twice",
    "malformed": "answers with a field too many",
    "unknown-id": "answers somebody else before each reply",
    "out-of-order": "holds every other reply back",
    "babbles-on": "does all that BABBLE names from the first line on that says WORD",
    "never": "does not answer lines of type WORD",
    "dies-at-start": "dies before it is ready",
    "never-ready": "never says that it is ready",
    "dies-on": "dies on a line, or a user, that says WORD",
    "ghost-on": "dies so, and leaves a child that answers and would outlive it",
    "stops-on": "stops itself (SIGSTOP) on a line, or a user, that says WORD",
    "deaf-on": "closes its standard input on a line that says WORD",
    "mute-on": "closes its standard output on a line that says WORD",
    "floods-on": "writes 8 MB to standard error on a line that says WORD",
    "eats-on": "takes 100 MB of memory on a line that says WORD",
    "dies-on-call": "dies on its call number WORD",
    "ignores-end": "does not stop at the end of its input nor on SIGTERM, and has a child that would outlive it",
    "claims-everything": "supports steps that nobody has heard of",
    "rejects": "rejects lines of type WORD",
    "rejects-all": "rejects every line, also one that asks for an unheard-of step",
    "lacks": "does not have the step, or the option, WORD",
    "pretends": "says that it did the step WORD, and does nothing",
    "drops-last": "a client that keeps the last message to itself",
    "changes-reply": "a server that answers another name",
    "no-view": "a server that saw nothing",
}
BABBLE = {"garbage", "long-line", "twice", "unknown-id", "out-of-order"}
STEPS = {
    "client": "send receive receive_all half_close cancel wait mark await".split(),
    "server": "headers send receive receive_all finish raise serve wait mark await".split(),
}


class Program:
    def __init__(self, role: str, fault: str, once: Path | None) -> None:
        self.role, self.once = role, once
        self.fault, _, self.word = fault.partition(":")
        assert not fault or self.fault in FAULTS, fault
        self.out = os.fdopen(os.dup(1), "wb", buffering=0)
        os.dup2(2, 1)
        self.released: dict[tuple[str, str], asyncio.Event] = defaultdict(asyncio.Event)
        self.said, self.babbling = 0, False

    def has(self, fault: str) -> bool:
        struck = self.fault == fault or (self.babbling and fault in BABBLE)
        return struck and (self.once is None or not self.once.exists())

    def die(self) -> None:
        if self.once:
            self.once.touch()
        print("miniature: dies, as it was told", file=sys.stderr, flush=True)
        os._exit(3)

    def strike(self) -> None:
        """What a fault that ends in -on does, once a line says its word."""
        if self.once:
            self.once.touch()
        {
            "dies-on": self.die,
            "ghost-on": self.haunt,
            "stops-on": lambda: os.kill(os.getpid(), signal.SIGSTOP),
            "deaf-on": lambda: os.close(0),
            "mute-on": self.out.close,
            "babbles-on": self.babble,
            "floods-on": self.flood,
            "eats-on": self.eat,
        }[self.fault]()

    def babble(self) -> None:
        """A line that is too long comes at once, or before the first reply that is still to come."""
        self.babbling, self.said = True, 0

    def flood(self) -> None:
        for _ in range(128):
            os.write(2, b"miniature: floods, as it was told\n" * 2000)

    def eat(self) -> None:
        self.hoard = bytearray(b"x") * 100_000_000

    def haunt(self) -> None:
        if os.fork():
            os._exit(3)
        for number in range(1000):
            self.say("planned", id=str(number % 10))  # answered before, and not those still waited for
        time.sleep(600)

    def say(self, kind: str, **line: Any) -> None:
        surplus = {"surplus": 1} if self.has("malformed") and kind in ("planned", "observation") else {}
        data = json.dumps({"type": kind, **line, **surplus}).encode() + b"\n"
        while data:
            data = data[self.out.write(data) or 0 :]

    async def reply(self, kind: str, request: Line, **line: Any) -> None:
        self.said += 1
        if self.has("never") and self.word == request["type"] and kind != "unsupported":
            if self.once:
                self.once.touch()
            return
        if self.has("garbage"):
            self.out.write(b'Listening on port 8080\n{"type": "listening"}\n\xff\n')
        if self.has("long-line") and self.said == 1:
            self.say("x" * 10_000_000)
        if self.has("unknown-id"):
            self.say(kind, id="nobody", **line)
        if self.has("out-of-order") and self.said % 2:
            await asyncio.sleep(0.01)
        for _ in range(2 if self.has("twice") else 1):
            self.say(kind, id=request["id"], **line)

    async def run(self) -> None:
        if self.has("dies-at-start"):
            self.die()
        if not self.has("never-ready"):
            self.say(
                "ready",
                contract=1,
                role=self.role,
                implementation="miniature",
                language="python",
                libraries={},
                pid=os.getpid(),
            )
        lines = asyncio.StreamReader(limit=2**21)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        tasks = set()
        while data := await lines.readline():
            tasks.add(asyncio.create_task(self.take(json.loads(data))))
        if self.has("ignores-end"):
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            subprocess.run(["sleep", "600"], check=False)  # noqa: ASYNC221 blocking is what it is to do
        os._exit(0)

    async def take(self, line: Line) -> None:
        if self.fault.endswith("-on") and self.has(self.fault) and f'"{self.word}"' in json.dumps(line):
            self.strike()
        if line["type"] == "release":
            self.released[(line["call_id"], line["mark"])].set()
        elif self.has("rejects-all"):
            await self.reply("rejected", line, reason="as it was told")
        elif (unheard := self.unheard(line)) and not self.has("claims-everything"):
            await self.reply("unsupported", line, feature=unheard, reason="the miniature has no such thing")
        elif self.has("rejects") and self.word == line["type"]:
            await self.reply("rejected", line, reason="as it was told")
        else:
            await getattr(self, line["type"])(line)

    def pretends(self, step: Line) -> bool:
        return self.has("pretends") and self.word == step["do"]

    def unheard(self, line: Line) -> str:
        lacks = self.word if self.has("lacks") else ""
        steps = {step["do"] for step in line.get("steps", [])} - ({*STEPS[self.role]} - {lacks})
        options = line.get("configuration", {}).keys() - ({"name", "list_pause_ms"} - {lacks})
        found = [*(f"step:{step}" for step in steps), *(f"configuration:{option}" for option in options)]
        found += ["raw"] if line.get("raw") else []
        return found[0] if found else ""

    async def common_step(self, step: Line, call_id: str, wire: Wire) -> str:
        """A step that means the same at both ends."""
        match step["do"]:
            case "receive":
                return await wire.receive(step["count"])
            case "receive_all":
                return await wire.receive(None)
            case "wait":
                return await wire.unless_over(asyncio.sleep(step["ms"] / 1000))
            case "await":
                return await wire.unless_over(self.released[(call_id, step["mark"])].wait())
            case "mark":
                self.say("mark", call_id=call_id, mark=step["mark"])
        return "ok"
