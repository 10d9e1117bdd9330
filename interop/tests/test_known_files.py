"""The files of known violations and limits are read with their lines, and each mistake in them is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from interop.errors import InputInvalid
from interop.known import Known, read, read_with
from interop.tests.test_known import SAID, entry, limit


def test_the_files_are_read_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "violations.toml").write_text(
        '# head\n\n[[violation]]\ncase = "unary/status/*"\nclient = "go*"\nversions = {grpc-go = "1"}\n'
        'reason = "because"\n'
        f'link = "l"\noutcomes = [["{SAID[0]}"]]\n'
    )
    (tmp_path / "unsupported.toml").write_text(
        '\n\n\n\n[[unsupported]]\nimplementation = "go"\nrole = "client"\nfeature = "step:cancel"\n'
        'versions = {}\nproof = "p"\n'
    )
    assert read(tmp_path) == Known(violations=[entry(SAID)], limits=[limit()])
    with pytest.raises(InputInvalid, match=r"/nothing: no such folder; allowed: "):
        read(tmp_path / "nothing")


GOOD = """[[violation]]
case = "c"
versions = { a = "1" }
reason = "r"
link = "l"
outcomes = [["x"]]
"""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[violation]\n", "violations.toml:1: no valid TOML: Expected ']]' at the end of an array declaration"),
        (
            '\n[[violations]]\ncase = "x"\n',
            "violations.toml:2: unknown table 'violations'; allowed: [[violation]]; did you mean 'violation'?",
        ),
        (
            '[violation]\ncase = "x"\n',
            "violations.toml:1: violation = {'case': 'x'}; allowed: [[violation]] above each",
        ),
        (
            '\n[[violation]] # a comment\ncase = "x"\n',
            "violations.toml:2: an entry without 'versions'; allowed: case, ",
        ),
        (
            '\n[[violation]]\nkase = "x"\n',
            "violations.toml:3: unknown key 'kase' in an entry; allowed: case, client, server, versions, reason, link, "
            "outcomes; did you mean 'case'?",
        ),
        (GOOD + "line = 3\n", "violations.toml:7: unknown key 'line' in an entry; allowed: case, "),
        (GOOD.replace('"c"', "1"), "violations.toml:2: case: 1; allowed: a string; put it in quotes, if it is text"),
        (GOOD.replace('"r"', '""'), "violations.toml:4: reason: ''; allowed: a string that is not empty"),
        (GOOD.replace('"1"', "1.5"), "violations.toml:3: versions: {'a': 1.5}; allowed: a string in each place of it"),
        (GOOD.replace('[["x"]]', '["x"]'), "violations.toml:6: outcomes: ['x']; allowed: a list in each place of it"),
        (GOOD + "\n" + GOOD, "violations.toml:8: an entry that stands twice; allowed: once; first in line 1"),
    ],
)
def test_a_mistake_in_the_list_is_told_with_file_and_line(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "violations.toml").write_text(text)
    with pytest.raises(InputInvalid) as caught:
        read(tmp_path)
    assert str(caught.value).removeprefix(f"{tmp_path}/").startswith(sentence)


def test_a_limit_is_one_of_a_server_or_a_client(tmp_path: Path) -> None:
    text = 'implementation = "a"\nrole = "sever"\nfeature = "f"\nversions = {}\nproof = "p"\n'
    (tmp_path / "unsupported.toml").write_text("[[unsupported]]\n" + text)
    with pytest.raises(InputInvalid) as caught:
        read(tmp_path)
    sentence = "unsupported.toml:3: role: 'sever'; allowed: server, client; did you mean 'server'?"
    assert str(caught.value) == f"{tmp_path}/{sentence}"


def test_one_more_list_comes_before_the_shipped_one_and_its_entries_say_where_they_stand(tmp_path: Path) -> None:
    for name, client in (("base", "*"), ("more", "node")):
        (tmp_path / name).mkdir()
        text = f'[[violation]]\ncase = "*"\nclient = "{client}"\nversions = {{}}\n'
        (tmp_path / name / "violations.toml").write_text(text + 'reason = "r"\nlink = "l"\noutcomes = [[]]\n')
    both = read_with(tmp_path / "base", [tmp_path / "more"])
    assert [entry.name for entry in both.violations] == [
        f"{tmp_path}/more/violations.toml:1 (*, node → *)",
        "known/violations.toml:1 (*, * → *)",
    ]


def test_the_shipped_lists_can_be_read() -> None:
    known = read()
    assert all(violation.reason and violation.link.startswith("https://") for violation in known.violations)
    assert all(one.proof and one.versions for one in known.limits)
