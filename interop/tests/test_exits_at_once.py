"""A command that ends before the harness has heard that it runs: an error of its cells, and nobody else's end."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from interop.process import Process, ProcessFailed
from interop.tests.miniatures import implementation
from interop.tests.runs import INTEROP, ids, made

WORDS = pytest.mark.parametrize(
    ("command", "code"), [(["/bin/false"], 1), (["/bin/sh", "-c", "exit 3"], 3)], ids=["false", "exit 3"]
)


class Late(asyncio.SelectorEventLoop):
    """Hands a process over when its end has been told already."""

    ended: asyncio.Event

    async def subprocess_exec(self, protocol_factory: Any, *words: Any, **options: Any) -> Any:
        made = await super().subprocess_exec(protocol_factory, *words, **options)
        await self.ended.wait()
        return made


@pytest.fixture
def signalled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The groups that were signalled; those that would reach the tests themselves are spared."""
    groups: list[int] = []
    real = os.killpg

    def noted(group: int, number: int) -> None:
        groups.append(group)
        if group > 1 and group != os.getpgid(0):
            real(group, number)

    monkeypatch.setattr(os, "killpg", noted)
    return groups


@WORDS
def test_no_group_but_its_own_is_signalled(tmp_path: Path, signalled: list[int], command: list[str], code: int) -> None:
    async def inside() -> tuple[str, int]:
        entry = msgspec.structs.replace(implementation(), server=command)
        server = Process(entry, "server", tmp_path / "log", lambda _: None)
        loop.ended = server._gone
        with pytest.raises(ProcessFailed) as caught:
            await server.start()
        await server.close()
        return str(caught.value), server.pid

    loop = Late()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        told, pid = runner.run(inside())
    assert (told, set(signalled)) == (f"mini as a server ended with exit code {code}", {pid})


@WORDS
def test_a_run_survives_it(tmp_path: Path, command: list[str], code: int) -> None:
    folder = made(tmp_path)
    with (tmp_path / "mine.toml").open("a") as toml:
        toml.write(f'[short]\nserver = {command}\nuser_agent = "^miniature/"\n')
    ran = folder.run("short,mini", program=INTEROP)
    assert ran.returncode == 1, ran.stdout
    sentence = f"short as a server ended with exit code {code}"
    want = dict.fromkeys(ids("short"), ("error", sentence)) | dict.fromkeys(ids("mini"), ("pass", ""))
    assert {one.id: (one.verdict.kind.value, one.verdict.sentence) for one in folder.results().records} == want
