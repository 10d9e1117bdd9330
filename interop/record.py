"""Record ↔ a line of results.jsonl, the only hand-over from running to reporting.

A header, a line a cell as it is judged, a footer. No footer means the run was cut short; a reader says so
(``Results.complete``).
"""

from __future__ import annotations

import fcntl
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import msgspec

from interop.errors import InputInvalid, nearest_file
from interop.results import Footer, Header, Kind, Record, Spoke

FORMAT = 1
NAME = "results.jsonl"
Line = Header | Spoke | Record | Footer

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Line)


def claimed(folder: Path) -> IO[str]:
    """The folder, for this process alone while the file is open. Raises ``InputInvalid`` where another has it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("w")
    except OSError as error:
        found = f"nothing can be written there: {error.strerror}"
        raise InputInvalid(str(folder), found, "a folder", "see --interop-output") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        found = "another run is writing there"
        raise InputInvalid(str(folder), found, "one run a folder", "see --interop-output") from error
    return lock


class Writer:
    """Writes each line at once and whole, so that the file is readable up to the last finished cell."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: IO[bytes] = path.open("wb", buffering=0)

    def write(self, line: Line) -> None:
        self._file.write(_encoder.encode(line) + b"\n")

    def close(self) -> None:
        self._file.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A run as its file tells it."""

    header: Header
    records: list[Record] = field(default_factory=list)
    spoke: list[Spoke] = field(default_factory=list)
    footer: Footer | None = None

    @property
    def complete(self) -> bool:
        return self.footer is not None


def read(path: Path) -> Results:
    """Raises ``InputInvalid`` with the line that can't be read. A last line without its end is left out: the run was
    cut there.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputInvalid(str(path), f"can't be read: {error.strerror}", hint=nearest_file(path)) from error
    whole, _, _ = data.rpartition(b"\n")
    lines = [_line(path, number, text) for number, text in enumerate(whole.split(b"\n"), 1) if text]
    if not lines or not isinstance(lines[0], Header):
        raise InputInvalid(f"{path}:1", "no header line", "a results.jsonl of this harness")
    if lines[0].format != FORMAT:
        raise InputInvalid(f"{path}:1", f"format {lines[0].format}", str(FORMAT), "run it again with this harness")
    return Results(
        header=lines[0],
        records=_as_in_the_catalogue(lines[0], [line for line in lines if isinstance(line, Record)]),
        spoke=[line for line in lines if isinstance(line, Spoke)],
        footer=next((line for line in lines if isinstance(line, Footer)), None),
    )


def _as_in_the_catalogue(header: Header, records: list[Record]) -> list[Record]:
    """They stand in the file as they were done; here by file, line, case, client and server, in the run's own order."""
    names = {name: at for at, name in enumerate([*header.clients, *header.servers])}

    def place(one: Record) -> tuple[str, int, str, int, int]:
        source, _, line = one.source.rpartition(":")
        number = int(line) if line.isdigit() else 0
        return (source, number, one.case, names.get(one.client, -1), names.get(one.server, -1))

    return sorted(records, key=place)


def _line(path: Path, number: int, text: bytes) -> Line:
    try:
        line: Line = _decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InputInvalid(f"{path}:{number}", f"no line of results: {error}") from error
    return line


def counts(records: list[Record]) -> dict[str, int]:
    """How many cells of each verdict, all verdicts named."""
    found = Counter(record.verdict.kind for record in records)
    return {kind.value: found[kind] for kind in Kind}


def schema() -> dict[str, Any]:
    """The JSON Schema of every line of results.jsonl."""
    (reference,), components = msgspec.json.schema_components([Line], ref_template="#/$defs/{name}")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "results.jsonl, one line"}
    return {**head, **reference, "$defs": components}
