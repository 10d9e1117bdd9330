"""Protobuf messages ↔ JSON objects with proto field names, every field printed, long strings as digests.

protobuf's own json_format costs some 30 µs for a flat message, and every message of every call comes through here; so
messages of plain fields go a quick way, and all others go through json_format. Both ways give the same JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from userservice.contract.errors import Malformed
from userservice.contract.payload import digest, digest_all

_PLAIN = {
    FieldDescriptor.CPPTYPE_STRING: str,
    FieldDescriptor.CPPTYPE_BOOL: bool,
    FieldDescriptor.CPPTYPE_INT32: int,
    FieldDescriptor.CPPTYPE_UINT32: int,
}
_Reader = Callable[[Any], Any]


def to_json(message: Message) -> dict[str, Any]:
    readers = _readers(message.DESCRIPTOR)
    if readers is not None:
        return {name: read(getattr(message, name)) for name, read in readers}
    whole = json_format.MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )
    return digest_all(whole)  # type: ignore[no-any-return]


def from_json(record: dict[str, Any], kind: type[Message]) -> Message:
    plain = _plain_fields(kind.DESCRIPTOR)
    try:
        if all(plain.get(name) is type(value) for name, value in record.items()):
            return kind(**record)
        return json_format.ParseDict(record, kind())
    except (json_format.ParseError, ValueError, TypeError) as error:
        raise Malformed(f"is no {kind.DESCRIPTOR.full_name}: {error}", "json") from None


@cache
def _readers(descriptor: Descriptor) -> list[tuple[str, _Reader]] | None:
    """A reader for each field; None where a field is beyond the quick way."""
    readers = [(field.name, _reader(field)) for field in descriptor.fields]
    if any(read is None for _, read in readers):
        return None
    return [(name, read) for name, read in readers if read is not None]


def _reader(field: FieldDescriptor) -> _Reader | None:
    if field.is_repeated and field.message_type is not None and _is_ordinary(field.message_type):
        return lambda values: [to_json(value) for value in values]
    plain = _plain_fields(field.containing_type).get(field.name)
    if plain is str:
        return digest
    return None if plain is None else plain


def _is_ordinary(descriptor: Descriptor) -> bool:
    """Maps and the well-known types have a JSON form of their own."""
    return not descriptor.full_name.startswith("google.protobuf.") and not descriptor.GetOptions().map_entry


@cache
def _plain_fields(descriptor: Descriptor) -> dict[str, type]:
    return {
        field.name: _PLAIN[field.cpp_type]
        for field in descriptor.fields
        if not field.is_repeated and not field.has_presence and _is_plain(field)
    }


def _is_plain(field: FieldDescriptor) -> bool:
    return field.cpp_type in _PLAIN and field.type != FieldDescriptor.TYPE_BYTES
