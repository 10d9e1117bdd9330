"""The command ``interop``: convenience over pytest, nothing of its own. ``interop run`` is ``pytest interop/cases``
with fewer letters.

Exit code: 0 as expected, 1 for a failure or error, 2 where the input is wrong or the account does not add up. Each
command imports what it needs: --help is there at once.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from interop.errors import InputInvalid, nearest

if TYPE_CHECKING:
    from interop.record import Results

WRONG_INPUT = 2
RESULTS = Path("build/interop/results.jsonl")


def main(argv: list[str] | None = None) -> int:
    words = sys.argv[1:] if argv is None else argv
    parser, names = _parser()
    try:
        _check_command(words, names)
        arguments, rest = parser.parse_known_args(words)
        if rest and arguments.command != "run":
            parser.error(f"unknown arguments: {' '.join(rest)}")
        code: int = arguments.run(arguments, rest)
    except InputInvalid as error:
        print(f"interop: {error}", file=sys.stderr)
        return WRONG_INPUT
    return code


def _check_command(words: list[str], names: list[str]) -> None:
    if words and not words[0].startswith("-") and words[0] not in names:
        raise InputInvalid("command", repr(words[0]), ", ".join(names), nearest(words[0], names))


def _parser() -> tuple[argparse.ArgumentParser, list[str]]:
    """And the names of the commands."""
    parser = argparse.ArgumentParser(
        prog="interop", description="Every client against every server, observed, judged, compared."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser(
        "run", add_help=False, help="run the matrix; takes what pytest takes, see interop run --help"
    )
    run.set_defaults(run=_run)
    listing = commands.add_parser("list", help="the cases, each with its reason")
    listing.add_argument("--tag", default=None, help="only cases with this tag")
    listing.set_defaults(run=_list)
    explain = commands.add_parser(
        "explain", help="a case in words, and its last result on each pair; or one cell of it"
    )
    explain.add_argument("case", help="a case's or a cell's id, as interop list and the reports print it")
    explain.add_argument("--cases", type=Path, metavar="FOLDER", help="instead of the shipped ones")
    explain.add_argument("--results", default=RESULTS, type=Path, metavar="FILE", help=f"(default: {RESULTS})")
    explain.set_defaults(run=_explain)
    replay = commands.add_parser("replay", help="replay the golden transcript against an implementation")
    replay.add_argument("implementation")
    replay.add_argument("--implementations", type=Path, metavar="FILE", help="a TOML file beside the shipped ones")
    replay.set_defaults(run=_replay)
    smoke = commands.add_parser("smoke", help="graded steps for who writes an implementation, and what to do next")
    smoke.add_argument("implementation")
    smoke.add_argument("--implementations", default=None, type=Path, metavar="FILE", help="where its entry stands")
    smoke.add_argument("--with", default="", dest="other", metavar="NAME", help="who is at the other end")
    smoke.set_defaults(run=_smoke)
    report = commands.add_parser(
        "report", help="write the reports of a results.jsonl again, also of one that was cut short"
    )
    report.add_argument("results", nargs="?", default=RESULTS, type=Path)
    report.set_defaults(run=_report)
    tally = commands.add_parser("tally", help="how often each case came out how, for each server, from a results.jsonl")
    tally.add_argument("results", nargs="?", default=RESULTS, type=Path)
    tally.set_defaults(run=_tally)
    schema = commands.add_parser(
        "schema", help="write the JSON Schemas of the contract and of results.jsonl, or check them"
    )
    schema.add_argument("--check", action="store_true", help="write nothing; exit 1 where a schema is out of step")
    schema.set_defaults(run=_schema)
    return parser, list(commands.choices)


# One line of progress in place of a letter a cell, and the matrix' own summary in place of pytest's.
_OFF = ("logging", "warnings", "hypothesispytest", "unraisableexception", "threadexception")
# No capture: cells print nothing, and the progress is drawn while they run.
_RUN = (
    "--interop-progress",
    "--capture=no",
    "--tb=no",
    "-q",
    "--no-header",
    "--no-summary",
    *(f"-pno:{name}" for name in _OFF),
)


def _run(arguments: argparse.Namespace, rest: list[str]) -> int:
    import gc

    import pytest

    gc.set_threshold(50_000)  # thousands of items live until the end: to look through them again and again costs 5 %
    words = ["--interop-debug" if word == "--debug" else word for word in rest]  # pytest has a --debug of its own
    code = int(pytest.main([*_RUN, *words, *_where(rest)]))
    if code == pytest.ExitCode.NO_TESTS_COLLECTED:
        print("interop: nothing was selected, so nothing was shown to work; see interop list", file=sys.stderr)
    if code == pytest.ExitCode.USAGE_ERROR:
        from interop import hints

        for sentence in hints.of(rest):
            print(f"interop: {sentence}", file=sys.stderr)
    return code if code in (0, 1) else WRONG_INPUT


def _where(rest: list[str]) -> list[str]:
    """The shipped cases, unless a path or a node id is named."""
    from interop import cases

    paths = [Path(word.partition("::")[0]) for word in rest]
    named = any((path.suffix == ".yaml" and path.is_file()) or (path / cases.METHODS).is_file() for path in paths)
    return [] if named else [str(cases.SHIPPED)]


def _list(arguments: argparse.Namespace, rest: list[str]) -> int:
    from interop import cases, matrix

    every = cases.read_all()
    tags = sorted({tag for case in every for tag in case.tags})
    if arguments.tag is not None and arguments.tag not in tags:
        raise InputInvalid("--tag", repr(arguments.tag), ", ".join(tags), nearest(arguments.tag, tags))
    found = [case for case in every if arguments.tag is None or arguments.tag in case.tags]
    width = max((len(case.id) for case in found), default=0)
    for case in found:
        print(f"{case.id:<{width}}  {case.why}")
    heavy = sum(matrix.HEAVY in case.tags for case in found)
    bases = len({case.base for case in found})
    print(f"{len(found)} cases, {bases} before expansion over values; {heavy} only with --heavy")
    return 0


def _explain(arguments: argparse.Namespace, rest: list[str]) -> int:
    from interop import cases, explain, record

    name = arguments.case.partition("/")[2] if "--" in arguments.case else arguments.case
    case = cases.named(name.partition("~")[0], arguments.cases or cases.SHIPPED)
    # Where a file is named, it has to be there.
    results = record.read(arguments.results) if arguments.results.exists() or arguments.results != RESULTS else None
    found = explain.lines(case, results)
    if "--" in arguments.case:
        found += _of_cell(arguments, results)
    print("\n".join(found))
    return 0


def _of_cell(arguments: argparse.Namespace, results: Results | None) -> list[str]:
    from interop import explain, logs

    by_id = {one.id: one for one in results.records} if results else {}
    if arguments.case not in by_id:
        found = f"no cell of {arguments.results}"
        raise InputInvalid(arguments.case, found, "a cell of that run", nearest(arguments.case, by_id))
    one = by_id[arguments.case]
    calls = {call.call_id for call in one.calls}
    return explain.views(one, logs.about(arguments.results.parent / "processes", calls))


def _replay(arguments: argparse.Namespace, rest: list[str]) -> int:
    from interop import transcript

    return transcript.replay_and_tell(arguments.implementation, arguments.implementations)


def _smoke(arguments: argparse.Namespace, rest: list[str]) -> int:
    from interop import implementations, smoke

    every = implementations.read_with(arguments.implementations)
    return smoke.walk_and_tell(every, arguments.implementation, arguments.other)


def _report(arguments: argparse.Namespace, rest: list[str]) -> int:
    from interop import record
    from interop.report import every_report, terminal

    results = record.read(arguments.results)
    every_report.write(results, arguments.results.parent)
    print("\n".join(terminal.lines(results, arguments.results.parent, sys.stdout.isatty())))
    return results.footer.exit_code if results.footer else WRONG_INPUT


def _tally(arguments: argparse.Namespace, rest: list[str]) -> int:
    from interop import record
    from interop.report import tally

    print("\n".join(tally.lines(record.read(arguments.results))))
    return 0


def _schema(arguments: argparse.Namespace, rest: list[str]) -> int:
    from interop import schemas

    return schemas.check() if arguments.check else schemas.write()
