"""Whether the commands of implementations can be started: in, the entries and who is to run; out, nothing, or
``InputInvalid`` for the first that the system would refuse. Starts nothing.

A command is looked up as the system does it: with a slash from the entry's directory, otherwise on its PATH.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from interop import toml_lines
from interop.errors import InputInvalid, nearest, nearest_file
from interop.model import Implementation


def check(implementations: dict[str, Implementation], cells: Iterable[str]) -> None:
    """``cells`` are ids: their clients' client commands and their servers' server commands are looked up."""
    pairs = {cell.partition("/")[0].partition("--") for cell in cells}
    for name, role in sorted({(one, "client") for one, _, _ in pairs} | {(one, "server") for _, _, one in pairs}):
        check_one(implementations[name], role)


def check_one(entry: Implementation, role: str) -> None:
    argv: list[str] | None = getattr(entry, role)
    if argv is None:
        return
    if not entry.directory.is_dir():
        raise _refused(entry, "directory", f"{entry.directory} is no directory", nearest_file(entry.directory))
    places = _places(entry, argv[0])
    files = [place for place in places if _is_file(place)]
    if not files:
        where = f"there is no {places[0]}" if "/" in argv[0] else f"no {argv[0]!r} on the PATH"
        raise _refused(entry, role, f"{where}, so its {role} can't be started", _hint(entry, argv[0], places))
    if not any(os.access(file, os.X_OK) for file in files):
        raise _refused(entry, role, f"{files[0]} is not executable", f"chmod +x {files[0]}")


def _refused(entry: Implementation, key: str, found: str, hint: str) -> InputInvalid:
    where = toml_lines.read(Path(entry.source)).where(entry.name, key)
    return InputInvalid(f"{where}: [{entry.name}]", found, hint=hint)


def _places(entry: Implementation, command: str) -> list[Path]:
    if "/" in command:
        return [entry.directory / command]
    return [entry.directory / folder / command for folder in _path(entry)]


def _path(entry: Implementation) -> list[str]:
    return os.get_exec_path({**os.environ, **entry.environment})


def _hint(entry: Implementation, command: str, places: list[Path]) -> str:
    if "build" in places[0].parts and Path(entry.source).parent == Path(__file__).parent:
        return "make setup builds it"
    if "/" in command:
        return nearest_file(places[0])
    return nearest(command, (path.name for place in places for path in _within(place.parent)))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long, a folder that can't be looked into
        return False


def _within(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
