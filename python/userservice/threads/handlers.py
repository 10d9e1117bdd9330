"""The handlers of UserService: what a user would write around ``domain``. They know nothing of the harness."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import grpc
from google.rpc import status_pb2
from grpc_status import rpc_status

from userservice import domain
from users import users_pb2, users_pb2_grpc

# See CreateUsers.
SETTLE_S = 0.02

_LOG = logging.getLogger(__name__)


class UserService(users_pb2_grpc.UserServiceServicer):
    """``pause_s`` is the pause between two items of ListUsers."""

    def __init__(self, pause_s: float) -> None:
        self._pause_s = pause_s

    def GetUser(self, request: users_pb2.UserRequest, context: grpc.ServicerContext) -> users_pb2.UserResponse:
        refuse(context, domain.user_id_violation(request.user_id))
        return domain.user(request.user_id)

    def ListUsers(
        self, request: users_pb2.ListUsersRequest, context: grpc.ServicerContext
    ) -> Iterator[users_pb2.UserResponse]:
        refuse(context, domain.page_size_violation(request.page_size))
        over = when_over(context)
        for number in range(request.page_size):
            if number and over.wait(self._pause_s):
                return
            yield domain.user(str(number))

    def CreateUsers(
        self, request_iterator: Iterator[users_pb2.UserRequest], context: grpc.ServicerContext
    ) -> users_pb2.CreateUsersResponse:
        over = when_over(context)
        count = 0
        for request in request_iterator:
            refuse(context, domain.user_id_violation(request.user_id))
            count += 1
        if over.wait(SETTLE_S):
            context.abort(grpc.StatusCode.CANCELLED, "the upload broke off")
        _LOG.info("created %d users", count)
        return users_pb2.CreateUsersResponse(user_count=count, success=True)

    def ChatUsers(
        self, request_iterator: Iterator[users_pb2.ChatMessage], context: grpc.ServicerContext
    ) -> Iterator[users_pb2.ChatMessage]:
        for request in request_iterator:
            refuse(context, domain.user_id_violation(request.user_id))
            yield domain.reply(request, datetime.now(UTC))


def refuse(context: grpc.ServicerContext, violation: status_pb2.Status | None) -> None:
    """Ends the call with the status of a violation, if there is one."""
    if violation is not None:
        context.abort_with_status(rpc_status.to_status(violation))


def when_over(context: grpc.ServicerContext) -> threading.Event:
    """An event that is set once the call is over, whoever ended it."""
    over = threading.Event()
    if not context.add_callback(over.set):
        over.set()
    return over
