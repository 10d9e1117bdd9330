"""What an expectation says of the handler: written by the case, or filled in from what the call sends and gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from interop.model import HandlerOutcome, Repeated
from interop.tests.miniatures import read_cases

_TWO = "messages: {count: 2, each: {user_id: u}}"


@pytest.mark.parametrize(
    ("method", "expect", "sent"),
    [
        ("ListUsers", f"{{code: OK, {_TWO}}}", 2),
        ("ChatUsers", "{code: ABORTED, message: any, messages: [{user_id: u}]}", 1),
        ("ListUsers", "{code: OK}", 0),
        ("ListUsers", f"{{code: OK, {_TWO}, handler: {{sent: 3}}}}", 3),
        ("ListUsers", f"{{code: OK, {_TWO}, handler: {{sent: any}}}}", None),
        ("ListUsers", "{code: OK, messages: any}", None),
        ("ListUsers", "{code: OK, messages_at_most: 2}", None),
        ("ListUsers", f"{{code: any, {_TWO}}}", None),
        ("GetUser", "{code: OK, messages: [{user_id: u}]}", None),
        ("ListUsers, raw: true", "{code: OK, messages: [{user_id: u}]}", None),
    ],
)
def test_on_a_stream_the_client_is_to_get_what_the_handler_sent(
    tmp_path: Path, method: str, expect: str, sent: int | None
) -> None:
    assert _handler(tmp_path, method, expect).sent == sent


@pytest.mark.parametrize(("expect", "asked_for"), [("{code: OK}", False), ("{code: OK, handler: {sees: once}}", True)])
def test_a_case_that_speaks_of_the_handler_asks_for_its_view(tmp_path: Path, expect: str, asked_for: bool) -> None:
    assert _handler(tmp_path, "GetUser", expect).asked_for == asked_for


def _handler(folder: Path, method: str, expect: str) -> HandlerOutcome:
    mode = {"ListUsers": "server-streaming", "ChatUsers": "bidi-streaming"}.get(method.partition(",")[0], "unary")
    call = f"- name: {mode}/a\n  why: w\n  calls: [{{method: {method}, steps: []}}]\n  expect: {expect}\n"
    (case,) = read_cases(folder, call)
    handler = case.calls[0].expect[0].handler
    assert handler is not None
    return handler


def test_sends_that_are_all_alike_are_kept_short_and_others_are_not(tmp_path: Path) -> None:
    def expected(one: str, other: str) -> object:
        sends = f"[{{send: {{user_id: {one}}}, count: 2}}, {{send: {{user_id: {other}}}, count: 3}}]"
        call = f"- name: client-streaming/a\n  why: w\n  calls: [{{method: CreateUsers, steps: {sends}}}]\n"
        (case,) = read_cases(tmp_path, call + "  expect: {code: OK}\n")
        handler = case.calls[0].expect[0].handler
        return handler and handler.messages

    assert expected("u", "u") == Repeated(count=5, each={"user_id": "u"})
    assert expected("u", "v") == [{"user_id": "u"}] * 2 + [{"user_id": "v"}] * 3
    assert expected("'{i}'", "'{i}'") == [{"user_id": name} for name in ("0", "1", "0", "1", "2")]
