"""What belongs together in a report: in, Results; out, red cells by blame and case, the excused by reason. Pure."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from interop import blame
from interop.record import Results
from interop.report import texts
from interop.report.facts import several
from interop.results import Kind, Record

_SIDE = 60  # of a mismatch on one line: characters of what was wanted, and of what came


@dataclass(frozen=True, slots=True, kw_only=True)
class RedCase:
    """One case within a blame: ``records`` are its red cells, one of which stands for all in a short report."""

    id: str
    records: tuple[Record, ...]

    @property
    def first(self) -> Record:
        return self.records[0]

    @property
    def otherwise(self) -> list[str]:
        """What its other cells say, where they say something else."""
        told = Counter("; ".join(said(one)) for one in self.records)
        first = "; ".join(said(self.first))
        return [f"{several(count, 'cell')}: {text}" for text, count in told.items() if text != first]


@dataclass(frozen=True, slots=True, kw_only=True)
class RedGroup:
    """What points at the same side. ``headline``: ``go as a server, with 4 of 4 clients: 3 cases, 12 cells``."""

    headline: str
    cases: tuple[RedCase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Excused:
    """Cells of one verdict that have one reason; ``source`` is the known entry, or what was refused."""

    reason: str
    source: str
    ids: tuple[str, ...]


def red(results: Results) -> list[RedGroup]:
    return [_group(one) for one in blame.blamed(results.records)]


def sentence(cell: Record) -> str:
    """What the verdict says beyond its mismatches: nothing where it only repeats the first of them."""
    verdict = cell.verdict
    repeats = verdict.mismatches and verdict.sentence.partition(" (and ")[0] in verdict.signature[:1]
    return "" if repeats else verdict.sentence


def said(cell: Record) -> list[str]:
    """The verdict in short lines: the sentence, and each mismatch cut to where it differs."""
    lines = [sentence(cell)] if sentence(cell) else []
    for one in cell.verdict.mismatches:
        want, got = texts.want_and_got(one.want, one.got, _SIDE)
        lines.append(f"{one.where}: want {want}, got {got}")
    return lines


def headline(cell: Record) -> str:
    """The verdict in one line."""
    first, *more = said(cell) or [""]
    return first + (f" (and {len(more)} more)" if more else "")


def _group(one: blame.Blame) -> RedGroup:
    by_case: dict[str, list[Record]] = {}
    for cell in one.records:
        by_case.setdefault(case_of(cell.id), []).append(cell)
    cases = tuple(RedCase(id=name, records=tuple(cells)) for name, cells in by_case.items())
    cells = f", {several(len(one.records), 'cell')}" if len(one.records) != len(cases) else ""
    return RedGroup(headline=f"{one.who}: {several(len(cases), 'case')}{cells}", cases=cases)


def case_of(cell: str) -> str:
    """The cell's id without its pair and turn: the configuration, where it is not the plain one, and the case."""
    return cell.partition("/")[2].partition("~")[0]


def blame_of(results: Results) -> dict[str, str]:
    """Cell → who is to blame, for every red cell."""
    return {cell.id: one.who for one in blame.blamed(results.records) for cell in one.records}


def excused(results: Results, kind: Kind) -> list[Excused]:
    """The known, recorded or unsupported cells by reason, the most frequent first."""
    cells = (one for one in results.records if one.verdict.kind is kind)
    told = ((one.verdict.reason, one.verdict.known or _refused(one), one.id) for one in cells)
    return _by_reason(told)


def _refused(one: Record) -> str:
    return one.verdict.sentence if one.verdict.kind is Kind.UNSUPPORTED else ""


def not_run(results: Results) -> list[Excused]:
    cells = results.footer.not_run if results.footer else []
    return _by_reason((one.reason or "no reason given", "", one.id) for one in cells)


def _by_reason(told: Iterable[tuple[str, str, str]]) -> list[Excused]:
    found: dict[tuple[str, str], list[str]] = {}
    for reason, source, cell in told:
        found.setdefault((reason, source), []).append(cell)
    groups = [Excused(reason=reason, source=source, ids=tuple(ids)) for (reason, source), ids in found.items()]
    return sorted(groups, key=lambda group: -len(group.ids))


def noted(results: Results) -> list[list[Record]]:
    """Cells with something to say about their run (run again, and why) that no failure shows already; those that say
    the same together.
    """
    found: dict[tuple[str, ...], list[Record]] = {}
    for one in results.records:
        if one.notes and one.verdict.kind not in blame.RED:
            found.setdefault(tuple(one.notes), []).append(one)
    return list(found.values())


def rounds(one: Record) -> str:
    """``of 20 rounds: 17 as expected, 3 × client.code: want OK, got UNKNOWN``; empty where the case is not repeated."""
    if not one.tally:
        return ""
    ordered = sorted(one.tally, key=lambda part: bool(part.outcome))  # how often it went well, first
    parts = [f"{part.count} {'× ' + '; '.join(part.outcome) if part.outcome else 'as expected'}" for part in ordered]
    return f"of {sum(part.count for part in one.tally)} rounds: {', '.join(parts)}"


def command(cell: str, again: list[str]) -> str:
    """What repeats this cell alone."""
    return " ".join([f"interop run --cell '{cell.partition('~')[0]}'", *(shlex.quote(word) for word in again)])
