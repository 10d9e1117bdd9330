"""A plain server of UserService: grpcio and the generated code, nothing of the harness.

``python server.py HOST:PORT [--list-pause-ms N]``, with python/gen on the PYTHONPATH.
"""

# ruff: noqa: N802  (gRPC names the methods)

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import grpc
from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status
from users import users_pb2, users_pb2_grpc

# Each call in progress holds a thread: 16 of each of four clients, when the matrix runs.
THREADS = 64


class UserService(users_pb2_grpc.UserServiceServicer):
    def __init__(self, list_pause_s: float) -> None:
        self._list_pause_s = list_pause_s

    def GetUser(self, request: users_pb2.UserRequest, context: grpc.ServicerContext) -> users_pb2.UserResponse:
        check_user_id(request.user_id, context)
        return user(request.user_id)

    def ListUsers(
        self, request: users_pb2.ListUsersRequest, context: grpc.ServicerContext
    ) -> Iterator[users_pb2.UserResponse]:
        if request.page_size < 0:
            refuse(context, "page_size", "must not be negative")
        for number in range(request.page_size):
            if number:
                time.sleep(self._list_pause_s)
            yield user(str(number))

    def CreateUsers(
        self, request_iterator: Iterator[users_pb2.UserRequest], context: grpc.ServicerContext
    ) -> users_pb2.CreateUsersResponse:
        count = 0
        for request in request_iterator:
            check_user_id(request.user_id, context)
            count += 1
        next(request_iterator, None)  # raises where the upload broke off and only looked finished
        return users_pb2.CreateUsersResponse(user_count=count, success=True)

    def ChatUsers(
        self, request_iterator: Iterator[users_pb2.ChatMessage], context: grpc.ServicerContext
    ) -> Iterator[users_pb2.ChatMessage]:
        for request in request_iterator:
            check_user_id(request.user_id, context)
            now = datetime.now(UTC).strftime("%H:%M:%S")
            yield users_pb2.ChatMessage(user_id=request.user_id, message=f"Received: {request.message}", timestamp=now)


def user(user_id: str) -> users_pb2.UserResponse:
    return users_pb2.UserResponse(user_id=user_id, name=f"User {user_id}", email=f"user{user_id}@example.com")


def check_user_id(user_id: str, context: grpc.ServicerContext) -> None:
    if not user_id:
        refuse(context, "user_id", "must not be empty")


def refuse(context: grpc.ServicerContext, field: str, description: str) -> None:
    """Ends the call with INVALID_ARGUMENT and a BadRequest."""
    violation = error_details_pb2.BadRequest.FieldViolation(field=field, description=description)
    detail = any_pb2.Any()
    detail.Pack(error_details_pb2.BadRequest(field_violations=[violation]))
    status = status_pb2.Status(code=code_pb2.INVALID_ARGUMENT, message=f"{field} {description}", details=[detail])
    context.abort_with_status(rpc_status.to_status(status))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("--list-pause-ms", type=int, default=100)
    arguments = parser.parse_args()
    server = grpc.server(ThreadPoolExecutor(THREADS), options=(("grpc.so_reuseport", 0),))
    users_pb2_grpc.add_UserServiceServicer_to_server(UserService(arguments.list_pause_ms / 1000), server)
    server.add_insecure_port(arguments.address)
    server.start()
    server.wait_for_termination()


if __name__ == "__main__":
    main()
