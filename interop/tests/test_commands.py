"""A command that can't be started is told before anything runs, with where it was looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from interop import commands, implementations
from interop.errors import InputInvalid
from interop.implementations import read


def told(folder: Path, entry: str, cell: str = "mine--mine/unary/a/b") -> str:
    path = folder / "i.toml"
    path.write_text(f"# mine\n[mine]\n{entry}")
    (folder / "server.sh").write_text("#!/bin/sh\n")
    with pytest.raises(InputInvalid) as caught:
        commands.check(read(path), [cell])
    return str(caught.value).removeprefix(f"{path}:").replace(str(folder), "FOLDER")


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (
            'directory = "FOLDER"\nserver = ["./sever.sh"]\n',
            "4: [mine]: there is no FOLDER/sever.sh, so its server can't be started; did you mean 'server.sh'?",
        ),
        (
            'directory = "FOLDER"\nserver = ["FOLDER/server.sh"]\n',
            "4: [mine]: FOLDER/server.sh is not executable; chmod +x FOLDER/server.sh",
        ),
        ('directory = "FOLDR"\nserver = ["sh"]\n', "3: [mine]: FOLDR is no directory"),
        (
            'server = ["no-such-command-anywhere"]\nclient = ["sh"]\n',
            "3: [mine]: no 'no-such-command-anywhere' on the PATH, so its server can't be started",
        ),
        (
            'directory = "FOLDER"\nserver = ["sever.sh"]\nenvironment = { PATH = "." }\n',
            "4: [mine]: no 'sever.sh' on the PATH, so its server can't be started; did you mean 'server.sh'?",
        ),
        ('server = ["/"]\n', "3: [mine]: there is no /, so its server can't be started"),
    ],
)
def test_what_can_not_be_started_is_told(tmp_path: Path, entry: str, sentence: str) -> None:
    assert told(tmp_path, entry.replace("FOLDER", str(tmp_path))) == sentence


def test_only_what_is_to_run_is_looked_up(tmp_path: Path) -> None:
    path = tmp_path / "i.toml"
    path.write_text('[good]\nserver = ["sh"]\nclient = ["/none"]\n[bad]\nserver = ["/none"]\nclient = ["sh"]\n')
    commands.check(read(path), ["bad--good/unary/a/b"])


def test_a_shipped_one_that_is_not_built_says_how(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INTEROP_ROOT", str(tmp_path))
    with pytest.raises(InputInvalid) as caught:
        commands.check(implementations.read(), ["go--go/unary/a/b"])
    found = f"there is no {tmp_path}/build/bin/users-go, so its client can't be started; make setup builds it"
    line = implementations.SHIPPED.read_text().splitlines().index("[go]") + 4
    assert str(caught.value) == f"{implementations.SHIPPED}:{line}: [go]: {found}"
