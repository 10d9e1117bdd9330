"""The tap with its two processes, and the pipe between them."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest
from hyperframe.frame import DataFrame
from hypothesis import given
from hypothesis import strategies as st

from interop.results import Record
from interop.tap import WireTap
from interop.tests.miniatures import read_cases
from interop.tests.seen import PLANNED, attempt, judged, observation, result
from interop.tests.wire.peers import call, message
from interop.tests.wire.test_relay import Seen, relayed
from interop.wire.copies import Copy, What, unpacked
from interop.wire.relay import CHUNK
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
    assert all(frame.at_ms > 0 for frame in wire.frames if frame.sender == "server")


@pytest.mark.parametrize("which", [0, 1])
def test_a_relay_or_reader_that_died_makes_the_run_red_and_holds_up_nobody(tmp_path: Path, which: int) -> None:
    (case,) = read_cases(tmp_path, PLANNED)
    of = result(case, (observation(), [attempt()]))

    async def inside() -> tuple[int, list[str]]:
        tap = WireTap()
        await tap.through("127.0.0.1:9")
        assert tap._started is not None
        waiting = asyncio.ensure_future(told(tap, judged(of), of))
        tap._started.result()[which].kill()
        calls = (await waiting).calls + (await told(tap, judged(of), of)).calls
        await tap.close()
        return len(calls), tap.problems

    assert asyncio.run(inside()) == (2, ["a process of --wire ended with exit code -9"])


def test_a_call_is_handed_out_after_all_that_had_passed_before_it_was_asked_for(tmp_path: Path) -> None:
    (case,) = read_cases(tmp_path, PLANNED)
    of = result(case, (observation(call_id="c7"), [attempt()]), call_id="c7")

    async def inside() -> list[WireStream]:
        server = await asyncio.start_server(answered, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        tap = WireTap()
        many = [DataFrame(1, data=message(bytes(16_000))).serialize() for _ in range(100)]
        await pass_through(await tap.through(f"{host}:{port}"), b"".join(many))
        (seen,) = (await told(tap, judged(of), of)).calls
        await tap.close()
        server.close()
        assert seen.wire is not None
        return seen.wire.streams

    assert asyncio.run(inside()) == [WireStream(connection=1, stream=1, sent=101, answered=2)]


@given(st.lists(st.tuples(st.sampled_from(["data", "FIN", "RST", "take"]), st.binary(max_size=20))))
def test_copies_come_out_of_the_pipe_as_they_went_in(of: list[tuple[What, bytes]]) -> None:
    copies = [Copy(sender="client", what=what, connection=7, at=1.5, data=data) for what, data in of]
    assert list(unpacked(io.BytesIO(b"".join(copy.packed() for copy in copies)))) == copies


def test_what_waits_for_the_reader_is_bounded() -> None:
    """A relay whose witness has no room reads no more."""

    class Full(Seen):
        async def room(self) -> None:
            await asyncio.Event().wait()

    async def inside() -> int:
        seen = Full()
        async with relayed(seen) as ends:
            for _ in range(20):
                await ends.loop.sock_sendall(ends.client, bytes(CHUNK))
                await asyncio.sleep(0)
        return len(seen.data["client"])

    assert asyncio.run(inside()) <= CHUNK
