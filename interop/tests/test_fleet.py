"""The child processes of a run: started when needed, started again when they died, all ended at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from interop.contract import Configuration, Mode, Ready, Unsupported
from interop.engine_thread import _stubbed
from interop.fleet import Fleet
from interop.model import CallSpec, Case, Cell, Implementation
from interop.process import ProcessFailed
from interop.tests.miniatures import alive, implementation

T = TypeVar("T")


def with_fleet(folder: Path, entry: Implementation, use: Callable[[Fleet], Awaitable[T]]) -> T:
    async def inside() -> T:
        fleet = Fleet({"mini": entry}, folder, lambda _: None, lambda *_: None)
        try:
            return await use(fleet)
        finally:
            await fleet.close()
            assert [alive(process.pid) for process in fleet.everyone] == [[] for _ in fleet.everyone]

    return asyncio.run(inside())


def test_whoever_asks_gets_the_same_process(tmp_path: Path) -> None:
    async def use(fleet: Fleet) -> set[int]:
        return {process.pid for process in await asyncio.gather(*(fleet.process("mini", "server") for _ in range(5)))}

    assert len(with_fleet(tmp_path, implementation(), use)) == 1


def test_one_that_died_is_started_again(tmp_path: Path) -> None:
    async def use(fleet: Fleet) -> list[bool]:
        first = await fleet.process("mini", "client")
        await first.kill("was killed by the test")
        second = await fleet.process("mini", "client")
        return [first is second, first.failure is None, second.failure is None]

    assert with_fleet(tmp_path, implementation(), use) == [False, False, True]


def test_one_that_never_got_ready_is_not_tried_again(tmp_path: Path) -> None:
    async def use(fleet: Fleet) -> tuple[list[str], int]:
        told = [await _told(fleet, "server") for _ in range(3)]
        return told, len(fleet.everyone)

    sentence = "mini as a server ended with exit code 3; its last lines: miniature: dies, as it was told"
    assert with_fleet(tmp_path, implementation(server="dies-at-start"), use) == ([sentence] * 3, 1)


@pytest.mark.parametrize(("role", "answer"), [("server", "Planned"), ("client", "Observation")])
def test_one_that_claims_everything_is_not_believed(tmp_path: Path, role: str, answer: str) -> None:
    entry = implementation(server="claims-everything", client="claims-everything")
    told = with_fleet(tmp_path, entry, lambda fleet: _told(fleet, role))
    assert told.startswith(f"mini as a {role} answered the unheard-of step 'x-")
    assert f" with {answer}" in told
    assert "its word is not believed" in told


@pytest.mark.parametrize("role", ["server", "client"])
def test_who_rejects_the_unheard_of_step_is_told_with_its_reason(tmp_path: Path, role: str) -> None:
    entry = implementation(server="rejects-all", client="rejects-all")
    told = with_fleet(tmp_path, entry, lambda fleet: _told(fleet, role))
    assert told.endswith(" with Rejected (as it was told): its word is not believed")


@pytest.mark.parametrize(("stubbed", "dies"), [(("/shop.Stock/Find", "unary"), True), (None, False)])
def test_the_probe_names_a_method_of_the_runs_own_cases(
    tmp_path: Path, stubbed: tuple[str, Mode] | None, dies: bool
) -> None:
    async def use(fleet: Fleet) -> list[str]:
        fleet.stubbed = stubbed
        return [await _told(fleet, role) for role in ("server", "client")]

    fault = "dies-on:/shop.Stock/Find"
    told = with_fleet(tmp_path, implementation(server=fault, client=fault), use)
    assert [one.startswith("mini as a ") for one in told] == [dies, dies]


def test_a_method_that_is_called_raw_only_is_not_asked_about() -> None:
    calls = [
        CallSpec(method="/a.B/None", mode="unary", steps=[], raw=True),
        CallSpec(method="/a.B/C", mode="unary", steps=[]),
    ]
    case = Case(id="unary/a/b", base="unary/a/b", mode="unary", why="w", calls=calls, source="a.yaml", line=1)
    raw = msgspec.structs.replace(case, calls=calls[:1])
    cells = [Cell(client="mini", server="mini", case=one) for one in (raw, case)]
    assert (_stubbed(cells), _stubbed(cells[:1])) == (("/a.B/C", "unary"), None)


async def _told(fleet: Fleet, role: str) -> str:
    try:
        await fleet.process("mini", "server" if role == "server" else "client")
    except ProcessFailed as failure:
        return str(failure)
    return "nothing went wrong"


def test_a_configuration_has_one_listener_a_process(tmp_path: Path) -> None:
    async def use(fleet: Fleet) -> list[object]:
        server = await fleet.process("mini", "server")
        plain, shipped = Configuration(name="plain", list_pause_ms=0), Configuration(name="shipped")
        return await asyncio.gather(*(fleet.address(server, one) for one in (plain, shipped, plain)))

    first, second, third = with_fleet(tmp_path, implementation(), use)
    assert (first == third, first == second) == (True, False)


def test_an_option_that_a_server_lacks_is_its_own_word(tmp_path: Path) -> None:
    async def use(fleet: Fleet) -> object:
        server = await fleet.process("mini", "server")
        return await fleet.address(server, Configuration(name="paused", list_pause_ms=5))

    entry = implementation(server="lacks:list_pause_ms")
    reply = with_fleet(tmp_path, entry, use)
    assert isinstance(reply, Unsupported)
    assert (reply.feature, reply.reason) == ("configuration:list_pause_ms", "the miniature has no such thing")


def test_a_listen_line_that_is_rejected_is_a_failure(tmp_path: Path) -> None:
    async def use(fleet: Fleet) -> str:
        server = await fleet.process("mini", "server")
        with pytest.raises(ProcessFailed) as caught:
            await fleet.address(server, Configuration(name="plain"))
        return str(caught.value)

    assert "as it was told" in with_fleet(tmp_path, implementation(server="rejects:listen"), use)


def test_who_got_ready_is_told_in_its_own_words(tmp_path: Path) -> None:
    spoken: list[tuple[str, str, Ready]] = []

    async def inside() -> int:
        fleet = Fleet({"mini": implementation()}, tmp_path, lambda _: None, lambda *words: spoken.append(words))
        try:
            return (await fleet.process("mini", "client")).pid
        finally:
            await fleet.close()

    pid = asyncio.run(inside())
    ready = Ready(contract=1, role="client", implementation="miniature", language="python", libraries={}, pid=pid)
    assert spoken == [("mini", "client", ready)]


@pytest.mark.parametrize("turns", [1, 2, 3, 4, 6, 10])
def test_close_ends_a_process_that_is_just_being_started(tmp_path: Path, turns: int) -> None:
    async def inside() -> list[str]:
        fleet = Fleet({"mini": implementation()}, tmp_path, lambda _: None, lambda *_: None)
        starting = asyncio.ensure_future(fleet.process("mini", "client"))
        for _ in range(turns):
            await asyncio.sleep(0)
        await fleet.close()
        await asyncio.gather(starting, return_exceptions=True)
        left = [command for process in fleet.everyone if process.pid for command in alive(process.pid)]
        await fleet.close()
        return left

    assert asyncio.run(inside()) == []
