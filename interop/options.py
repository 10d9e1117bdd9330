"""What a run was asked for: in, pytest's options; out, one value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from interop import cases, debugging, implementations, known, selection
from interop.errors import InputInvalid
from interop.known import Known
from interop.model import Implementation
from interop.selection import Selection
from interop.tap import NoTap, Tap, WireTap

OUTPUT = Path("build/interop")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a run was asked for. ``worker`` is xdist's name of this process, empty for the one that writes."""

    implementations: dict[str, Implementation]
    selection: Selection
    output: Path
    known: Known
    worker: str
    command: list[str]
    again: list[str]
    progress: bool
    debug: bool
    tap: Tap


def declare(parser: pytest.Parser) -> None:
    group = parser.getgroup("interop", "the interop matrix")
    group.addoption("--clients", default=None, metavar="NAMES", help="comma-separated clients (default: all)")
    group.addoption("--servers", default=None, metavar="NAMES", help="comma-separated servers (default: all)")
    group.addoption(
        "--implementations", default=None, metavar="FILE", help="a TOML file of implementations beside the shipped ones"
    )
    group.addoption(
        "--case",
        action="append",
        default=[],
        metavar="GLOB",
        help="only cases of this id or glob, such as 'unary/status/*'",
    )
    group.addoption("--cell", action="append", default=[], metavar="ID", help="only this cell, also a heavy one")
    group.addoption("--heavy", action="store_true", help="also run cases marked heavy")
    group.addoption(
        "--repeat",
        type=selection.times,
        default=1,
        metavar="N",
        help="the selection N times over: cells ~2, ~3, … beside the first",
    )
    group.addoption(
        "--interop-debug",
        action="store_true",
        help="no watchdogs, the libraries' traces, every process' number told first; --debug for interop run",
    )
    group.addoption(
        "--wire", action="store_true", help="record each call's HTTP/2 frames, by a relay between client and server"
    )
    group.addoption(
        "--interop-output", default=str(OUTPUT), metavar="DIR", help=f"where results go (default: {OUTPUT})"
    )
    group.addoption(
        "--interop-known", default=str(known.FOLDER), metavar="DIR", help="the folder of known violations and limits"
    )
    group.addoption(
        "--interop-known-also", action="append", default=[], metavar="DIR", help="one more such folder, beside it"
    )
    group.addoption(
        "--interop-progress", action="store_true", help="one line with the time left, in place of a letter a cell"
    )


def read(config: pytest.Config) -> Options:
    """Raises ``InputInvalid``."""
    extra = config.getoption("--implementations")
    every = implementations.read_with(None if extra is None else Path(extra))
    debug = config.getoption("--interop-debug")
    if debug:
        every = {name: debugging.traced(entry) for name, entry in every.items()}
    worker = getattr(config, "workerinput", {}).get("workerid", "")
    asked = Selection(
        clients=implementations.chosen(every, selection.names(config.getoption("--clients"), "--clients"), "--clients"),
        servers=implementations.chosen(every, selection.names(config.getoption("--servers"), "--servers"), "--servers"),
        cases=config.getoption("--case"),
        cells=config.getoption("--cell"),
        heavy=config.getoption("--heavy"),
        repeat=config.getoption("--repeat"),
    )
    implementations.check_alone(every, asked.servers, config.getoption("numprocesses", None) or 0)
    if debug and config.getoption("numprocesses", None):
        raise InputInvalid("--interop-debug", "beside -n", "one of them: a debugger wants one process of each")
    if not config.getoption("--interop-output"):
        raise InputInvalid("--interop-output", "''", "a folder")
    return Options(
        implementations=every,
        selection=asked,
        output=Path(config.invocation_params.dir, config.getoption("--interop-output")).resolve(),
        known=known.read_with(
            Path(config.getoption("--interop-known")), [Path(more) for more in config.getoption("--interop-known-also")]
        ),
        worker=worker,
        command=[str(word) for word in config.invocation_params.args],
        again=_again(config),
        debug=debug,
        progress=config.getoption("--interop-progress"),
        tap=WireTap() if config.getoption("--wire") else NoTap(),
    )


def _again(config: pytest.Config) -> list[str]:
    """What a command for one cell of this run needs: the file of implementations, more known lists, and the cases if
    not the shipped.
    """
    extra = config.getoption("--implementations")
    paths = dict.fromkeys(Path(str(word).partition("::")[0]) for word in config.args)
    named = [path for path in paths if path.suffix == ".yaml" or (path / cases.METHODS).is_file()]
    foreign = [str(path) for path in named if not path.resolve().is_relative_to(cases.SHIPPED)]
    lists = config.getoption("--interop-known")
    also = [word for folder in config.getoption("--interop-known-also") for word in ("--interop-known-also", folder)]
    wire = ["--wire"] if config.getoption("--wire") else []
    base = ["--interop-known", lists] if Path(lists) != known.FOLDER else []
    return [*(["--implementations", extra] if extra else []), *base, *also, *wire, *foreign]
