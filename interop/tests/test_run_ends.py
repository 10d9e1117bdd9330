"""How a run ends: cut short by a person or by -x, or before it begins for wrong input; exit codes and words."""

from __future__ import annotations

from pathlib import Path

import pytest

from interop.model import NotRun
from interop.tests.miniatures import alive, write_cases
from interop.tests.runs import CASES, INTEROP, SLOW, Folder, ids, interrupted, made


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return made(tmp_path)


def test_x_stops_and_tells_what_was_not_run(folder: Folder) -> None:
    ran = folder.run("liar", "-x")
    footer = folder.results().footer
    assert footer is not None
    assert (ran.returncode, footer.counts["fail"], footer.problems) == (1, 1, [])
    assert footer.not_run == [NotRun(id=name, reason="stopping after 1 failures") for name in ids("liar")[1:]]


def test_pdb_does_not_hang_where_nobody_can_type(folder: Folder) -> None:
    ran = folder.run("liar", "--pdb", "-k", "user and unary")
    assert ran.returncode != 0
    assert "client.messages[0]: want" in ran.stdout


@pytest.mark.parametrize(
    ("servers", "words", "sentence"),
    [
        (
            "mni",
            (),
            "--servers: 'mni'; allowed: python, python-aio, go, go-connect, mini, liar, stubborn; did you mean 'mini'?",
        ),
        ("mini", ("-k", "nothing"), "nothing was selected"),
        ("mini", ("--case", "unary/smal/none"), "--case: 'unary/smal/none' matches none of 3"),
        ("mini", ("--interop-known", "known"), "known/violations.toml: no valid TOML"),
        ("mini", ("--rounds", "0"), "--rounds"),
    ],
)
def test_wrong_input_exits_2_with_a_sentence(
    folder: Folder, servers: str, words: tuple[str, ...], sentence: str
) -> None:
    (folder.path / "known").mkdir()
    (folder.path / "known" / "violations.toml").write_text("[[violation]\n")
    ran = folder.run(servers, *words, program=INTEROP)
    told = ran.stdout + ran.stderr
    assert (ran.returncode, sentence in told, "Traceback" in told) == (2, True, False), told


def test_bad_yaml_exits_2_with_file_and_line(folder: Folder) -> None:
    write_cases(folder.path / "cases", CASES + "- name: unary/bad\n  whi: x\n", "bad")
    ran = folder.run("mini", program=INTEROP)
    told = ran.stdout + ran.stderr
    assert "cases/bad.yaml:15: unknown key 'whi' in a case; allowed: name, why, " in told
    assert "did you mean 'why'?" in told
    assert (ran.returncode, "Traceback" in told, folder.output.exists()) == (2, False, False)


def test_ctrl_c_tells_what_was_not_run_and_leaves_no_child(tmp_path: Path) -> None:
    """Not even of implementations that do not end when their input does."""
    results = interrupted(made(tmp_path, CASES + SLOW), "small/users PASSED", "-v")
    assert results.footer is not None
    assert results.footer.counts["pass"] == 3
    assert results.footer.not_run == [NotRun(id="stubborn--stubborn/unary/small/slow", reason="interrupted")]
    assert [alive(one.ready.pid) for one in results.spoke] == [[], []]


def test_what_was_judged_before_ctrl_c_is_kept_though_an_earlier_cell_hangs(tmp_path: Path) -> None:
    hangs = SLOW.replace("  quiet: true\n", "")
    results = interrupted(made(tmp_path, hangs + CASES), "3/4", "--interop-progress", "--capture=no")
    assert results.footer is not None
    assert results.footer.counts["pass"] == 3
    assert [cell.id for cell in results.footer.not_run] == ["stubborn--stubborn/unary/small/slow"]
    assert sorted(one.role for one in results.spoke) == ["client", "server"]
