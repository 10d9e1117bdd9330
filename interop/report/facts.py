"""What every report says of a run: in, Results; out, its verdict, its counts, the table client × server. Pure.

Computed only here: a report that counts for itself could disagree with the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from interop import account, record
from interop.contract import MODES
from interop.record import Results
from interop.results import Kind, Problem

NOT_RUN = "not run"
# Not passing, not red either: shown beside the numbers, never among them.
SIGNS = {Kind.KNOWN.value: "k", Kind.RECORDED.value: "r", Kind.UNSUPPORTED.value: "u", NOT_RUN: "n"}
RED = (Kind.FAIL.value, Kind.ERROR.value)
AS_EXPECTED = "as expected"
_NOT = "NOT as expected"

Counts = Counter[str]  # a verdict, or "not run" → how many cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Only clients and servers that have a cell. ``cells``: (client, server) → mode → counts."""

    clients: tuple[str, ...]
    servers: tuple[str, ...]
    cells: dict[tuple[str, str], dict[str, Counts]]

    def of(self, client: str, server: str) -> Counts:
        """All modes of a pair together."""
        return sum(self.cells.get((client, server), {}).values(), Counter())


def table(results: Results) -> Table:
    cells: dict[tuple[str, str], dict[str, Counts]] = {}
    for client, server, mode, kind in _each(results):
        cells.setdefault((client, server), {}).setdefault(mode, Counter())[kind] += 1
    return Table(
        clients=_in_order(results.header.clients, (client for client, _ in cells)),
        servers=_in_order(results.header.servers, (server for _, server in cells)),
        cells=cells,
    )


def _each(results: Results) -> Iterable[tuple[str, str, str, str]]:
    for judged in results.records:
        yield judged.client, judged.server, judged.mode, judged.verdict.kind.value
    for skipped in results.footer.not_run if results.footer else ():
        pair, _, case = skipped.id.partition("/")
        client, _, server = pair.partition("--")
        yield client, server, next((part for part in case.split("/") if part in MODES), ""), NOT_RUN


def _in_order(selected: list[str], present: Iterable[str]) -> tuple[str, ...]:
    found = set(present)
    return (*(name for name in selected if name in found), *sorted(found - set(selected)))


def passing(counts: Counts) -> str:
    """``34`` where all that were judged pass, else ``33/34``; ``–`` where none was judged."""
    passed = counts[Kind.PASS.value]
    judged = passed + red(counts)
    return "–" if not judged else str(passed) if passed == judged else f"{passed}/{judged}"


def red(counts: Counts) -> int:
    return sum(counts[kind] for kind in RED)


def signs(counts: Counts) -> str:
    """``4k 2r``: what is neither passing nor red."""
    return " ".join(f"{counts[kind]}{sign}" for kind, sign in SIGNS.items() if counts[kind])


def counts(results: Results) -> dict[str, int]:
    """Every verdict in the order of ``Kind``, and what was not run. Of a run cut short that is what nobody heard of."""
    told = record.counts(results.records)
    missing = results.header.planned - len(results.records)
    return {**told, NOT_RUN: len(results.footer.not_run) if results.footer else missing}


def problems(results: Results) -> list[Problem]:
    """What makes a run red although no cell says so: by the footer's word, or by what a reader of the file finds."""
    planned = results.header.planned
    if results.footer is None:
        judged = f"{len(results.records)} of {planned} cells were judged"
        return [Problem(kind="truncated", text=f"the run was cut short: {judged}, and there is no footer")]
    found = list(results.footer.problems)
    if results.footer.counts != record.counts(results.records):
        found.append(Problem(kind="broken file", text="the footer counts other cells than the file holds"))
    accounted = sum(counts(results).values())
    if accounted != planned:
        found.append(Problem(kind="broken file", text=f"{planned} cells planned, {accounted} accounted for"))
    return found


def verdict(results: Results) -> str:
    """``as expected``, or ``NOT as expected: 12 fail, 2 problems``."""
    if results.footer is None:
        return f"{_NOT}: {problems(results)[0].text}"
    # A cell that was not run is no failure, but nobody can call the run as expected.
    reasons = [f"{number} {kind}" for kind, number in counts(results).items() if number and kind in (*RED, NOT_RUN)]
    if found := problems(results):
        reasons.append(several(len(found), "problem"))
    if not reasons and results.footer.exit_code != account.AS_EXPECTED:
        reasons.append(f"exit code {results.footer.exit_code}")
    return f"{_NOT}: {', '.join(reasons)}" if reasons else AS_EXPECTED


def as_expected(results: Results) -> bool:
    return verdict(results) == AS_EXPECTED


def accounting(results: Results) -> str:
    if results.footer is not None:
        return account.line(results.footer)
    parts = ", ".join(f"{number} {kind}" for kind, number in record.counts(results.records).items())
    return f"CUT SHORT: {len(results.records)} of {results.header.planned} cells judged: {parts}"


def selection(results: Results) -> str:
    return "part of the matrix" if results.header.partial else "the whole matrix"


def versions(results: Results) -> list[tuple[str, str]]:
    """(who, ``grpcio 1.85.1, protobuf 7.36.2``) of all that spoke, two roles as one where they agree."""
    told: dict[tuple[str, str], list[str]] = {}
    for spoke in results.spoke:
        libraries = ", ".join(f"{name} {version}" for name, version in spoke.ready.libraries.items())
        roles = told.setdefault((spoke.name, libraries), [])
        if spoke.role not in roles:
            roles.append(spoke.role)
    return [(f"{name} ({' and '.join(sorted(roles))})", libraries) for (name, libraries), roles in sorted(told.items())]


def several(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
