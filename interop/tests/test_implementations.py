"""implementations.toml: each mistake is told with the file, the entry, what is allowed, and a suggestion."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from interop.errors import InputInvalid
from interop.implementations import ROOT, check_alone, chosen, read, read_with
from interop.model import Implementation

GOOD = '[mine]\nserver = ["{root}/bin/mine", "server"]\n'


def told(path: Path, text: str | bytes) -> str:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputInvalid) as caught:
        read(path)
    return str(caught.value).removeprefix(str(path))


def test_the_shipped_entries_are_the_four(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INTEROP_ROOT", raising=False)
    entries = read()
    assert list(entries) == ["python", "python-aio", "go", "go-connect"]
    assert all(entry.server and entry.client and entry.user_agent for entry in entries.values())


def test_an_entry_is_filled_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INTEROP_ROOT", raising=False)
    path = tmp_path / "i.toml"
    path.write_text(
        '[mine]\ndirectory = "{root}/x"\nclient = ["{python}", "-m", "mine"]\n'
        'environment = { A = "{root}" }\nuser_agent = "^mine/"\n'
    )
    assert read(path) == {
        "mine": Implementation(
            name="mine",
            server=None,
            client=[sys.executable, "-m", "mine"],
            user_agent="^mine/",
            directory=ROOT / "x",
            environment={"A": str(ROOT)},
            source=str(path),
        )
    }


def test_another_tree_can_stand_in_for_this_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTEROP_ROOT", "/copy")
    path = tmp_path / "i.toml"
    path.write_text(GOOD)
    assert read(path)["mine"].server == ["/copy/bin/mine", "server"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[mine\n", ":1: no valid TOML: Expected ']' at the end of a table declaration"),
        (b'[mine]\nserver = ["\xff"]\n', ":2: the byte 0xff; allowed: text in UTF-8"),
        (GOOD + GOOD, ":3: [mine] stands twice; allowed: once; first in line 1"),
        (GOOD + 'server = ["x"]\n', ":3: key 'server' of [mine] stands twice; allowed: once; first in line 2"),
        (
            '[Mine]\nserver = ["x"]\n',
            ":1: [Mine]: the name 'Mine'; allowed: lower case, digits, '-', '.', '_', and no '--'",
        ),
        (
            '[a--b]\nserver = ["x"]\n',
            ":1: [a--b]: the name 'a--b'; allowed: lower case, digits, '-', '.', '_', and no '--'",
        ),
        ("mine = 3\n", ":1: [mine]: 3; allowed: a table"),
        (
            '[mine]\nservr = ["x"]\n',
            ":2: [mine]: unknown key 'servr'; allowed: directory, server, client, address, environment, debug, "
            "user_agent, memory_mb; did you mean 'server'?",
        ),
        (
            '[mine]\nserver = ["x"]\nmemory_mb = "64"\n',
            ":3: [mine]: memory_mb = '64'; allowed: a whole number of megabytes, 1 or more",
        ),
        (
            '[mine]\nuser_agent = "x"\n',
            ":1: [mine]: neither server nor client; allowed: a command for one of them, or both, or the address of a",
        ),
        (
            '[mine]\nserver = "x y"\n',
            """:2: [mine]: server = 'x y'; allowed: a list of words, such as ["./server", "--verbose"]""",
        ),
        (
            "[mine]\nserver = []\n",
            """:2: [mine]: server = []; allowed: a list of words, such as ["./server", "--verbose"]""",
        ),
        (GOOD + "directory = 3\n", ":3: [mine]: directory = 3; allowed: a string"),
        (GOOD + "environment = { A = 3 }\n", ":3: [mine]: environment = {'A': 3}; allowed: a table of strings"),
        (GOOD + 'environment = { "A=" = "3" }\n', ":3: [mine]: environment = {'A=': '3'}; allowed: names without '='"),
        ('[mine]\nserver = ["a\\u0000"]\n', ":2: [mine]: server = ['a\\x00']; allowed: a list of words, such as "),
        *(
            (GOOD + f"address = {written}\n", f":3: [mine]: address = {found}; allowed: HOST:PORT, such as ")
            for written, found in (
                ('"50051"', "'50051'"),
                ("50051", "50051"),
                ('"127.0.0.1:0"', "'127.0.0.1:0'"),
                ('"127.0.0.1:65536"', "'127.0.0.1:65536'"),
                ('"::1:50051"', "'::1:50051'"),
                ('"http://127.0.0.1:50051"', "'http://127.0.0.1:50051'"),
            )
        ),
        (GOOD + 'user_agent = "("\n', ":3: [mine]: user_agent = '('"),
    ],
)
def test_each_mistake_is_told(tmp_path: Path, text: str | bytes, sentence: str) -> None:
    assert told(tmp_path / "i.toml", text).startswith(sentence)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputInvalid, match=r"none\.toml: can't be read: No such file or directory$"):
        read(tmp_path / "none.toml")


def test_entries_of_a_file_stand_beside_the_shipped_ones(tmp_path: Path) -> None:
    path = tmp_path / "i.toml"
    path.write_text(GOOD)
    assert list(read_with(path)) == ["python", "python-aio", "go", "go-connect", "mine"]
    assert list(read_with(None)) == ["python", "python-aio", "go", "go-connect"]


def test_a_shipped_name_can_not_be_taken(tmp_path: Path) -> None:
    path = tmp_path / "i.toml"
    path.write_text('[go]\nserver = ["x"]\n')
    with pytest.raises(InputInvalid, match=r"i\.toml:1: \[go\]: the name 'go'; allowed: a name that is not shipped"):
        read_with(path)


def entry(name: str, *, client: bool = True) -> Implementation:
    return Implementation(name=name, server=["x"], client=["x"] if client else None, user_agent="", directory=Path())


ALL = {name: entry(name, client=name != "c") for name in "abc"}


@pytest.mark.parametrize(
    ("names", "option", "want"),
    [([], "--servers", ["a", "b", "c"]), ([], "--clients", ["a", "b"]), (["b", "a"], "--clients", ["b", "a"])],
)
def test_the_chosen_ones_are_those_named_or_all_that_can(names: list[str], option: str, want: list[str]) -> None:
    assert chosen(ALL, names, option) == want


def test_a_name_that_can_not_is_told() -> None:
    with pytest.raises(InputInvalid) as caught:
        chosen({"python": entry("python"), "only": entry("only", client=False)}, ["pyhton"], "--clients")
    assert str(caught.value) == "--clients: 'pyhton'; allowed: python; did you mean 'python'?"


@pytest.mark.parametrize("address", ["127.0.0.1:50051", "[::1]:1", "users.example:65535"])
def test_the_address_of_a_server_can_be_chosen_as_a_server_and_not_as_a_client(tmp_path: Path, address: str) -> None:
    path = tmp_path / "i.toml"
    path.write_text(f'[mine]\naddress = "{address}"\n')
    entries = read(path)
    assert (entries["mine"].address, entries["mine"].server) == (address, None)
    assert chosen(entries, [], "--servers") == ["mine"]
    assert chosen(entries, [], "--clients") == []


def test_several_workers_do_not_start_several_servers_at_one_address(tmp_path: Path) -> None:
    path = tmp_path / "i.toml"
    path.write_text(f'{GOOD}address = "127.0.0.1:50051"\n[runs]\naddress = "127.0.0.1:50052"\n')
    entries = read(path)
    check_alone(entries, ["mine", "runs"], 0)
    check_alone(entries, ["runs"], 2)
    with pytest.raises(
        InputInvalid, match=r"^-n: 2 workers would each start mine at 127\.0\.0\.1:50051; allowed: no -n"
    ):
        check_alone(entries, ["runs", "mine"], 2)
