"""Every fault of a process, struck in the middle of a matrix: who is named, and that nobody else's record changes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from interop import proc
from interop.engine_thread import remarks_on
from interop.patience import Patience
from interop.process import Process
from interop.tests.meeting import Fault, Meeting, Scene
from interop.tests.miniatures import alive

PATIENCE = Patience(log_bytes=1_000_000, looks_s=0.05, stops_s=0.5)
DIED = "ended with exit code 3"
BOTH = pytest.mark.parametrize("role", ["server", "client"])


def played(folder: Path, fault: Fault) -> Scene:
    scene = Meeting(folder, fault, PATIENCE).play()
    assert [alive(process.pid) for process in scene.ran.processes] == [[]] * len(scene.ran.processes)
    return scene


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The records of a run without a fault, by the role that has it in the others."""
    return {role: _sound(tmp_path_factory.mktemp(role), role) for role in ("server", "client")}


def _sound(folder: Path, role: Any) -> dict[str, Any]:
    ran = played(folder, Fault(name="", role=role, struck=lambda _: True)).ran
    assert (set(ran.kinds.values()), ran.problems, len(ran.records)) == ({"pass"}, [], 54)
    return ran.comparable


def without_notes(records: dict[str, Any]) -> dict[str, Any]:
    return {name: {key: value for key, value in one.items() if key != "notes"} for name, one in records.items()}


def spared(scene: Scene, want: dict[str, Any]) -> None:
    """36 cells of four other pairs were in flight; their records are, whole, what they are without the fault."""
    names = {name for name in want if "bad" not in name}
    assert scene.in_flight == names
    assert (len(names), len({name.partition("/")[0] for name in names})) == (36, 4)
    assert {name: scene.ran.comparable[name] for name in names} == {name: want[name] for name in names}


def plain(text: str) -> str:
    """Without what differs from run to run: the numbers, and the lines of the log."""
    return re.sub(r"\d+", "0", re.sub(r"; its last lines: .*?(?=; |$)", "", text))


MEMORY = "was ended for using more than its 64 MB of memory"
COLLECT = 'did not answer {"type":"collect","id":"0","call_id":"c0","attempts":0,"wait_ms":0} within 0 s'
ONCE = {
    "dies in the middle of a call": (Fault(name="dies-on:now"), DIED),
    "answers after its death": (Fault(name="ghost-on:now"), DIED),
    "closes its input": (Fault(name="deaf-on:now"), "closed its standard input and went on running"),
    "closes its output": (Fault(name="mute-on:now"), "closed its standard output and went on running"),
    "eats memory": (Fault(name="eats-on:now"), MEMORY),
    "stops itself": (
        Fault(name="stops-on:now", waits=True, struck=lambda process: proc.stopped(process.pid)),
        f"was stopped (SIGSTOP) and {COLLECT}",
    ),
    "never answers": (Fault(name="never:collect", waits=True, struck=lambda _: True), COLLECT),
    "dies in a listen": (Fault(name="dies-on:listen", here=36), DIED),
}


@pytest.mark.parametrize("name", ONCE)
def test_a_server_that_breaks_once_costs_a_rerun_and_is_named(tmp_path: Path, sound: Any, name: str) -> None:
    broke_once(tmp_path, sound, *ONCE[name])


CALL = 'did not answer {"type":"call","id":"0","call_id":"c0","target":"0.0.0.0:0","configuration":{"name":"plain"'
ONCE_A_CLIENT = {
    **{name: ONCE[name] for name in ("dies in the middle of a call", "closes its input", "closes its output")},
    "stops itself": (ONCE["stops itself"][0], f"was stopped (SIGSTOP) and {CALL}"),
    "never answers": (Fault(name="never:call", waits=True, struck=lambda _: True), CALL),
}


@pytest.mark.parametrize("name", ONCE_A_CLIENT)
def test_a_client_that_breaks_once_costs_a_rerun_and_is_named(tmp_path: Path, sound: Any, name: str) -> None:
    fault, sentence = ONCE_A_CLIENT[name]
    broke_once(tmp_path, sound, fault.of("client"), sentence)


def broke_once(folder: Path, sound: Any, fault: Fault, sentence: str) -> None:
    scene = played(folder, fault)
    spared(scene, sound[fault.role])
    assert without_notes(scene.ran.comparable) == sound[fault.role]
    noted = [record for record in scene.ran.records.values() if record.notes]
    assert {"bad" in (record.client, record.server) for record in noted} == {True}
    (note,) = {note for record in noted for note in record.notes}
    who = f"bad as a {fault.role} "
    assert plain(note).startswith(plain(f"run again: {who}{sentence}"))
    count = "1 cell was" if len(noted) == 1 else f"{len(noted)} cells were"
    assert note.endswith(f" while {count} in flight on it")
    (problem,) = scene.ran.problems
    assert plain(problem).startswith(plain(f"unexplained: {who}{sentence}"))
    assert problem.endswith(f"; run again one at a time, none of its {len(noted)} cells did it again")


@BOTH
def test_a_cell_that_breaks_its_process_each_time_is_an_error(tmp_path: Path, sound: Any, role: Any) -> None:
    scene = played(tmp_path, Fault(name="dies-on:now", role=role, once=False))
    spared(scene, sound[role])
    assert scene.ran.problems == []
    note = f"run again: bad as a {role} {DIED} while 18 cells were in flight on it"
    for name, record in scene.ran.comparable.items():
        if "bad" in name and name.endswith("/strike"):
            assert (record["notes"], record["verdict"]["kind"]) == ([note], "error")
            assert plain(record["verdict"]["sentence"]) == plain(f"bad as a {role} {DIED}")
        else:
            assert record == ({**sound[role][name], "notes": [note]} if "bad" in name else sound[role][name])


NEVER_READY = Fault(name="never-ready", once=False, here=36, waits=True, struck=lambda _: True)
NEVER = [
    (Fault(name="dies-at-start", once=False, here=36), DIED),
    (NEVER_READY, "was not ready within 30 s"),
    (Fault(name="claims-everything", once=False, here=36), "answered the unheard-of step "),
]


@BOTH
@pytest.mark.parametrize("words", NEVER, ids=lambda words: words[0].name)
def test_one_that_never_works_spoils_its_own_cells(
    tmp_path: Path, sound: Any, words: tuple[Fault, str], role: Any
) -> None:
    fault, sentence = words
    scene = played(tmp_path, fault.of(role))
    spared(scene, sound[role])
    assert scene.ran.problems == []
    told = [record for record in scene.ran.records.values() if "bad" in record.id]
    assert {(record.verdict.kind.value, *record.notes) for record in told} == {("error",)}
    assert {plain(record.verdict.sentence)[:40] for record in told} == {plain(f"bad as a {role} {sentence}")[:40]}


WORD = [
    ("client", "lacks:cancel", "unsupported", "bad as a client: step:cancel"),
    ("server", "pretends:wait", "fail", "client.code: want CANCELLED, got OK (and 3 more)"),
    ("client", "drops-last", "fail", "client.messages: want 1 message, got no message"),
]


@pytest.mark.parametrize("words", WORD, ids=lambda words: words[1])
def test_one_that_lacks_or_lies_spoils_its_own_cells(tmp_path: Path, sound: Any, words: tuple[Any, ...]) -> None:
    role, name, kind, sentence = words
    here = 52 if kind == "unsupported" else 54
    scene = played(tmp_path, Fault(name=name, role=role, once=False, here=here, struck=lambda _: True))
    spared(scene, sound[role])
    told = [one.verdict for name, one in scene.ran.records.items() if scene.ran.comparable[name] != sound[role][name]]
    assert len(told) >= 2
    assert (sentence, kind) in {(verdict.sentence, verdict.kind.value) for verdict in told}
    assert {verdict.kind.value for verdict in told} == {kind}


@BOTH
def test_one_that_dies_between_two_cells_is_a_problem_of_the_run(tmp_path: Path, sound: Any, role: Any) -> None:
    scene = played(tmp_path, Fault(name="dies-on:now", role=role, idle=True))
    spared(scene, sound[role])
    assert scene.ran.comparable == sound[role]
    assert [plain(one) for one in scene.ran.problems] == [
        plain(f"unexplained: bad as a {role} {DIED}; no cell was in flight on it")
    ]


def babbled(process: Process) -> bool:
    """The longest line has come, and what each reply brings along."""
    told = "".join(process.noise)
    return "a line of more than" in told and "'Listening on port 8080'" in told


@BOTH
def test_babble_in_the_middle_of_calls_changes_no_record(tmp_path: Path, sound: Any, role: Any) -> None:
    """Garbage, a line of 10 MB, answers out of order, twice and to nobody, all at once: test_process has each alone."""
    scene = played(tmp_path, Fault(name="babbles-on:now", role=role, once=False, struck=babbled))
    spared(scene, sound[role])
    assert (scene.ran.comparable, scene.ran.problems) == (sound[role], [])
    words = rf"bad as a {role} wrote \d+ lines to standard output that are not of the contract, first: .+"
    assert [bool(re.fullmatch(words, one)) for one in remarks_on(scene.ran.processes)] == [True]


@BOTH
def test_one_that_does_not_end_with_its_input_changes_no_record_and_is_gone(
    tmp_path: Path, sound: Any, role: Any
) -> None:
    scene = played(tmp_path, Fault(name="ignores-end", role=role, once=False, struck=lambda _: True))
    spared(scene, sound[role])
    assert (scene.ran.comparable, scene.ran.problems) == (sound[role], [])


def test_a_flood_of_its_log_changes_no_record_and_is_cut(tmp_path: Path, sound: Any) -> None:
    scene = played(tmp_path, Fault(name="floods-on:now", role="server", struck=lambda process: process.dropped))
    spared(scene, sound["server"])
    assert (scene.ran.comparable, scene.ran.problems) == (sound["server"], [])
    log = (tmp_path / "logs" / "bad.server.log").read_bytes()
    assert len(log) <= 2 * PATIENCE.log_bytes
    words = r"bad as a server wrote more to standard error than its log keeps: \d+ bytes were dropped"
    assert [bool(re.fullmatch(words, one)) for one in remarks_on(scene.ran.processes)] == [True]
    assert re.search(rb"\n\[harness\] \d+ bytes were dropped here: the log of a process is cut back to its first", log)
