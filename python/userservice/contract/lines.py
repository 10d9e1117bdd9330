"""Lines: the locked writer on the real standard output, and what becomes of a line that comes in.

``take_stdout`` comes first in a program: from then on file descriptor 1 is standard error, and a stray print is a log
line.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from typing import Any

from userservice.contract import log
from userservice.contract.errors import CantDo, Malformed
from userservice.contract.fields import Record
from userservice.contract.requests import Request

VERSION = 1
MAX_LINE = 1024 * 1024
# The distributions that take part in a call, as far as they are installed.
_LIBRARIES = ("grpcio", "grpcio-status", "protobuf", "googleapis-common-protos")
Role = Callable[[Request], object]
_dump = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class Writer:
    """Writes one object a line, from any thread."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()

    def write(self, kind: str, /, **keys: Any) -> None:
        data = _encode({"type": kind, **keys})
        with self._lock:
            while data:
                data = data[os.write(self._descriptor, data) :]

    def ready(self, role: str, implementation: str) -> None:
        self.write(
            "ready",
            contract=VERSION,
            role=role,
            implementation=implementation,
            language=f"python {platform.python_version()}",
            libraries=_libraries(),
            pid=os.getpid(),
        )

    def refuse(self, request_id: str, error: Exception) -> None:
        if isinstance(error, CantDo):
            self.write("unsupported", id=request_id, feature=error.feature, reason=error.reason)
        else:
            self.write("rejected", id=request_id, reason=str(error))


def take_stdout() -> Writer:
    writer = Writer(os.dup(1))
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return writer


def answer_all(lines: Iterable[bytes], parse: Callable[[Record], Request], role: Role, writer: Writer) -> None:
    """Hands on the requests among the lines. What is none, or fails, is answered or logged here, and ends nothing."""
    for line in lines:
        record = _decode(line)
        if record is not None:
            try:
                role(parse(record))
            except Exception as error:  # noqa: BLE001  (a request that nobody thought of is no reason to stop)
                _refuse(record, error, writer)


def _decode(line: bytes) -> Record | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        log.line(f"a line that is no JSON: {error}: {line[:200]!r}")
        return None
    if type(record) is dict:
        return record
    log.line(f"a line that is no object: {line[:200]!r}")
    return None


def _refuse(record: Record, error: Exception, writer: Writer) -> None:
    request_id = record.get("id")
    if not isinstance(error, (Malformed, CantDo)):
        log.line("".join(traceback.format_exception(error)))
        error = Malformed(f"{type(error).__name__}: {error}")
    if isinstance(request_id, str):
        writer.refuse(request_id, error)
    else:
        log.line(f"a line without an id: {error}")


def _encode(record: Record) -> bytes:
    """A line; a reply that would be too long for one says so in its place."""
    data = _utf8(_dump(record)) + b"\n"
    if len(data) <= MAX_LINE:
        return data
    reason = f"the {record['type']} is a line of {len(data)} bytes, and a line has at most {MAX_LINE}"
    return _utf8(_dump({"type": "rejected", "id": record.get("id", ""), "reason": reason})) + b"\n"


def _utf8(text: str) -> bytes:
    return text.encode(errors="replace")


def _libraries() -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in _LIBRARIES}
