"""What a client driver saw of one call: filled in by the script, read by whoever answers, or by who gives up."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from userservice.contract import log
from userservice.contract.fields import Record
from userservice.contract.lines import Writer
from userservice.contract.requests import Call
from userservice.contract.signals import Signal

# How long a library may take to end a call that was given up. The contract wants the answer within a second.
ANSWER_GRACE_S = 0.7


@dataclass(slots=True)
class Witness:
    """``over`` is fired when the call's end is known, or it is given up. ``began`` is None while no call has begun."""

    call: Call
    over: Signal = field(default_factory=Signal)
    began: float | None = None
    gave_up: bool = False
    in_step: bool = False
    messages: list[Record] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    status: Record | None = None
    initial_metadata: list[list[str]] | None = None
    trailing_metadata: list[list[str]] | None = None
    raised: Record | None = None
    answered: threading.Lock = field(default_factory=threading.Lock)

    def begin(self) -> None:
        self.began = time.perf_counter()

    def give_up(self) -> None:
        self.gave_up = True
        self.over.fire()

    def step(self, done: bool) -> None:
        """Notes the outcome of the step that was underway."""
        self.in_step = False
        self.steps.append("gave_up" if self.gave_up else "ok" if done else "over")

    def raises(self, error: BaseException) -> None:
        self.raised = {"type": type(error).__name__, "text": str(error)}

    def claim(self) -> bool:
        """True for the first who wants to answer."""
        return self.answered.acquire(blocking=False)

    def answer(self, writer: Writer) -> None:
        """Writes the observation, and the call's line in the log."""
        ended = "gave_up" if self.gave_up else "raised" if self.raised else "status"
        elapsed = self._elapsed()
        writer.write(
            "observation",
            id=self.call.id,
            call_id=self.call.call_id,
            ended=ended,
            status=self.status,
            initial_metadata=self.initial_metadata,
            trailing_metadata=self.trailing_metadata,
            messages=list(self.messages),
            steps=[*self.steps, "gave_up"] if self.in_step else list(self.steps),
            elapsed_ms=round(elapsed * 1000, 3),
            raised=self.raised,
        )
        outcome = self.status["code"] if self.status else ended
        log.call(self.call.call_id, self.call.method, outcome, elapsed)

    def _elapsed(self) -> float:
        if self.began is None:
            return 0.0
        return max(0.0, (self.over.at or time.perf_counter()) - self.began)
