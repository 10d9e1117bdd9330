"""The accounting line: planned = the sum of the verdicts + what was not run. Pure; one value feeds exit code,
terminal and reports.
"""

from __future__ import annotations

from collections import Counter

from interop.record import counts
from interop.results import Footer, Kind, NotRun, Problem, Record

AS_EXPECTED, RED, BROKEN = 0, 1, 2


def footer(  # noqa: PLR0913 - the six things a run's end consists of, named where they meet
    planned: list[str],
    records: list[Record],
    reason: str,
    problems: list[Problem],
    remarks: list[str],
    duration_s: float,
) -> Footer:
    """``planned`` are the ids of all selected cells; ``reason`` is why those without a record were not run."""
    judged = Counter(record.id for record in records)
    not_run = [NotRun(id=cell, reason=reason) for cell in planned if cell not in judged]
    problems = [*problems, *_broken_sum(planned, judged, not_run, reason)]
    return Footer(
        counts=counts(records),
        not_run=not_run,
        problems=problems,
        remarks=remarks,
        duration_s=round(duration_s, 2),
        exit_code=_exit_code(records, problems, not_run),
    )


def _broken_sum(planned: list[str], judged: Counter[str], not_run: list[NotRun], reason: str) -> list[Problem]:
    found = []
    if not planned:
        found.append(Problem(kind="broken sum", text="nothing was selected: 0 cells planned"))
    if not_run and not reason:
        found.append(Problem(kind="broken sum", text=f"{len(not_run)} cells were lost, first: {not_run[0].id}"))
    found += [
        Problem(kind="broken sum", text=f"{cell} was judged {count} times")
        for cell, count in judged.items()
        if count > 1
    ]
    unplanned = set(judged) - set(planned)
    found += [Problem(kind="broken sum", text=f"{cell} was judged, but not planned") for cell in sorted(unplanned)]
    return found


def _exit_code(records: list[Record], problems: list[Problem], not_run: list[NotRun]) -> int:
    if any(problem.kind == "broken sum" for problem in problems):
        return BROKEN
    return (
        RED
        if problems or not_run or any(record.verdict.kind in (Kind.FAIL, Kind.ERROR) for record in records)
        else AS_EXPECTED
    )


def line(foot: Footer) -> str:
    """``1040 cells: 1000 pass, 0 fail, 24 known, 16 recorded, 0 unsupported, 0 error, 0 not run``."""
    total = sum(foot.counts.values()) + len(foot.not_run)
    parts = [f"{count} {kind}" for kind, count in foot.counts.items()]
    return f"{total} cell{'' if total == 1 else 's'}: {', '.join(parts)}, {len(foot.not_run)} not run"
