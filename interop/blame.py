"""Who is to blame: in, records; out, a sentence for each group of red cells that points at the same side. Pure.

Fix the client and vary the server: a bad column is the server's. Fix the server and vary the client: a bad row is the
client's. Both: the pair's own, or, where every pair fails, the case itself is suspect.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from interop.results import Kind, Record

RED = (Kind.FAIL, Kind.ERROR)
# Cells that say nothing about who is to blame: nothing was judged.
_SILENT = (Kind.UNSUPPORTED, Kind.RECORDED)
# How a failure of a process begins, see ``process.ProcessFailed``.
_NAMED = re.compile(r"(\S+) as a (server|client) ")
_SIDES = (("server", "client"), ("client", "server"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Blame:
    """``who`` in words, and the red cells it explains. ``role`` is server, client, pair, case or unknown."""

    role: str
    names: tuple[str, ...]
    peers: str
    records: tuple[Record, ...]

    @property
    def who(self) -> str:
        """``go and go-connect as servers, with 4 of 4 clients``."""
        names = _joined(self.names)
        if self.role in ("server", "client"):
            role = f"a {self.role}" if len(self.names) == 1 else f"{self.role}s"
            return f"{names} as {role}, with {self.peers}"
        return {"pair": f"{names}: this pair only", "case": f"the case itself is suspect: {self.peers}"}.get(
            self.role, f"{names}: {self.peers}"
        )

    @property
    def cases(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(record.case for record in self.records))


def blamed(records: list[Record]) -> list[Blame]:
    """Every red cell is in exactly one group; the largest group first."""
    groups: dict[tuple[str, tuple[str, ...], str], list[Record]] = defaultdict(list)
    by_case: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        by_case[(record.configuration, record.case)].append(record)
    for of_case in by_case.values():
        for blame in _case(of_case):
            groups[(blame.role, blame.names, blame.peers)] += blame.records
    found = [
        Blame(role=role, names=names, peers=peers, records=tuple(red)) for (role, names, peers), red in groups.items()
    ]
    return sorted(found, key=lambda blame: -len(blame.records))


def _case(records: list[Record]) -> list[Blame]:
    broken = _broken(records)
    named = {record.id for blame in broken for record in blame.records}
    return broken + _judged([record for record in records if record.id not in named])


def _broken(records: list[Record]) -> list[Blame]:
    """Cells of a process that broke: its failure names it, and nobody else can be told by them."""
    groups: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        if record.verdict.kind is Kind.ERROR and (found := _NAMED.match(record.verdict.sentence)):
            groups[(found[1], found[2])].append(record)
    return [_of_process(name, role, red, records) for (name, role), red in groups.items()]


def _of_process(name: str, role: str, red: list[Record], records: list[Record]) -> Blame:
    peer = "client" if role == "server" else "server"
    all_of = {getattr(record, peer) for record in records if getattr(record, role) == name}
    peers = f"{len({getattr(record, peer) for record in red})} of {len(all_of)} {peer}s"
    return Blame(role=role, names=(name,), peers=peers, records=tuple(red))


def _judged(records: list[Record]) -> list[Blame]:
    told = [record for record in records if record.verdict.kind not in _SILENT]
    red = [record for record in told if record.verdict.kind in RED]
    if not red:
        return []
    clients, servers = {record.client for record in told}, {record.server for record in told}
    if len(clients) < 2 and len(servers) < 2:
        return [
            Blame(
                role="unknown",
                names=(_arrow(red[0]),),
                peers="only this pair ran, so nobody can be told from the other",
                records=tuple(red),
            )
        ]
    if len(red) == len(told) and len(clients) > 1 and len(servers) > 1:
        pairs = {_arrow(record) for record in told}
        return [Blame(role="case", names=(), peers=f"it fails on all {len(pairs)} pairs", records=tuple(red))]
    return _by_side(told, red)


def _by_side(told: list[Record], red: list[Record]) -> list[Blame]:
    found = []
    left = red
    for role, peer in _SIDES:
        whole = tuple(
            name for name in _whole(told, red, role, peer) if any(getattr(record, role) == name for record in left)
        )
        if whole:
            explained = tuple(record for record in left if getattr(record, role) in whole)
            count = len({getattr(record, peer) for record in told})
            found.append(Blame(role=role, names=whole, peers=f"{count} of {count} {peer}s", records=explained))
            left = [record for record in left if getattr(record, role) not in whole]
    return found + _in_part(told, left)


def _whole(told: list[Record], red: list[Record], role: str, peer: str) -> tuple[str, ...]:
    """The names whose every cell of this case is red, where there is more than one peer to go by."""
    names = dict.fromkeys(getattr(record, role) for record in told)
    reds = {record.id for record in red}
    all_red = []
    for name in names:
        cells = [record for record in told if getattr(record, role) == name]
        if len({getattr(record, peer) for record in cells}) > 1 and all(record.id in reds for record in cells):
            all_red.append(name)
    return tuple(all_red)


def _in_part(told: list[Record], red: list[Record]) -> list[Blame]:
    """What no whole row or column explains: a side that is red with several peers, or else this pair only."""
    found = []
    for role, peer in _SIDES:
        for name in dict.fromkeys(getattr(record, role) for record in red):
            mine = tuple(record for record in red if getattr(record, role) == name)
            others = {getattr(record, peer) for record in told if getattr(record, role) == name}
            bad = {getattr(record, peer) for record in mine}
            if len(bad) > 1:
                found.append(
                    Blame(role=role, names=(name,), peers=f"{len(bad)} of {len(others)} {peer}s", records=mine)
                )
                red = [record for record in red if record not in mine]
    return found + [Blame(role="pair", names=(_arrow(record),), peers="", records=(record,)) for record in red]


def _arrow(record: Record) -> str:
    return f"{record.client} → {record.server}"


def _joined(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
