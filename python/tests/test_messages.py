from __future__ import annotations

import pytest
from google.protobuf import duration_pb2, json_format
from google.protobuf.message import Message
from google.rpc import error_details_pb2
from users import users_pb2
from userservice.contract import messages, payload, protojson
from userservice.contract.errors import Malformed


def test_a_number_stands_in_map_keys_and_deep_within_too() -> None:
    written = {"lines": [{"{i}": "a{i}"}, 1], "none": None}
    assert payload.replace_all(written, "{i}", "7") == {"lines": [{"7": "a7"}, 1], "none": None}


def test_the_pattern_is_the_contracts() -> None:
    vector = "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e96b86b2"
    assert payload.pattern(70) == vector
    assert [payload.pattern(size) for size in (0, 1, 64)] == ["", vector[:1], vector[:64]]


def test_a_string_is_reported_whole_up_to_1024_characters() -> None:
    assert payload.digest("é" * 1024) == "é" * 1024
    # The digest as sha256sum gives it, of the UTF-8 bytes; the length in characters.
    assert payload.digest("é" * 1025) == (
        "sha256:7401d66e53876ff539ca56c712df32fc80df1299bf461199add1c50723cfe6cd:1025"
    )


def test_only_a_count_replaces_the_number() -> None:
    record = {"json": {"user_id": "{i}", "message": "{i}{i}"}}
    assert list(messages.parse(record, 2, users_pb2.ChatMessage)) == [
        users_pb2.ChatMessage(user_id="0", message="00"),
        users_pb2.ChatMessage(user_id="1", message="11"),
    ]
    assert list(messages.parse(record, None, users_pb2.ChatMessage)) == [
        users_pb2.ChatMessage(user_id="{i}", message="{i}{i}")
    ]


def test_messages_without_a_number_are_made_once() -> None:
    batch = messages.parse({"json": {"user_id": "1"}}, 1000, users_pb2.UserRequest)
    assert len({id(message) for message in batch}) == 1


def test_fill_puts_the_pattern_into_a_field() -> None:
    record = {"json": {"user_id": "1"}, "fill": {"field": "name", "size": 5}}
    (message,) = messages.parse(record, None, users_pb2.UserResponse)
    assert message == users_pb2.UserResponse(user_id="1", name="5fece")


def test_a_raw_message_is_its_bytes() -> None:
    assert list(messages.parse({"raw": "AAE="}, None, None)) == [b"\0\1"]
    assert messages.to_json(b"\0\1") == {"raw": "AAE="}


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"json": {"nope": 1}}, "json: is no users.UserRequest: .*nope"),
        ({"json": {"user_id": 1}}, "json: is no users.UserRequest"),
        ({"json": {"user_id": "\ud800"}}, "json: is no users.UserRequest"),
        ({"json": {}, "fill": {"field": "nope", "size": 1}}, "fill.field: nope is no string field"),
        ({"json": {}, "fill": {"field": "user_id", "size": -1}}, "fill.size: is negative"),
        ({"raw": ""}, "raw: is no key"),
        ({}, "json: is missing"),
    ],
)
def test_a_message_that_is_none_is_malformed(record: dict[str, object], said: str) -> None:
    with pytest.raises(Malformed, match=said):
        messages.parse(record, None, users_pb2.UserRequest)


@pytest.mark.parametrize(
    "message",
    [
        users_pb2.UserResponse(user_id="1", name="é"),
        users_pb2.ListUsersRequest(),
        users_pb2.CreateUsersResponse(user_count=-3, success=True),
        error_details_pb2.BadRequest(field_violations=[{"field": "f"}]),
        error_details_pb2.RetryInfo(retry_delay=duration_pb2.Duration(seconds=1)),
        error_details_pb2.ErrorInfo(reason="r", metadata={"k": "v"}),
        error_details_pb2.QuotaFailure(),
    ],
)
def test_the_quick_way_gives_what_protobuf_gives(message: Message) -> None:
    assert protojson.to_json(message) == json_format.MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )
    assert protojson.from_json(protojson.to_json(message), type(message)) == message


def test_long_strings_are_digested_at_any_depth() -> None:
    message = error_details_pb2.ErrorInfo(metadata={"k": "v" * 2000})
    assert protojson.to_json(message)["metadata"] == {"k": payload.digest("v" * 2000)}
