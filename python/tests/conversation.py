"""A server and a client driver of one stack, and what tests say to them."""

from __future__ import annotations

import itertools
from typing import Any

from tests.program import PATIENCE_S, Program, Record

MODES = {
    "GetUser": "unary",
    "ListUsers": "server-streaming",
    "CreateUsers": "client-streaming",
    "ChatUsers": "bidi-streaming",
}
PLAIN = {"name": "plain", "list_pause_ms": 0}
RECEIVE_ALL = {"do": "receive_all"}
HALF_CLOSE = {"do": "half_close"}


def send(count: int | None = None, **fields: Any) -> Record:
    step = {"do": "send", "message": {"json": fields}}
    return step if count is None else {**step, "count": count}


def finish(code: str, message: str = "", **more: Any) -> Record:
    return {"do": "finish", "status": {"code": code, "message": message, "details": []}, **more}


class Conversation:
    """One stack against itself."""

    def __init__(self, stack: str) -> None:
        self.stack = stack
        self.server, self.client = Program(stack, "server"), Program(stack, "client")
        listening = self.server.ask("listen", configuration=PLAIN, host="127.0.0.1", port=0)
        self.target: str = listening["address"]
        self._numbers = itertools.count(1)

    def call(self, method: str, *steps: Record, plan: list[Record] | None = None, **more: Any) -> tuple[str, str]:
        """Starts a call, planned or not; gives the request's id and the call's."""
        call_id = f"c{next(self._numbers)}"
        path = f"/users.UserService/{method}"
        if plan is not None:
            asked = self.server.ask("plan", call_id=call_id, method=path, mode=MODES[method], steps=plan)
            assert asked == {"type": "planned"}
        request = self.request(call_id, method, *steps)
        return self.client.send(**{**request, **more}), call_id

    def request(self, call_id: str, method: str, *steps: Record) -> Record:
        """A whole call line, but for its id."""
        return {
            "kind": "call",
            "call_id": call_id,
            "target": self.target,
            "configuration": PLAIN,
            "channel": "shared",
            "method": f"/users.UserService/{method}",
            "mode": MODES[method],
            "metadata": [["interop-call-id", call_id]],
            "deadline_ms": 9000,
            "give_up_after_ms": 9000,
            "steps": list(steps),
        }

    def observe(self, method: str, *steps: Record, **more: Any) -> tuple[Record, list[Record]]:
        """Makes a whole call: what the client saw, and what the handler saw."""
        request_id, call_id = self.call(method, *steps, **more)
        return self.observation(request_id), self.view(call_id)

    def observation(self, request_id: str) -> Record:
        """Without what differs from call to call."""
        observation = self.client.reply(request_id)
        for key in ("type", "call_id", "elapsed_ms"):
            del observation[key]
        return observation

    def view(self, call_id: str, attempts: int = 1, wait_ms: int = 5000) -> list[Record]:
        """The attempts, without what differs from call to call."""
        view = self.server.ask("collect", call_id=call_id, attempts=attempts, wait_ms=wait_ms)
        for attempt in view["attempts"]:
            for key in ("method", "metadata", "peer", "deadline_ms"):
                del attempt[key]
        return list(view["attempts"])

    def relay(self, mark: str, call_id: str) -> None:
        """Waits for a mark of the handler, and releases it to the client's script."""
        self.saw(self.server, mark, call_id)
        self.client.release(call_id, mark)

    def saw(self, program: Program, mark: str, call_id: str) -> None:
        assert program.marks.get(timeout=PATIENCE_S) == {"type": "mark", "call_id": call_id, "mark": mark}

    def close(self) -> None:
        self.client.close()
        self.server.close()


def observed(messages: list[Record], steps: list[str], code: str = "OK", message: str = "", **more: Any) -> Record:
    """A whole observation, as ``Conversation.observation`` gives it."""
    return {
        "ended": "status",
        "status": {"code": code, "message": message, "details": []},
        "initial_metadata": [],
        "trailing_metadata": [],
        "messages": messages,
        "steps": steps,
        "raised": None,
        **more,
    }


def seen(messages: list[Record], sent: int, **more: Any) -> Record:
    """A whole attempt, as ``Conversation.view`` gives it."""
    return {
        "planned": False,
        "messages": messages,
        "sent": sent,
        "steps": [],
        "left": "returned",
        "left_status": None,
        "raised": None,
        "context": "active",
        **more,
    }
