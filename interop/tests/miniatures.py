"""What the tests of running cells share: miniatures as implementations, a small catalogue, a run of it to records."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from interop import cases, matrix
from interop.engine import CellResult, Engine
from interop.fleet import Fleet
from interop.judging import Judge
from interop.known import Known
from interop.model import Case, Cell, Implementation
from interop.patience import PATIENT, Patience
from interop.process import Process
from interop.results import Record

ROOT = Path(__file__).parent.parent.parent
# -S: it needs no installed package, and starts in half the time.
_PROGRAM = [sys.executable, "-S", "-m", "interop.tests.miniature"]

SMALL = """
- name: unary/user
  why: "users.proto, GetUser."
  calls: [{method: GetUser, metadata: [[x-a, "1"]], steps: [send: {user_id: "1"}, receive_all]}]
  expect: {code: OK, messages: [{user_id: "1", name: User 1, email: user1@example.com}]}
- name: server-streaming/users
  why: "users.proto, ListUsers."
  calls: [{method: ListUsers, steps: [send: {page_size: 2}, receive: 2, receive_all]}]
  expect: {code: OK, messages: {count: 2, each: {user_id: "{i}", name: "User {i}", email: "user{i}@example.com"}}}
- name: client-streaming/upload
  why: "users.proto, CreateUsers."
  calls: [{method: CreateUsers, steps: [{send: {user_id: "u{i}"}, count: 3}, half_close, receive_all]}]
  expect: {code: OK, messages: [{user_count: 3, success: true}]}
- name: bidi-streaming/chat
  why: "users.proto, ChatUsers."
  calls:
    - method: ChatUsers
      steps: [send: {user_id: "1", message: a, timestamp: ""}, receive: 1, half_close, receive_all]
  expect: {code: OK, messages: [{user_id: "1", message: "Received: a", timestamp: "<HH:MM:SS>"}]}
- name: unary/not-found
  why: "statuscodes.md, NOT_FOUND."
  calls: [{method: GetUser, steps: [send: {user_id: "1"}, receive_all]}]
  plan: [finish: {code: NOT_FOUND, message: no such user, trailers: [[x-b, "2"]]}]
  expect: {code: NOT_FOUND, message: no such user, trailing: [[x-b, "2"]]}
- name: unary/cancelled
  why: "statuscodes.md, CANCELLED."
  calls: [{method: GetUser, steps: [send: {user_id: "1"}, await: begun, cancel]}]
  plan: [mark: begun, wait: 60000]
  expect: {code: CANCELLED, message: any, handler: {left: returned, context: cancelled, steps: [ok, over]}}
- name: unary/meeting
  why: "RFC 9113, section 5: streams are independent."
  calls:
    - method: GetUser
      steps: [send: {user_id: "1"}, receive_all]
      plan: [await: second, send: {user_id: first, name: "", email: ""}]
      expect: {code: OK, messages: [{user_id: first, name: "", email: ""}]}
    - method: GetUser
      steps: [send: {user_id: "2"}, receive_all]
      plan: [mark: second, send: {user_id: second, name: "", email: ""}]
      expect: {code: OK, messages: [{user_id: second, name: "", email: ""}]}
"""


def implementation(
    name: str = "mini", *, server: str = "", client: str = "", once: Path | None = None
) -> Implementation:
    """A miniature; ``server`` and ``client`` are the faults of its ends."""
    return Implementation(
        name=name,
        server=argv("server", server, once),
        client=argv("client", client, once),
        user_agent="^miniature/",
        directory=ROOT,
    )


def faulty(role: str, fault: str) -> Implementation:
    return implementation(client=fault) if role == "client" else implementation(server=fault)


def plain(address: str, fault: str = "", *, once: Path | None = None, started: bool = True) -> Implementation:
    """A miniature server without a control line; ``started`` says who starts it, the harness or somebody else."""
    words = [*argv("plain", fault, once), "--address", address]
    command = words if started else None
    return Implementation(name="plain", server=command, client=None, user_agent="", directory=ROOT, address=address)


def free_address(host: str = "127.0.0.1") -> str:
    """Where nobody listens."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
        listener.bind((host, 0))
        port = listener.getsockname()[1]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def argv(role: str, fault: str = "", once: Path | None = None) -> list[str]:
    words = [*_PROGRAM, role, *(["--fault", fault] if fault else [])]
    return [*words, "--once", str(once)] if once else words


def write_cases(folder: Path, text: str = SMALL, group: str = "small") -> Path:
    """A folder of cases as the catalogue is one: methods.yaml and one group."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(cases.SHIPPED / cases.METHODS, folder)
    path = folder / f"{group}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def read_cases(folder: Path, text: str = SMALL) -> list[Case]:
    return cases.read_file(write_cases(folder, text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """``records`` by the cell's id, in the order in which they came."""

    records: dict[str, Record]
    problems: list[str]
    noise: dict[str, list[str]]
    processes: list[Process]

    @property
    def kinds(self) -> dict[str, str]:
        return {name: record.verdict.kind.value for name, record in self.records.items()}

    @property
    def comparable(self) -> dict[str, Any]:
        return {name: comparable(record) for name, record in self.records.items()}


def run(
    folder: Path, implementations: Iterable[Implementation], cells: Iterable[Cell], patience: Patience = PATIENT
) -> Ran:
    """Runs and judges the cells."""
    (folder / "logs").mkdir()
    entries = {entry.name: entry for entry in implementations}

    async def inside() -> Ran:
        results: list[CellResult] = []
        engine = Engine(
            lambda on_mark: Fleet(entries, folder / "logs", on_mark, lambda *_: None, patience), results.append
        )
        try:
            await engine.run(cells)
        finally:
            await engine.fleet.close()
        return judged(entries, engine, results)

    return asyncio.run(inside())


def judged(entries: dict[str, Implementation], engine: Engine, results: list[CellResult]) -> Ran:
    judge = Judge(Known(), entries)
    return Ran(
        records={result.cell.id: judge.record(result) for result in results},
        problems=engine.problems,
        noise={process.label: process.noise for process in engine.fleet.everyone},
        processes=engine.fleet.everyone,
    )


def run_small(folder: Path, *implementations: Implementation, text: str = SMALL, patience: Patience = PATIENT) -> Ran:
    """Every client against every server, over a small catalogue."""
    names = [entry.name for entry in implementations]
    return run(folder, implementations, matrix.cells(read_cases(folder / "cases", text), names, names), patience)


def comparable(record: Record) -> Any:
    """A record without what differs from run to run: call ids, times, and the folder of its cases."""
    values = msgspec.to_builtins(record)
    values.pop("duration_ms", None)
    values["source"] = Path(values["source"]).name
    for call in values.get("calls", []):
        call.pop("call_id")
        call.pop("elapsed_ms", None)
    return values


def alive(group: int) -> list[str]:
    """The commands of a process group that still run; a zombie does not."""
    listing = subprocess.run(["ps", "-A", "-o", "pgid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    rows = [re.split(r"\s+", line.strip(), maxsplit=2) for line in listing.splitlines()]
    return [row[2] for row in rows if row[0] == str(group) and not row[1].startswith("Z")]
