"""A run made by hand, in which every verdict occurs, and cells not run, problems, remarks, notes, rounds."""

from __future__ import annotations

from typing import Any

from interop import account
from interop.contract import Ready
from interop.record import Results
from interop.results import CallRecord, Header, Kind, Mismatch, Problem, Record, Spoke, Tally, Verdict

CLIENTS, SERVERS = ["python", "go"], ["python", "go", "go-connect"]
# What a server may send, and what no report may pass on as it is: markup of every kind, control characters.
NASTY = "<script>alert(1)</script> | `code` ]]> \x1b[31mred\x00 \u202eright to left 用户"


def cell(pair: str, case: str, verdict: Verdict, **more: Any) -> Record:
    client, _, server = pair.partition("--")
    mode, group, _ = case.split("/")[-3:]
    return Record(
        id=f"{pair}/{case}", client=client, server=server, configuration="plain", mode=mode, case=case,
        source=f"interop/cases/{group}.yaml:7", verdict=verdict, duration_ms=12.5, **more,
    )  # fmt: skip


def passed(pair: str, case: str, **more: Any) -> Record:
    return cell(pair, case, Verdict(kind=Kind.PASS), **more)


def failed(pair: str, case: str, *mismatches: Mismatch, **more: Any) -> Record:
    told = [f"{one.where}: want {one.want}, got {one.got}" for one in mismatches]
    sentence = told[0] + (f" (and {len(told) - 1} more)" if len(told) > 1 else "")
    verdict = Verdict(kind=Kind.FAIL, sentence=sentence, mismatches=list(mismatches), signature=told)
    seen = CallRecord(call_id="c1", client={"code": "INTERNAL", "message": NASTY}, handler=[{"left": "raised"}])
    return cell(pair, case, verdict, calls=[seen], **more)


def code(want: str, got: str) -> Mismatch:
    return Mismatch(where="client.code", want=want, got=got)


PAIRS = [f"{client}--{server}" for client in CLIENTS for server in SERVERS]
LONG = [{"field": "user_id", "description": "must not be empty", "reason": ""} for _ in range(4)]
LONGER = [*LONG[:3], {**LONG[3], "localized_message": None}]


def _passing() -> list[Record]:
    everywhere = [passed(pair, "unary/status/not-found") for pair in PAIRS]
    streams = [passed(pair, "server-streaming/order/pages") for pair in PAIRS if pair != "go--go"]
    again = ["run again: go as a server crashed beside it"]
    return [*everywhere, *streams, passed("go--go", "server-streaming/order/pages", notes=again)]


def _red() -> list[Record]:
    """A bad server, a bad pair, a crash."""
    raises = [failed(f"{client}--go", "unary/failure/raises", code("UNKNOWN", "INTERNAL")) for client in CLIENTS]
    raises += [
        passed(f"{client}--{server}", "unary/failure/raises")
        for client in CLIENTS
        for server in ("python", "go-connect")
    ]
    details = Mismatch(where="client.details", want=LONG, got=LONGER)
    message = Mismatch(where="client.message", want="plain", got=NASTY)
    tally = [Tally(outcome=[], count=17), Tally(outcome=["client.details: want …, got …"], count=3)]
    pair = [failed("python--go-connect", "unary/details/several", details, message, tally=tally)]
    pair += [passed(name, "unary/details/several") for name in PAIRS if name != "python--go-connect"]
    crash = Verdict(
        kind=Kind.ERROR, sentence="go as a server ended with exit code 2\npanic: \x1b[1mbroken\n  goroutine 7"
    )
    return [*raises, *pair, cell("python--go", "bidi-streaming/cancel/waiting", crash, notes=["it crashed twice"])]


def _neither() -> list[Record]:
    """Not passing, and not red."""
    known = Verdict(
        kind=Kind.KNOWN, sentence="client.code: want UNIMPLEMENTED, got INTERNAL", signature=["…"],
        mismatches=[code("UNIMPLEMENTED", "INTERNAL")], reason="grpc-go counts messages late",
        known="known/violations.toml:12 (client-streaming/cardinality/*, * → go)",
    )  # fmt: skip
    recorded = Verdict(
        kind=Kind.RECORDED, reason="no document says what a server makes of a handler that returns nothing"
    )
    refused = Verdict(
        kind=Kind.UNSUPPORTED, sentence="go-connect as a server: pause", reason="no flow control of its own"
    )
    return [
        cell("python--go", "client-streaming/cardinality/no-request", known),
        cell("go--go", "client-streaming/cardinality/no-request", known),
        *(cell(pair, "unary/failure/returns-nothing", recorded) for pair in PAIRS),
        *(cell(f"{client}--go-connect", "bidi-streaming/pause/reading", refused) for client in CLIENTS),
    ]


RECORDS = [*_passing(), *_red(), *_neither()]
NOT_RUN = "go--go-connect/list-pause/bidi-streaming/deadline/passes"
PROBLEMS = [
    Problem(kind="stale known entry", text="known/violations.toml:40 (unary/x/*) matches no cell of the matrix")
]
REMARKS = ["go as a client: 3 stray lines on its standard output"]


def _spoke(name: str, role: str, libraries: dict[str, str]) -> Spoke:
    ready = Ready(contract=1, role=role, implementation=name, language=name, libraries=libraries, pid=1)  # type: ignore[arg-type]
    return Spoke(name=name, role=role, ready=ready)


SPOKE = [
    *(_spoke("python", role, {"grpcio": "1.85.1", "protobuf": "7.36.2"}) for role in ("client", "server", "server")),
    *(_spoke("go", role, {"google.golang.org/grpc": "1.85.0"}) for role in ("client", "server")),
    _spoke("go-connect", "server", {"connectrpc.com/connect": "1.20.0"}),
]


def results(records: list[Record], not_run: list[str], problems: list[Problem]) -> Results:
    planned = [*(one.id for one in records), *not_run]
    header = Header(
        format=1, started="2026-01-02T03:04:05+00:00", command=["interop/cases", "--heavy"],
        again=["--implementations", "my own.toml"], planned=len(planned),
        clients=CLIENTS, servers=SERVERS, harness={"grpc-interop": "0.1.0", "pytest": "9.2.0"}, partial=True,
    )  # fmt: skip
    footer = account.footer(planned, records, "-x" if not_run else "", problems, REMARKS, 3.21)
    return Results(header=header, records=records, spoke=SPOKE, footer=footer)


def red() -> Results:
    return results(RECORDS, [NOT_RUN], PROBLEMS)


def as_expected() -> Results:
    return results([*_passing(), *_neither()], [], [])


def cut_short() -> Results:
    """The same run, killed after ten cells: no footer."""
    whole = red()
    return Results(header=whole.header, records=whole.records[:10], spoke=whole.spoke)
