"""What handlers saw, kept by call id until it is collected, beside the plan that is in force for the call.

The interceptors write here, ``collect`` reads. An attempt that comes after its call was collected is kept too, and
nobody may ever ask for it: therefore no more than KEPT calls are kept.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from userservice.contract.fields import Record
from userservice.contract.messages import Payload, to_json
from userservice.contract.methods import Method
from userservice.contract.requests import Plan

KEPT = 4096


@dataclass(slots=True, kw_only=True)
class Attempt:
    """One run of a handler, filled in as it goes on by the thread or task that runs it; ``left`` is filled in last."""

    call_id: str
    method: Method
    plan: Plan | None
    metadata: list[list[str]]
    peer: str
    deadline_ms: float | None
    messages: list[Record] = field(default_factory=list)
    sent: int = 0
    steps: list[str] = field(default_factory=list)
    left: str = "running"
    left_status: Record | None = None
    raised: Record | None = None
    context: str = ""
    ask_context: Callable[[], str] = lambda: "unknown"  # what the library says of the call at this moment

    def received(self, message: Payload) -> None:
        self.messages.append(to_json(message))

    def leave(self, how: str) -> None:
        """How the code left, once all else is noted; ``context`` is asked for at this moment."""
        self.context = self.ask_context()
        self.left = how

    def to_json(self) -> Record:
        return {
            "method": self.method.name,
            "planned": self.plan is not None,
            "metadata": self.metadata,
            "peer": self.peer,
            "deadline_ms": self.deadline_ms,
            "messages": list(self.messages),
            "sent": self.sent,
            "steps": list(self.steps),
            "left": self.left,
            "left_status": self.left_status,
            "raised": self.raised,
            "context": self.ask_context() if self.left == "running" else self.context,
        }


@dataclass(slots=True)
class _Kept:
    """All of one call. ``waiting`` are collectors, each with the number of attempts it waits for."""

    plan: Plan | None = None
    attempts: list[Attempt] = field(default_factory=list)
    running: int = 0
    waiting: list[tuple[int, Callable[[], object]]] = field(default_factory=list)

    def complete(self, attempts: int) -> bool:
        return self.running == 0 and len(self.attempts) >= attempts


class Views:
    """Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: OrderedDict[str, _Kept] = OrderedDict()

    def plan(self, plan: Plan) -> None:
        with self._lock:
            self._kept(plan.call_id).plan = plan

    def plan_for(self, call_id: str, method: Method) -> Plan | None:
        """The plan in force; None where there is none for this method."""
        with self._lock:
            kept = self._calls.get(call_id)
            plan = None if kept is None else kept.plan
            return plan if plan is not None and plan.method is method else None

    def begin(self, attempt: Attempt) -> Callable[[], None]:
        """Notes the attempt; the function that comes back is to be called once it is over."""
        with self._lock:
            kept = self._kept(attempt.call_id)
            kept.attempts.append(attempt)
            kept.running += 1
        return lambda: self._over(kept)

    def watch(self, call_id: str, attempts: int, callback: Callable[[], object]) -> bool:
        """True if what ``collect`` waits for has come already; otherwise calls back when it comes."""
        with self._lock:
            kept = self._kept(call_id)
            if kept.complete(attempts):
                return True
            kept.waiting.append((attempts, callback))
            return False

    def collect(self, call_id: str) -> list[dict[str, Any]]:
        """What there is; forgets the call and drops its plan."""
        with self._lock:
            kept = self._calls.pop(call_id, None)
            return [] if kept is None else [attempt.to_json() for attempt in kept.attempts]

    def _over(self, kept: _Kept) -> None:
        with self._lock:
            kept.running -= 1
            due = [callback for attempts, callback in kept.waiting if kept.complete(attempts)]
        for callback in due:
            callback()

    def _kept(self, call_id: str) -> _Kept:
        kept = self._calls.get(call_id)
        if kept is None:
            kept = self._calls[call_id] = _Kept()
            if len(self._calls) > KEPT:
                self._calls.popitem(last=False)
        return kept


def peer_address(peer: str) -> str:
    """``ipv4:127.0.0.1:5`` and ``ipv6:%5B::1%5D:5`` as the contract writes them: ``127.0.0.1:5``, ``[::1]:5``."""
    address = peer.removeprefix("ipv4:").removeprefix("ipv6:")
    return address.replace("%5B", "[").replace("%5D", "]")
