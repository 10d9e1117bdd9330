"""CellResult → Record: normalise, judge each round, ask the known list, say it. The one place where a cell gets its
verdict.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import msgspec

from interop import known as known_list
from interop import normalise
from interop import verdict as verdicts
from interop.cell_run import CallSeen, Refused
from interop.contract import Unsupported
from interop.engine import CellResult
from interop.known import Known
from interop.model import CallRecord, Case, Cell, Implementation, Kind, Mismatch, Record, Tally, Verdict


class Judge:
    """Holds what every cell is judged by: the known list, and how each client's user-agent has to look."""

    def __init__(self, known: Known, implementations: dict[str, Implementation]) -> None:
        self._known = known
        self._user_agents = {name: re.compile(entry.user_agent) for name, entry in implementations.items()}

    def record(self, result: CellResult) -> Record:
        rounds = [[_call_record(seen) for seen in calls] for calls in result.rounds]
        found = [self._round(result.cell, calls, records) for calls, records in zip(result.rounds, rounds, strict=True)]
        outcomes = [verdicts.signature(mismatches) for mismatches in found]
        verdict = known_list.excused(result.cell, outcomes, _verdict(result, found), self._known)
        shown = next((number for number, mismatches in enumerate(found) if mismatches), 0)
        cell = result.cell
        return Record(
            id=cell.id,
            client=cell.client,
            server=cell.server,
            configuration=cell.case.configuration.name,
            mode=cell.case.mode,
            case=cell.case.id,
            source=f"{cell.case.source}:{cell.case.line}",
            verdict=verdict,
            calls=rounds[shown] if rounds else [],
            tally=_tally(outcomes, cell.case),
            notes=result.notes,
            duration_ms=result.duration_ms,
        )

    def _round(self, cell: Cell, calls: list[CallSeen], records: list[CallRecord]) -> list[Mismatch]:
        several = len(calls) > 1
        found = []
        for number, (seen, record) in enumerate(zip(calls, records, strict=True)):
            for mismatch in [
                *self._spoke(cell, seen, record),
                *verdicts.judge(seen.spec.expect, record.client, record.handler, record.elapsed_ms),
            ]:
                found.append(
                    msgspec.structs.replace(mismatch, where=f"call {number}: {mismatch.where}") if several else mismatch
                )
        return found

    def _spoke(self, cell: Cell, seen: CallSeen, record: CallRecord) -> list[Mismatch]:
        """That this RPC, from this stack, with its plan in force, is what the handler saw: no cell passes without
        it.
        """
        wanted = {"method": seen.spec.method, "planned": seen.spec.plan is not None}
        found = [
            Mismatch(where=f"handler.{name}", want=want, got=attempt[name])
            for attempt in record.handler
            for name, want in wanted.items()
            if attempt[name] != want
        ]
        pattern = self._user_agents[cell.client]
        if record.user_agent is not None and not pattern.search(record.user_agent):
            found.append(Mismatch(where="handler.user_agent", want=f"/{pattern.pattern}/", got=record.user_agent))
        return found


def _call_record(seen: CallSeen) -> CallRecord:
    observation = seen.observation
    return CallRecord(
        call_id=seen.call_id,
        client=None if observation is None else normalise.client_view(observation),
        handler=[normalise.handler_view(attempt) for attempt in seen.attempts],
        elapsed_ms=None if observation is None else observation.elapsed_ms,
        user_agent=normalise.user_agent(seen.attempts[0]) if seen.attempts else None,
    )


def _verdict(result: CellResult, found: list[list[Mismatch]]) -> Verdict:
    if result.failed:
        return Verdict(kind=Kind.ERROR, sentence=str(result.failed))
    if result.refused:
        return _refusal(result.refused)
    if result.cell.case.unspecified and not any(found):
        return Verdict(kind=Kind.RECORDED, reason=result.cell.case.unspecified)
    return verdicts.verdict(next((mismatches for mismatches in found if mismatches), []))


def _refusal(refused: Refused) -> Verdict:
    if isinstance(refused.reply, Unsupported):
        return Verdict(
            kind=Kind.UNSUPPORTED,
            sentence=f"{refused.process.label}: {refused.reply.feature}",
            reason=refused.reply.reason,
        )
    return Verdict(kind=Kind.ERROR, sentence=f"{refused.process.label} rejected a line: {refused.reply.reason}")


def _tally(outcomes: list[list[str]], case: Case) -> list[Tally]:
    if case.repeat == 1:
        return []
    counted = Counter(tuple(outcome) for outcome in outcomes)
    return [Tally(outcome=list(outcome), count=count) for outcome, count in counted.most_common()]


def limits_of(record: Record) -> tuple[str, str, str] | None:
    """(implementation, role, feature) of an unsupported cell."""
    if record.verdict.kind is not Kind.UNSUPPORTED:
        return None
    who, _, feature = record.verdict.sentence.partition(": ")
    name, _, role = who.partition(" as a ")
    return (name, role, feature)


def plain(record: Record) -> dict[str, Any]:
    """A record as plain JSON values, as it crosses from an xdist worker to its controller."""
    values: dict[str, Any] = msgspec.to_builtins(record)
    return values
