"""Results → JUnit XML for CI systems: a suite a pair, a test case a cell, a suite ``run`` for what no cell says."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

from interop.lanes import text as lanes
from interop.record import Results
from interop.report import facts, groups, texts
from interop.results import Kind, NotRun, Record

# What XML 1.0 can't hold, not even as an entity.
_IMPOSSIBLE = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def xml(results: Results) -> str:
    root = ET.Element("testsuites", name="interop")
    blames = groups.blame_of(results)
    suites: dict[str, ET.Element] = {}
    for cell in results.records:
        _cell(_suite(root, suites, cell.id), cell, results, blames.get(cell.id, ""))
    for left_out in results.footer.not_run if results.footer else []:
        _not_run(_suite(root, suites, left_out.id), left_out)
    _run(root, results)
    for suite in root:
        suite.set("timestamp", results.header.started)
        _total(suite, sum(float(case.get("time", "0")) for case in suite))
    _total(root, results.footer.duration_s if results.footer else 0.0)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(root: ET.Element, suites: dict[str, ET.Element], cell: str) -> ET.Element:
    pair = cell.partition("/")[0]
    if pair not in suites:
        suites[pair] = ET.SubElement(root, "testsuite", name=_text(pair))
    return suites[pair]


def _case(suite: ET.Element, cell: str) -> ET.Element:
    pair, _, name = cell.partition("/")
    return ET.SubElement(suite, "testcase", classname=_text(pair), name=_text(name))


def _cell(suite: ET.Element, cell: Record, results: Results, blame: str) -> None:
    case = _case(suite, cell.id)
    case.set("time", f"{cell.duration_ms / 1000:.3f}")
    file, _, line = cell.source.rpartition(":")
    case.set("file", _text(file))
    case.set("line", _text(line))
    _IN_XML[cell.verdict.kind](case, cell)
    if blame:
        case[-1].text = _text("\n".join(_body(cell, results, blame)))


def _red(tag: str) -> Callable[[ET.Element, Record], None]:
    def fill(case: ET.Element, cell: Record) -> None:
        ET.SubElement(case, tag, message=_text(groups.headline(cell)), type=cell.verdict.kind.value)

    return fill


def _skipped(case: ET.Element, cell: Record) -> None:
    _property(case, cell)
    told = [cell.verdict.kind.value, cell.verdict.known or cell.verdict.sentence, cell.verdict.reason]
    ET.SubElement(
        case, "skipped", message=_text(": ".join(part for part in told if part)), type=cell.verdict.kind.value
    )


def _property(case: ET.Element, cell: Record) -> None:
    # JUnit has no word for "there is nothing to judge it by", and a skip would say that it did not run.
    properties = ET.SubElement(case, "properties")
    ET.SubElement(properties, "property", name="verdict", value=cell.verdict.kind.value)
    ET.SubElement(properties, "property", name="reason", value=_text(cell.verdict.reason))


_IN_XML: dict[Kind, Callable[[ET.Element, Record], None]] = {
    Kind.PASS: lambda case, cell: None,
    Kind.FAIL: _red("failure"),
    Kind.ERROR: _red("error"),
    Kind.KNOWN: _skipped,
    Kind.UNSUPPORTED: _skipped,
    Kind.RECORDED: _property,
}


def _body(cell: Record, results: Results, blame: str) -> list[str]:
    compared = []
    for one in cell.verdict.mismatches:
        compared += [one.where, f"  want {texts.said(one.want)}", f"  got  {texts.said(one.got)}"]
    sentence = [groups.sentence(cell)] if groups.sentence(cell) else []
    rounds = [groups.rounds(cell)] if cell.tally else []
    again = f"again: {groups.command(cell.id, results.header.again)}"
    return [*sentence, *compared, f"blame: {blame}", *rounds, *cell.notes, *lanes.lines(cell), again]


def _not_run(suite: ET.Element, left_out: NotRun) -> None:
    message = _text(f"{facts.NOT_RUN}: {left_out.reason}")
    ET.SubElement(_case(suite, left_out.id), "skipped", message=message, type=facts.NOT_RUN)


def _run(root: ET.Element, results: Results) -> None:
    """What makes the run red beside its cells; a run cut short is an error: what it would have said is unknown."""
    suite = ET.SubElement(root, "testsuite", name="run")
    problems = facts.problems(results)
    if not problems:
        ET.SubElement(suite, "testcase", classname="run", name="account")
    for number, problem in enumerate(problems, 1):
        tag, name = ("error", "truncated") if problem.kind == "truncated" else ("failure", f"{problem.kind} {number}")
        case = ET.SubElement(suite, "testcase", classname="run", name=_text(name))
        ET.SubElement(case, tag, message=_text(problem.text), type=_text(problem.kind))


def _total(element: ET.Element, seconds: float) -> None:
    for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(name, str(sum(1 for _ in element.iter(tag))))
    element.set("time", f"{seconds:.3f}")


def _text(text: str) -> str:
    return _IMPOSSIBLE.sub(lambda found: texts.printable(found[0]), text)
