"""From what a cell's processes said to its record: no cell passes without its RPC."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from interop import contract
from interop.cell_run import CallSeen, Refused
from interop.contract import Attempt, Status
from interop.engine import CellResult
from interop.judging import Judge, limits_of
from interop.known import Known, Violation
from interop.model import Case, Cell
from interop.process import Process, ProcessFailed
from interop.results import Kind, Tally, Verdict
from interop.tests.miniatures import implementation, read_cases
from interop.tests.seen import PLANNED, attempt, judged, observation, result

SILENT = PLANNED.replace("  expect: {code: NOT_FOUND, message: no such user}", "  unspecified: no document says it")


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return read_cases(tmp_path, PLANNED)[0]


def test_a_record_holds_both_ends_and_the_verdict(case: Case) -> None:
    record = judged(result(case, (observation(), [attempt()]), notes=["a note"]))
    assert msgspec.to_builtins(record) == {
        "type": "cell",
        "id": "mini--mini/unary/small/not-found",
        "client": "mini",
        "server": "mini",
        "configuration": "plain",
        "mode": "unary",
        "case": "unary/small/not-found",
        "source": f"{case.source}:2",
        "verdict": {"kind": "pass"},
        "calls": [
            {
                "call_id": "c1",
                "elapsed_ms": 2.5,
                "user_agent": "miniature/1",
                "client": {
                    "ended": "status",
                    "code": "NOT_FOUND",
                    "message": "no such user",
                    "details": [],
                    "messages": [],
                    "initial": [],
                    "trailing": [],
                    "steps": ["ok", "ok"],
                    "raised": None,
                },
                "handler": [
                    {
                        "method": "/users.UserService/GetUser",
                        "planned": True,
                        "metadata": [["x-a", "1"]],
                        "messages": [{"user_id": "1"}],
                        "sent": 0,
                        "steps": ["ok"],
                        "left": "status",
                        "left_status": {"code": "NOT_FOUND", "message": "no such user", "details": []},
                        "context": "active",
                        "deadline": "present",
                    }
                ],
            }
        ],
        "notes": ["a note"],
        "duration_ms": 3.5,
    }


@pytest.mark.parametrize(
    ("attempts", "sentence"),
    [
        ([], "handler.sees: want called once, got never called"),
        ([attempt(), attempt()], "handler.sees: want called once, got called 2 times"),
        ([attempt(planned=False)], "handler.planned: want true, got false"),
        (
            [attempt(method="/users.UserService/ListUsers")],
            "handler.method: want /users.UserService/GetUser, got /users.UserService/ListUsers",
        ),
        (
            [attempt(metadata=[("x-a", "1"), ("user-agent", "grpc-go/1")])],
            "handler.user_agent: want /^miniature//, got grpc-go/1",
        ),
        ([attempt(metadata=[("x-a", "1")])], 'handler.user_agent: want /^miniature//, got ""'),
        ([attempt(deadline_ms=None)], "handler.deadline: want present, got absent"),
        ([attempt(messages=[])], "handler.messages: want 1 message, got no message"),
    ],
)
def test_no_cell_passes_without_its_rpc(case: Case, attempts: list[Attempt], sentence: str) -> None:
    verdict = judged(result(case, (observation(), attempts))).verdict
    assert (verdict.kind, verdict.signature) == (Kind.FAIL, [sentence])


@pytest.mark.parametrize(
    ("remaining_ms", "lines"),
    [
        (60_000.0, []),
        (60_500.0, []),  # rounded up to a coarser unit
        (45_000.0, []),  # a busy machine
        (600_000.0, ["handler.deadline: want at most 60000 ms left, got more"]),
        (60.0, ["handler.deadline: want at most 60000 ms left, got far less"]),
    ],
)
def test_the_deadline_that_the_handler_sees_is_the_one_that_was_set(
    case: Case, remaining_ms: float, lines: list[str]
) -> None:
    assert judged(result(case, (observation(), [attempt(deadline_ms=remaining_ms)]))).verdict.signature == lines


def test_a_cell_that_made_no_round_does_not_pass(case: Case) -> None:
    assert judged(result(case)).verdict == Verdict(kind=Kind.ERROR, sentence="no round of it was made")


def test_where_the_specification_is_silent_a_cell_is_recorded_and_still_has_to_be_its_rpc(tmp_path: Path) -> None:
    silent = read_cases(tmp_path, SILENT)[0]
    got = judged(result(silent, (observation(status=Status(code="UNKNOWN")), [attempt(left="raised")])))
    assert got.verdict == Verdict(kind=Kind.RECORDED, reason="no document says it")
    assert got.calls[0].client is not None
    assert got.calls[0].client["code"] == "UNKNOWN"
    assert judged(result(silent, (observation(), [attempt(planned=False)]))).verdict.kind is Kind.FAIL


def test_a_repeated_cell_tells_how_often_it_came_out_how(case: Case) -> None:
    often = msgspec.structs.replace(case, repeat=3)
    good, bad = (observation(), [attempt()]), (observation(status=Status(code="NOT_FOUND", message="?")), [attempt()])
    record = judged(result(often, good, bad, good))
    sentence = "client.message: want no such user, got ?"
    assert record.tally == [Tally(outcome=[], count=2), Tally(outcome=[sentence], count=1)]
    assert (record.verdict.kind, record.verdict.signature) == (Kind.FAIL, [sentence])
    assert record.calls[0].client is not None
    assert record.calls[0].client["message"] == "?", "the round that is shown is the one that failed"


def test_each_call_of_several_is_judged_and_named(case: Case) -> None:
    spec = case.calls[0]
    twice = msgspec.structs.replace(case, calls=[spec, spec])
    seen = [
        CallSeen(spec=spec, call_id="c1", observation=observation(), attempts=[attempt()]),
        CallSeen(spec=spec, call_id="c2", observation=observation(steps=["ok"]), attempts=[attempt(planned=False)]),
    ]
    cell = Cell(client="mini", server="mini", case=twice)
    assert judged(CellResult(cell=cell, rounds=[seen])).verdict.signature == [
        "call 1: handler.planned: want true, got false"
    ]


def test_a_process_that_broke_is_an_error_in_its_own_words(case: Case) -> None:
    broken = result(case, failed=ProcessFailed("mini as a server", "ended with exit code 3", "boom"))
    sentence = "mini as a server ended with exit code 3; its last lines: boom"
    assert judged(broken).verdict == Verdict(kind=Kind.ERROR, sentence=sentence)


def refused(reply: contract.Unsupported | contract.Rejected) -> Refused:
    process = Process.__new__(Process)
    process.label = "mini as a client"
    return Refused(process, reply)


def test_unsupported_names_the_feature_and_the_reason(case: Case) -> None:
    reply = contract.Unsupported(id="1", feature="step:cancel", reason="the library can't")
    record = judged(result(case, refused=refused(reply)))
    want = Verdict(kind=Kind.UNSUPPORTED, sentence="mini as a client: step:cancel", reason="the library can't")
    assert (record.verdict, limits_of(record)) == (want, ("mini", "client", "step:cancel"))
    assert limits_of(judged(result(case, (observation(), [attempt()])))) is None


def test_rejected_is_an_error(case: Case) -> None:
    verdict = judged(result(case, refused=refused(contract.Rejected(id="1", reason="no steps")))).verdict
    assert verdict == Verdict(kind=Kind.ERROR, sentence="mini as a client rejected a line: no steps")


def test_the_known_list_is_asked_with_every_round(case: Case) -> None:
    wrong = "client.message: want no such user, got ?"
    entry = Violation(case=case.id, versions={}, reason="because", link="l", outcomes=[[wrong], []])
    bad = (observation(status=Status(code="NOT_FOUND", message="?")), [attempt()])
    worse = (observation(status=Status(code="UNKNOWN", message="?")), [attempt()])
    kinds = [
        judged(result(case, *rounds), Known(violations=[entry])).verdict.kind
        for rounds in ([bad], [(observation(), [attempt()]), bad], [bad, worse])
    ]
    assert kinds == [Kind.KNOWN, Kind.KNOWN, Kind.FAIL]


def test_an_entry_holds_for_the_versions_it_names_only(case: Case) -> None:
    entry = Violation(
        case=case.id,
        versions={"grpc-go": "1.85"},
        reason="because",
        link="l",
        line=3,
        outcomes=[["client.message: want no such user, got ?"]],
    )
    bad = (observation(status=Status(code="NOT_FOUND", message="?")), [attempt()])
    kinds = []
    for version in ("1.85", "1.86"):
        judge = Judge(Known(violations=[entry]), {"mini": implementation()})
        judge.heard("mini", "client", {"grpc-go": version})
        kinds.append(judge.record(result(case, bad)).verdict)
    name = f"known/violations.toml:3 ({case.id}, * → *)"
    assert [(one.kind, one.reason) for one in kinds] == [
        (Kind.KNOWN, "because"),
        (Kind.FAIL, f"{name} holds for grpc-go 1.85 only"),
    ]


def test_a_record_keeps_the_head_of_a_long_stream(case: Case) -> None:
    many = [{"user_id": str(number)} for number in range(1000)]
    record = judged(result(case, (observation(messages=many), [attempt(messages=many)])))
    kept = [record.calls[0].client or {}, *(record.calls[0].handler or [])]
    assert [(len(one["messages"]), one["messages"][-1]["and_more"]) for one in kept] == [(17, 984)] * 2
    assert record.verdict.signature[0] == "client.messages: want no message, got 1000 messages"


def test_a_recorded_cell_needs_its_rpc_too(tmp_path: Path) -> None:
    silent = read_cases(tmp_path, SILENT)[0]
    verdict = judged(result(silent, (observation(), []))).verdict
    assert (verdict.kind, verdict.sentence) == (Kind.FAIL, "handler.sees: want called, got never called")


@pytest.mark.parametrize(
    ("channels", "peers", "got"),
    [
        (["one", "one"], "aa", None),
        (["one", "one"], "ab", "want 1 connection, got 2 connections"),
        (["fresh", "fresh"], "ab", None),
        (["fresh", "fresh"], "aa", "want 2 connections, got 1 connection"),
        (["shared", "shared"], "ab", None),
    ],
)
def test_the_peers_tell_over_how_many_connections_the_calls_came(
    case: Case, channels: list[str], peers: str, got: str | None
) -> None:
    spec = case.calls[0]
    seen = [
        CallSeen(spec=structs.replace(spec, channel=channel), call_id="c1", observation=observation(), attempts=[one])
        for channel, one in zip(channels, [attempt(peer=peer) for peer in peers], strict=True)
    ]
    cell = Cell(client="mini", server="mini", case=case)
    told = judged(CellResult(cell=cell, rounds=[seen])).verdict.signature
    assert told == ([f"handler.peer: {got}"] if got else [])
