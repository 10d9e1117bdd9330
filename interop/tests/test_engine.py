"""Cells are run to records: many at a time, quiet ones last, and again what was in flight on a process that died."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from interop import matrix
from interop.patience import Patience
from interop.tests.miniatures import alive, comparable, faulty, implementation, read_cases, run, run_small

ALL = [
    "unary/small/user", "server-streaming/small/users", "client-streaming/small/upload", "bidi-streaming/small/chat",
    "unary/small/not-found", "unary/small/cancelled", "unary/small/meeting",
]  # fmt: skip
POISON = """
- name: unary/poison
  why: "a call that its process does not survive"
  calls: [{method: GetUser, steps: [send: {user_id: poison}, receive_all]}]
  expect: {code: OK, messages: [{user_id: poison, name: User poison, email: userpoison@example.com}]}
"""
GOOD = "- name: unary/good\n" + POISON.partition("unary/poison\n")[2].replace("poison", "1")


def test_miniatures_pass_their_small_catalogue(tmp_path: Path) -> None:
    ran = run_small(tmp_path, implementation("a"), implementation("b"))
    pairs = ("a--a", "a--b", "b--a", "b--b")
    assert ran.kinds == {f"{pair}/{case}": "pass" for case in ALL for pair in pairs}
    assert (ran.problems, ran.noise) == (
        [],
        {f"{name} as a {role}": [] for name in "ab" for role in ("server", "client")},
    )
    assert [alive(process.pid) for process in ran.processes] == [[]] * 4


@pytest.mark.parametrize(
    ("entry", "case", "sentence"),
    [
        (implementation(client="drops-last"), "unary/small/user", "client.messages: want 1 message, got no message"),
        (
            implementation(server="changes-reply"),
            "unary/small/user",
            'client.messages[0]: want {"user_id": "1", "name": "User 1", "email": "user1@example.com"}, '
            'got {"user_id": "1", "name": "Somebody", "email": "user1@example.com"}',
        ),
        (implementation(server="no-view"), "unary/small/not-found", "handler.sees: want called once, got never called"),
    ],
)
def test_a_lie_fails_the_cell_it_is_told_in(tmp_path: Path, entry: object, case: str, sentence: str) -> None:
    ran = run_small(tmp_path, entry)  # type: ignore[arg-type]
    verdict = ran.records[f"mini--mini/{case}"].verdict
    assert (verdict.kind, verdict.sentence, verdict.signature) == ("fail", sentence, [sentence])


def test_a_process_that_never_got_ready_spoils_its_own_cells_and_no_other(tmp_path: Path) -> None:
    ran = run_small(tmp_path, implementation("good"), implementation("bad", server="dies-at-start"))
    sentence = "bad as a server ended with exit code 3; its last lines: miniature: dies, as it was told"
    for name, record in ran.records.items():
        want: tuple[str, str, list[str]] = ("error", sentence, []) if "--bad/" in name else ("pass", "", [])
        assert (record.verdict.kind, record.verdict.sentence, record.notes) == want, name
    assert (len(ran.records), ran.problems) == (4 * len(ALL), [])


def test_one_that_claims_everything_spoils_its_own_cells(tmp_path: Path) -> None:
    ran = run_small(tmp_path, implementation("liar", client="claims-everything"))
    assert set(ran.kinds.values()) == {"error"}
    assert all("its word is not believed" in record.verdict.sentence for record in ran.records.values())
    assert [record.notes for record in ran.records.values()] == [[]] * len(ALL)


@pytest.mark.parametrize("role", ["server", "client"])
def test_the_cell_that_kills_its_process_is_an_error_and_the_others_keep_their_result(
    tmp_path: Path, role: str
) -> None:
    sick = faulty(role, "dies-on:poison")
    ran = run_small(tmp_path, sick, text=POISON + GOOD)
    poison, good = ran.records["mini--mini/unary/small/poison"], ran.records["mini--mini/unary/small/good"]
    assert (poison.verdict.kind, good.verdict.kind, ran.problems) == ("error", "pass", [])
    words = f"mini as a {role} ended with exit code 3"
    assert poison.verdict.sentence.startswith(f"{words}; its last lines: ")
    assert poison.verdict.sentence.endswith("miniature: dies, as it was told")
    notes = [f"run again: {words} while {count} in flight on it" for count in ("1 cell was", "2 cells were")]
    assert poison.notes[0] in notes
    assert good.notes in ([], [notes[1]])


def test_a_crash_changes_no_other_record(tmp_path: Path) -> None:
    """The poisoned case is at both ends of the catalogue, so that others are before it, beside it and after it."""
    text = POISON + SMALL_TWICE + POISON.replace("unary/poison", "unary/poison-again")
    (tmp_path / "sound").mkdir()
    want = run_small(tmp_path / "sound", implementation("a"), implementation("b"), text=text)
    ran = run_small(tmp_path, implementation("a"), implementation("b", client="dies-on:poison"), text=text)
    assert {name for name, kind in ran.kinds.items() if kind != "pass"} == {
        f"b--{server}/unary/small/{case}" for server in "ab" for case in ("poison", "poison-again")
    }
    for name, record in ran.records.items():
        if ran.kinds[name] == "pass":
            values = comparable(record)
            assert all(note.startswith("run again: b as a client ended") for note in values.pop("notes", []))
            assert values == want.comparable[name]


SMALL_TWICE = GOOD + GOOD.replace("unary/good", "unary/good-too") + GOOD.replace("unary/good", "unary/third")


def test_a_crash_that_no_cell_repeats_is_a_problem_of_the_run(tmp_path: Path) -> None:
    ran = run_small(tmp_path, implementation(client="dies-on-call:3", once=tmp_path / "struck"))
    assert set(ran.kinds.values()) == {"pass"}
    noted = [record.notes for record in ran.records.values() if record.notes]
    words = "mini as a client ended with exit code 3"
    again = f"run again: {words} while {len(noted)} cells were in flight on it"
    assert noted == [[again]] * len(noted)
    (problem,) = ran.problems
    assert problem.startswith(f"unexplained: {words}; its last lines: ")
    assert problem.endswith(f"; run again one at a time, none of its {len(noted)} cells did it again")


@pytest.mark.parametrize(("role", "kind"), [("client", "call"), ("server", "plan"), ("server", "listen")])
def test_a_line_that_is_never_answered_is_an_error_of_the_one_who_was_asked(
    tmp_path: Path, role: str, kind: str
) -> None:
    text = (
        POISON.replace("receive_all]}]", "receive_all], give_up_after_ms: 500}]")
        + "  plan: [send: {user_id: poison}]\n"
    )
    ran = run_small(tmp_path, faulty(role, f"never:{kind}"), text=text, patience=Patience(answers_s=1.0))
    (record,) = ran.records.values()
    assert record.verdict.kind == "error"
    assert record.verdict.sentence.startswith(f'mini as a {role} did not answer {{"type":"{kind}"')
    assert [alive(process.pid) for process in ran.processes] == [[]] * len(ran.processes)


def test_one_that_hangs_again_and_again_is_given_up(tmp_path: Path) -> None:
    """Six cells hang; without an end to it each would cost a wait of its own."""
    text = "".join(GOOD.replace("unary/good", f"unary/{number}") + "  plan: []\n" for number in range(6))
    ran = run_small(tmp_path, implementation(server="never:plan"), text=text, patience=Patience(answers_s=1.0))
    assert [process.label for process in ran.processes].count("mini as a server") == 3
    verdicts = [(record.verdict.kind.value, record.verdict.sentence) for record in ran.records.values()]
    assert [kind for kind, _ in verdicts] == ["error"] * 6
    why = "; it is not started again: 3 of them in a row ended without one cell done"
    assert [why in sentence for _, sentence in verdicts] == [False] * 2 + [True] * 4
    assert ran.problems == []


@pytest.mark.parametrize(("role", "kind"), [("client", "call"), ("server", "plan")])
def test_a_rejected_line_is_an_error_and_not_unsupported(tmp_path: Path, role: str, kind: str) -> None:
    ran = run_small(tmp_path, faulty(role, f"rejects:{kind}"), text=POISON + "  plan: []\n")
    (record,) = ran.records.values()
    want = f"mini as a {role} rejected a line: as it was told"
    assert (record.verdict.kind, record.verdict.sentence) == ("error", want)


@pytest.mark.parametrize(("role", "step"), [("client", "cancel"), ("server", "mark")])
def test_a_step_that_an_end_lacks_is_unsupported_in_its_own_words(tmp_path: Path, role: str, step: str) -> None:
    ran = run_small(tmp_path, faulty(role, f"lacks:{step}"))
    told = {name: record.verdict for name, record in ran.records.items() if record.verdict.kind == "unsupported"}
    assert "mini--mini/unary/small/cancelled" in told
    words = {(verdict.sentence, verdict.reason) for verdict in told.values()}
    assert words == {(f"mini as a {role}: step:{step}", "the miniature has no such thing")}
    assert {kind for name, kind in ran.kinds.items() if name not in told} == {"pass"}


def test_quiet_cells_run_when_all_others_are_over(tmp_path: Path) -> None:
    quiet = GOOD.replace("unary/good", "unary/quiet") + "  quiet: true\n"
    ran = run_small(tmp_path, implementation("a"), implementation("b"), text=quiet + SMALL_TWICE)
    order = ["quiet" if name.endswith("quiet") else "loud" for name in ran.records]
    assert order == ["loud"] * 12 + ["quiet"] * 4


def test_the_client_that_a_case_kills_is_its_own(tmp_path: Path) -> None:
    text = """
- name: client-streaming/killed
  why: "users.proto, CreateUsers: client gone."
  kill_client_at: three
  calls: [{method: CreateUsers, steps: [{send: {user_id: u}, count: 3}, await: never]}]
  plan: [serve: {3: three}]
  expect: {ended: killed, handler: {left: cancelled, sent: 0, messages: any}}
"""
    ran = run_small(tmp_path, implementation(), text=text + GOOD)
    assert ran.kinds == dict.fromkeys(
        ["mini--mini/unary/small/good", "mini--mini/client-streaming/small/killed"], "pass"
    )
    assert ran.problems == []
    ends = [one.failure.what for one in ran.processes if one.failure and one.label == "mini as a client"]
    assert sorted(ends) == ["was killed by the case", "was stopped by the harness"]
    (seen,) = ran.records["mini--mini/client-streaming/small/killed"].calls
    assert (seen.client, [attempt["left"] for attempt in seen.handler or []]) == (None, ["cancelled"])


def test_a_repeated_cell_is_run_so_often_and_tells_each_outcome(tmp_path: Path) -> None:
    ran = run_small(tmp_path, implementation(), text=GOOD + "  repeat: 4\n")
    (record,) = ran.records.values()
    assert (record.verdict.kind, [(one.outcome, one.count) for one in record.tally]) == ("pass", [([], 4)])


def test_each_call_is_told_in_the_log_of_both_ends(tmp_path: Path) -> None:
    ran = run(tmp_path, [implementation()], matrix.cells(read_cases(tmp_path / "cases", GOOD), ["mini"], ["mini"]))
    (record,) = ran.records.values()
    for process in ran.processes:
        assert f"call={record.calls[0].call_id} " in process.log.read_text()
    assert json.dumps(ran.comparable)
