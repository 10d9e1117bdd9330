"""The shipped catalogue: every case rests on a document, can fail, and says something that no other case says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from interop import cases, matrix, yaml_lines
from interop.contract import MODES
from interop.model import CallSpec, Case, HandlerOutcome, Outcome
from interop.payload import whole
from interop.verdict import judge

ALL = cases.read_all()
ENTRIES = {
    f"{path.stem}:{entry['name']}": entry
    for path in sorted(cases.SHIPPED.glob("*.yaml"))
    if path.name != cases.METHODS
    for entry in yaml_lines.load(path.read_text(encoding="utf-8"), path.name)
}
# What a case may rest on: a document of gRPC, an RFC, the comments of users.proto, a library's own documentation.
DOCUMENTS = re.compile(
    r"statuscodes\.md|status\.proto|PROTOCOL-HTTP2\.md|RFC \d+|users\.proto|gRPC guide|gRPC core concepts|"
    r"protobuf\.dev|compression\.md|[a-z/_-]+\.(md|proto)|grpc\.io"
)


def test_there_are_sixty_cases_before_expansion_and_their_ids_are_unique() -> None:
    assert len(ENTRIES) >= 60
    assert len({case.base for case in ALL}) == len(ENTRIES)
    names = Counter([case.id for case in ALL] + [alias for case in ALL for alias in case.aliases])
    assert [name for name, count in names.items() if count > 1] == []


# What is to be shown in every mode, each with how a call shows it.
THEMES: dict[str, Callable[[CallSpec], object]] = {
    "a call that succeeds": lambda call: any(outcome.code == "OK" for outcome in call.expect),
    "an error that the handler chose": lambda call: any(step.do == "finish" for step in call.plan or []),
    "a handler that raises": lambda call: any(step.do == "raise" for step in call.plan or []),
    "a cancel by the client": lambda call: any(step.do == "cancel" for step in call.steps),
    "a deadline that passes": lambda call: any(outcome.code == "DEADLINE_EXCEEDED" for outcome in call.expect),
    "metadata of the client": lambda call: call.metadata,
    "trailers of the handler": lambda call: any(outcome.trailing for outcome in call.expect),
    "headers of the handler": lambda call: any(outcome.initial for outcome in call.expect),
    "details of an error": lambda call: any(outcome.details for outcome in call.expect),
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("theme", THEMES)
def test_each_mode_has_it(theme: str, mode: str) -> None:
    assert [case.id for case in ALL for call in case.calls if call.mode == mode and THEMES[theme](call)] != []


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_each_case_names_the_document_it_rests_on(case: Case) -> None:
    assert DOCUMENTS.search(case.why), case.why
    assert "\n" not in case.why


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_each_id_can_be_a_folder_and_a_word_of_a_command(case: Case) -> None:
    assert re.fullmatch(r"[a-z0-9./_-]+", case.id)
    assert "--" not in case.id


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_each_case_can_fail(case: Case) -> None:
    """For each call: what is as expected passes, and each part that is compared can make it red on its own."""
    if case.unspecified:
        return
    for call in case.calls:
        assert call.expect, "a call without an expectation"
        for outcome in call.expect:
            client, handlers = as_expected(outcome)
            assert judge(call.expect, client, handlers, elapsed(outcome)) == []
        assert contrary(call) >= 1


def as_expected(outcome: Outcome) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """Views of both ends that fit one outcome, made of nothing else."""
    client: dict[str, Any] = {
        "ended": outcome.ended,
        "code": outcome.code or "UNKNOWN",
        "message": example(outcome.message_pattern) if outcome.message is None else outcome.message,
        "details": outcome.details or [],
        "messages": whole(outcome.messages or []),
        "initial": in_order(outcome.initial),
        "trailing": in_order(outcome.trailing),
        "steps": outcome.steps or [],
        "raised": None,
    }
    handler = outcome.handler or HandlerOutcome(sees=0)
    view: dict[str, Any] = {
        "metadata": in_order(handler.metadata),
        "messages": whole(handler.messages or []),
        "sent": handler.sent or 0,
        "steps": handler.steps or [],
        "left": (handler.left or ["returned"])[0],
        "left_status": None,
        "context": (handler.context or ["active"])[0],
        "deadline": handler.deadline or "absent",
    }
    return None if outcome.ended == "killed" else client, [view] * (handler.sees or 0)


def example(pattern: str | None) -> str:
    """A text that fits: the pattern itself, its own signs taken for words, as far as the catalogue goes."""
    return re.sub(r"\\(.)", r"\1", pattern or "").strip("^$")


def in_order(pairs: Any) -> list[list[str]]:
    return sorted(([key, value] for key, value in pairs or []), key=lambda pair: pair[0])


def elapsed(outcome: Outcome) -> float:
    return float(outcome.elapsed_at_least_ms or outcome.elapsed_at_most_ms or 0)


def contrary(call: CallSpec) -> int:
    """How many ways of going wrong the call notices: another end, another status, a lost message, a call never seen."""
    client, handlers = as_expected(call.expect[0])
    other_end = {**(client or {}), "ended": "raised", "raised": {"type": "T", "text": ""}}
    views: list[tuple[dict[str, Any] | None, list[dict[str, Any]]]] = [(other_end, handlers), (client, [])]
    if client:
        views += [({**client, "code": "42"}, handlers), ({**client, "messages": [{"odd": 1}]}, handlers)]
    noticed = [bool(judge(call.expect, one, seen, 1e9)) for one, seen in views]
    assert noticed[0], "another end of the call passes"
    return sum(noticed)


def test_no_two_cases_differ_in_a_value_alone() -> None:
    """Such cases are one case with ``values``."""
    shapes: dict[str, list[str]] = {}
    for name, entry in ENTRIES.items():
        shape = blank(
            {key: value for key, value in entry.items() if key not in ("name", "why", "values", "aliases", "tags")}
        )
        shapes.setdefault(repr((name.partition("/")[0], shape)), []).append(name)
    assert [names for names in shapes.values() if len(names) > 1] == []


def blank(value: Any) -> Any:
    """The structure, its leaves taken out; which method is called and which code is expected is structure."""
    if isinstance(value, dict):
        kept = ("method", "code", "context", "left", "channel", "ended")
        return {
            key: item if key in kept and isinstance(item, str) else blank(item) for key, item in sorted(value.items())
        }
    if isinstance(value, list):
        return [blank(item) if not isinstance(item, str) else item for item in value]
    return "…"


def test_every_tolerated_outcome_has_its_reason() -> None:
    several = [call.expect for case in ALL for call in case.calls if len(call.expect) > 1]
    assert all(outcome.because for outcomes in several for outcome in outcomes)


def test_a_case_about_time_is_quiet() -> None:
    """A deadline under a second, or an end by the clock, must not wait for a processor."""
    timed = [
        case.id for case in ALL if not case.quiet and any((call.deadline_ms or 1000) < 1000 for call in case.calls)
    ]
    assert timed == []


def test_no_handler_waits_by_the_clock_where_a_mark_would_do() -> None:
    """A long ``wait`` is fine: it ends with the call. One that always passes whole is a sleep."""
    short = [
        case.id
        for case in ALL
        for call in case.calls
        for step in [*call.steps, *(call.plan or [])]
        if step.do == "wait" and (step.ms or 0) < 1000
    ]
    assert short == []


def test_the_matrix_of_the_four_is_listed_in_one_order() -> None:
    names = ["python", "python-aio", "go", "go-connect"]
    cells = sorted(matrix.cells(ALL, names, names), key=matrix.order)
    assert len({cell.id for cell in cells}) == len(cells) == 16 * len(ALL)
    assert [cell.case.quiet for cell in cells] == sorted(cell.case.quiet for cell in cells)


def test_every_case_can_be_sent(tmp_path: Path) -> None:
    for case in ALL:
        assert msgspec.json.decode(msgspec.json.encode(case), type=Case) == case
