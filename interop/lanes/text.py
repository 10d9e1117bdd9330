"""A record's lanes as lines of text: three columns in the order of the wire, a mark at the point where they part, and a
sentence that says it. Nothing where nothing was recorded.
"""

from __future__ import annotations

from interop.lanes.course import Course
from interop.lanes.parting import Parting, parting
from interop.lanes.rows import Row, rows
from interop.results import CallRecord, Mismatch, Record

MARK = "◀ here they part"
AGREE = "client, wire and handler agree, as far as the wire shows: it does not show what messages hold"
_WIDEST = {"client": 38, "wire": 50, "handler": 38}
_HEAD, _TAIL, _AROUND = 12, 8, 4  # rows that are shown at the ends of a long call, and on each side of the mark
_CALLS = 2  # of a cell with several


def lines(record: Record) -> list[str]:
    """The lanes of the calls that the verdict complains of."""
    found: list[str] = []
    for number, call, mismatches in complained(record)[:_CALLS]:
        course, parted = parted_at(call, mismatches)
        which = f"call {number}: " if len(record.calls) > 1 else ""
        found += [*_table(_shown(rows(course, parted))), f"{which}{parted or AGREE}"]
    return found


def sentence(record: Record) -> str:
    """Where the first call that the verdict complains of parts; empty where nothing was recorded."""
    told = [str(parted_at(call, mismatches)[1] or AGREE) for _, call, mismatches in complained(record)]
    return told[0] if told else ""


def complained(record: Record) -> list[tuple[int, CallRecord, list[Mismatch]]]:
    """The recorded calls by their number, each with what the verdict says of it; all of them where it says of none."""
    every = []
    for number, call in enumerate(record.calls):
        own = [one for one in record.verdict.mismatches if _of(one.where) in (None, number)]
        if call.wire is not None:
            every.append((number, call, own))
    return [one for one in every if one[2]] or every


def _of(where: str) -> int | None:
    """``call 1: client.code`` → 1; None where a cell has one call, or all are meant."""
    call, found, _ = where.partition(": ")
    return int(call.removeprefix("call ")) if found and call.startswith("call ") else None


def parted_at(call: CallRecord, mismatches: list[Mismatch]) -> tuple[Course, Parting | None]:
    """For a call that was recorded."""
    assert call.wire is not None  # noqa: S101 - by its contract
    course = Course(call, call.wire)
    return course, parting(course, mismatches)


def _shown(found: list[Row]) -> list[Row]:
    mark = next((at for at, row in enumerate(found) if row.parts), 0)
    keep = {*range(_HEAD), *range(len(found) - _TAIL, len(found)), *range(mark - _AROUND, mark + _AROUND + 1)}
    shown, left_out = [], 0
    for at, row in enumerate(found):
        if at in keep or row.wire.startswith("…"):
            shown += [Row(wire=f"… {left_out} rows")] if left_out else []
            shown.append(row)
        left_out = 0 if shown[-1:] == [row] else left_out + 1
    return shown


def _table(found: list[Row]) -> list[str]:
    names = ("client", "wire", "handler")
    cells = [{name: _cell(row, name) for name in names} for row in found]
    widths = {name: max(len(name), *(len(cell[name]) for cell in cells)) for name in names}
    head = _line("ms", "", {name: name for name in names}, widths)
    return [head, *(_line(_at(row), _ARROWS[row.sender], cell, widths) for row, cell in zip(found, cells, strict=True))]


_ARROWS = {"client": "→", "server": "←", "": ""}


def _at(row: Row) -> str:
    return "" if row.at_ms is None else f"{row.at_ms:.1f}"


def _cell(row: Row, name: str) -> str:
    text = _printable(str(getattr(row, name)))
    mark = f" {MARK}" if row.parts == name else ""
    longest = _WIDEST[name] - len(mark)
    return ((text if len(text) <= longest else f"{text[: longest - 1]}…") + mark).strip()


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def _line(at: str, arrow: str, cells: dict[str, str], widths: dict[str, int]) -> str:
    client, wire, handler = (cells[name].ljust(widths[name]) for name in ("client", "wire", "handler"))
    return f"{at:>8}  {client} {arrow:1} {wire}  {handler}".rstrip()
