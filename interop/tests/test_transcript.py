"""The golden transcript, replayed: a sound implementation keeps it, a faulty one parts from it in a line."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from interop import transcript
from interop.errors import InputInvalid
from interop.model import Implementation
from interop.tests.miniatures import implementation

GOLDEN = sorted(transcript.GOLDEN.glob("*.jsonl"))


def entries() -> list[Any]:
    return [json.loads(line) for path in GOLDEN for line in path.read_text(encoding="utf-8").splitlines()]


def replayed(of: Implementation) -> list[str]:
    return asyncio.run(transcript.replay(of, entries()))


def test_the_miniature_keeps_every_golden_transcript() -> None:
    assert GOLDEN
    assert replayed(implementation()) == []


def test_one_that_answers_otherwise_parts_from_it_in_that_line() -> None:
    users = replayed(implementation(server="changes-reply"))
    assert users == [
        "line 4, from the client: .messages[0].name: want 'User 1', got 'Somebody'",
        "line 8, from the client: .messages[0].name: want 'User 0', got 'Somebody'",
    ]


def test_one_that_dies_is_told_in_its_own_words() -> None:
    sentences = replayed(implementation(client="dies-on-call:2"))
    assert sentences[-1].startswith("mini as a client ended with exit code 3; its last lines: ")


def test_a_name_that_is_none_is_told_with_the_nearest() -> None:
    with pytest.raises(
        InputInvalid, match=r"replay: implementation 'pyton'; allowed: python, .*; did you mean 'python'"
    ):
        transcript.replay_and_tell("pyton")
