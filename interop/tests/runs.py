"""What the tests of the shells share: a folder of cases with miniatures, in which pytest or ``interop run`` is run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interop import record
from interop.tests.miniatures import argv, write_cases

CASES = """
- name: unary/user
  why: "users.proto, GetUser."
  calls: [{method: GetUser, steps: [send: {user_id: "1"}, receive_all]}]
  expect: {code: OK, messages: [{user_id: "1", name: User 1, email: user1@example.com}]}
- name: unary/none
  why: "statuscodes.md, NOT_FOUND."
  calls: [{method: GetUser, steps: [send: {user_id: "1"}, receive_all]}]
  plan: [finish: {code: NOT_FOUND, message: nobody}]
  expect: {code: NOT_FOUND, message: nobody}
- name: server-streaming/users
  why: "users.proto, ListUsers."
  calls: [{method: ListUsers, steps: [send: {page_size: 1}, receive_all]}]
  expect: {code: OK, messages: [{user_id: "0", name: User 0, email: user0@example.com}]}
"""
SLOW = """
- name: unary/slow
  why: "a call that nobody ends"
  quiet: true
  calls: [{method: GetUser, steps: [send: {user_id: "1"}, receive_all]}]
  plan: [await: never]
  expect: {code: OK}
"""
IDS = ["unary/small/user", "unary/small/none", "server-streaming/small/users"]
OUTSIDE = ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_CURRENT_TEST", "INTEROP_ROOT")
PYTEST = [sys.executable, "-m", "pytest", "-p", "no:hypothesispytest"]
INTEROP = [sys.executable, "-c", "import sys; from interop.cli import main; sys.exit(main())", "run"]


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that holds cases and implementations, and in which pytest is run."""

    path: Path

    def words(self, servers: str, *words: str, clients: str = "mini") -> list[str]:
        return ["cases", "--implementations", "mine.toml", "--clients", clients, "--servers", servers, *words]

    def run(self, servers: str, *words: str, program: list[str] = PYTEST, clients: str = "mini") -> Any:
        return subprocess.run(
            [*program, *self.words(servers, *words, clients=clients)],
            cwd=self.path,
            env=environment(),
            timeout=100,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # a run that ended its own group would not end the tests
            check=False,
        )

    @property
    def output(self) -> Path:
        return self.path / "build" / "interop"

    def results(self) -> record.Results:
        return record.read(self.output / record.NAME)


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in OUTSIDE} | {"COLUMNS": "200"}


def made(path: Path, text: str = CASES) -> Folder:
    write_cases(path / "cases", text)
    (path / "pytest.ini").write_text("[pytest]\n")
    faults = {"mini": ("", ""), "liar": ("changes-reply", ""), "stubborn": ("ignores-end", "ignores-end")}
    toml = [
        f"[{name}]\nserver = {json.dumps(argv('server', server))}\nclient = {json.dumps(argv('client', client))}\n"
        'user_agent = "^miniature/"\n'
        for name, (server, client) in faults.items()
    ]
    (path / "mine.toml").write_text("\n".join(toml))
    return Folder(path)


def interrupted(folder: Folder, at: str, *words: str, by: signal.Signals = signal.SIGINT) -> record.Results:
    """What a run has left that gets a signal, as Ctrl-C sends it, when it has printed a line with ``at``."""
    with subprocess.Popen(
        [*PYTEST, *folder.words("stubborn", *words, clients="stubborn")],
        cwd=folder.path,
        env=environment() | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        # Whatever started the tests may have them ignore Ctrl-C, as a shell does with what runs in the background.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - no threads here
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if at in line:
                running.send_signal(by)
                break
        told = running.stdout.read()
    assert running.returncode == (-by if by == signal.SIGKILL else 2), told
    return folder.results()


def ids(*servers: str, cases: list[str] = IDS, client: str = "mini") -> list[str]:
    return [f"{client}--{server}/{case}" for case in cases for server in servers]
