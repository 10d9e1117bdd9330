"""The command ``interop``: convenience over pytest, nothing of its own. ``interop run`` is ``pytest interop/cases``
with fewer letters.

Exit code: 0 as expected, 1 for a failure or error, 2 where the input is wrong or the account does not add up.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from interop import cases
from interop.errors import InputInvalid

WRONG_INPUT = 2


def main(argv: list[str] | None = None) -> int:
    parser = _parser()
    arguments, rest = parser.parse_known_args(sys.argv[1:] if argv is None else argv)
    if rest and arguments.command != "run":
        parser.error(f"unknown arguments: {' '.join(rest)}")
    try:
        code: int = arguments.run(arguments, rest)
    except InputInvalid as error:
        print(f"interop: {error}", file=sys.stderr)
        return WRONG_INPUT
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="interop", description="Every client against every server, observed, judged, compared."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser(
        "run", help="run the matrix; what is not listed here is handed to pytest (-k, -x, --lf, -n 2 …)"
    )
    run.add_argument(
        "--cell", action="append", default=[], metavar="ID", help="only this cell (go--python/unary/status/not-found)"
    )
    run.add_argument(
        "--case",
        action="append",
        default=[],
        metavar="ID",
        help="only this case, on every pair (unary/status/not-found)",
    )
    run.set_defaults(run=_run)
    listing = commands.add_parser("list", help="the cases, each with its reason")
    listing.add_argument("--tag", default="", help="only cases with this tag")
    listing.set_defaults(run=_list)
    replay = commands.add_parser("replay", help="replay the golden transcript against an implementation")
    replay.add_argument("implementation")
    replay.set_defaults(run=_replay)
    tally = commands.add_parser("tally", help="how often each case came out how, for each server, from a results.jsonl")
    tally.add_argument("results", nargs="?", default="build/interop/results.jsonl", type=Path)
    tally.set_defaults(run=_tally)
    schema = commands.add_parser(
        "schema", help="write the JSON Schemas of the contract and of results.jsonl, or check them"
    )
    schema.add_argument("--check", action="store_true", help="write nothing; exit 1 where a schema is out of step")
    schema.set_defaults(run=_schema)
    return parser


def _run(arguments: argparse.Namespace, rest: list[str]) -> int:
    import pytest

    wanted = [_node(cell, cell.partition("/")[2]) for cell in arguments.cell]
    wanted += _nodes_of_cases(arguments.case, rest) if arguments.case else []
    options = [
        "--interop-progress",
        "--tb=no",
        "-q",
        "--no-header",
        "--no-summary",
        "-p",
        "no:logging",
        "-p",
        "no:warnings",
    ]
    code = int(pytest.main([*(wanted or [str(cases.SHIPPED)]), *options, *rest]))
    return code if code in (0, 1) else WRONG_INPUT


def _node(cell: str, case: str) -> str:
    file = _file_of(case)
    return f"{file}::{cell}"


def _file_of(case: str) -> Path:
    known = cases.read_all()
    for one in known:
        if case in (one.id, f"{one.configuration.name}/{one.id}", *one.aliases):
            return cases.SHIPPED / Path(one.source).name
    from interop.errors import nearest

    raise InputInvalid(
        "--cell",
        f"no case {case!r}",
        "CLIENT--SERVER/mode/group/name, see interop list",
        nearest(case, [one.id for one in known]),
    )


def _nodes_of_cases(wanted: list[str], rest: list[str]) -> list[str]:
    from interop import implementations

    names = list(implementations.read())
    return [_node(f"{client}--{server}/{case}", case) for case in wanted for client in names for server in names]


def _list(arguments: argparse.Namespace, rest: list[str]) -> int:
    found = [case for case in cases.read_all() if not arguments.tag or arguments.tag in case.tags]
    width = max((len(case.id) for case in found), default=0)
    for case in found:
        print(f"{case.id:<{width}}  {case.why}")
    print(f"{len(found)} cases, {len({case.base for case in found})} before expansion over values")
    return 0


def _replay(arguments: argparse.Namespace, rest: list[str]) -> int:
    from interop import transcript

    return transcript.replay_and_tell(arguments.implementation)


def _tally(arguments: argparse.Namespace, rest: list[str]) -> int:
    from interop import record
    from interop.report import tally

    print("\n".join(tally.lines(record.read(arguments.results))))
    return 0


def _schema(arguments: argparse.Namespace, rest: list[str]) -> int:
    from interop import schemas

    return schemas.check() if arguments.check else schemas.write()
