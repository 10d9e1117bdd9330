"""The four calls of a first visit, through the generated stub, each with a deadline. Prints what came, for a person."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import grpc
from users import users_pb2, users_pb2_grpc

from userservice.command import Arguments

# A server that is there answers in milliseconds; ListUsers pauses 100 ms between two users.
DEADLINE_S = 5.0


def main(arguments: Arguments) -> None:
    try:
        with grpc.insecure_channel(arguments.target) as channel:
            for line in visit(users_pb2_grpc.UserServiceStub(channel)):
                sys.stdout.write(f"{line}\n")
    except grpc.RpcError as error:
        sys.exit(f"the call to {arguments.target} failed: {error.code().name}: {error.details()}")


def visit(stub: users_pb2_grpc.UserServiceStub) -> Iterator[str]:
    """Makes the calls one after another; raises grpc.RpcError."""
    user = stub.GetUser(users_pb2.UserRequest(user_id="1"), timeout=DEADLINE_S)
    yield f"User received: {user.name}"
    for user in stub.ListUsers(users_pb2.ListUsersRequest(page_size=3), timeout=DEADLINE_S):
        yield f"Received user: {user.name}"
    created = stub.CreateUsers(_requests(), timeout=DEADLINE_S)
    yield f"Created {created.user_count} users"
    for reply in stub.ChatUsers(_messages(), timeout=DEADLINE_S):
        yield reply.message


def _requests() -> Iterator[users_pb2.UserRequest]:
    return (users_pb2.UserRequest(user_id=str(number)) for number in range(1, 4))


def _messages() -> Iterator[users_pb2.ChatMessage]:
    return (users_pb2.ChatMessage(user_id="1", message=f"Hello {number}") for number in range(1, 4))
