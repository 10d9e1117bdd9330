"""Cell → pytest item: a YAML file of cases is a test file, a cell is one test. The item awaits its record and raises
its verdict.

An item of our own, since a plain test function costs half as much again for each of the thousand.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from interop import cases
from interop.errors import InputInvalid
from interop.lanes import text as lanes
from interop.model import Cell
from interop.report import groups
from interop.results import Kind, Record

MATRIX = pytest.StashKey[Any]()


class NotAsExpected(Exception):
    """A red cell; carries what its failure shows."""


class CaseFile(pytest.File):
    """``interop/cases/status.yaml``: collects the cells of its cases over the chosen clients and servers."""

    def collect(self) -> Iterator[CellItem]:
        for cell in self.config.stash[MATRIX].cells_of(cases.read_file(self.path)):
            yield CellItem.from_parent(self, name=cell.id, cell=cell)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, InputInvalid):
            return str(excinfo.value)
        return super().repr_failure(excinfo)


class CellItem(pytest.Item):
    """One cell. Its name is the cell's id."""

    def __init__(self, *, cell: Cell, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.cell = cell
        self.record: Record | None = None
        case, quiet = cell.case, ["quiet"] if cell.case.quiet else []
        for name in (case.mode, f"client_{cell.client}", f"server_{cell.server}", *case.tags, *quiet):
            self.add_marker(_marker(name))

    def run_protocol(self) -> None:
        """One report, "call": there is nothing to set up or to tear down, and either costs as much as the rest."""
        stops: tuple[type[BaseException], ...] = (pytest.exit.Exception,)
        if not self.config.getoption("usepdb", default=False):
            stops += (KeyboardInterrupt,)
        call = pytest.CallInfo.from_call(self.runtest, when="call", reraise=stops)
        report: pytest.TestReport = self.ihook.pytest_runtest_makereport(item=self, call=call)
        self.ihook.pytest_runtest_logreport(report=report)
        if call.excinfo and report.failed:
            self.ihook.pytest_exception_interact(node=self, call=call, report=report)

    def runtest(self) -> None:
        self.record = self.config.stash[MATRIX].record_of(self)
        if self.record.verdict.kind is not Kind.PASS:
            raise_verdict(self.record, groups.command(self.cell.id, self.config.stash[MATRIX].again))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        # A verdict is its sentence; pytest's traceback of it would cost a known cell more than its calls did.
        if isinstance(excinfo.value, NotAsExpected | pytest.xfail.Exception):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    @functools.cached_property
    def location(self) -> tuple[str, int | None, str]:
        """As pytest has it, without asking the file system a thousand times where the one file is."""
        return self.nodeid.partition("::")[0], self.cell.case.line - 1, self.name

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.cell.case.line - 1, self.name


def marker_name(name: str) -> str:
    """``server-streaming`` → ``server_streaming``: what ``-m`` can be given."""
    return name.replace("-", "_")


@functools.cache
def _marker(name: str) -> pytest.MarkDecorator:
    marker: pytest.MarkDecorator = getattr(pytest.mark, marker_name(name))
    return marker


def raise_verdict(record: Record, again: str) -> None:
    """The verdict in pytest's own words: known is xfail, unsupported is skip, fail and error are failures. Decides
    nothing.
    """
    verdict = record.verdict
    if verdict.kind is Kind.KNOWN:
        pytest.xfail(f"{verdict.reason} [{verdict.known}]")
    if verdict.kind is Kind.UNSUPPORTED:
        pytest.skip(f"{verdict.sentence}: {verdict.reason}")
    if verdict.kind in (Kind.FAIL, Kind.ERROR):
        lines = [
            verdict.sentence,
            *verdict.signature[1:],
            *filter(None, [verdict.reason]),
            *lanes.lines(record),
            *record.notes,
            f"again: {again}",
        ]
        raise NotAsExpected("\n".join(lines))
