"""A child process as the harness sees it, whatever it does: miniatures with one fault each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from interop import contract
from interop.contract import Configuration, Listen, Listening, Mark, Plan, Planned, Step
from interop.patience import PATIENT, Patience
from interop.process import Process, ProcessFailed
from interop.tests.miniatures import alive, implementation

T = TypeVar("T")
WITHIN_S = 20.0


def started(folder: Path, fault: str, patience: Patience = PATIENT) -> Process:
    return Process(implementation(server=fault), "server", folder / "mini.server.log", lambda _: None, patience)


def with_server(
    folder: Path, fault: str, use: Callable[[Process], Awaitable[T]], patience: Patience = PATIENT
) -> tuple[T, Process]:
    """What ``use`` returns of a started miniature, and the process after its end."""

    async def inside() -> tuple[T, Process]:
        server = started(folder, fault, patience)
        await server.start()
        try:
            return await use(server), server
        finally:
            await server.close()

    return asyncio.run(inside())


def plan(server: Process) -> Plan:
    name = server.next_id()
    return Plan(id=name, call_id=f"c{name}", method="/users.UserService/GetUser", mode="unary", steps=[])


async def ten_plans(server: Process) -> list[str]:
    """The ids of ten replies to ten requests made at once."""
    replies = await asyncio.gather(*(server.request(plan(server), WITHIN_S) for _ in range(10)))
    assert all(isinstance(reply, Planned) for reply in replies)
    return [reply.id for reply in replies]


def failure_of_start(folder: Path, *, fault: str, patience: Patience = PATIENT) -> ProcessFailed:
    async def inside() -> None:
        server = started(folder, fault, patience)
        try:
            await server.start()
        finally:
            await server.close()

    with pytest.raises(ProcessFailed) as caught:
        asyncio.run(inside())
    return caught.value


TEN = [str(number) for number in range(1, 11)]


def test_a_sound_process_answers_and_makes_no_noise(tmp_path: Path) -> None:
    ids, server = with_server(tmp_path, "", ten_plans)
    assert (ids, server.noise) == (TEN, [])


def test_replies_find_their_requests_in_whatever_order_they_come(tmp_path: Path) -> None:
    ids, server = with_server(tmp_path, "out-of-order", ten_plans)
    assert (ids, server.noise) == (TEN, [])


def test_garbage_is_noted_and_shifts_nothing(tmp_path: Path) -> None:
    ids, server = with_server(tmp_path, "garbage", ten_plans)
    assert (ids, len(server.noise)) == (TEN, 30)
    assert server.noise[:3] == [
        "'Listening on port 8080' (JSON is malformed: invalid character (byte 0))",
        """'{"type": "listening"}' (Object missing required field `id`)""",
        "'\ufffd' (JSON is malformed: invalid character (byte 0))",
    ]


def test_a_second_answer_is_noted_and_shifts_nothing(tmp_path: Path) -> None:
    ids, server = with_server(tmp_path, "twice", ten_plans)
    assert (ids, server.noise[0]) == (TEN, "a planned line with id '1', for which nobody waits")


def test_an_answer_to_nobody_is_noted_and_shifts_nothing(tmp_path: Path) -> None:
    ids, server = with_server(tmp_path, "unknown-id", ten_plans)
    assert (ids, server.noise) == (TEN, ["a planned line with id 'nobody', for which nobody waits"] * 10)


def test_a_line_above_the_limit_is_noted_and_the_next_one_counts(tmp_path: Path) -> None:
    ids, server = with_server(tmp_path, "long-line", ten_plans)
    assert (ids, server.noise) == (TEN, ["a line of more than 1048576 bytes"])


def test_endless_noise_ends_the_process(tmp_path: Path) -> None:
    async def ask_on(server: Process) -> None:
        for _ in range(20):
            await ten_plans(server)

    async def ask(server: Process) -> str:
        with pytest.raises(ProcessFailed) as caught:
            await ask_on(server)
        return caught.value.what

    told, server = with_server(tmp_path, "unknown-id", ask, Patience(noise_lines=25))
    assert told == "wrote 25 lines to standard output that are not of the contract"
    assert len(server.noise) == 25


def test_noise_stands_in_the_log_of_the_process_that_made_it(tmp_path: Path) -> None:
    _, server = with_server(tmp_path, "unknown-id", lambda server: server.request(plan(server), WITHIN_S))
    assert "[harness] not a line of the contract: a planned line with id 'nobody'" in server.log.read_text()


def test_a_request_without_an_answer_ends_the_process_and_names_the_line(tmp_path: Path) -> None:
    async def ask(server: Process) -> str:
        with pytest.raises(ProcessFailed) as caught:
            await server.request(plan(server), 0.1)
        return str(caught.value)

    told, server = with_server(tmp_path, "never:plan", ask, Patience(answers_s=0.1))
    line = '{"type":"plan","id":"1","call_id":"c1","method":"/users.UserService/GetUser","mode":"unary","steps":[]}'
    assert told == f"mini as a server did not answer {line} within 0.2 s"
    assert alive(server.pid) == []


def test_whoever_waits_is_told_of_the_end_with_the_last_words(tmp_path: Path) -> None:
    async def ask(server: Process) -> list[str]:
        lines = [plan(server), Listen(id="die", configuration=Configuration(name="plain"), host="127.0.0.1", port=0)]
        found = await asyncio.gather(*(server.request(line, WITHIN_S) for line in lines), return_exceptions=True)
        return [str(one) for one in found if isinstance(one, ProcessFailed)]

    told, server = with_server(tmp_path, "dies-on:die", ask)
    assert told[-1] == "mini as a server ended with exit code 3; its last lines: miniature: dies, as it was told"
    with pytest.raises(ProcessFailed, match="ended with exit code 3"):
        server.send(plan(server))


def test_one_that_dies_at_start_says_why(tmp_path: Path) -> None:
    failure = failure_of_start(tmp_path, fault="dies-at-start")
    assert str(failure) == "mini as a server ended with exit code 3; its last lines: miniature: dies, as it was told"


def test_one_that_never_gets_ready_is_ended(tmp_path: Path) -> None:
    failure = failure_of_start(tmp_path, fault="never-ready", patience=Patience(ready_s=0.3))
    assert str(failure) == "mini as a server was not ready within 0.3 s"


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    async def inside() -> None:
        entry = msgspec.structs.replace(implementation(), server=["/no/such/program"])
        await Process(entry, "server", tmp_path / "log", lambda _: None).start()

    with pytest.raises(ProcessFailed, match=r"^mini as a server could not be started \(/no/such/program: No such file"):
        asyncio.run(inside())


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    async def inside() -> None:
        entry = msgspec.structs.replace(implementation(), directory=tmp_path / "gone")
        await Process(entry, "server", tmp_path / "log", lambda _: None).start()

    with pytest.raises(ProcessFailed, match=r"could not be started \(directory .*/gone: No such file"):
        asyncio.run(inside())


def test_an_answer_that_is_no_line_of_the_contract_ends_the_wait_for_it(tmp_path: Path) -> None:
    async def refused(server: Process) -> str:
        with pytest.raises(ProcessFailed) as caught:
            await server.request(plan(server), WITHIN_S)
        return caught.value.what

    what, server = with_server(tmp_path, "malformed", refused)
    assert what.startswith("answered with no line of the contract: ")
    assert "surplus" in what
    assert len(server.noise) == 1


def test_an_answer_that_nobody_waits_for_any_more_is_no_noise(tmp_path: Path) -> None:
    async def given_up(server: Process) -> None:
        waiting = asyncio.ensure_future(server.request(plan(server), WITHIN_S))
        await asyncio.sleep(0)
        waiting.cancel()
        await ten_plans(server)

    _, server = with_server(tmp_path, "", given_up)
    assert server.noise == []


def test_marks_are_handed_on(tmp_path: Path) -> None:
    async def inside() -> Mark:
        marks: asyncio.Queue[Mark] = asyncio.Queue()
        ends = [Process(implementation(), role, tmp_path / role, marks.put_nowait) for role in ("server", "client")]
        server, client = ends
        try:
            await asyncio.gather(*(end.start() for end in ends))
            line = Listen(id="l", configuration=Configuration(name="plain"), host="127.0.0.1", port=0)
            listening = await server.request(line, WITHIN_S)
            assert isinstance(listening, Listening)
            client.send(call(listening.address, [Step(do="mark", mark="here")]))
            return await asyncio.wait_for(marks.get(), WITHIN_S)
        finally:
            await asyncio.gather(*(end.close() for end in ends))

    assert asyncio.run(inside()) == Mark(call_id="c1", mark="here")


def call(target: str, steps: list[Step]) -> contract.Call:
    return contract.Call(
        id="1", call_id="c1", target=target, configuration=Configuration(name="plain"), channel="shared",
        method="/users.UserService/ChatUsers", mode="bidi-streaming", metadata=[], give_up_after_ms=1000, steps=steps,
    )  # fmt: skip


@pytest.mark.parametrize("fault", ["", "ignores-end"])
def test_close_leaves_nothing_of_the_group(tmp_path: Path, fault: str) -> None:
    _, server = with_server(tmp_path, fault, ten_plans, Patience(stops_s=0.5))
    assert alive(server.pid) == []
