"""What the page's script works on: in, Results; out, plain values for JSON. Passing cells stay small. Pure."""

from __future__ import annotations

from typing import Any

import msgspec

from interop.lanes import text as lanes
from interop.lanes.course import Course
from interop.lanes.parting import Parting
from interop.lanes.rows import rows
from interop.record import Results
from interop.report import facts, groups
from interop.results import Kind, Record

# The page is for reading: beyond this a value is cut, and says so; the whole one stands in results.jsonl.
_LONGEST_TEXT = 2000
_LONGEST_LIST = 40


def data(results: Results) -> dict[str, Any]:
    """``passes``: (id, ms, source) of each passing cell, ``cells``: everything of the others."""
    blames = groups.blame_of(results)
    table = facts.table(results)
    return {
        "clients": table.clients,
        "servers": table.servers,
        "kinds": list(facts.counts(results)),
        "again": groups.command("CELL-ID", results.header.again),
        "passes": [
            [one.id, round(one.duration_ms, 1), one.source] for one in results.records if one.verdict.kind is Kind.PASS
        ],
        "cells": [
            _cell(one, blames.get(one.id, "")) for one in results.records if one.verdict.kind is not Kind.PASS
        ] + _not_run(results),
        "notes": {one.id: one.notes for one in results.records if one.notes},
    }  # fmt: skip


def _cell(one: Record, blame: str) -> dict[str, Any]:
    verdict = one.verdict
    told: dict[str, Any] = {
        "id": one.id,
        "kind": verdict.kind.value,
        "ms": round(one.duration_ms, 1),
        "source": one.source,
        "said": groups.headline(one),
        "sentence": groups.sentence(one),
        "reason": verdict.reason,
        "known": verdict.known,
        "blame": blame,
        "rounds": groups.rounds(one),
        "mismatches": [msgspec.to_builtins(mismatch) for mismatch in verdict.mismatches],
        "calls": [
            {"client": call.client, "handler": call.handler}
            for call in one.calls
            if call.client is not None or call.handler
        ],
    }
    found = {name: shortened(value) for name, value in told.items() if value}
    for number, call, mismatches in lanes.complained(one):
        if number < _LONGEST_LIST:
            found["calls"][number] |= _lanes(*lanes.parted_at(call, mismatches))
    return found


def _lanes(course: Course, parted: Parting | None) -> dict[str, Any]:
    """``rows``: time, who sent the frame, the three lanes, and at which of them they part."""
    told = [(one.at_ms, one.sender, one.client, one.wire, one.handler, one.parts) for one in rows(course, parted)]
    return {"lanes": {"said": str(parted or lanes.AGREE), "parted": parted is not None, "rows": told}}


def _not_run(results: Results) -> list[dict[str, Any]]:
    cells = results.footer.not_run if results.footer else []
    return [{"id": one.id, "kind": facts.NOT_RUN, "reason": one.reason} for one in cells]


def shortened(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        return f"{value[:_LONGEST_TEXT]}… ({len(value)} characters)"
    if isinstance(value, list):
        more = [f"… ({len(value)} in all)"] if len(value) > _LONGEST_LIST else []
        return [*(shortened(one) for one in value[:_LONGEST_LIST]), *more]
    if isinstance(value, dict):
        return {name: shortened(one) for name, one in value.items()}
    return value
