"""A case in words, with its last result on each pair, and both views of a cell with its log lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from interop import cli, record
from interop.tests.miniatures import write_cases
from interop.tests.runs import Folder, made

CASES = """
- name: unary/lost
  why: "statuscodes.md, DEADLINE_EXCEEDED."
  quiet: true
  repeat: 2
  tags: [bulk]
  configuration: {name: odd}
  calls:
    - method: GetUser
      channel: fresh
      deadline_ms: 900
      metadata: [[x-a, "1"]]
      steps: [send: {user_id: {fill: 70}}, await: there, receive_all]
  plan: [mark: there, wait: 5000]
  expect:
    - because: "statuscodes.md"
      code: DEADLINE_EXCEEDED
      message: any
      elapsed_ms: {at_most: 4000}
      handler: any
    - because: "PROTOCOL-HTTP2.md"
      code: CANCELLED
      message: gone
      handler: any
- name: bidi-streaming/silent
  why: "nothing says"
  calls:
    - {method: ChatUsers, steps: [{send: {user_id: "{i}"}, count: 3}, half_close]}
    - {method: GetUser, raw: true, steps: [send: {raw: AAE=}]}
  unspecified: "no document has a word on it"
"""
LOST = """unary/small/lost
  small.yaml:2
  why: statuscodes.md, DEADLINE_EXCEEDED.
  runs when all others are over; 2 rounds; configuration odd
  tags: bulk

call: /users.UserService/GetUser (unary, channel fresh, deadline 900 ms, metadata [["x-a", "1"]])
  client   send fill {"field": "user_id", "size": 70}
           await there
           receive_all
  handler  mark there
           wait ms 5000
  expect: statuscodes.md
    ended: status
    code: DEADLINE_EXCEEDED
    details: []
    messages: []
    initial: []
    trailing: []
    elapsed at most ms: 4000
    handler's metadata: [["x-a", "1"]]
    handler's messages: [{"user_id": "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e96b86b2"}]
    handler's left: ["status"]
    handler's deadline: present
  or: PROTOCOL-HTTP2.md
    ended: status
    code: CANCELLED
    message: gone
    details: []
    messages: []
    initial: []
    trailing: []
    handler's metadata: [["x-a", "1"]]
    handler's messages: [{"user_id": "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e96b86b2"}]
    handler's left: ["status"]
    handler's deadline: present

no run has left results"""
SILENT = """bidi-streaming/small/silent
  small.yaml:25
  why: nothing says

call 0: /users.UserService/ChatUsers (bidi-streaming)
  client   send {"user_id": "{i}"} count 3
           half_close
  handler  the service itself

call 1: /users.UserService/GetUser (unary, raw bytes)
  client   send raw "AAE="
  handler  the service itself

nothing is expected, the specification is silent: no document has a word on it

no run has left results"""


def explained(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cli.main(["explain", *words]) == 0
    return capsys.readouterr().out.rstrip("\n")


def test_a_case_is_told_with_its_calls_its_plan_and_what_is_expected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where no run has left results
    write_cases(tmp_path, CASES)
    for name, want in (("unary/small/lost", LOST), ("odd/unary/small/lost", LOST)):
        assert explained(capsys, name, "--cases", str(tmp_path)) == want
    assert explained(capsys, "bidi-streaming/small/silent", "--cases", str(tmp_path)) == SILENT


def test_the_last_result_on_each_pair_and_both_views_of_a_cell_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = made(tmp_path)
    folder.run("mini,liar")
    told = of_cell(capsys, folder, "mini--liar/unary/small/user")
    started = folder.results().header.started
    red = next(one.verdict.sentence for one in folder.results().records if one.id == "mini--liar/unary/small/user")
    last = f"last result, of the run of {started}:\n  mini--mini  pass\n  mini--liar  fail  {red}\n"
    assert last in told
    views = told.partition(last)[2]
    assert [line for line in views.splitlines() if line and not line.startswith(" ")] == [
        f"{call_of(folder)}: what the client saw",
        "what the handler saw",
        "what liar.server wrote about it",
        "what mini.client wrote about it",
    ]


def of_cell(capsys: pytest.CaptureFixture[str], folder: Folder, cell: str) -> str:
    return explained(capsys, cell, "--cases", str(folder.path / "cases"), "--results", str(folder.output / record.NAME))


def call_of(folder: Folder) -> str:
    (one,) = (one for one in folder.results().records if one.id == "mini--liar/unary/small/user")
    return one.calls[0].call_id


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("mini--nope/unary/small/lost", "mini--nope/unary/small/lost: no cell of "),
        ("unary/small/lost --results gone.jsonl", "gone.jsonl: can't be read: "),
    ],
)
def test_a_cell_that_did_not_run_and_a_file_that_is_not_there_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: str, sentence: str
) -> None:
    write_cases(tmp_path, CASES)
    assert cli.main(["explain", *words.split(), "--cases", str(tmp_path)]) == cli.WRONG_INPUT
    assert sentence in capsys.readouterr().err


def test_an_unknown_case_is_told_with_the_nearest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_cases(tmp_path, CASES)
    assert cli.main(["explain", "unary/small/lots", "--cases", str(tmp_path)]) == cli.WRONG_INPUT
    assert "did you mean 'unary/small/lost'?" in capsys.readouterr().err
