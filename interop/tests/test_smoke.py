"""`interop smoke`: whoever writes an implementation is told the first step that is not ok, and what to do next."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec import structs

from interop import cli, smoke, smoke_walk
from interop.errors import InputInvalid
from interop.model import Implementation
from interop.tests.miniatures import free_address, implementation, plain
from interop.tests.runs import made

BOTH = "mine → mini, mini → mine"
SOUND = f"""
ok       gets ready          server in python, client in python
ok       one unary call      {BOTH}: 2 of 2 cells pass
ok       four modes          {BOTH}: 8 of 8 cells pass
ok       plans               {BOTH}: 8 of 8 cells pass
ok       handler's view      {BOTH}: 20 of 20 cells pass
ok       honest unsupported  a step that nobody has heard of is unsupported by the server and the client
ok       survives a burst    {BOTH}: 20 of 20 cells pass
"""


class Smoke:
    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.logs, self.capsys = folder / "logs", capsys

    def __call__(self, mine: Implementation) -> tuple[int, list[str]]:
        """The exit code and the lines; what varies from run to run is cut out of them."""
        every = {"mini": implementation("mini"), "mine": structs.replace(mine, name="mine")}
        code = smoke.walk_and_tell(every, "mine", "mini", self.logs)
        told = self.capsys.readouterr().out.replace(str(self.logs), "LOGS")
        told = re.sub(r"its last lines: .*?(; run again|$)", r"its last lines: …\1", told, flags=re.MULTILINE)
        return code, re.sub(r"'x-\w+'|none of its \d+", "…", told).splitlines()


@pytest.fixture
def walk(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Smoke:
    monkeypatch.setattr(smoke_walk, "BURST", 10)
    return Smoke(tmp_path, capsys)


def test_a_sound_one_is_ok_in_every_step(walk: Smoke) -> None:
    assert walk(implementation()) == (0, SOUND.strip().splitlines())


def alone(role: str, fault: str = "", once: Path | None = None) -> Implementation:
    """An implementation in one role."""
    both = implementation(server=fault, client=fault, once=once)
    return structs.replace(both, **{"server" if role == "client" else "client": None})


DIED = "ended with exit code 3; its last lines: …"
UNBELIEVED = "its word is not believed; its last lines: …"


@pytest.mark.parametrize(
    ("role", "fault", "line"),
    [
        ("server", "dies-at-start", f"gets ready          mine as a server {DIED}"),
        ("client", "dies-at-start", f"gets ready          mine as a client {DIED}"),
        (
            "server",
            "changes-reply",
            "one unary call      1 of 1 cells, first mini--mine/unary/messages/one: client.messages[0]: "
            'want {"user_id": "1", "name": "User 1", "email": "user1@example.com"}, '
            'got {"user_id": "1", "name": "Somebody", "email": "user1@example.com"}',
        ),
        (
            "client",
            "drops-last",
            "one unary call      1 of 1 cells, first mine--mini/unary/messages/one: "
            "client.messages: want 1 message, got no message",
        ),
        (
            "client",
            "lacks:send",
            "one unary call      mine → mini: 0 of 1 cells pass; "
            "unsupported: mine as a client: step:send (the miniature has no such thing)",
        ),
        (
            "client",
            "dies-on:/users.UserService/ListUsers",
            "four modes          1 of 4 cells, first mine--mini/server-streaming/messages/one: "
            f"mine as a client {DIED}",
        ),
        (
            "server",
            "rejects:plan",
            "plans               4 of 4 cells, first mini--mine/unary/status/not-found: "
            "mine as a server rejected a line: as it was told",
        ),
        (
            "server",
            "no-view",
            "handler's view      10 of 10 cells, first mini--mine/unary/messages/one: "
            "handler.sees: want called once, got never called",
        ),
        (
            "server",
            "claims-everything",
            f"honest unsupported  mine as a server answered the unheard-of step … with Planned: {UNBELIEVED}",
        ),
        (
            "client",
            "claims-everything",
            f"honest unsupported  mine as a client answered the unheard-of step … with Observation: {UNBELIEVED}",
        ),
    ],
)
def test_the_first_step_that_is_not_ok_says_what_came_and_what_to_do(
    walk: Smoke, role: str, fault: str, line: str
) -> None:
    code, lines = walk(alone(role, fault))
    names = [step.name for step in smoke.STEPS]
    at = next(number for number, name in enumerate(names) if line.startswith(name))
    step = smoke.STEPS[at]
    later = [f"skipped  {name:<18}  until the step above is ok" for name in names[at + 1 :]]
    assert (code, [one[:7].strip() for one in lines[:at]]) == (1, ["ok"] * at)
    assert lines[at : at + 4] == [
        f"not ok   {line}",
        f"  next: as a {role}, {getattr(step, role)}",
        f'  read: interop/README.md, "{step.section}"',
        "  logs: LOGS/mine.*.log",
    ]
    assert lines[at + 4 :] == later


def test_a_crash_in_the_burst_is_not_ok_though_no_cell_repeats_it(
    walk: Smoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smoke_walk, "BURST", 40)
    code, lines = walk(alone("client", "dies-on-call:40", tmp_path / "died"))
    again = "run again one at a time, … cells did it again"
    line = f"not ok   survives a burst    unexplained: mine as a client {DIED}; {again}"
    assert (code, lines[6]) == (1, line)


@pytest.mark.parametrize("role", ["server", "client"])
def test_one_role_alone_is_walked_through(walk: Smoke, role: str) -> None:
    code, lines = walk(alone(role))
    pair = "mini → mine" if role == "server" else "mine → mini"
    assert (code, lines) == (
        0,
        [
            f"ok       gets ready          {role} in python",
            f"ok       one unary call      {pair}: 1 of 1 cells pass",
            f"ok       four modes          {pair}: 4 of 4 cells pass",
            f"ok       plans               {pair}: 4 of 4 cells pass",
            f"ok       handler's view      {pair}: 10 of 10 cells pass",
            f"ok       honest unsupported  a step that nobody has heard of is unsupported by the {role}",
            f"ok       survives a burst    {pair}: 10 of 10 cells pass",
        ],
    )


def test_what_needs_a_control_line_is_skipped_without_one(walk: Smoke) -> None:
    address = free_address()
    code, lines = walk(plain(address))
    assert (code, lines) == (
        0,
        [
            f"ok       gets ready          server at {address}",
            "ok       one unary call      mini → mine: 1 of 1 cells pass",
            "ok       four modes          mini → mine: 4 of 4 cells pass",
            "skipped  plans               no control line",
            "skipped  handler's view      no control line",
            "skipped  honest unsupported  no control line",
            "ok       survives a burst    mini → mine: 10 of 10 cells pass",
        ],
    )


def test_an_honest_unsupported_is_ok_and_told(walk: Smoke) -> None:
    code, lines = walk(alone("server", "lacks:headers"))
    lacks = "unsupported: mine as a server: step:headers (the miniature has no such thing)"
    assert (code, lines[3]) == (0, f"ok       plans               mini → mine: 1 of 4 cells pass; {lacks}")


@pytest.mark.parametrize(
    ("name", "other", "sentence"),
    [
        ("mime", "", "smoke: implementation 'mime'; allowed: mini, mine; did you mean 'mine'?"),
        ("mine", "mino", "--with: 'mino' as a client; allowed: mini, mine; did you mean 'mini'?"),
    ],
)
def test_a_wrong_name_is_told(tmp_path: Path, name: str, other: str, sentence: str) -> None:
    every = {"mini": implementation("mini"), "mine": implementation("mine")}
    with pytest.raises(InputInvalid) as caught:
        smoke.walk_and_tell(every, name, other, tmp_path)
    assert str(caught.value) == sentence


def test_every_section_to_read_is_there() -> None:
    page = (Path(smoke.__file__).parent / "README.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", page, flags=re.MULTILINE)
    assert {step.section for step in smoke.STEPS} <= set(headings)


def test_the_command_reads_the_file_of_implementations_and_keeps_the_logs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made(tmp_path)
    code = cli.main(["smoke", "liar", "--implementations", "mine.toml", "--with", "mini"])
    lines = capsys.readouterr().out.splitlines()
    assert (code, lines[0]) == (1, "ok       gets ready          server in python, client in python")
    assert lines[1].startswith(
        "not ok   one unary call      1 of 2 cells, first mini--liar/unary/messages/one: client.mess"
    )
    assert lines[5] == "  logs: build/smoke/liar.*.log"
    assert sorted(path.name for path in Path("build/smoke").glob("liar.*.log")) == [
        "liar.client.log",
        "liar.server.log",
    ]
