"""``python -m interop.bench [--rounds N] [--write FILE]``: measures, prints the table, keeps it as JSON."""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import msgspec

from interop import selection
from interop.bench import growth, table
from interop.bench.alone import Compared
from interop.bench.measured import Cost, cost
from interop.bench.said import page, sentences
from interop.bench.selected import OUTPUT, WORDS, run_words, small_cells
from interop.bench.table import Row
from interop.record import NAME

_COUNTED = re.compile(r"(\d+) cells: (\d+) pass, 0 fail, .* 0 error, 0 not run")
TURNS = 3


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m interop.bench", description="What the matrix costs.")
    parser.add_argument(
        "--rounds", type=selection.times, default=3, metavar="N", help="how often each is measured (3); medians"
    )
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table as Markdown too")
    arguments = parser.parse_args()
    rows = _rows(arguments.rounds)
    waits = {command: _wait(command) for command in ("--help", "list")}
    print("\n".join([*table.text(rows), "", *sentences(rows, waits)]))
    OUTPUT.mkdir(parents=True, exist_ok=True)
    told = {"rows": rows, "answers_s": waits}
    (OUTPUT / "bench.json").write_bytes(msgspec.json.format(msgspec.json.encode(told)))
    if arguments.write:
        arguments.write.write_text("\n".join(page(rows, waits, sys.argv[1:])), encoding="utf-8")
    return 0


def _wait(command: str) -> float:
    """Seconds until that command of ``interop`` has answered; median of five."""
    return median(cost([sys.executable, "-m", "interop", command]).wall_s for _ in range(5))


def _rows(rounds: int) -> list[Row]:
    """Every way, the ones that are compared one after another within a round."""
    ways: list[tuple[str, Callable[[], tuple[int, Cost, str]], int]] = [
        ("the whole matrix", lambda: _matrix("whole"), rounds),
        ("small cells, once", lambda: _matrix("small", *WORDS), rounds),
        (f"small cells, --repeat {TURNS}", lambda: _matrix("repeated", *WORDS, "--repeat", str(TURNS)), rounds),
        ("one client process a cell", _alone, 1),
        (f"floor: plain loops, {TURNS} times", _floor, rounds),
        *((f"{size} implementations", lambda size=size: _grown(size), 1) for size in growth.SIZES),
    ]
    todo = [(name, way) for turn in range(rounds) for name, way, times in ways if turn < times]
    found: dict[str, Row] = {name: Row(name=name, cells=0, costs=[]) for name, _, _ in ways}
    began = time.monotonic()
    for at, (name, way) in enumerate(todo):
        left = f", about {(time.monotonic() - began) / at * (len(todo) - at):.0f} s left" if at else ""
        print(f"{at + 1} of {len(todo)}: {name}{left}", file=sys.stderr)
        cells, measured, said = way()
        found[name] = Row(name=name, cells=cells, costs=[*found[name].costs, measured], said=said)
    return list(found.values())


def _matrix(output: str, *words: str) -> tuple[int, Cost, str]:
    measured = cost(run_words(output, *words))
    counted = _COUNTED.search(measured.output)
    if measured.exit_code or not counted:
        raise SystemExit(f"a run was not as expected, so its time says nothing:\n{measured.output}")
    return int(counted[1]), measured, ""


def _alone() -> tuple[int, Cost, str]:
    results = str(OUTPUT / "small" / NAME)
    measured = cost([sys.executable, "-m", "interop.bench.alone", results])
    if measured.exit_code:
        raise SystemExit(f"one process a cell failed:\n{measured.output}")
    compared = msgspec.json.decode(measured.output.splitlines()[-1], type=Compared)
    if compared.other or len(small_cells()) != compared.cells:
        raise SystemExit(f"one process a cell gives other verdicts: {compared.other}")
    said = f"all verdicts are the matrix', {compared.equal} of {compared.cells} answers to the letter"
    return compared.cells, measured, said


def _floor() -> tuple[int, Cost, str]:
    measured = cost([sys.executable, "-m", "interop.bench.floor", str(TURNS)])
    if measured.exit_code:
        raise SystemExit(f"the plain loops failed:\n{measured.output}")
    return len(small_cells()) * TURNS, measured, ""


def _grown(size: int) -> tuple[int, Cost, str]:
    return _matrix(f"growth-{size}", *growth.words(size, OUTPUT / "growth"))


if __name__ == "__main__":
    sys.exit(main())
