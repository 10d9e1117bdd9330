"""A run held against all of the matrix: in, what was planned and what came; out, whether it was all of it, and which
known entries or limits say otherwise.
"""

from __future__ import annotations

from interop import cases, implementations, judging, known, matrix
from interop.known import Known
from interop.model import Cell, Implementation
from interop.results import Problem, Record


def is_among(planned: list[str]) -> bool:
    """Whether everything that is shipped was selected, as a plain ``interop run`` does."""
    return {cell.id for cell in _cells(list(implementations.read())) if matrix.HEAVY not in cell.case.tags} <= set(
        planned
    )


def problems(lists: Known, every: dict[str, Implementation], records: list[Record], whole: bool) -> list[Problem]:
    """Entries that hold for no cell of the matrix, and limits that are not listed, or did not show in a whole run."""
    found = [Problem(kind="stale known entry", text=text) for text in known.stale(lists, _cells(list(every)))]
    seen = {limit for judged in records if (limit := judging.limits_of(judged))}
    limits = known.wrong_limits(lists, seen, set(implementations.read()), whole)
    return found + [Problem(kind="unsupported", text=text) for text in limits]


def _cells(names: list[str]) -> list[Cell]:
    return matrix.cells(cases.read_all(), names, names)
