"""The relay's process by its lines, and the tap that owns it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hyperframe.frame import DataFrame

from interop.model import Record
from interop.tap import WireTap
from interop.tests.miniatures import read_cases
from interop.tests.seen import PLANNED, attempt, judged, observation, result
from interop.tests.wire.peers import call, message
from interop.wire import lines
from interop.wire.backlog import Backlog
from interop.wire.lines import Open, Opened, Take, Taken
from interop.wire.program import serve
from interop.wire_view import WireStream, WireView


async def pass_through(address: str, more: bytes = b"") -> None:
    """The client's half of a call, by hand, and more of it."""
    host, _, port = address.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"".join(data for sender, data in call() if sender == "client") + more)
    writer.write_eof()
    await reader.read()
    writer.close()


async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.write(b"".join(data for sender, data in call() if sender == "server"))
    writer.close()


async def told(tap: WireTap, record: Record, of: object) -> Record:
    given: asyncio.Future[Record] = asyncio.get_running_loop().create_future()
    tap.told(record, of, given.set_result)  # type: ignore[arg-type]
    return await given


@pytest.mark.parametrize("call_id", ["c7", "c8"])
def test_the_frames_of_a_call_come_with_what_its_ends_were_told_to_do(tmp_path: Path, call_id: str) -> None:
    (case,) = read_cases(tmp_path, PLANNED)
    of = result(case, (observation(call_id=call_id), [attempt()]), call_id=call_id)

    async def inside() -> WireView | None:
        server = await asyncio.start_server(answered, "127.0.0.1", 0)
        tap = WireTap()
        host, port = server.sockets[0].getsockname()
        await pass_through(await tap.through(f"{host}:{port}"))
        (seen,) = (await told(tap, judged(of), of)).calls
        await tap.close()
        server.close()
        return seen.wire

    wire = asyncio.run(inside())
    assert wire is not None
    assert (wire.script, wire.metadata, wire.plan) == (["send", "receive_all"], [("x-a", "1")], ["finish NOT_FOUND"])
    frames = ["HEADERS", "DATA", "HEADERS", "DATA", "DATA", "HEADERS"] if call_id == "c7" else []
    assert [frame.frame for frame in wire.frames if frame.stream] == frames


def test_a_relay_that_died_makes_the_run_red_and_holds_up_nobody(tmp_path: Path) -> None:
    (case,) = read_cases(tmp_path, PLANNED)
    of = result(case, (observation(), [attempt()]))

    async def inside() -> tuple[int, list[str]]:
        tap = WireTap()
        await tap.through("127.0.0.1:9")
        assert tap._started is not None
        waiting = asyncio.ensure_future(told(tap, judged(of), of))
        tap._started.result().kill()
        calls = (await waiting).calls + (await told(tap, judged(of), of)).calls
        await tap.close()
        return len(calls), tap.problems

    assert asyncio.run(inside()) == (2, ["the relay of --wire ended with exit code -9"])


def test_a_call_is_handed_out_after_all_that_had_passed_before_it_was_asked_for() -> None:
    async def inside() -> Taken:
        server = await asyncio.start_server(answered, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        written: asyncio.Queue[bytes] = asyncio.Queue()

        async def requests() -> AsyncIterator[bytes]:
            yield lines.encode(Open(id=1, upstream=f"{host}:{port}"))
            opened = lines.reply(await written.get())
            assert isinstance(opened, Opened)
            many = [DataFrame(1, data=message(bytes(16_000))).serialize() for _ in range(100)]
            await pass_through(opened.address, b"".join(many))
            yield lines.encode(Take(id=2, calls=["c7"]))
            await written.put(await written.get())  # answered: there may be an end

        await serve(requests(), written.put_nowait)
        server.close()
        taken = lines.reply(await written.get())
        assert isinstance(taken, Taken)
        return taken

    view = asyncio.run(inside()).views["c7"]
    assert view.streams == [WireStream(connection=1, stream=1, sent=101, answered=2)]


def test_work_is_done_in_its_order_and_what_waits_is_bounded() -> None:
    async def inside() -> tuple[list[int], list[int]]:
        done: list[int] = []
        backlog = Backlog(most_bytes=10)
        for number in range(5):
            backlog.add(lambda number=number: done.append(number), size=4)  # type: ignore[misc]
        at_once = list(done)
        over = asyncio.Event()
        backlog.add(over.set)
        working = asyncio.ensure_future(backlog.run())
        await over.wait()
        working.cancel()
        return at_once, done

    assert asyncio.run(inside()) == ([0, 1, 2], [0, 1, 2, 3, 4])
