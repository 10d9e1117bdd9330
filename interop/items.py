"""Cell → pytest item: a YAML file of cases is a test file, a cell is one test. The item awaits its record and raises
its verdict.

An item of our own, since a plain test function costs half as much again for each of the thousand.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from interop import cases
from interop.errors import InputInvalid
from interop.lanes import text as lanes
from interop.model import Cell, Kind, Record

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
        for name in (cell.case.mode, f"client_{cell.client}", f"server_{cell.server}", *cell.case.tags):
            self.add_marker(marker_name(name))

    def runtest(self) -> None:
        self.record = self.config.stash[MATRIX].record_of(self)
        raise_verdict(self.record, self._again())

    def _again(self) -> str:
        """The whole node id: ``-k go--python`` would take go--python-aio too."""
        extra = self.config.getoption("--implementations")
        wire = ["--wire"] if self.config.getoption("--wire") else []
        return shlex.join(["pytest", self.nodeid, *(["--implementations", extra] if extra else []), *wire])

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        # A verdict is its sentence; pytest's traceback of it would cost a known cell more than its calls did.
        if isinstance(excinfo.value, NotAsExpected | pytest.xfail.Exception):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.cell.case.line - 1, self.name


def marker_name(name: str) -> str:
    """``server-streaming`` → ``server_streaming``: what ``-m`` can be given."""
    return name.replace("-", "_")


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
