"""The messages of a ``send`` step, ready for the library before the call begins; and what came, as JSON.

In: ``{"json": …, "fill": …}`` of a message type, or ``{"raw": BASE64}``. A message of a raw call is bytes throughout.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from google.protobuf.message import Message

from userservice.contract import protojson
from userservice.contract.errors import Malformed
from userservice.contract.fields import Record, field, natural, no_others
from userservice.contract.metadata import parse_base64
from userservice.contract.payload import pattern, replace_all

Payload = Message | bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """``count`` messages for the library. Those with ``{i}`` in them are made one by one by ``make``, all others are
    one object."""

    count: int
    first: Payload
    make: Callable[[int], Payload] | None = None

    def __iter__(self) -> Iterator[Payload]:
        for index in range(self.count):
            yield self.first if self.make is None else self.make(index)


NO_MESSAGES = Batch(0, b"")


def parse(record: Record, count: int | None, kind: type[Message] | None) -> Batch:
    """``kind`` is the type of the messages; None in a raw call."""
    if kind is None:
        no_others(record, ("raw",))
        return Batch(1 if count is None else count, parse_base64(field(record, "raw", str), "raw"))
    no_others(record, ("json", "fill"))
    if count is None:
        return Batch(1, _build(record, kind))
    if "{i}" not in json.dumps(record):
        return Batch(count, _build(record, kind))

    def numbered(index: int) -> Message:
        return _build(replace_all(record, "{i}", str(index)), kind)

    return Batch(count, numbered(0), numbered)


def to_json(message: Payload) -> Record:
    if isinstance(message, bytes):
        return {"raw": b64encode(message).decode()}
    return protojson.to_json(message)


def _build(record: Record, kind: type[Message]) -> Message:
    message = protojson.from_json(field(record, "json", dict), kind)
    fill = record.get("fill")
    if fill is not None:
        try:
            _fill(message, field(record, "fill", dict))
        except Malformed as error:
            raise error.under("fill") from None
    return message


def _fill(message: Message, fill: Record) -> None:
    no_others(fill, ("field", "size"))
    name, size = field(fill, "field", str), natural(fill, "size")
    if not isinstance(getattr(message, name, None), str):
        raise Malformed(f"{name} is no string field of {message.DESCRIPTOR.full_name}", "field")
    setattr(message, name, pattern(size))
