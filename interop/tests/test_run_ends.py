"""How a run ends: cut short by a person or by -x; exit codes and words."""

from __future__ import annotations

from pathlib import Path

import pytest

from interop.results import NotRun
from interop.tests.miniatures import alive
from interop.tests.runs import CASES, SLOW, Folder, ids, interrupted, made


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return made(tmp_path)


def test_x_stops_and_tells_what_was_not_run(tmp_path: Path) -> None:
    """What was done ahead of the item that failed is done; what hangs is not run."""
    folder = made(tmp_path, CASES + SLOW)
    ran = folder.run("liar", "-x")
    footer = folder.results().footer
    assert footer is not None
    assert (ran.returncode, footer.exit_code, footer.problems) == (1, 1, [])
    left = [one.id for one in footer.not_run]
    done = [one.id for one in folder.results().records]
    assert sorted([*done, *left]) == sorted([*ids("liar"), "mini--liar/unary/small/slow"])
    assert "mini--liar/unary/small/slow" in left
    assert {one.reason for one in footer.not_run} == {"stopping after 1 failures"}


def test_pdb_does_not_hang_where_nobody_can_type(folder: Folder) -> None:
    ran = folder.run("liar", "--pdb", "-k", "user and unary")
    assert ran.returncode != 0
    assert "client.messages[0]: want" in ran.stdout


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
