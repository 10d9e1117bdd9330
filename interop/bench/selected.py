"""Which cells are measured, and how: words for ``interop run``, and the same cells as values."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from interop import cases, implementations, matrix
from interop.model import CallSpec, Case, Cell

OUTPUT = Path("build/bench")
# Cells that have much to carry, or wait for a clock, measure a network library or a clock, and no harness.
WORDS = ["-m", "not bulk and not quiet"]


def run_words(output: str, *words: str) -> list[str]:
    """The argv of a run of the matrix."""
    return [sys.executable, "-m", "interop", "run", "--interop-output", str(OUTPUT / output), *words]


def small_cases() -> list[Case]:
    """The cases that ``WORDS`` selects, heavy ones left out as in any run."""
    found = cases.read_all()
    return [case for case in found if not ({matrix.BULK, matrix.HEAVY} & set(case.tags) or case.quiet)]


def small_cells() -> list[Cell]:
    names = list(implementations.read())
    return matrix.cells(small_cases(), names, names)


def calls_of(every: Iterable[Case]) -> list[str]:
    """The calls of those cases as lines for a plain loop, method and number of messages: ``ListUsers 3``. A method
    that UserService has not, or not in that mode, counts as a GetUser.
    """
    return [_line(call) for case in every for _ in range(case.repeat) for call in case.calls]


def _line(call: CallSpec) -> str:
    method = call.method.removeprefix("/users.UserService/")
    if call.raw or method not in ("ListUsers", "CreateUsers", "ChatUsers"):
        return "GetUser 1"
    sends = [step for step in call.steps if step.do == "send"]
    if method == "ListUsers":
        read = sum(step.count or 1 for step in call.steps if step.do == "receive")
        cancelled = any(step.do == "cancel" for step in call.steps)
        asked = [step.message.json.get("page_size", 0) for step in sends if step.message and step.message.json]
        return f"ListUsers {read if cancelled else max(0, *asked, 0)}"
    return f"{method} {sum(step.count or 1 for step in sends)}"
