"""A status: the contract's object ↔ a code's name, a message and the value of ``grpc-status-details-bin``."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from google.protobuf import any_pb2, symbol_database
from google.protobuf.message import DecodeError, Message
from google.rpc import (
    code_pb2,
    error_details_pb2,  # noqa: F401  (its types are known from here on)
    status_pb2,
)

from userservice.contract import metadata, protojson
from userservice.contract.errors import CantDo, Malformed
from userservice.contract.fields import Record, field, no_others

DETAILS_KEY = "grpc-status-details-bin"
CODES = code_pb2.Code.keys()


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """``code`` is a name of CODES; ``details`` is the value of DETAILS_KEY, None where there are none."""

    code: str
    message: str
    details: bytes | None

    def trailers(self) -> metadata.Pairs:
        """What of the status goes into the trailers."""
        return () if self.details is None else ((DETAILS_KEY, self.details),)


OK = Status(code="OK", message="", details=None)


def parse(record: Record) -> Status:
    no_others(record, ("code", "message", "details"))
    code, message = field(record, "code", str), field(record, "message", str, "")
    if code.isdecimal():
        raise CantDo("step:finish", f"grpcio: a status code is a member of grpc.StatusCode, {code} is none")
    if code not in CODES:
        raise Malformed(f"{code} is no status code", "code")
    items = field(record, "details", list, [])
    details = [_parse_detail(item, f"details[{index}]") for index, item in enumerate(items)]
    whole = status_pb2.Status(code=code_pb2.Code.Value(code), message=message, details=details)
    return Status(code=code, message=message, details=whole.SerializeToString() if details else None)


def to_json(code: str, message: str | None, trailers: Iterable[tuple[str, str | bytes]] | None) -> Record:
    """A status as the library tells of it: its code's name, its message, and the details among its trailers."""
    return {"code": code, "message": message or "", "details": _details(metadata.first(trailers or (), DETAILS_KEY))}


def _parse_detail(item: Any, path: str) -> any_pb2.Any:
    if type(item) is not dict:
        raise Malformed("is not an object", path)
    try:
        no_others(item, ("type_url", "json", "raw"))
        return any_pb2.Any(type_url=field(item, "type_url", str), value=_detail_value(item))
    except Malformed as error:
        raise error.under(path) from None


def _detail_value(item: Record) -> bytes:
    if "raw" in item:
        return metadata.parse_base64(field(item, "raw", str), "raw")
    kind = _type_of(item["type_url"])
    if kind is None:
        raise Malformed("is no known message type: give its bytes as raw", "type_url")
    return protojson.from_json(field(item, "json", dict), kind).SerializeToString()


def _details(value: str | bytes | None) -> list[Record]:
    if not isinstance(value, bytes):
        return []
    try:
        return [_detail_to_json(detail) for detail in status_pb2.Status.FromString(value).details]
    except DecodeError:
        return []


def _detail_to_json(detail: any_pb2.Any) -> Record:
    kind = _type_of(detail.type_url)
    try:
        if kind is not None:
            return {"type_url": detail.type_url, "json": protojson.to_json(kind.FromString(detail.value))}
    except DecodeError:
        pass
    return {"type_url": detail.type_url, "raw": b64encode(detail.value).decode()}


def _type_of(type_url: str) -> type[Message] | None:
    try:
        return symbol_database.Default().GetSymbol(type_url.rpartition("/")[2])
    except KeyError:
        return None
