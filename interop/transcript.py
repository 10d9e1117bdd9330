"""Replays a golden transcript against an implementation: in, its name; out, a sentence for each line that came
otherwise.

``"*"`` in an expected line is anything; ``"$name"`` is kept from where it first came and put where it stands again.
What an expected line does not name is not compared.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from interop import commands, contract, implementations
from interop.errors import InputInvalid, nearest
from interop.guard import Guard
from interop.model import Implementation
from interop.process import Process, ProcessFailed

GOLDEN = Path(__file__).parent / "golden"
ANSWERS_WITHIN_S = 20.0


def replay_and_tell(name: str, extra: Path | None = None) -> int:
    """Prints what came otherwise; 0 where all came as written. ``name`` is shipped or stands in ``extra``. Raises
    ``InputInvalid`` for a name that is not there.
    """
    every = implementations.read_with(extra)
    if name not in every:
        raise InputInvalid("replay", f"implementation {name!r}", ", ".join(every), nearest(name, every))
    for role in ("server", "client"):
        commands.check_one(every[name], role)
    failed = 0
    for path in sorted(GOLDEN.glob("*.jsonl")):
        sentences = asyncio.run(replay(every[name], _entries(path)))
        failed += len(sentences)
        print(f"{path.name}: {name} {'keeps it' if not sentences else f'parts from it in {len(sentences)} lines'}")
        for sentence in sentences:
            print(f"  {sentence}", file=sys.stderr)
    return 1 if failed else 0


def _entries(path: Path) -> list[Any]:
    return [json.loads(text) for text in path.read_text(encoding="utf-8").splitlines()]


async def replay(implementation: Implementation, entries: list[Any]) -> list[str]:
    """Each end is started; a sentence for each line that came otherwise, with its line number."""
    with tempfile.TemporaryDirectory() as folder:
        run = _Replay(implementation, Path(folder))
        try:
            for number, entry in enumerate(entries, 1):
                await run.line(number, entry)
        except ProcessFailed as failure:
            run.sentences.append(str(failure))
        finally:
            await asyncio.gather(*(process.close() for process in run.ends.values()))
            run.guard.close()
    return run.sentences


class _Replay:
    def __init__(self, implementation: Implementation, folder: Path) -> None:
        self.sentences: list[str] = []
        self.ends: dict[str, Process] = {}
        self.guard = Guard()
        self._implementation, self._folder = implementation, folder
        self._names: dict[str, Any] = {}
        self._replies: dict[tuple[str, str], asyncio.Future[contract.Reply]] = {}
        self._marks: asyncio.Queue[contract.Mark] = asyncio.Queue()

    async def line(self, number: int, entry: dict[str, Any]) -> None:
        if "to" in entry:
            await self._send(entry["to"], self._filled(entry["line"]))
        else:
            await self._compare(number, entry["from"], entry["line"])

    async def _send(self, role: contract.Role, line: dict[str, Any]) -> None:
        process = self.ends.get(role) or await self._started(role)
        value = msgspec.convert(line, contract.ToProgram)
        if isinstance(value, contract.Release):
            process.send(value)
        else:
            self._replies[(role, value.id)] = asyncio.ensure_future(process.request(value, ANSWERS_WITHIN_S))

    async def _started(self, role: contract.Role) -> Process:
        process = self.ends[role] = Process(
            self._implementation, role, self._folder / f"{role}.log", self._marks.put_nowait, guard=self.guard
        )
        await process.start()
        return process

    async def _compare(self, number: int, role: str, want: dict[str, Any]) -> None:
        came: Any
        if want["type"] == "mark":
            came = await asyncio.wait_for(self._marks.get(), ANSWERS_WITHIN_S)
        else:
            came = await self._replies[(role, want["id"])]
        where = self._difference(want, msgspec.json.decode(msgspec.json.encode(came)), "")
        if where:
            self.sentences.append(f"line {number}, from the {role}: {where}")

    def _difference(self, want: Any, got: Any, path: str) -> str:
        """The first place where they part, in words; empty where they don't."""
        if want == "*" or want == got:
            return ""
        if isinstance(want, str) and want.startswith("$"):
            return (
                "" if self._names.setdefault(want, got) == got else f"{path}: want {self._names[want]!r}, got {got!r}"
            )
        if isinstance(want, dict) and isinstance(got, dict):
            # A field that has its default is left out of a line's JSON.
            return next(
                (
                    found
                    for key in want
                    if (found := self._difference(want[key], got.get(key, _default(want[key])), f"{path}.{key}"))
                ),
                "",
            )
        if isinstance(want, list) and isinstance(got, list) and len(want) == len(got):
            pairs = enumerate(zip(want, got, strict=True))
            return next(
                (found for at, (one, other) in pairs if (found := self._difference(one, other, f"{path}[{at}]"))), ""
            )
        return f"{path}: want {want!r}, got {got!r}"

    def _filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._filled(item) for key, item in value.items()}
        return self._names.get(value, value) if isinstance(value, str) else value


def _default(want: Any) -> Any:
    return [] if want == [] else None
