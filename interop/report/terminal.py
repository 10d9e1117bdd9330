"""What a person sees after a run: in, Results and the folder they lie in; out, lines. Reads no file, and not the terminal either."""

from __future__ import annotations

from pathlib import Path

from interop.model import Record
from interop.record import Results
from interop.report import facts, groups, texts
from interop.report.groups import RedCase, RedGroup
from interop.report.paint import Piece, painted
from interop.report.terminal_table import table_lines

# What a screen bears; the page has it all.
_CASES_PER_GROUP = 5
_MISMATCHES = 4
_LINES_OF_A_SENTENCE = 12
_NOTED = 10


def lines(results: Results, folder: Path, colour: bool) -> list[str]:
    parts = [
        table_lines(results),
        _failures(results, folder),
        _noted(results),
        _problems(results),
        _versions(results),
        _last(results, folder),
    ]
    return [painted(line, colour) for part in parts if part for line in [[], *part]]


def _failures(results: Results, folder: Path) -> list[list[Piece]]:
    found: list[list[Piece]] = []
    for group in groups.red(results):
        found += _group(group, results, folder)
    return found


def _group(group: RedGroup, results: Results, folder: Path) -> list[list[Piece]]:
    found: list[list[Piece]] = [[("✗ ", "red"), (group.headline, "red")]]
    for case in group.cases[:_CASES_PER_GROUP]:
        found += _case(case, results, folder)
    more = len(group.cases) - _CASES_PER_GROUP
    return [*found, [(f"  … and {facts.several(more, 'more case')}", "dim")], []] if more > 0 else [*found, []]


def _case(case: RedCase, results: Results, folder: Path) -> list[list[Piece]]:
    cell = case.first
    cells = f" ({facts.several(len(case.records), 'cell')})" if len(case.records) > 1 else ""
    told = [*cell.notes, *([groups.rounds(cell)] if cell.tally else []), *(f"otherwise in {text}" for text in case.otherwise)]
    return [
        [(f"  {case.id}", "bold"), (cells, "dim")],
        *([(f"    {text}", "")] for text in texts.lines(cell.verdict.sentence, _LINES_OF_A_SENTENCE)),
        *_mismatches(cell),
        *([(f"    {texts.cut(texts.printable(text))}", "yellow")] for text in told),
        [("    again: ", "dim"), (groups.command(cell.id, results), "cyan")],
        [("    logs:  ", "dim"), (str(folder / "logs" / cell.id), "")],
    ]


def _mismatches(cell: Record) -> list[list[Piece]]:
    found: list[list[Piece]] = []
    for one in cell.verdict.mismatches[:_MISMATCHES]:
        want, got = texts.want_and_got(one.want, one.got)
        found += [[(f"      {one.where}", "")], [("        want ", "dim"), (want, "green")], [("        got  ", "dim"), (got, "red")]]
    more = len(cell.verdict.mismatches) - _MISMATCHES
    return [*found, [(f"      … and {more} more", "dim")]] if more > 0 else found


def _noted(results: Results) -> list[list[Piece]]:
    found = groups.noted(results)
    shown: list[list[Piece]] = [
        [("note ", "yellow"), (cell.id, "bold"), (f" ({cell.verdict.kind}): {texts.printable('; '.join(cell.notes))}", "")]
        for cell in found[:_NOTED]
    ]
    more = len(found) - _NOTED
    return [*shown, [(f"… and {facts.several(more, 'more note')}", "dim")]] if more > 0 else shown


def _problems(results: Results) -> list[list[Piece]]:
    found: list[list[Piece]] = [
        [("✗ problem ", "red"), (f"{one.kind}: ", "red"), (texts.printable(one.text), "")] for one in facts.problems(results)
    ]
    remarks = results.footer.remarks if results.footer else []
    return [*found, *([("remark ", "yellow"), (texts.printable(text), "")] for text in remarks)]


def _versions(results: Results) -> list[list[Piece]]:
    told = facts.versions(results)
    widest = max((len(who) for who, _ in told), default=0)
    return [[(f"{who:<{widest}}  {texts.cut(libraries)}", "dim")] for who, libraries in told]


def _last(results: Results, folder: Path) -> list[list[Piece]]:
    seconds = f" in {results.footer.duration_s:.1f} s" if results.footer else ""
    told = f"{facts.accounting(results)}{seconds}, {facts.selection(results)}; see {folder / 'index.html'}: "
    good = facts.as_expected(results)
    return [[(told, ""), ("as expected" if good else "NOT as expected", "green" if good else "red")]]
