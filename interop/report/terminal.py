"""What a person sees after a run: in, Results and the folder they lie in; out, lines. Reads no file."""

from __future__ import annotations

from pathlib import Path

from interop.lanes import text as lanes
from interop.record import Results
from interop.report import facts, groups, texts
from interop.report.groups import RedCase, RedGroup
from interop.report.paint import Line, painted
from interop.report.terminal_table import table_lines
from interop.results import Mismatch, Record

# What a screen bears; the page has it all.
_CASES_PER_GROUP = 5
_MISMATCHES = 4
_LINES_OF_A_SENTENCE = 12
_NOTED = 10


def lines(results: Results, folder: Path, colour: bool) -> list[str]:
    parts = [
        table_lines(results),
        *(_group(group, results, folder) for group in groups.red(results)),
        _noted(results),
        _problems(results),
        _versions(results),
        _last(results, folder),
    ]
    return [painted(line, colour) for part in parts if part for line in [[], *part]]


def _group(group: RedGroup, results: Results, folder: Path) -> list[Line]:
    found: list[Line] = [[("✗ ", "red"), (group.headline, "red")]]
    for case in group.cases[:_CASES_PER_GROUP]:
        found += _case(case, results, folder)
    more = len(group.cases) - _CASES_PER_GROUP
    return [*found, [(f"  … and {facts.several(more, 'more case')}", "dim")]] if more > 0 else found


def _case(case: RedCase, results: Results, folder: Path) -> list[Line]:
    cell = case.first
    cells = f" ({facts.several(len(case.records), 'cell')})" if len(case.records) > 1 else ""
    told = [
        *cell.notes,
        *([groups.rounds(cell)] if cell.tally else []),
        *(f"otherwise in {text}" for text in case.otherwise),
    ]
    return [
        [(f"  {case.id}", "bold"), (cells, "dim")],
        *([(f"    {text}", "")] for text in texts.lines(groups.sentence(cell), _LINES_OF_A_SENTENCE)),
        *_mismatches(cell),
        *([(f"    {text}", "yellow" if lanes.MARK in text else "")] for text in lanes.lines(cell)),
        *([(f"    {texts.cut(texts.printable(text))}", "yellow")] for text in told),
        [("    again: ", "dim"), (groups.command(cell.id, results.header.again), "cyan")],
        [("    logs:  ", "dim"), (str(folder / "logs" / cell.id), "")],
    ]


def _mismatches(cell: Record) -> list[Line]:
    found = [line for one in cell.verdict.mismatches[:_MISMATCHES] for line in _mismatch(one)]
    more = len(cell.verdict.mismatches) - _MISMATCHES
    return [*found, [(f"    … and {more} more", "dim")]] if more > 0 else found


def _mismatch(one: Mismatch) -> list[Line]:
    want, got = texts.want_and_got(one.want, one.got)
    wanted, came = (want, "green"), (got, "red")
    if len(one.where) + len(want) + len(got) <= texts.LONGEST:
        return [[(f"    {one.where}: want ", ""), wanted, (", got ", ""), came]]
    return [[(f"    {one.where}:", "")], [("      want ", ""), wanted], [("      got  ", ""), came]]


def _noted(results: Results) -> list[Line]:
    found = groups.noted(results)
    shown = [_note(cells) for cells in found[:_NOTED]]
    more = len(found) - _NOTED
    return [*shown, [(f"… and {facts.several(more, 'more note')}", "dim")]] if more > 0 else shown


def _note(cells: list[Record]) -> Line:
    first = cells[0]
    others = f" and {facts.several(len(cells) - 1, 'other cell')}" if len(cells) > 1 else ""
    text = texts.printable("; ".join(first.notes))
    return [("note ", "yellow"), (first.id, "bold"), (f" ({first.verdict.kind}){others}: {text}", "")]


def _problems(results: Results) -> list[Line]:
    found: list[Line] = [
        [("✗ problem ", "red"), (f"{one.kind}: {texts.printable(one.text)}", "red")] for one in facts.problems(results)
    ]
    remarks = results.footer.remarks if results.footer else []
    return [*found, *([("remark ", "yellow"), (texts.printable(text), "")] for text in remarks)]


def _versions(results: Results) -> list[Line]:
    told = facts.versions(results)
    widest = max((len(who) for who, _ in told), default=0)
    return [[(f"{who:<{widest}}  {texts.cut(libraries)}", "dim")] for who, libraries in told]


def _last(results: Results, folder: Path) -> list[Line]:
    seconds = f" in {results.footer.duration_s:.1f} s" if results.footer else ""
    part = f", {facts.selection(results)}" if results.header.partial else ""
    verdict = ("as expected", "green") if facts.as_expected(results) else ("NOT as expected", "red")
    return [
        [
            (
                f"{facts.accounting(results)}{seconds}{part}; see {folder / 'index.html'}: ",
                "" if results.complete else "red",
            ),
            verdict,
        ]
    ]
