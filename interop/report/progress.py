"""How far a run is: in, records as they come; out, a line rewritten on a terminal, one every 10 % elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

from interop.results import Kind, Record

_BAR = 20
_BETWEEN_S = 0.1  # a person can't read faster, and a terminal costs time
_SHOWN = 10  # red cells named as they come; the report names them all
_RED = (Kind.FAIL, Kind.ERROR)


class Progress:
    """``stream`` is usually standard error; ``clock`` only ever gives differences."""

    def __init__(self, planned: int, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._planned, self._stream, self._clock = planned, stream, clock
        self._began = self._drawn = clock()
        self._rewrites = stream.isatty()
        self._done = self._red = self._known = 0
        self._wide = 0

    def step(self, record: Record) -> None:
        self._done += 1
        self._known += record.verdict.kind is Kind.KNOWN
        if record.verdict.kind in _RED:
            self._red += 1
            self._name(record)
        if self._due():
            self._draw()

    def close(self) -> None:
        """Leaves the last state on the screen."""
        if self._rewrites and self._done:
            self._draw()
            self._stream.write("\n")
            self._stream.flush()

    def _due(self) -> bool:
        if self._rewrites:
            return self._clock() - self._drawn >= _BETWEEN_S
        return self._tenth(self._done) > self._tenth(self._done - 1)

    def _tenth(self, done: int) -> int:
        return done * 10 // max(self._planned, 1)

    def _name(self, record: Record) -> None:
        if self._red <= _SHOWN:
            self._line(f"{record.verdict.kind}: {record.id}")
        elif self._red == _SHOWN + 1:
            self._line("more red cells follow: see the report")

    def _line(self, text: str) -> None:
        self._stream.write(f"\r{text:<{self._wide}}\n" if self._rewrites else f"{text}\n")
        self._stream.flush()

    def _draw(self) -> None:
        self._drawn = self._clock()
        text = self._text()
        self._stream.write(f"\r{text:<{self._wide}}" if self._rewrites else f"{text}\n")
        self._stream.flush()
        self._wide = len(text)

    def _text(self) -> str:
        filled = min(_BAR, self._done * _BAR // max(self._planned, 1))
        bar = "#" * filled + "-" * (_BAR - filled)
        counts = [f"{self._done}/{self._planned}", f"{self._red} red", f"{self._known} known"]
        return "  ".join([f"[{bar}] {counts[0]}", *counts[1:], self._left()])

    def _left(self) -> str:
        spent = self._clock() - self._began
        left = max(0, self._planned - self._done)
        return f"about {spent / max(self._done, 1) * left:.0f} s left" if left else f"{spent:.1f} s"
