"""Results → Markdown for a CI job's summary page. Pure; the parts a reader seldom needs are folded away."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from interop.contract import MODES
from interop.lanes import text as lanes
from interop.record import Results
from interop.report import facts, groups, texts
from interop.report.groups import Excused, RedCase, RedGroup
from interop.results import Kind, Record

_OPEN = 5  # more cases than this are folded
_SHOWN = 50  # a job summary may be 1 MiB
_IDS = 12
_MISMATCHES = 4
_LONGEST = 200  # a line


def summary(results: Results) -> str:
    parts = [
        _head(results),
        _table(results),
        *(_group(group, results) for group in groups.red(results)),
        _problems(results),
        *(_excused(kind, groups.excused(results, Kind(kind))) for kind in ("known", "recorded", "unsupported")),
        _excused(facts.NOT_RUN, groups.not_run(results)),
        _noted(results),
        _versions(results),
        _text(facts.accounting(results)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(results: Results) -> str:
    sign = "✅" if facts.as_expected(results) else "❌"
    seconds = f", {results.footer.duration_s:.1f} s" if results.footer else ""
    about = f"{facts.selection(results)}, {_text(results.header.started)}{seconds}"
    return f"## {sign} interop: {_text(facts.verdict(results))}\n\n{about}"


def _table(results: Results) -> str:
    table = facts.table(results)
    if not table.cells:
        return ""
    head = f"| client ↓ server → | {' | '.join(_text(server) for server in table.servers)} |"
    rows = [
        f"| **{_text(client)}** | {' | '.join(_cell(table, client, server) for server in table.servers)} |"
        for client in table.clients
    ]
    signs = ", ".join(f"{sign} {kind}" for kind, sign in facts.SIGNS.items())
    legend = f"<sub>Passing of judged, by mode: unary · server · client · bidi. Not counted as passing: {signs}.</sub>"
    return "\n".join([head, f"|{' --- |' * (len(table.servers) + 1)}", *rows, "", legend])


def _cell(table: facts.Table, client: str, server: str) -> str:
    modes = table.cells.get((client, server), {})
    numbers = (_number(modes.get(mode, facts.Counts())) for mode in MODES)
    signs = facts.signs(table.of(client, server))
    return " · ".join(numbers) + (f" <sub>{signs}</sub>" if signs else "")


def _number(counts: facts.Counts) -> str:
    return f"**❌ {facts.passing(counts)}**" if facts.red(counts) else facts.passing(counts)


def _group(group: RedGroup, results: Results) -> str:
    rows = [line for case in group.cases[:_SHOWN] for line in _case(case, results)]
    if len(group.cases) > _SHOWN:
        rows.append(f"- … and {len(group.cases) - _SHOWN} more")
    if len(group.cases) > _OPEN:
        return _folded(f"❌ {group.headline}", rows)
    return "\n".join([f"### ❌ {_text(group.headline)}", "", *rows])


def _case(case: RedCase, results: Results) -> list[str]:
    cell = case.first
    cells = f" ({len(case.records)} cells)" if len(case.records) > 1 else ""
    told = [line for text in groups.said(cell)[:_MISMATCHES] for line in texts.lines(text, 3, _LONGEST)]
    told += [*cell.notes, *([groups.rounds(cell)] if cell.tally else [])]
    told += [f"otherwise in {text}" for text in case.otherwise] + list(filter(None, [lanes.sentence(cell)]))
    lines = [
        f"- {_code(case.id)}{cells}",
        *(f"  - {_text(texts.cut(texts.printable(text.strip()), _LONGEST))}" for text in told),
    ]
    return [*lines, f"  - again: {_code(groups.command(cell.id, results.header.again))}"]


def _problems(results: Results) -> str:
    found = [f"- ❌ **{_text(one.kind)}**: {_text(texts.printable(one.text))}" for one in facts.problems(results)]
    remarks = results.footer.remarks if results.footer else []
    return "\n".join([*found, *(f"- {_text(texts.printable(text))}" for text in remarks)])


def _excused(name: str, found: list[Excused]) -> str:
    rows = []
    for group in found:
        told = ": ".join(part for part in (group.source, group.reason) if part)
        ids = ", ".join(_code(cell) for cell in group.ids[:_IDS])
        more = f" and {len(group.ids) - _IDS} more" if len(group.ids) > _IDS else ""
        rows.append(f"- {len(group.ids)} × {_text(texts.printable(told))}: {ids}{more}")
    total = sum(len(group.ids) for group in found)
    return _folded(f"{facts.several(total, 'cell')} {name}", rows) if rows else ""


def _noted(results: Results) -> str:
    rows = [_note(cells) for cells in groups.noted(results)]
    return _folded(facts.several(len(rows), "note"), rows) if rows else ""


def _note(cells: list[Record]) -> str:
    others = f" and {facts.several(len(cells) - 1, 'other cell')}" if len(cells) > 1 else ""
    return f"- {_code(cells[0].id)}{others}: {_text(texts.printable('; '.join(cells[0].notes)))}"


def _versions(results: Results) -> str:
    rows = [f"- **{_text(who)}**: {_text(libraries)}" for who, libraries in facts.versions(results)]
    return _folded("Versions", rows) if rows else ""


def _folded(title: str, rows: Iterable[str]) -> str:
    # Within an HTML tag Markdown has no say, and no escapes.
    return "\n".join([f"<details><summary>{escape(title)}</summary>", "", *rows, "", "</details>"])


def _text(text: str) -> str:
    """Text from the outside, so that nothing in it is markup."""
    for sign in "\\`*_[]|~#":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _code(text: str) -> str:
    return f"`{text.replace('`', chr(39)).replace('|', '¦')}`"
