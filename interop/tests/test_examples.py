"""The examples: plain servers join the matrix with all that they can be asked, and plain clients call every server."""

from __future__ import annotations

import ast
import asyncio
import re
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from interop import cases, implementations, matrix, plain_case, record
from interop.contract import MODES
from interop.fleet import Fleet
from interop.implementations import ROOT
from interop.tests.miniatures import free_address
from interop.tests.runs import INTEROP, environment

EXAMPLES = ROOT / "examples"
PLAIN = ("plain-python", "plain-go")
CLIENTS = {
    "python": [sys.executable, str(EXAMPLES / "python" / "client.py")],
    "go": [str(ROOT / "build" / "bin" / "plain-go-client")],
}
T = TypeVar("T")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The entries of the examples, at ports that nobody else uses: another test run may be under way."""
    text = (EXAMPLES / "implementations.toml").read_text(encoding="utf-8")
    for address in dict.fromkeys(re.findall(r"127\.0\.0\.1:\d+", text)):
        text = text.replace(address, free_address())
    path = tmp_path / "plain.toml"
    path.write_text(text, encoding="utf-8")
    return path


async def ran(*argv: str, cwd: Path | None = None, **variables: str) -> tuple[int, str]:
    """Exit code and output of a program."""
    process = await asyncio.create_subprocess_exec(
        *argv,
        cwd=cwd,
        env={**environment(), **variables},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(200):
        output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


async def run(folder: Path, file: Path, *words: str) -> tuple[int, record.Results, str]:
    """``interop run`` with the entries of the file."""
    code, told = await ran(*INTEROP, "--implementations", str(file), "--interop-output", str(folder), *words, cwd=ROOT)
    return code, record.read(folder / record.NAME), told


def with_servers(folder: Path, file: Path, names: list[str], use: Callable[[dict[str, str]], Awaitable[T]]) -> T:
    """``use`` gets the address of each server."""

    async def inside() -> T:
        fleet = Fleet(implementations.read_with(file), folder, lambda _: None, lambda *_: None)
        try:
            servers = await asyncio.gather(*(fleet.process(name, "server") for name in names))
            addresses = await asyncio.gather(*(fleet.address(server, cases.PLAIN) for server in servers))
            return await use({name: str(address) for name, address in zip(names, addresses, strict=True)})
        finally:
            await fleet.close()

    return asyncio.run(inside())


def test_plain_servers_pass_all_that_needs_no_control_line_with_every_client(tmp_path: Path, file: Path) -> None:
    code, results, told = asyncio.run(run(tmp_path / "out", file, "--servers", ",".join(PLAIN)))
    every = [case for case in cases.read_all() if matrix.HEAVY not in case.tags]
    clients = list(implementations.read())
    want = {
        cell.id: "unsupported" if plain_case.needs(cell.case) else "pass"
        for cell in matrix.cells(every, clients, list(PLAIN))
    }
    assert ({one.id: one.verdict.kind.value for one in results.records}, code) == (want, 0), told
    reasons = {one.verdict.reason.partition(" needs ")[0] for one in results.records if one.verdict.kind != "pass"}
    assert reasons == {"it has no control line, and this case"}
    notes = {(one.server, *one.notes) for one in results.records if one.verdict.kind == "pass"}
    assert notes == {(name, f"judged by what the client saw: {name} has no control line") for name in PLAIN}
    passed = {(one.client, one.server, one.mode) for one in results.records if one.verdict.kind == "pass"}
    assert passed == {(client, server, mode) for client in clients for server in PLAIN for mode in MODES}


def test_a_server_that_somebody_else_started_is_tested_at_its_address(tmp_path: Path, file: Path) -> None:
    async def use(addresses: dict[str, str]) -> tuple[int, record.Results, str]:
        mine = tmp_path / "mine.toml"
        mine.write_text(f'[mine]\naddress = "{addresses["plain-go"]}"\n')
        return await run(tmp_path / "out", mine, "--servers", "mine", "--clients", "go", "--case", "*/messages/one")

    code, results, told = with_servers(tmp_path, file, ["plain-go"], use)
    assert {one.id: one.verdict.kind.value for one in results.records} == {
        f"go--mine/{mode}/messages/one": "pass" for mode in MODES
    }, told
    assert code == 0


GOT = """\
GetUser: 1, User 1, user1@example.com
ListUsers: 0, User 0, user0@example.com
ListUsers: 1, User 1, user1@example.com
CreateUsers: 3 users, success true
ChatUsers: 1, Received: hello, at <HH:MM:SS>
ChatUsers: 1, Received: bye, at <HH:MM:SS>
"""


def test_plain_clients_get_the_same_of_every_server(tmp_path: Path, file: Path) -> None:
    async def use(addresses: dict[str, str]) -> dict[str, tuple[int, str]]:
        pairs = {f"{client} → {server}": (CLIENTS[client], addresses[server]) for client in CLIENTS for server in names}
        told = await asyncio.gather(*(called(argv, address) for argv, address in pairs.values()))
        return dict(zip(pairs, told, strict=True))

    names = [*implementations.read(), *PLAIN]
    told = with_servers(tmp_path, file, names, use)
    assert told == {f"{client} → {server}": (0, GOT) for client in CLIENTS for server in names}


@pytest.mark.parametrize("client", CLIENTS)
def test_a_plain_client_says_what_failed_and_exits_1(client: str) -> None:
    code, told = asyncio.run(called(CLIENTS[client], free_address()))
    assert (code, told.partition(":")[0].upper()) == (1, "UNAVAILABLE")


async def called(argv: list[str], address: str) -> tuple[int, str]:
    code, told = await ran(*argv, address, PYTHONPATH=str(ROOT / "python" / "gen"))
    return code, re.sub(r"at \d\d:\d\d:\d\d$", "at <HH:MM:SS>", told, flags=re.MULTILINE)


def test_the_examples_are_written_from_scratch() -> None:
    imported = set()
    for path in (EXAMPLES / "python").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            imported |= {name.partition(".")[0] for name in names} - sys.stdlib_module_names
    assert imported == {"google", "grpc", "grpc_status", "users"}
    ours = {
        word
        for path in (EXAMPLES / "go").rglob("*.go")
        for word in re.findall(r'"(grpc-interop\.example/[^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert ours == {"grpc-interop.example/go/gen/users"}
