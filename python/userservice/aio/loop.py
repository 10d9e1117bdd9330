"""Calls as plain loops over the generated stub, nothing around them: what a bench holds its own cost against.

Standard input names a call a line: the method, and how many messages go with it (``ListUsers 3``: three come back).
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterable

import grpc
from users import users_pb2, users_pb2_grpc

from userservice.command import Arguments

DEADLINE_S = 30.0


def main(arguments: Arguments) -> None:
    asyncio.run(_loop(arguments, sys.stdin.read().splitlines()))


async def _loop(arguments: Arguments, lines: list[str]) -> None:
    async with grpc.aio.insecure_channel(arguments.target) as channel:
        stub: users_pb2_grpc.UserServiceAsyncStub = users_pb2_grpc.UserServiceStub(channel)
        for line in lines:
            method, count = line.split()
            await call(stub, method, int(count))


async def call(stub: users_pb2_grpc.UserServiceAsyncStub, method: str, count: int) -> None:
    """Raises grpc.aio.AioRpcError."""
    requests = (users_pb2.UserRequest(user_id="1") for _ in range(count))
    messages = (users_pb2.ChatMessage(user_id="1", message="m") for _ in range(count))
    users = users_pb2.ListUsersRequest(page_size=count)
    match method:
        case "GetUser":
            await stub.GetUser(users_pb2.UserRequest(user_id="1"), timeout=DEADLINE_S)
        case "ListUsers":
            await _read(stub.ListUsers(users, timeout=DEADLINE_S))
        case "CreateUsers":
            await stub.CreateUsers(requests, timeout=DEADLINE_S)
        case "ChatUsers":
            await _read(stub.ChatUsers(messages, timeout=DEADLINE_S))
        case _:
            sys.exit(f"{method} is no method of UserService")


async def _read(messages: AsyncIterable[object]) -> None:
    async for _ in messages:
        pass
