from __future__ import annotations

from datetime import UTC, datetime

from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from users import users_pb2
from userservice import domain


def test_a_user_is_named_after_its_id() -> None:
    assert domain.user("7") == users_pb2.UserResponse(user_id="7", name="User 7", email="user7@example.com")


def test_a_reply_quotes_the_message_and_says_the_servers_time() -> None:
    asked = users_pb2.ChatMessage(user_id="1", message="hi", timestamp="ignored")
    told = users_pb2.ChatMessage(user_id="1", message="Received: hi", timestamp="03:04:05")
    assert domain.reply(asked, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) == told


def test_a_good_field_has_no_violation() -> None:
    assert domain.user_id_violation(" ") is None
    assert domain.page_size_violation(0) is None


def test_an_empty_user_id_is_refused_in_the_words_of_the_specification() -> None:
    assert domain.user_id_violation("") == refusal("user_id", "must not be empty")


def test_a_negative_page_size_is_refused_in_the_words_of_the_specification() -> None:
    assert domain.page_size_violation(-1) == refusal("page_size", "must not be negative")


def refusal(field: str, description: str) -> status_pb2.Status:
    violation = error_details_pb2.BadRequest.FieldViolation(field=field, description=description)
    detail = any_pb2.Any(
        type_url="type.googleapis.com/google.rpc.BadRequest",
        value=error_details_pb2.BadRequest(field_violations=[violation]).SerializeToString(),
    )
    return status_pb2.Status(code=code_pb2.INVALID_ARGUMENT, message=f"{field} {description}", details=[detail])
