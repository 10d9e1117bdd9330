"""What answers one call of the miniature's server: its plan, or UserService."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from interop.tests.miniature.wire import MODES, REPLIES, Line, Wire, messages_of, status

if TYPE_CHECKING:
    from interop.tests.miniature.server import Server


class End(Exception):
    """The handler's code ends the call on purpose; carries status and trailers."""


class Gone(Exception):
    """The client went away under the UserService code."""


class Handler:
    """The code of one call: its plan, or UserService."""

    def __init__(self, server: Server, method: str, call_id: str, wire: Wire) -> None:
        self.server, self.method, self.call_id, self.wire = server, method, call_id, wire
        self.sent, self.kept, self.marks = 0, list[Line](), dict[str, str]()

    async def run(self) -> None:
        plan = self.server.plans.get(self.call_id)
        if plan is None:
            await self.serve()
        for step in plan or []:
            self.wire.outcomes.append("ok")
            self.wire.outcomes[-1] = await self.step(step)

    async def step(self, step: Line) -> str:
        match step["do"]:
            case _ if self.server.pretends(step):
                return "ok"
            case "headers":
                self.wire.put(initial=step["metadata"])
            case "send":
                self.send(*messages_of(step, REPLIES[self.method]))
            case "finish":
                raise End({**status("OK"), **step["status"]}, step.get("trailers") or [])
            case "raise":
                raise RuntimeError(step["text"])
            case "serve":
                self.marks = step.get("marks") or {}
                await self.serve()
            case "receive" if self.method in ("GetUser", "ListUsers"):
                return "ok"  # the one request was handed over before
        return await self.server.common_step(step, self.call_id, self.wire)

    def send(self, *messages: Line) -> None:
        self.sent += len(messages)
        if MODES[self.method] in ("unary", "client-streaming"):
            self.kept = list(messages)
            return
        for message in messages:
            self.wire.put(message=message)

    def flush(self) -> None:
        """A single response goes when the handler returns it: an empty one where it returned none."""
        if MODES[self.method] in ("unary", "client-streaming"):
            self.sent = 1
            self.wire.put(message=(self.kept or [REPLIES[self.method]])[-1])

    async def serve(self) -> None:
        await getattr(self, self.method)()

    async def requests(self) -> list[Line]:
        found = []
        while (message := await self.next()) is not None:
            found.append(message)
        return found

    async def next(self) -> Line | None:
        message = await self.wire.next()
        if self.wire.over.is_set():
            raise Gone
        if mark := self.marks.get(str(len(self.wire.messages))):
            self.server.say("mark", call_id=self.call_id, mark=mark)
        if message:
            self.valid(message)
        return message

    def valid(self, message: Line) -> None:
        if message["user_id"] == self.server.word and any(map(self.server.has, ("dies-on", "stops-on"))):
            self.server.strike()
        if message["user_id"] == "":
            field = {"field": "user_id", "description": "must not be empty", "reason": ""}
            detail = {"type_url": "type.googleapis.com/google.rpc.BadRequest", "json": {"field_violations": [field]}}
            raise End({"code": "INVALID_ARGUMENT", "message": "user_id must not be empty", "details": [detail]}, [])

    def user(self, number: str) -> Line:
        name = "Somebody" if self.server.has("changes-reply") else f"User {number}"
        return {"user_id": number, "name": name, "email": f"user{number}@example.com"}

    async def GetUser(self) -> None:  # noqa: N802 the method's own name
        self.valid(self.wire.messages[0])
        self.send(self.user(self.wire.messages[0]["user_id"]))

    async def ListUsers(self) -> None:  # noqa: N802
        for number in range(self.wire.messages[0]["page_size"]):
            self.send(self.user(str(number)))

    async def CreateUsers(self) -> None:  # noqa: N802
        self.send({"user_count": len(await self.requests()), "success": True})

    async def ChatUsers(self) -> None:  # noqa: N802
        while message := await self.next():
            text = f"Received: {message['message']}"
            self.send(
                {"user_id": message["user_id"], "message": text, "timestamp": time.strftime("%H:%M:%S", time.gmtime())}
            )
