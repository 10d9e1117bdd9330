"""CellResult → Record: normalise, judge each round, ask the known list, say it. The one place where a cell gets its
verdict.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import msgspec

from interop import known as known_list
from interop import normalise, plain_case
from interop import verdict as verdicts
from interop.cell_run import CallSeen, Refused
from interop.contract import Unsupported
from interop.engine import CellResult
from interop.known import Known
from interop.model import Case, Cell, Implementation
from interop.results import CallRecord, Kind, Mismatch, Record, Tally, Verdict


class Judge:
    """Holds what every cell is judged by: the known list, and how each client's user-agent has to look."""

    def __init__(self, known: Known, implementations: dict[str, Implementation]) -> None:
        self._known = known
        self._libraries: dict[tuple[str, str], dict[str, str]] = {}
        self._of_pair: dict[str, Known] = {}
        self._user_agents = {name: re.compile(entry.user_agent) for name, entry in implementations.items()}
        self._plain = {name for name, entry in implementations.items() if entry.address}

    def heard(self, name: str, role: str, libraries: dict[str, str]) -> None:
        """A process told its libraries' versions: an entry of the known list holds for the versions it names only."""
        self._libraries[(name, role)] = libraries
        self._of_pair.clear()

    def record(self, result: CellResult) -> Record:
        in_view = result.cell.server not in self._plain
        rounds = [[_call_record(seen, in_view) for seen in calls] for calls in result.rounds]
        found = [self._round(result.cell, calls, records) for calls, records in zip(result.rounds, rounds, strict=True)]
        outcomes = [verdicts.signature(mismatches) for mismatches in found]
        verdict = self._excused(result.cell, outcomes, _verdict(result, found))
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
            calls=[_kept(call) for call in rounds[shown]] if rounds else [_unseen(one) for one in result.call_ids],
            tally=_tally(outcomes, cell.case),
            notes=result.notes if in_view or not rounds else [*result.notes, _out_of_view(cell)],
            duration_ms=result.duration_ms,
        )

    def _excused(self, cell: Cell, outcomes: list[list[str]], verdict: Verdict) -> Verdict:
        if cell.pair not in self._of_pair:
            self._of_pair[cell.pair] = known_list.for_pair(self._known, cell, self._ran(cell))
        told = known_list.excused(cell, outcomes, verdict, self._of_pair[cell.pair])
        if told.kind is not Kind.FAIL:
            return told
        ran = self._ran(cell)
        elsewhere = [entry for entry in self._known.violations if entry.matches(cell) and entry.otherwise(ran)]
        reasons = [f"{entry.name} holds for {', '.join(entry.otherwise(ran))} only" for entry in elsewhere]
        return msgspec.structs.replace(told, reason="; ".join(reasons))

    def _ran(self, cell: Cell) -> dict[str, set[str]]:
        """The libraries of both ends, each with its versions."""
        ran: dict[str, set[str]] = defaultdict(set)
        for end in ((cell.client, "client"), (cell.server, "server")):
            for name, version in self._libraries.get(end, {}).items():
                ran[name].add(version)
        return ran

    def _round(self, cell: Cell, calls: list[CallSeen], records: list[CallRecord]) -> list[Mismatch]:
        several = len(calls) > 1
        found = []
        for number, (seen, record) in enumerate(zip(calls, records, strict=True)):
            for mismatch in self._call(cell, seen, record):
                found.append(
                    msgspec.structs.replace(mismatch, where=f"call {number}: {mismatch.where}") if several else mismatch
                )
        return found + _connections(calls)

    def _call(self, cell: Cell, seen: CallSeen, record: CallRecord) -> list[Mismatch]:
        if record.handler is None:
            expect = plain_case.seen_by_the_client(seen.spec.expect)
            return verdicts.judge(expect, record.client, [], record.elapsed_ms)
        found = verdicts.judge(seen.spec.expect, record.client, record.handler, record.elapsed_ms)
        return self._spoke(cell, seen, record) + found

    def _spoke(self, cell: Cell, seen: CallSeen, record: CallRecord) -> list[Mismatch]:
        """That this RPC, from this stack, with its plan in force, is what the handler saw: no cell passes without
        it.
        """
        wanted = {"method": seen.spec.method, "planned": seen.spec.plan is not None}
        found = [
            Mismatch(where=f"handler.{name}", want=want, got=attempt[name])
            for attempt in record.handler or []
            for name, want in wanted.items()
            if attempt[name] != want
        ]
        found += _deadline(seen)
        if cell.case.unspecified and not seen.attempts:
            found.append(Mismatch(where="handler.sees", want="called", got="never called"))
        pattern = self._user_agents[cell.client]
        if record.user_agent is not None and not pattern.search(record.user_agent):
            found.append(Mismatch(where="handler.user_agent", want=f"/{pattern.pattern}/", got=record.user_agent))
        return found


def _connections(calls: list[CallSeen]) -> list[Mismatch]:
    """That calls of one named channel came over one connection, and each call of a fresh one over its own: the peers
    that the handlers saw tell them apart.
    """
    peers: dict[str, set[str]] = defaultdict(set)
    for number, seen in enumerate(calls):
        if seen.spec.channel != "shared":
            name = f"call {number}" if seen.spec.channel == "fresh" else seen.spec.channel
            peers[name].update(attempt.peer for attempt in seen.attempts)
    found, want = len(set().union(*peers.values())), sum(1 for seen_by in peers.values() if seen_by)
    return [] if found == want else [Mismatch(where="handler.peer", want=_counted(want), got=_counted(found))]


def _counted(connections: int) -> str:
    return f"{connections} connection{'' if connections == 1 else 's'}"


# What a deadline may have lost on its way to the handler, and what rounding up to a coarser unit may have added
# (PROTOCOL-HTTP2.md, Requests: at most 8 digits).
_LOST_AT_MOST_MS = 20_000
_ROUNDED_UP_BY = 1.01


def _deadline(seen: CallSeen) -> list[Mismatch]:
    """That the deadline the handler saw is the one the client set, and not one of another unit."""
    want = seen.spec.deadline_ms
    came = [attempt.deadline_ms for attempt in seen.attempts if attempt.deadline_ms is not None]
    if want is None or all(want - _LOST_AT_MOST_MS <= remaining <= want * _ROUNDED_UP_BY for remaining in came):
        return []
    return [
        Mismatch(
            where="handler.deadline", want=f"at most {want} ms left", got="more" if max(came) > want else "far less"
        )
    ]


def _out_of_view(cell: Cell) -> str:
    return f"judged by what the client saw: {cell.server} has no control line"


def _call_record(seen: CallSeen, in_view: bool) -> CallRecord:
    observation = seen.observation
    return CallRecord(
        call_id=seen.call_id,
        client=None if observation is None else normalise.client_view(observation, seen.spec.time_of_day),
        handler=[normalise.handler_view(attempt) for attempt in seen.attempts] if in_view else None,
        elapsed_ms=None if observation is None else observation.elapsed_ms,
        user_agent=normalise.user_agent(seen.attempts[0]) if seen.attempts else None,
    )


def _kept(record: CallRecord) -> CallRecord:
    client = record.client and normalise.shortened(record.client)
    handler = None if record.handler is None else [normalise.shortened(one) for one in record.handler]
    return msgspec.structs.replace(record, client=client, handler=handler)


def _unseen(call_id: str) -> CallRecord:
    """A call of which neither end said anything: its id still finds the log lines about it."""
    return CallRecord(call_id=call_id, client=None, handler=[])


def _verdict(result: CellResult, found: list[list[Mismatch]]) -> Verdict:
    if result.failed:
        return Verdict(kind=Kind.ERROR, sentence=str(result.failed))
    if result.refused:
        return _refusal(result.refused)
    if not found:
        return Verdict(kind=Kind.ERROR, sentence="no round of it was made")
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
