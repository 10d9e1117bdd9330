"""Known violations and known limits: TOML → entries, and whether a cell is one of them. Pure, but for reading the
files.

An entry is strict both ways: it holds only for exactly what it records, and a cell that passes in spite of it is red.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from interop import shape, toml_lines
from interop.errors import InputInvalid, nearest, nearest_file, shown
from interop.model import Cell
from interop.results import Kind, Verdict

FOLDER = Path(__file__).parent / "known"
Text = Annotated[str, Meta(min_length=1)]


class WrittenViolation(msgspec.Struct, frozen=True, kw_only=True):
    """A library breaks the specification, and we know. ``outcomes`` are signatures; several are a set, [] in it is a
    pass.
    """

    case: Text
    client: Text = "*"
    server: Text = "*"
    versions: dict[str, str]
    reason: Text
    link: Text
    outcomes: Annotated[list[list[str]], Meta(min_length=1)]


class Violation(WrittenViolation, frozen=True, kw_only=True):
    folder: str = "known"
    line: int = 0

    def matches(self, cell: Cell) -> bool:
        return fnmatch.fnmatchcase(cell.case.id, self.case) and self.matches_pair(cell)

    def matches_pair(self, cell: Cell) -> bool:
        pairs = ((cell.client, self.client), (cell.server, self.server))
        return all(fnmatch.fnmatchcase(name, glob) for name, glob in pairs)

    def otherwise(self, ran: dict[str, set[str]]) -> list[str]:
        """The libraries whose recorded version is not what ran, as ``grpcio 1.85.1``."""
        recorded = self.versions.items()
        return [f"{name} {version}" for name, version in recorded if version not in ran.get(name, set())]

    @property
    def key(self) -> tuple[object, ...]:
        return (self.case, self.client, self.server, *sorted(self.versions.items()))

    @property
    def name(self) -> str:
        return f"{self.folder}/violations.toml:{self.line} ({self.case}, {self.client} → {self.server})"


class WrittenLimit(msgspec.Struct, frozen=True, kw_only=True):
    """A step or option that a library can't do: what ``unsupported`` must be for a shipped implementation, no more,
    no less.
    """

    implementation: Text
    role: Literal["server", "client"]
    feature: Text
    versions: dict[str, str]
    proof: Text


class Limit(WrittenLimit, frozen=True, kw_only=True):
    line: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.implementation, self.role, self.feature)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    violations: list[Violation] = []
    limits: list[Limit] = []


def read_with(folder: Path, also: list[Path]) -> Known:
    """The list in ``folder`` and those in ``also``, whose entries come first: they are of particular implementations.
    Raises ``InputInvalid``.
    """
    added, base = [(str(other), read(other)) for other in also], read(folder)
    violations = [msgspec.structs.replace(entry, folder=name) for name, known in added for entry in known.violations]
    limits = [limit for _, known in added for limit in known.limits]
    return Known(violations=[*violations, *base.violations], limits=[*limits, *base.limits])


def read(folder: Path = FOLDER) -> Known:
    """Raises ``InputInvalid``."""
    if not folder.is_dir():
        raise InputInvalid(
            str(folder),
            "no such folder",
            "a folder with violations.toml and unsupported.toml, or empty",
            nearest_file(folder),
        )
    return Known(
        violations=_entries(folder / "violations.toml", "violation", Violation),
        limits=_entries(folder / "unsupported.toml", "unsupported", Limit),
    )


def _entries(path: Path, table: str, kind: Any) -> list[Any]:
    if not path.exists():
        return []
    written = toml_lines.read(path)
    for key in written.values:
        if key != table:
            raise InputInvalid(written.where(key), f"unknown table {key!r}", f"[[{table}]]", nearest(key, [table]))
    entries = written.values.get(table, [])
    if not isinstance(entries, list):
        raise InputInvalid(written.where(table), f"{table} = {shown(entries)}", f"[[{table}]] above each entry")
    found: dict[Any, Any] = {}
    for at, entry in enumerate(entries):
        good = _entry(entry, kind, partial(written.where, table, at))
        if good.key in found:
            first = f"first in line {found[good.key].line}"
            raise InputInvalid(written.where(table, at), "an entry that stands twice", "once", first)
        found[good.key] = good
    return list(found.values())


def _entry(entry: Any, kind: Any, where: Callable[..., str]) -> Any:
    """``kind`` is what is written (its base) and the line it is written in."""
    written = shape.typed(entry, kind.__base__, "an entry", where)
    return kind(**msgspec.structs.asdict(written), line=int(where().rpartition(":")[2]))


def for_pair(known: Known, cell: Cell, ran: dict[str, set[str]]) -> Known:
    """The list for cells of that one's pair: without violations of others, and of library versions that did not run;
    ``ran``: a library's name → its versions.
    """
    held = [entry for entry in known.violations if entry.matches_pair(cell) and not entry.otherwise(ran)]
    return msgspec.structs.replace(known, violations=held)


def excused(cell: Cell, outcomes: list[list[str]], verdict: Verdict, known: Known) -> Verdict:
    """The verdict after the list: ``known`` where an entry records exactly this, red where an entry says otherwise.

    ``outcomes`` are the signatures of every round of the cell; [] is a round that went as the specification says.
    """
    if verdict.kind not in (Kind.PASS, Kind.FAIL):
        return verdict
    for entry in known.violations:
        if entry.matches(cell):
            return _held_against(entry, outcomes, verdict)
    return verdict


def _held_against(entry: Violation, outcomes: list[list[str]], verdict: Verdict) -> Verdict:
    if all(outcome in entry.outcomes for outcome in outcomes):
        return msgspec.structs.replace(
            verdict,
            kind=Kind.KNOWN,
            known=entry.name,
            reason=entry.reason,
            sentence=verdict.sentence or "passes, as it sometimes does",
        )
    if verdict.kind is Kind.PASS:
        sentence = f"passes, although {entry.name} says it fails: remove the entry, or bound it by version"
    else:
        sentence = f"{verdict.sentence} — not what {entry.name} records"
    return msgspec.structs.replace(verdict, kind=Kind.FAIL, sentence=sentence)


def stale(known: Known, every_cell: list[Cell]) -> list[str]:
    """The entries that hold for no cell of the whole matrix: none matches, or an earlier
    entry matches them all."""
    held = {next((at for at, one in enumerate(known.violations) if one.matches(cell)), None) for cell in every_cell}
    unused = [entry for at, entry in enumerate(known.violations) if at not in held]
    return [f"{entry.name} matches no cell of the matrix{_meant(entry, every_cell)}" for entry in unused]


def _meant(entry: Violation, every_cell: list[Cell]) -> str:
    """The nearest right name in place of the one that no cell has."""
    names = (
        (entry.case, {cell.case.id for cell in every_cell}),
        (entry.client, {cell.client for cell in every_cell}),
        (entry.server, {cell.server for cell in every_cell}),
    )
    hints = [nearest(glob, sorted(those)) for glob, those in names if not fnmatch.filter(those, glob)]
    return "".join(f"; {hint}" for hint in hints if hint)


def wrong_limits(known: Known, seen: set[tuple[str, str, str]], shipped: set[str], whole_run: bool) -> list[str]:
    """Where ``unsupported`` of an implementation that is shipped, or has a limit listed, is not what the list says."""
    listed = {limit.key: limit for limit in known.limits}
    held = shipped | {limit.implementation for limit in known.limits}
    new = [
        f"{name} as a {role} says {feature} is unsupported, which known/unsupported.toml does not list"
        for name, role, feature in sorted(seen)
        if name in held and (name, role, feature) not in listed
    ]
    gone = [
        f"known/unsupported.toml:{limit.line} lists {feature} of {name} as a {role}, which did not show"
        + (f"; {hint}" if name not in shipped and (hint := nearest(name, sorted(shipped))) else "")
        for (name, role, feature), limit in listed.items()
        if (name, role, feature) not in seen
    ]
    return new + (gone if whole_run else [])
