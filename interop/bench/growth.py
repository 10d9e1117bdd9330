"""The shipped implementations under more and more names: in, how many; out, the words of a run over that many."""

from __future__ import annotations

import json
from pathlib import Path

from interop import implementations
from interop.model import Implementation

CASES = "unary/status/*"
SIZES = (2, 4, 8, 12)


def words(size: int, folder: Path) -> list[str]:
    """Every client against every server, ``size`` of each. Writes the file of the additional names."""
    entries = list(implementations.read().values())
    named = {
        entry.name + (f"-{turn}" if turn else ""): entry
        for turn in range(-(-size // len(entries)))
        for entry in entries
    }
    # Of two, one of each language.
    names = ["python", "go"] if size == 2 else list(named)[:size]
    extra = folder / f"{size}.toml"
    extra.parent.mkdir(parents=True, exist_ok=True)
    shipped = {entry.name for entry in entries}
    extra.write_text("".join(_toml(name, named[name]) for name in names if name not in shipped), encoding="utf-8")
    chosen = ",".join(names)
    return ["--implementations", str(extra), "--clients", chosen, "--servers", chosen, "--case", CASES]


def _toml(name: str, entry: Implementation) -> str:
    environment = ", ".join(f"{key} = {json.dumps(value)}" for key, value in entry.environment.items())
    return (
        f"[{name}]\ndirectory = {json.dumps(str(entry.directory))}\nserver = {json.dumps(entry.server)}\n"
        f"client = {json.dumps(entry.client)}\nenvironment = {{ {environment} }}\n"
        f"user_agent = {json.dumps(entry.user_agent)}\n\n"
    )
