"""How often each case came out how, for each server: in, the results of a run; out, lines of text.

For a question that one try can't answer, such as how many broken-off uploads were answered with success.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from interop.record import Results
from interop.results import Record

AS_EXPECTED = "as expected"


def lines(results: Results) -> list[str]:
    """One line for each case and server: tries, how many as expected, and each other outcome with its count."""
    counted: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for record in results.records:
        counted[(record.case, record.server)] += _outcomes(record)
    width = max((len(f"{case} {server}") for case, server in counted), default=0) + 4
    return [f"{f'{case} on {server}':<{width}}{_told(outcomes)}" for (case, server), outcomes in counted.items()]


def _outcomes(record: Record) -> Counter[str]:
    if not record.tally:
        return Counter({"; ".join(record.verdict.signature) or AS_EXPECTED: 1})
    return Counter({"; ".join(tally.outcome) or AS_EXPECTED: tally.count for tally in record.tally})


def _told(outcomes: Counter[str]) -> str:
    others = [f"{count} × {outcome}" for outcome, count in outcomes.most_common() if outcome != AS_EXPECTED]
    return ", ".join([f"{outcomes.total()} tries, {outcomes[AS_EXPECTED]} {AS_EXPECTED}", *others])
