"""What UserService answers, as pure functions: messages in, messages out. The specification is proto/users/users.proto.

There is no transport in here: both stacks use this file, and a handler is what is left to write around it.
"""

from __future__ import annotations

from datetime import datetime

from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from users import users_pb2

# The pause of ListUsers as shipped.
LIST_PAUSE_S = 0.1


def user(user_id: str) -> users_pb2.UserResponse:
    return users_pb2.UserResponse(user_id=user_id, name=f"User {user_id}", email=f"user{user_id}@example.com")


def reply(message: users_pb2.ChatMessage, now: datetime) -> users_pb2.ChatMessage:
    """The answer to one chat message; ``now`` is in UTC."""
    return users_pb2.ChatMessage(
        user_id=message.user_id, message=f"Received: {message.message}", timestamp=now.strftime("%H:%M:%S")
    )


def user_id_violation(user_id: str) -> status_pb2.Status | None:
    """The status that a request with this user_id earns; None where it is fine."""
    return None if user_id else _invalid("user_id", "must not be empty")


def page_size_violation(page_size: int) -> status_pb2.Status | None:
    """The status that a request with this page_size earns; None where it is fine."""
    return None if page_size >= 0 else _invalid("page_size", "must not be negative")


def _invalid(field: str, description: str) -> status_pb2.Status:
    violation = error_details_pb2.BadRequest.FieldViolation(field=field, description=description)
    detail = any_pb2.Any()
    detail.Pack(error_details_pb2.BadRequest(field_violations=[violation]))
    return status_pb2.Status(code=code_pb2.INVALID_ARGUMENT, message=f"{field} {description}", details=[detail])
