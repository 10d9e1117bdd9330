"""CreateUsers where the library tells late that the stream broke off; in a real call that is a matter of luck."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import grpc
import pytest
from users import users_pb2
from userservice.aio import handlers as aio_handlers
from userservice.threads import handlers

REQUEST = users_pb2.UserRequest(user_id="1")


class BrokenOff:
    """grpcio's iterator over a stream that broke off: it ends, and only who asks again is told."""

    def __init__(self) -> None:
        self._answers: list[Any] = [REQUEST, StopIteration(), grpc.RpcError()]

    def __iter__(self) -> Iterator[users_pb2.UserRequest]:
        return self

    def __next__(self) -> users_pb2.UserRequest:
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, users_pb2.UserRequest)
        return answer


class Cancelled:
    """grpc.aio's context of a stream that broke off: only who reads again is cancelled."""

    async def read(self) -> None:
        task = asyncio.current_task()
        assert task
        task.cancel()
        await asyncio.sleep(0)


async def ended() -> AsyncIterator[users_pb2.UserRequest]:
    yield REQUEST


@pytest.fixture(autouse=True)
def _log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def test_threads_ask_again_before_an_upload_counts_or_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    context: Any = None
    with pytest.raises(grpc.RpcError):
        handlers.UserService(0).CreateUsers(BrokenOff(), context)
    assert caplog.messages == []


def test_aio_asks_again_before_an_upload_counts_or_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def upload() -> users_pb2.CreateUsersResponse:
        context: Any = Cancelled()
        return await aio_handlers.UserService(0).CreateUsers(ended(), context)

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(upload())
    assert caplog.messages == []
