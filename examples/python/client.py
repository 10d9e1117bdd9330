"""A plain client of UserService: calls each method once and prints what it got; exit code 1 where a call fails.

``python client.py HOST:PORT``, with python/gen on the PYTHONPATH.
"""

from __future__ import annotations

import sys

import grpc
from users import users_pb2, users_pb2_grpc

WITHIN_S = 10


def call_each(stub: users_pb2_grpc.UserServiceStub) -> None:
    user = stub.GetUser(users_pb2.UserRequest(user_id="1"), timeout=WITHIN_S)
    print(f"GetUser: {user.user_id}, {user.name}, {user.email}")

    for user in stub.ListUsers(users_pb2.ListUsersRequest(page_size=2), timeout=WITHIN_S):
        print(f"ListUsers: {user.user_id}, {user.name}, {user.email}")

    requests = (users_pb2.UserRequest(user_id=user_id) for user_id in ("1", "2", "3"))
    created = stub.CreateUsers(requests, timeout=WITHIN_S)
    print(f"CreateUsers: {created.user_count} users, success {str(created.success).lower()}")

    said = (users_pb2.ChatMessage(user_id="1", message=message) for message in ("hello", "bye"))
    for answer in stub.ChatUsers(said, timeout=WITHIN_S):
        print(f"ChatUsers: {answer.user_id}, {answer.message}, at {answer.timestamp}")


def main() -> int:
    with grpc.insecure_channel(sys.argv[1]) as channel:
        try:
            call_each(users_pb2_grpc.UserServiceStub(channel))
        except grpc.RpcError as error:
            print(f"{error.code().name}: {error.details()}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
