"""What the ends of one cell may have said, made by hand: for the tests of judging."""

from __future__ import annotations

from typing import Any

from interop.cell_run import CallSeen
from interop.contract import Attempt, Observation, Status
from interop.engine import CellResult
from interop.judging import Judge
from interop.known import Known
from interop.model import Case, Cell
from interop.results import Record
from interop.tests.miniatures import implementation

PLANNED = """
- name: unary/not-found
  why: "statuscodes.md, NOT_FOUND."
  calls: [{method: GetUser, metadata: [[x-a, "1"]], deadline_ms: 60000, steps: [send: {user_id: "1"}, receive_all]}]
  plan: [finish: {code: NOT_FOUND, message: no such user}]
  expect: {code: NOT_FOUND, message: no such user}
"""
ENDED = Status(code="NOT_FOUND", message="no such user")


def observation(**changed: Any) -> Observation:
    values: dict[str, Any] = {"id": "1", "call_id": "c1", "ended": "status", "status": ENDED, "messages": []}
    return Observation(**{**values, "steps": ["ok", "ok"], "elapsed_ms": 2.5, **changed})


def attempt(**changed: Any) -> Attempt:
    values: dict[str, Any] = {
        "method": "/users.UserService/GetUser",
        "planned": True,
        "metadata": [("interop-call-id", "c1"), ("x-a", "1"), ("user-agent", "miniature/1")],
        "messages": [{"user_id": "1"}],
        "sent": 0,
        "steps": ["ok"],
        "left": "status",
        "left_status": ENDED,
        "context": "active",
        "deadline_ms": 59_999.0,
    }
    return Attempt(**{**values, **changed})


def result(case: Case, *rounds: tuple[Observation | None, list[Attempt]], **other: Any) -> CellResult:
    call_id = other.pop("call_id", "c1")
    seen = [
        [CallSeen(spec=case.calls[0], call_id=call_id, observation=one, attempts=attempts)] for one, attempts in rounds
    ]
    return CellResult(cell=Cell(client="mini", server="mini", case=case), rounds=seen, duration_ms=3.5, **other)


def judged(of: CellResult, known: Known | None = None) -> Record:
    return Judge(known or Known(), {"mini": implementation()}).record(of)
