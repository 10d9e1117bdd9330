"""The shell around every stage: options, collection, the engine, results.jsonl, reports, exit code.

Decides nothing itself: the judge judged, ``account`` counts, ``report`` says it. Inert where no file of cases is
collected.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from interop import commands, options, termination
from interop.errors import InputInvalid
from interop.items import MATRIX, CaseFile, CellItem
from interop.run import MatrixRun


def pytest_addoption(parser: pytest.Parser) -> None:
    options.declare(parser)


def pytest_configure(config: pytest.Config) -> None:
    try:
        config.stash[MATRIX] = MatrixRun(options.read(config))
    except InputInvalid as error:
        raise pytest.UsageError(str(error)) from error
    for mode in ("unary", "server_streaming", "client_streaming", "bidi_streaming"):
        config.addinivalue_line("markers", f"{mode}: cells of that mode")
    for name in config.stash[MATRIX].implementations:
        config.addinivalue_line("markers", f"client_{name.replace('-', '_')}: cells with that client")
        config.addinivalue_line("markers", f"server_{name.replace('-', '_')}: cells with that server")
    config.addinivalue_line("markers", "heavy: cells that only run with --heavy")
    config.addinivalue_line("markers", "quiet: cells about time, which run when all others are over")
    config.addinivalue_line("markers", "bulk: cells with many or large messages, few of which run at a time")


def _begin(config: pytest.Config, run: MatrixRun) -> None:
    """The last checks, and only then the folder: wrong input leaves the results of an older run alone."""
    try:
        commands.check(run.implementations, run.planned_ids)
        run.claim()
        config.add_cleanup(termination.listen(run.terminate))
    except InputInvalid as error:
        raise pytest.UsageError(str(error)) from error
    except OSError as error:
        raise pytest.UsageError(
            f"{error.filename}: can't be written: {error.strerror}; see --interop-output"
        ) from error


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if (
        file_path.suffix == ".yaml"
        and file_path.name != "methods.yaml"
        and (file_path.parent / "methods.yaml").exists()
    ):
        return CaseFile.from_parent(parent, path=file_path)
    return None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    config.stash[MATRIX].put_in_order(items)


def pytest_collection_finish(session: pytest.Session) -> None:
    run: MatrixRun = session.config.stash[MATRIX]
    try:
        cells = [item for item in session.items if isinstance(item, CellItem)]
        run.collected(cells, all_read=not session.testsfailed)
        will_run = run.in_order and not (run.is_worker or session.testsfailed or session.config.option.collectonly)
    except InputInvalid as error:
        raise pytest.UsageError(str(error)) from error
    if run.planned_ids and will_run:
        _begin(session.config, run)
        if isinstance(session.items[0], CellItem):
            run.start()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any, ids: list[str]) -> None:
    run: MatrixRun = node.config.stash[MATRIX]
    parts = (nodeid.partition("::") for nodeid in ids)
    run.planned_ids = [name for file, _, name in parts if file.endswith(".yaml")]
    if run.planned_ids:
        _begin(node.config, run)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    # xdist's own loadgroup reads a name that pytest 9.2 no longer fills; without this every worker would run every
    # pair.
    from interop.xdist_scheduler import PairScheduler

    return PairScheduler(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> bool | None:
    if not isinstance(item, CellItem):
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    item.run_protocol()
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if isinstance(item, CellItem) and report.when == "call" and item.record is not None:
        report.interop = item.config.stash[MATRIX].told(item.record)  # type: ignore[attr-defined]
    return report


class Writing:
    """What only the process that writes files does: the controller under xdist, otherwise the one there is."""

    def __init__(self, run: MatrixRun) -> None:
        self._run = run

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        told = getattr(report, "interop", None)
        if told:
            self._run.tell(told)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: Any) -> None:
        self._run.worker_ended(getattr(node, "workeroutput", {}).get("interop", {}), error)


def pytest_sessionstart(session: pytest.Session) -> None:
    run: MatrixRun = session.config.stash[MATRIX]
    if not run.is_worker:
        session.config.pluginmanager.register(Writing(run), "interop-writing")


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report: pytest.TestReport, config: pytest.Config) -> tuple[str, str, Any] | None:
    told = getattr(report, "interop", None)
    if not told:
        return None
    run: MatrixRun = config.stash[MATRIX]
    return run.status_of(told)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    run: MatrixRun = session.config.stash[MATRIX]
    if run.is_worker:
        session.config.workeroutput["interop"] = run.close_worker()  # type: ignore[attr-defined]
        return
    code = run.finish(str(session.shouldfail or session.shouldstop or ""), exitstatus)
    if code is not None:
        session.exitstatus = code


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    run: MatrixRun = config.stash[MATRIX]
    if config.getoption("--interop-progress"):  # pytest's own section of errors is off then
        for report in terminalreporter.getreports("error"):
            terminalreporter.write_line(str(report.longrepr))
    for text in run.summary(terminalreporter.hasmarkup):
        terminalreporter.write_line(text)
