"""Wrong input to the real command: exit 2, a sentence that says what is meant, no traceback, nothing older is lost."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from interop import cli
from interop.tests.miniatures import write_cases
from interop.tests.runs import CASES, INTEROP, Folder, made

OLDER = b'{"type":"header"}\n'
HEAVY = CASES.replace("- name: unary/none\n", "- name: unary/none\n  tags: [heavy]\n")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Cases and implementations, with results of an older run, and a bad one of each kind of file."""
    folder = made(tmp_path_factory.mktemp("wrong"), HEAVY)
    for name in ("known", "bad/cases"):
        (folder.path / name).mkdir(parents=True)
    write_cases(folder.path / "bad" / "cases", CASES + "- name: unary/bad\n  whi: x\n", "bad")
    (folder.path / "known" / "violations.toml").write_text("\n[[violation]]\nkase = 'x'\n")
    (folder.path / "twice.toml").write_text('[a]\nserver = ["x"]\n[a]\nserver = ["x"]\n')
    (folder.path / "gone.toml").write_text('[gone]\nserver = ["./mine.tml"]\ndirectory = "."\n')
    (folder.path / "noexec.toml").write_text('[noexec]\nserver = ["./mine.toml"]\ndirectory = "."\n')
    for file in (folder.output / "results.jsonl", folder.output / "logs" / "a.log"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(OLDER)
    return folder


def kept(folder: Folder) -> bool:
    return all((folder.output / name).read_bytes() == OLDER for name in ("results.jsonl", "logs/a.log"))


@pytest.mark.parametrize(
    ("servers", "words", "sentence"),
    [
        (
            "mni",
            "",
            "--servers: 'mni'; allowed: python, python-aio, go, go-connect, mini, liar, stubborn; did you mean 'mini'?",
        ),
        ("mini", "-k none", "1 heavy cell was left out; --heavy takes them"),
        ("mini", "-k (", "Wrong expression passed to '-k': (: "),
        ("mini", "--case unary/smal/none", "--case: 'unary/smal/none' matches none of 3; "),
        ("mini", "--interop-known known", "known/violations.toml:3: unknown key 'kase' in an entry; allowed: case, "),
        ("mini", "--repeat x", "argument --repeat: 'x'; allowed: a whole number, 1 or more"),
        ("mini", "--cliens go", "--cliens: no such option; allowed: see interop run --help; did you mean '--clients'?"),
        ("mini", "--implementations twice.toml", "twice.toml:3: [a] stands twice; allowed: once; first in line 1"),
        (
            "gone",
            "--implementations gone.toml --clients go",
            "gone.toml:2: [gone]: there is no mine.tml, so its server can't be started; did you mean 'mine.toml'?",
        ),
        (
            "noexec",
            "--implementations noexec.toml --clients go",
            "noexec.toml:2: [noexec]: mine.toml is not executable; chmod +x mine.toml",
        ),
        (
            "mini",
            "--interop-output mine.toml",
            "/mine.toml: nothing can be written there: File exists; allowed: a folder",
        ),
        ("mini", "bad/cases", "bad/cases/bad.yaml:16: unknown key 'whi' in a case; allowed: name, why, "),
        (
            "mini",
            "cases/smal.yaml",
            "cases/smal.yaml: no such file; allowed: a file of cases; did you mean 'small.yaml'?",
        ),
    ],
)
def test_wrong_input_exits_2_with_a_sentence(folder: Folder, servers: str, words: str, sentence: str) -> None:
    ran = folder.run(servers, *words.split(), program=INTEROP)
    told = ran.stdout + ran.stderr
    assert (ran.returncode, sentence in told, "Traceback" in told, kept(folder)) == (2, True, False, True), told


def test_a_folder_for_results_that_is_no_folder_inside_is_told(folder: Folder) -> None:
    (folder.path / "out" / "results.jsonl").mkdir(parents=True)
    ran = folder.run("mini", "--interop-output", "out", program=INTEROP)
    assert "out/results.jsonl: can't be written: Is a directory; see --interop-output" in ran.stderr + ran.stdout
    assert (ran.returncode, "Traceback" in ran.stderr + ran.stdout) == (2, False)


@pytest.fixture
def inside(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.chdir(folder.path)
    return folder


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            "rum",
            "command: 'rum'; allowed: run, list, explain, replay, smoke, report, tally, schema; did you mean 'run'?",
        ),
        ("list --tag hevy", "--tag: 'hevy'; allowed: bulk, heavy; did you mean 'heavy'?"),
        ("replay pyton", "replay: implementation 'pyton'; allowed: python, "),
        ("report mine.tml", "mine.tml: can't be read: No such file or directory; did you mean 'mine.toml'?"),
        ("report .", ".: can't be read: Is a directory"),
        ("report mine.toml", "mine.toml:1: no line of results: "),
        ("report pytest.ini", "pytest.ini:1: no line of results: "),
        ("report cut", "cut:1: no header line; allowed: a results.jsonl of this harness"),
        ("report bytes", "bytes:1: no line of results: "),
        ("report deep", "deep:1: no line of results: "),
        ("report later", "later:1: format 9; allowed: 1; run it again with this harness"),
        ("tally mine.toml", "mine.toml:1: no line of results: "),
    ],
)
def test_each_other_command_says_what_is_wrong(
    inside: Folder, capsys: pytest.CaptureFixture[str], words: str, sentence: str
) -> None:
    Path("cut").write_text('{"type":"header","form')
    Path("bytes").write_bytes(b'{"type":"header","format":1,"started":"\xff"}\n')
    Path("deep").write_text("[" * 5000 + "\n")
    Path("later").write_text(
        '{"type":"header","format":9,"started":"","command":[],"planned":0,"clients":[],"servers":[],"harness":{}}\n'
    )
    assert cli.main(words.split()) == cli.WRONG_INPUT
    assert capsys.readouterr().err.startswith(f"interop: {sentence}")
    assert (kept(inside), Path("index.html").exists()) == (True, False)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["serve"], r"Which implementation\? Type: make serve IMPL=python \(or python-aio, go, go-connect\)"),
        (["call", "IMPL=goo"], r"There is no implementation 'goo'\. Type: make call IMPL=python"),
    ],
)
def test_make_says_which_implementations_there_are(words: list[str], sentence: str) -> None:
    root = Path(cli.__file__).parent.parent
    ran: Any = subprocess.run(["make", *words], cwd=root, capture_output=True, text=True, check=False)
    assert (ran.returncode, bool(re.search(sentence, ran.stderr))) == (2, True), ran.stderr
