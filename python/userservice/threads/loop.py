"""Calls as plain loops over the generated stub, nothing around them: what a bench holds its own cost against.

Standard input names a call a line: the method, and how many messages go with it (``ListUsers 3``: three come back).
"""

from __future__ import annotations

import sys
from collections import deque

import grpc
from users import users_pb2, users_pb2_grpc

from userservice.command import Arguments

DEADLINE_S = 30.0


def main(arguments: Arguments) -> None:
    with grpc.insecure_channel(arguments.target) as channel:
        stub = users_pb2_grpc.UserServiceStub(channel)
        for line in sys.stdin:
            method, count = line.split()
            call(stub, method, int(count))


def call(stub: users_pb2_grpc.UserServiceStub, method: str, count: int) -> None:
    """Raises grpc.RpcError."""
    requests = (users_pb2.UserRequest(user_id="1") for _ in range(count))
    messages = (users_pb2.ChatMessage(user_id="1", message="m") for _ in range(count))
    users = users_pb2.ListUsersRequest(page_size=count)
    match method:
        case "GetUser":
            stub.GetUser(users_pb2.UserRequest(user_id="1"), timeout=DEADLINE_S)
        case "ListUsers":
            deque(stub.ListUsers(users, timeout=DEADLINE_S), maxlen=0)
        case "CreateUsers":
            stub.CreateUsers(requests, timeout=DEADLINE_S)
        case "ChatUsers":
            deque(stub.ChatUsers(messages, timeout=DEADLINE_S), maxlen=0)
        case _:
            sys.exit(f"{method} is no method of UserService")
