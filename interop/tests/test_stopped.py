"""One end that is stopped (SIGSTOP) holds up nobody else's cells, loud, bulk or quiet."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from interop import engine, matrix, proc
from interop.engine import CellResult, Engine
from interop.fleet import Fleet
from interop.tests.meeting import Hurried
from interop.tests.miniatures import Ran, implementation, judged, read_cases

_CASE = """
- name: unary/{name}
  why: "users.proto, GetUser."
  {words}
  calls: [{{method: GetUser, steps: [send: {{user_id: "1"}}, mark: {mark}, receive_all]}}]
  plan: [mark: {mark}, serve]
  expect: {{code: OK, messages: any}}
"""
MANY = engine.IN_FLIGHT_PER_PAIR + 1
KINDS = [("loud", "", MANY), ("bulk", "tags: [bulk]", 2), ("quiet", "quiet: true", MANY)]
CASES = "".join(
    _CASE.format(name=f"{kind}-{at}", words=words, mark="stop" if (kind, at) == ("loud", 0) else "go")
    for kind, words, count in KINDS
    for at in range(count)
)


@pytest.mark.parametrize("role", ["server", "client"])
def test_all_others_are_done_before_it_is_given_up(tmp_path: Path, monkeypatch: Any, role: Any) -> None:
    monkeypatch.setattr(engine, "CALM_AFTER_S", 0.2)
    with asyncio.Runner(loop_factory=Hurried) as runner:
        ran = runner.run(played(tmp_path, role))
    assert set(ran.kinds.values()) == {"pass"}
    order = ["bad" in name for name in ran.records]
    assert order == sorted(order)
    assert order.count(False) == 2 * (MANY + 2 + MANY)


async def played(folder: Path, role: Any) -> Ran:
    bad = implementation("bad", **{role: "stops-on:stop"}, once=folder / "struck")
    entries = {"bad": bad, "a": implementation("a"), "b": implementation("b")}
    clients, servers = (["bad", "a", "b"], ["a"]) if role == "client" else (["a"], ["bad", "a", "b"])
    cells = matrix.cells(read_cases(folder / "cases", CASES), clients, servers)
    others = sum("bad" not in (cell.client, cell.server) for cell in cells)
    results: list[CellResult] = []
    (folder / "logs").mkdir()
    running = Engine(lambda on_mark: Fleet(entries, folder / "logs", on_mark, lambda *_: None), results.append)
    try:
        task = asyncio.ensure_future(running.run(cells))
        async with asyncio.timeout(20):
            while len(results) < others:  # noqa: ASYNC110 - it is the results that are watched
                await asyncio.sleep(0.005)
        (stopped,) = running.fleet.shared[("bad", role)]
        assert (proc.stopped(stopped.pid), stopped.failure) == (True, None)
        while stopped.failure is None:
            asyncio.get_running_loop().ahead += 1  # type: ignore[attr-defined]
            await asyncio.sleep(0.001)
        await task
    finally:
        await running.fleet.close()
    return judged(entries, running, results)
