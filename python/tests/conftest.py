"""Each stack's server and client driver are started once, and every conversation of the tests is held with them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.conversation import Conversation

STACKS = ["threads", "aio"]


@pytest.fixture(params=STACKS)
def stack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def conversations() -> Iterator[dict[str, Conversation]]:
    known = {stack: Conversation(stack) for stack in STACKS}
    yield known
    for conversation in known.values():
        conversation.close()


@pytest.fixture
def talk(stack: str, conversations: dict[str, Conversation]) -> Conversation:
    return conversations[stack]
