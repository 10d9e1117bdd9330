"""The four calls of a first visit, through the generated stub, each with a deadline. Prints what came, for a person."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator

import grpc
from users import users_pb2, users_pb2_grpc

from userservice.command import Arguments

# A server that is there answers in milliseconds; ListUsers pauses 100 ms between two users.
DEADLINE_S = 5.0


def main(arguments: Arguments) -> None:
    try:
        asyncio.run(_call(arguments))
    except grpc.aio.AioRpcError as error:
        sys.exit(f"the call to {arguments.target} failed: {error.code().name}: {error.details()}")


async def _call(arguments: Arguments) -> None:
    async with grpc.aio.insecure_channel(arguments.target) as channel:
        async for line in visit(users_pb2_grpc.UserServiceStub(channel)):
            sys.stdout.write(f"{line}\n")


async def visit(stub: users_pb2_grpc.UserServiceAsyncStub) -> AsyncIterator[str]:
    """Makes the calls one after another; raises AioRpcError."""
    user = await stub.GetUser(users_pb2.UserRequest(user_id="1"), timeout=DEADLINE_S)
    yield f"User received: {user.name}"
    async for user in stub.ListUsers(users_pb2.ListUsersRequest(page_size=3), timeout=DEADLINE_S):
        yield f"Received user: {user.name}"
    created = await stub.CreateUsers(_requests(), timeout=DEADLINE_S)
    yield f"Created {created.user_count} users"
    async for reply in stub.ChatUsers(_messages(), timeout=DEADLINE_S):
        yield reply.message


def _requests() -> Iterator[users_pb2.UserRequest]:
    return (users_pb2.UserRequest(user_id=str(number)) for number in range(1, 4))


def _messages() -> Iterator[users_pb2.ChatMessage]:
    return (users_pb2.ChatMessage(user_id="1", message=f"Hello {number}") for number in range(1, 4))
