"""Gives each xdist worker whole pairs, so that a process is started where its cells run and nowhere else."""

from __future__ import annotations

from typing import Any

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]


class PairScheduler(LoadScopeScheduling):  # type: ignore[misc]
    """A scope is the pair in a cell's id; other tests go file by file."""

    def __init__(self, config: Any, log: Any = None) -> None:
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        path, _, name = nodeid.partition("::")
        pair = name.partition("/")[0]
        return pair if "--" in pair else path
