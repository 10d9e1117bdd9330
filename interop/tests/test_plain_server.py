"""A server without a control line runs what needs none; it is started, lost and ended like any other process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from interop import matrix, process
from interop.model import Implementation
from interop.patience import PATIENT, Patience
from interop.tests.miniatures import (
    ROOT,
    SMALL,
    Ran,
    alive,
    argv,
    free_address,
    implementation,
    plain,
    read_cases,
    run,
)
from interop.tests.test_engine import GOOD, POISON

MORE = """
- name: unary/seen
  why: "users.proto, GetUser."
  calls: [{method: GetUser, steps: [send: {user_id: "1"}, receive_all]}]
  expect: {code: OK, messages: any, handler: {sent: 1}}
- name: unary/silent
  why: "no document says it"
  calls: [{method: GetUser, steps: [send: {user_id: "1"}, receive_all]}]
  unspecified: no document says it
- name: unary/paused
  why: "users.proto, ListUsers."
  configuration: {name: shipped}
  calls: [{method: GetUser, steps: [send: {user_id: "1"}, receive_all]}]
  expect: {code: OK, messages: any}
"""
NEEDS = "it has no control line, and this case needs "
NOTE = "judged by what the client saw: plain has no control line"


def against(folder: Path, entry: Implementation, text: str = GOOD, patience: Patience = PATIENT) -> Ran:
    """The miniature's client against a plain server."""
    cells = matrix.cells(read_cases(folder / "cases", text), ["mini"], ["plain"])
    return run(folder, [implementation(), entry], cells, patience)


def server_of(ran: Ran) -> process.Process:
    return next(one for one in ran.processes if one.label == "plain as a server")


@contextmanager
def listening(address: str, fault: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """A plain miniature that somebody else has started; one that listens, when this is entered."""
    words = [*argv("plain", fault), "--address", address]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as started:
        try:
            subprocess.run([sys.executable, "-S", "-c", UNTIL, address], timeout=30, check=True)
            yield started
        finally:
            started.kill()


UNTIL = """
import socket, sys, time
host, _, port = sys.argv[1].rpartition(":")
while True:
    try:
        socket.create_connection((host, int(port))).close()
        break
    except ConnectionRefusedError:
        time.sleep(0.01)
"""


def test_it_runs_what_needs_no_control_line_and_says_so_of_the_rest(tmp_path: Path) -> None:
    ran = against(tmp_path, plain(free_address()), SMALL + MORE)
    told = {
        name.removeprefix("mini--plain/"): (one.verdict.kind.value, one.verdict.reason, one.notes)
        for name, one in ran.records.items()
    }
    judged = ("pass", "", [NOTE])
    assert told == {
        "unary/small/user": judged,
        "server-streaming/small/users": judged,
        "client-streaming/small/upload": judged,
        "bidi-streaming/small/chat": judged,
        "unary/small/not-found": ("unsupported", f"{NEEDS}a plan", []),
        "unary/small/cancelled": ("unsupported", f"{NEEDS}a plan", []),
        "unary/small/meeting": ("unsupported", f"{NEEDS}a plan", []),
        "unary/small/seen": ("unsupported", f"{NEEDS}the handler's view", []),
        "unary/small/silent": ("unsupported", f"{NEEDS}the handler's view", []),
        "shipped/unary/small/paused": ("unsupported", f"{NEEDS}the configuration 'shipped'", []),
    }
    handlers = {name: [call.handler for call in one.calls] for name, one in ran.records.items() if one.calls}
    assert handlers == {f"mini--plain/{name}": [None] for name, one in told.items() if one == judged}
    sentences = {one.verdict.sentence for one in ran.records.values() if one.verdict.reason}
    assert (sentences, ran.problems) == ({"plain as a server: control line"}, [])


def test_a_wrong_answer_fails_by_what_the_client_saw(tmp_path: Path) -> None:
    ran = against(tmp_path, plain(free_address(), "changes-reply"))
    (record,) = ran.records.values()
    assert (record.verdict.kind, record.verdict.signature, record.notes) == (
        "fail",
        [
            'client.messages[0]: want {"user_id": 1, "name": "User 1", "email": "user1@example.com"}, '
            'got {"user_id": 1, "name": "Somebody", "email": "user1@example.com"}'
        ],
        [NOTE],
    )


def test_its_standard_output_is_in_its_log_and_no_noise(tmp_path: Path) -> None:
    server = server_of(against(tmp_path, plain(free_address())))
    assert (server.noise, server.log.read_text().splitlines()[0]) == ([], "chatter")


@pytest.mark.parametrize("fault", ["", "ignores-end"])
def test_it_is_ended_with_the_run(tmp_path: Path, fault: str) -> None:
    ran = against(tmp_path, plain(free_address(), fault), patience=Patience(stops_s=0.5))
    assert set(ran.kinds.values()) == {"pass"}
    assert alive(server_of(ran).pid) == []


def test_it_serves_at_an_ipv6_address_too(tmp_path: Path) -> None:
    assert set(against(tmp_path, plain(free_address("::1"))).kinds.values()) == {"pass"}


def test_one_that_runs_already_is_called_and_left_alone(tmp_path: Path) -> None:
    address = free_address()
    with listening(address) as server:
        ran = against(tmp_path, plain(address, started=False))
        assert (set(ran.kinds.values()), server.poll()) == ({"pass"}, None)


def test_a_crash_is_an_error_and_the_rest_runs_on_a_fresh_one_at_the_same_address(tmp_path: Path) -> None:
    ran = against(tmp_path, plain(free_address(), "dies-on:poison"), POISON + GOOD)
    assert ran.kinds == {"mini--plain/unary/small/poison": "error", "mini--plain/unary/small/good": "pass"}
    sentence = ran.records["mini--plain/unary/small/poison"].verdict.sentence
    assert sentence.startswith("plain as a server ended with exit code 3; its last lines: ")
    assert ran.problems == []


def test_one_that_is_stopped_is_named_though_the_kernel_accepts_connections_for_it(tmp_path: Path) -> None:
    text = POISON.replace("{method: GetUser, ", "{method: GetUser, give_up_after_ms: 200, ")
    ran = against(tmp_path, plain(free_address(), "stops-on:poison"), text)
    (record,) = ran.records.values()
    assert (record.verdict.kind, ran.problems) == ("error", [])
    assert record.verdict.sentence.startswith("plain as a server was stopped (SIGSTOP); its last lines: ")


TWICE = GOOD + GOOD.replace("unary/good", "unary/again")


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("dies-at-start", "ended with exit code 3; its last lines: miniature: dies, as it was told"),
        ("never-ready", "did not listen at ADDRESS within 0.4 s"),
    ],
)
def test_one_that_never_listens_is_an_error_and_is_tried_once(tmp_path: Path, fault: str, sentence: str) -> None:
    patience = Patience(ready_s=30 if fault == "dies-at-start" else 0.4)
    address = free_address()
    assert (
        errors(tmp_path, plain(address, fault), patience) == f"plain as a server {sentence.replace('ADDRESS', address)}"
    )


def test_an_address_where_nobody_listens_is_an_error_and_is_tried_once(tmp_path: Path) -> None:
    address = free_address()
    assert errors(tmp_path, plain(address, started=False)) == (
        f"plain as a server does not run: nobody listens at {address} (Connection refused); "
        "start it first, or give its command as server = […]"
    )


def test_somebody_elses_server_is_not_taken_for_the_one_that_was_to_be_started(tmp_path: Path) -> None:
    address = free_address()
    with listening(address) as server:
        assert errors(tmp_path, plain(address)) == (
            f"plain as a server was not started: somebody listens at {address} already; "
            "end that, choose another address, or leave out server = […]"
        )
        assert server.poll() is None


def errors(folder: Path, entry: Implementation, patience: Patience = PATIENT) -> str:
    """The one sentence of two cells that are both an error."""
    ran = against(folder, entry, TWICE, patience)
    assert list(ran.kinds.values()) == ["error", "error"]
    assert [one.label for one in ran.processes].count("plain as a server") == 1
    (sentence,) = {one.verdict.sentence for one in ran.records.values()}
    return sentence


def test_one_that_runs_already_and_goes_away_is_an_error(tmp_path: Path) -> None:
    address = free_address()
    with listening(address, "dies-on:poison"):
        ran = against(tmp_path, plain(address, started=False), POISON)
    (record,) = ran.records.values()
    gone = f"plain as a server no longer listens at {address} (Connection refused)"
    sentence = (
        f"plain as a server does not run: nobody listens at {address} (Connection refused); "
        "start it first, or give its command as server = […]"
    )
    assert (record.verdict.kind, record.verdict.sentence, record.notes) == (
        "error",
        sentence,
        [f"run again: {gone} while 1 cell was in flight on it"],
    )
