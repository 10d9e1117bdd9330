"""The reader's process: in, copies of what passed through the relay; out, the calls that are asked for.

A process of its own, beside the relay's: on a busy machine what reads much waits for its turn, what only hands on does
not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from interop.wire import lines
from interop.wire.connection import Connection
from interop.wire.copies import Copy, unpacked
from interop.wire.lines import Take, Taken
from interop.wire.trace import Trace


def read(source: BinaryIO, write: Callable[[bytes], object]) -> None:
    """Until the copies end."""
    reader = Reader()
    for copy in unpacked(source):
        if copy.what == "take":
            write(lines.encode(reader.taken(lines.request(copy.data))))
        else:
            reader.saw(copy)


class Reader:
    """Every connection and every call that is not over."""

    def __init__(self) -> None:
        self._traces: dict[str, Trace] = {}
        self._connections: dict[int, Connection] = {}

    def saw(self, copy: Copy) -> None:
        connection = self._connections.get(copy.connection)
        if connection is None:
            connection = self._connections[copy.connection] = Connection(copy.connection, self._trace)
        if copy.what == "data":
            connection.saw(copy.sender, copy.data, copy.at)
        elif copy.what != "take":
            connection.ended(copy.sender, copy.what, copy.at)
            if connection.over:
                del self._connections[copy.connection]

    def _trace(self, call_id: str) -> Trace:
        return self._traces.setdefault(call_id, Trace())

    def taken(self, request: lines.Request) -> Taken:
        calls = request.calls if isinstance(request, Take) else []
        came = {call_id: self._traces.pop(call_id) for call_id in calls if call_id in self._traces}
        return Taken(id=request.id, views={call_id: trace.take() for call_id, trace in came.items()})
