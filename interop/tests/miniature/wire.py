"""One call on one connection, as either end of a miniature holds it: JSON lines, kept until they are read."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine
from typing import Any

Line = dict[str, Any]
MODES = {
    "GetUser": "unary",
    "ListUsers": "server-streaming",
    "CreateUsers": "client-streaming",
    "ChatUsers": "bidi-streaming",
}
_USER, _CHAT = {"user_id": "", "name": "", "email": ""}, {"user_id": "", "message": "", "timestamp": ""}
# Every field with its default, by which an observation is filled up.
REQUESTS: dict[str, Line] = {
    "GetUser": {"user_id": ""},
    "ListUsers": {"page_size": 0},
    "CreateUsers": {"user_id": ""},
    "ChatUsers": _CHAT,
}
REPLIES: dict[str, Line] = {
    "GetUser": _USER, "ListUsers": _USER, "CreateUsers": {"user_count": 0, "success": False}, "ChatUsers": _CHAT,
}  # fmt: skip


def status(code: str, message: str = "") -> Line:
    return {"code": code, "message": message, "details": []}


def messages_of(step: Line, defaults: Line) -> list[Line]:
    """The messages of a ``send``, ``{i}`` filled in where there is a count."""
    plain = {**defaults, **step["message"]["json"]}
    if step.get("count") is None:
        return [plain]
    return [json.loads(json.dumps(plain).replace("{i}", str(number))) for number in range(step["count"])]


class Wire:
    """``inbox`` holds messages, then None for their end; ``over`` is set once the call is."""

    def __init__(self, reader: asyncio.StreamReader | None, writer: asyncio.StreamWriter | None) -> None:
        self.reader, self.writer, self.over = reader, writer, asyncio.Event()
        self.inbox: asyncio.Queue[Line | None] = asyncio.Queue()
        self.messages: list[Line] = []
        self.outcomes: list[str] = []
        self.ended: Line = status("OK")
        self.initial: list[Any] = []
        self.trailing: list[Any] = []

    def put(self, **line: Any) -> None:
        if self.writer and not self.writer.is_closing():
            self.writer.write(json.dumps(line).encode() + b"\n")

    def close(self) -> None:
        if self.writer:
            self.writer.close()

    def end(self, ended: Line, trailing: list[Any]) -> None:
        """The first end counts."""
        if not self.over.is_set():
            self.ended, self.trailing = ended, trailing
            self.inbox.put_nowait(None)
            self.over.set()

    async def lines(self) -> AsyncIterator[Line]:
        while self.reader and (data := await self.reader.readline()):
            yield json.loads(data)

    async def next(self) -> Line | None:
        message = await self.inbox.get()
        if message is None:
            self.inbox.put_nowait(None)  # the end stays the end
        else:
            self.messages.append(message)
        return message

    async def receive(self, count: int | None) -> str:
        """``count`` messages, or all of them."""
        while count is None or count > 0:
            if await self.next() is None:
                return "ok" if count is None else "over"
            count = None if count is None else count - 1
        return "ok"

    async def unless_over(self, waiting: Coroutine[Any, Any, Any]) -> str:
        first, over = asyncio.ensure_future(waiting), asyncio.ensure_future(self.over.wait())
        done, pending = await asyncio.wait({first, over}, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        return "ok" if first in done else "over"
