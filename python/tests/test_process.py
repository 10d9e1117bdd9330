"""A program as a process: its first line, lines that are none, its end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time

import pytest
from tests.conversation import Conversation, send
from tests.program import PATIENCE_S, Program, start


def test_a_program_says_who_it_is(talk: Conversation) -> None:
    for program, role in ((talk.server, "server"), (talk.client, "client")):
        ready = dict(program.ready)
        assert ready.pop("language").startswith("python 3.")
        assert set(ready.pop("libraries")) >= {"grpcio", "protobuf"}
        name = {"threads": "python", "aio": "python-aio"}[talk.stack]
        assert ready == {
            "type": "ready", "contract": 1, "role": role, "implementation": name, "pid": program.process.pid,
        }  # fmt: skip


def test_a_bad_line_ends_nothing(talk: Conversation) -> None:
    for line in ("garbage", "[1]", '"text"', "{}", '{"type": "release"}', "[" * 100_000, "\udcff"):
        talk.client.write(line.encode("utf-8", "replace").decode())
        talk.server.write(line.encode("utf-8", "replace").decode())
    assert talk.client.ask("dance") == {
        "type": "rejected",
        "reason": "type: dance is no line for this program; there are call, release",
    }
    assert talk.server.ask("stop", address="127.0.0.1:1")["type"] == "rejected"
    observation, _ = talk.observe("GetUser", send(user_id="1"))
    assert observation["status"]["code"] == "OK"


def test_what_is_unknown_is_unsupported(talk: Conversation) -> None:
    request = talk.request("c", "GetUser", send(user_id="1"))
    assert talk.client.ask(**{**request, "steps": [{"do": "xyzzy"}]}) == {
        "type": "unsupported", "feature": "step:xyzzy", "reason": "this program does not know the step",
    }  # fmt: skip
    refused = talk.server.ask("listen", configuration={"name": "x", "xyzzy": 1}, host="127.0.0.1", port=0)
    assert (refused["type"], refused["feature"]) == ("unsupported", "configuration:xyzzy")


def test_a_port_that_is_taken_is_refused(talk: Conversation) -> None:
    port = int(talk.target.rpartition(":")[2])
    refused = talk.server.ask("listen", configuration={"name": "plain"}, host="127.0.0.1", port=port)
    assert (refused["type"], refused["reason"].startswith(f"listen: {talk.target}: ")) == ("rejected", True)


def test_a_stopped_listener_lets_its_calls_end(talk: Conversation) -> None:
    configuration = {"name": "other"}
    address = talk.server.ask("listen", configuration=configuration, host="127.0.0.1", port=0)["address"]
    plan = [{"do": "mark", "mark": "there"}, {"do": "await", "mark": "go"}]
    request_id, call_id = talk.call("GetUser", send(user_id="1"), plan=plan, target=address)
    talk.saw(talk.server, "there", call_id)
    stop = talk.server.send("stop", address=address, grace_ms=5000)
    while not refused(talk, address):
        pass
    talk.server.release(call_id, "go")
    assert talk.observation(request_id)["status"]["code"] == "OK"
    assert talk.server.reply(stop) == {"type": "stopped"}


def refused(talk: Conversation, address: str) -> bool:
    request_id, _ = talk.call("GetUser", send(user_id="1"), target=address, channel="fresh", metadata=[])
    return bool(talk.observation(request_id)["status"]["code"] == "UNAVAILABLE")


def test_a_line_that_would_be_too_long_says_so(talk: Conversation) -> None:
    message = {"json": {}, "fill": {"field": "name", "size": 1000}}
    plan = [{"do": "send", "message": message, "count": 1100}]
    request_id, call_id = talk.call("ListUsers", send(), plan=plan)
    refused = talk.client.reply(request_id)
    assert (refused["type"], "at most 1048576" in refused["reason"]) == ("rejected", True)
    talk.view(call_id)


@pytest.mark.parametrize("end", ["standard input", "SIGTERM"])
def test_a_program_ends_whatever_is_under_way(stack: str, end: str) -> None:
    server, client = Program(stack, "server"), Program(stack, "client")
    target = server.ask("listen", configuration={"name": "plain"}, host="127.0.0.1", port=0)["address"]
    talk = Conversation.__new__(Conversation)
    talk.target = target
    plan = [{"do": "mark", "mark": "there"}, {"do": "await", "mark": "never"}]
    server.ask("plan", call_id="c", method="/users.UserService/GetUser", mode="unary", steps=plan)
    client.send(**talk.request("c", "GetUser", send(user_id="1")))
    assert server.marks.get(timeout=PATIENCE_S)["mark"] == "there"
    begun = time.monotonic()
    for program in (client, server):
        if end == "SIGTERM":
            os.kill(program.process.pid, signal.SIGTERM)
            assert program.process.wait(PATIENCE_S) == 0
        assert program.close() == 0
    assert time.monotonic() - begun < 2


def test_every_line_of_a_stack_trace_has_the_calls_id(stack: str) -> None:
    process = start(stack, "server", stderr=subprocess.PIPE)
    assert process.stdin
    assert process.stdout
    assert process.stderr
    process.stdout.readline()
    client = Program(stack, "client")
    listen = {"type": "listen", "id": "1", "configuration": {"name": "plain"}, "host": "127.0.0.1", "port": 0}
    steps = [{"do": "raise", "text": "boo"}]
    plan = {"type": "plan", "id": "2", "call_id": "c", "method": "/users.UserService/GetUser", "mode": "unary"}
    process.stdin.write(json.dumps(listen) + "\n" + json.dumps({**plan, "steps": steps}) + "\n")
    process.stdin.flush()
    replies = [json.loads(process.stdout.readline()) for _ in range(2)]
    talk = Conversation.__new__(Conversation)
    talk.target = next(reply["address"] for reply in replies if "address" in reply)
    client.ask(**talk.request("c", "GetUser", send(user_id="1")))
    client.close()
    _, log = process.communicate(timeout=PATIENCE_S)
    assert {line.partition(" ")[0] for line in log.splitlines()} == {"call=c"}
    assert ("PlannedException: boo" in log, "/users.UserService/GetUser UNKNOWN" in log) == (True, True)
