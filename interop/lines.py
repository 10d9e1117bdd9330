"""A child's pipes: in, bytes as they come; out, whole lines, and word of one too long, a closed pipe, an exit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from interop import contract


class Lines(asyncio.SubprocessProtocol):
    """Cuts standard output into lines; a line above the limit is dropped and reported, the next one counts again."""

    def __init__(
        self,
        on_line: Callable[[bytes], None],
        on_noise: Callable[[str], None],
        on_exit: Callable[[asyncio.SubprocessTransport], None],
        on_closed: Callable[[int], None],
    ) -> None:
        self._on_line, self._on_noise, self._on_exit, self._on_closed = on_line, on_noise, on_exit, on_closed
        self._held = bytearray()
        self._dropping = False
        self._process: asyncio.SubprocessTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._process = cast(asyncio.SubprocessTransport, transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        *complete, rest = data.split(b"\n")
        for part in complete:
            self._line_ended(part)
        self._held += rest
        if len(self._held) > contract.MAX_LINE:
            self._held.clear()
            self._dropping = True

    def _line_ended(self, part: bytes) -> None:
        line = bytes(self._held) + part
        self._held.clear()
        if self._dropping or len(line) > contract.MAX_LINE:
            self._dropping = False
            self._on_noise(f"a line of more than {contract.MAX_LINE} bytes")
        else:
            self._on_line(line)

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        self._on_closed(fd)

    def process_exited(self) -> None:
        if self._process:
            self._on_exit(self._process)
