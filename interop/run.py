"""One run of the matrix: holds the options, hands items their records, writes results.jsonl, and closes the account.

The value behind pytest's hooks; knows every stage, and pytest only as items and reports.
"""

from __future__ import annotations

import functools
import platform
import shutil
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from typing import IO, Any

import msgspec
import pytest

from interop import account, debugging, logs, matrix, record, selection, termination, whole_matrix
from interop.engine_thread import EngineThread
from interop.items import CellItem
from interop.judging import Judge
from interop.model import Case, Cell
from interop.options import Options
from interop.report import every_report, progress, terminal
from interop.results import Footer, Header, Kind, Problem, Record, Spoke

Told = dict[str, Any]  # "record" and "spoke": what a report of pytest carries from a worker to the process that writes

# How a verdict reads in pytest's own counts, with its letter.
_STATUS = {
    Kind.PASS: ("passed", ".", "PASSED"),
    Kind.FAIL: ("failed", "F", "FAILED"),
    Kind.KNOWN: ("xfailed", "x", "XFAIL"),
    Kind.RECORDED: ("recorded", "r", "RECORDED"),
    Kind.UNSUPPORTED: ("skipped", "s", "SKIPPED"),
    Kind.ERROR: ("failed", "E", "ERROR"),
}


class MatrixRun:
    """``footer`` is set once the run is over."""

    def __init__(self, options: Options) -> None:
        self._options, self._debug, self.again = options, options.debug, options.again
        self.implementations = options.implementations
        self.is_worker = bool(options.worker)
        self.planned_ids: list[str] = []
        self.in_order = False  # not where pytest refused the selection
        self.footer: Footer | None = None
        self._results: record.Results | None = None
        self._seen: list[Cell] = []
        self._items: list[CellItem] = []
        self._records: list[Record] = []
        self._problems: list[str] = []
        self._remarks: list[str] = []
        self._told = 0
        self._interrupted, self._ending = "interrupted", False
        self._began = time.monotonic()
        self._writer: record.Writer | None = None
        self._lock: IO[str] | None = None
        self._progress: progress.Progress | None = None
        self._logs = options.output / "processes" / options.worker
        judge = Judge(options.known, options.implementations)
        self._engine = EngineThread(options.implementations, judge, self._logs, options.worker)
        self._engine.tap = options.tap
        self._engine.on_record = self._judged
        if self._debug:
            self._engine.patience = debugging.WITHOUT_END
            self._engine.on_started = lambda: debugging.wait(self._engine.spoke, self._logs)

    # --- collecting ---------------------------------------------------------------------------------------------------

    def cells_of(self, written: list[Case]) -> list[Cell]:
        """The selected cells of a file's cases."""
        every = selection.every(self._options.selection, map(debugging.unhurried, written) if self._debug else written)
        self._seen += every
        return selection.selected(self._options.selection, every)

    def put_in_order(self, items: list[pytest.Item]) -> None:
        mine = [item for item in items if isinstance(item, CellItem)]
        ordered = iter(sorted(mine, key=lambda item: matrix.order(item.cell)))
        self.in_order = True
        items[:] = [next(ordered) if isinstance(item, CellItem) else item for item in items]

    def collected(self, items: list[CellItem], all_read: bool) -> None:
        """``all_read``: every file could be read, so that a name that matches nothing is a mistake of its own."""
        if all_read:
            selection.check(self._options.selection, self._seen)
        self._items = items
        self.planned_ids = [item.cell.id for item in items]

    def terminate(self) -> bool:
        """SIGTERM has come: whether the run is to be cut short, which it can't be while it is ending already."""
        ending, self._ending, self._interrupted = self._ending, True, termination.REASON
        return not ending

    def claim(self) -> None:
        """Takes the folder and clears what an older run left; raises ``InputInvalid`` while another writes there."""
        self._lock = self._lock or record.claimed(self._options.output)
        self._writer = self._writer or self._open()

    def start(self) -> None:
        """Submits all cells, ahead of their items: processes start while pytest makes ready."""
        if self._items:
            self._engine.submit([item.cell for item in self._items])

    # --- running ------------------------------------------------------------------------------------------------------

    def record_of(self, item: CellItem) -> Record:
        """Submits what ``start`` has not: all selected cells at once, under xdist those of the item's pair."""
        if not self._engine.submitted(item.cell):
            mine = [other.cell for other in self._items if not self.is_worker or other.cell.pair == item.cell.pair]
            self._engine.submit(mine)
        return self._engine.record(item.cell)

    def told(self, judged: Record) -> Told:
        """The record, with the processes that got ready since the last one; from an xdist worker as plain values."""
        if not self.is_worker:
            return {"record": judged, "spoke": []}
        plain: Told = msgspec.to_builtins({"record": judged, "spoke": self._spoke_since()})
        return plain

    def _spoke_since(self) -> list[Spoke]:
        new = self._engine.spoke[self._told :]
        self._told += len(new)
        return new

    def close_worker(self) -> dict[str, Any]:
        problems = self._engine.close()
        return {"problems": problems, "remarks": self._engine.remarks()}

    # --- writing ------------------------------------------------------------------------------------------------------

    def tell(self, told: Told) -> None:
        """The report of a cell has come. From a worker it brings the record; here the engine has told it already."""
        if not self._engine.started:
            self._writer = self._writer or self._open()
            _write_spoke(self._writer, told["spoke"])
            self._note(msgspec.convert(told["record"], Record))

    def _judged(self, judged: Record) -> None:
        """In the engine's thread, as soon as a cell is done: whatever hangs or is killed then, its record stands."""
        if self._writer:
            _write_spoke(self._writer, self._spoke_since())
            self._note(judged)

    def _note(self, judged: Record) -> None:
        self._records.append(judged)
        if self._writer:
            self._writer.write(judged)
        if self._options.progress:
            self._progress = self._progress or progress.Progress(len(self.planned_ids), sys.stderr)
            self._progress.step(judged)

    def _open(self) -> record.Writer:
        output = self._options.output
        for old in ("logs", "junit.xml", "summary.md", "index.html"):
            path = output / old
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        writer = record.Writer(output / record.NAME)
        writer.write(self._header())
        return writer

    def _header(self) -> Header:
        return Header(
            format=record.FORMAT,
            started=datetime.now(UTC).isoformat(timespec="seconds"),
            command=self._options.command,
            planned=len(self.planned_ids),
            clients=self._options.selection.clients,
            servers=self._options.selection.servers,
            harness={name: version(name) for name in ("grpc-interop", "pytest")}
            | {"python": platform.python_version()},
            partial=not self._whole,
            again=self._options.again,
        )

    def worker_ended(self, told: dict[str, Any], error: Any) -> None:
        self._problems += told.get("problems", [])
        self._remarks += told.get("remarks", [])
        if error:
            self._problems.append(f"an xdist worker ended: {error}")

    def status_of(self, told: Told) -> tuple[str, str, Any]:
        category, letter, word = _STATUS[msgspec.convert(told["record"], Record).verdict.kind]
        return (category, "", "") if self._options.progress else (category, letter, word)

    # --- closing the account ------------------------------------------------------------------------------------------

    def finish(self, stopped: str, exitstatus: int) -> int | None:
        """Ends every process, writes footer and reports; returns pytest's exit status, or None where no cell was
        concerned.
        """
        self._ending = True
        self._problems += self._engine.close()
        self._remarks += self._engine.remarks()
        if self._writer:
            _write_spoke(self._writer, self._spoke_since())
        if self._progress:
            self._progress.close()
        if self._writer is None:
            return None
        if exitstatus == pytest.ExitCode.INTERRUPTED and not stopped:
            stopped = self._interrupted
        self._give_logs()
        seconds = time.monotonic() - self._began
        self.footer = account.footer(
            self.planned_ids, self._records, stopped, self._all_problems(), self._remarks, seconds
        )
        if exitstatus == pytest.ExitCode.INTERRUPTED:
            self.footer = msgspec.structs.replace(self.footer, exit_code=account.BROKEN)
        self._writer.write(self.footer)
        self._writer.close()
        self._results = record.read(self._options.output / record.NAME)
        every_report.write(self._results, self._options.output)
        return self.footer.exit_code if exitstatus in (0, 1) else exitstatus

    def _give_logs(self) -> None:
        # Thousands of small files for cells that pass would cost as much as their calls; interop explain has those.
        told = (judged for judged in self._records if judged.verdict.kind is not Kind.PASS or judged.notes)
        calls = {call.call_id: judged.id for judged in told for call in judged.calls}
        for folder in [self._logs, *(path for path in self._logs.glob("gw*"))]:
            logs.give_to_cells(folder, self._options.output / "logs", calls)

    def _all_problems(self) -> list[Problem]:
        found = [Problem(kind="unexplained crash", text=text) for text in self._problems]
        return found + whole_matrix.problems(self._options.known, self.implementations, self._records, self._whole)

    @functools.cached_property
    def _whole(self) -> bool:
        return whole_matrix.is_among(self.planned_ids)

    def summary(self, colour: bool) -> list[str]:
        if self._results is None:
            nothing = [] if self.planned_ids else [selection.left_out(self._options.selection, self._seen)]
            return [text for text in nothing if text]
        return terminal.lines(self._results, self._options.output, colour)


def _write_spoke(writer: record.Writer, told: list[Any]) -> None:
    for spoke in told:
        writer.write(msgspec.convert(spoke, Spoke))
