"""What a run was asked for: named cases and cells, heavy ones, turns; and a name that is none."""

from __future__ import annotations

from typing import Any

import pytest

from interop import selection
from interop.errors import InputInvalid
from interop.selection import Selection
from interop.tests.test_matrix import case

CASES = [case("a"), case("big", tags=["heavy"])]


def asked(**changed: Any) -> Selection:
    every: dict[str, Any] = {
        "clients": ["x", "y"],
        "servers": ["y"],
        "cases": [],
        "cells": [],
        "heavy": False,
        "repeat": 1,
    }
    return Selection(**{**every, **changed})


@pytest.mark.parametrize(
    ("changed", "want"),
    [
        ({}, ["x--y/unary/g/a", "y--y/unary/g/a"]),
        ({"heavy": True, "clients": ["x"]}, ["x--y/unary/g/a", "x--y/unary/g/big"]),
        ({"cases": ["unary/g/*"]}, ["x--y/unary/g/a", "y--y/unary/g/a"]),
        ({"cases": ["unary/*/big"]}, []),
        ({"cases": ["unary/*/big"], "heavy": True}, ["x--y/unary/g/big", "y--y/unary/g/big"]),
        ({"cells": ["y--y/unary/g/big"]}, ["y--y/unary/g/big"]),
        (
            {"cells": ["y--y/unary/g/big"], "cases": ["unary/g/a"]},
            ["x--y/unary/g/a", "y--y/unary/g/a", "y--y/unary/g/big"],
        ),
    ],
)
def test_cells_are_those_that_were_named_or_all_that_are_not_heavy(changed: dict[str, Any], want: list[str]) -> None:
    chosen = asked(**changed)
    assert [cell.id for cell in selection.selected(chosen, selection.every(chosen, CASES))] == want


@pytest.mark.parametrize("changed", [{"cases": ["unary/g/before"]}, {"cells": ["x--y/unary/g/before"]}])
def test_a_renamed_case_is_found_by_its_old_name(changed: dict[str, Any]) -> None:
    chosen = asked(clients=["x"], **changed)
    cells = selection.every(chosen, [*CASES, case("after", aliases=["unary/g/before"])])
    selection.check(chosen, cells)
    assert [cell.id for cell in selection.selected(chosen, cells)] == ["x--y/unary/g/after"]


def test_a_repeated_selection_has_every_cell_so_often_each_with_its_own_id() -> None:
    chosen = asked(repeat=3, clients=["x"])
    cells = selection.every(chosen, CASES)
    assert [cell.id for cell in selection.selected(chosen, cells)] == [
        "x--y/unary/g/a",
        "x--y/unary/g/a~2",
        "x--y/unary/g/a~3",
    ]
    named = asked(repeat=2, cells=["x--y/unary/g/big"])
    assert [cell.id for cell in selection.selected(named, cells)] == [
        f"x--y/unary/g/big{turn}" for turn in ("", "~2", "~3")
    ]
    named = asked(repeat=2, cells=["x--y/unary/g/big~2"])
    assert [cell.id for cell in selection.selected(named, cells)] == ["x--y/unary/g/big~2"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"cases": ["unary/g/bigg"]},
            "--case: 'unary/g/bigg' matches none of 2; allowed: see interop list; did you mean 'unary/g/big'?",
        ),
        (
            {"cells": ["x--z/unary/g/a"]},
            "--cell: 'x--z/unary/g/a' matches none of 4; allowed: see interop list; did you mean 'x--y/unary/g/a'?",
        ),
    ],
)
def test_a_name_that_is_none_is_told_with_the_nearest(changed: dict[str, Any], sentence: str) -> None:
    chosen = asked(**changed)
    with pytest.raises(InputInvalid) as caught:
        selection.check(chosen, selection.every(chosen, CASES))
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"clients": ["x"]}, "1 heavy cell was left out; --heavy takes them"),
        ({"cases": ["*/big"]}, "2 heavy cells were left out; --heavy takes them"),
        ({"cases": ["*/a"]}, ""),
        ({"heavy": True}, ""),
    ],
)
def test_what_heavy_would_add_is_told(changed: dict[str, Any], sentence: str) -> None:
    chosen = asked(**changed)
    assert selection.left_out(chosen, selection.every(chosen, CASES)) == sentence


@pytest.mark.parametrize(
    ("text", "want"), [(None, []), ("go", ["go"]), (" go , python", ["go", "python"]), ("go,python", ["go", "python"])]
)
def test_names_have_a_comma_between_them(text: str | None, want: list[str]) -> None:
    assert selection.names(text, "--clients") == want


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "'', in which a name is empty; allowed: names with a comma between them"),
        ("go,", "'go,', in which a name is empty; allowed: names with a comma between them"),
        ("go,python, go", "'go' twice; allowed: each name once"),
    ],
)
def test_names_that_say_nothing_are_told(text: str, sentence: str) -> None:
    with pytest.raises(InputInvalid) as caught:
        selection.names(text, "--clients")
    assert str(caught.value) == f"--clients: {sentence}"


@pytest.mark.parametrize("changed", [{}, {"cases": ["unary/*"]}, {"cells": ["x--y/unary/g/big"]}])
def test_what_is_there_is_not_complained_of(changed: dict[str, Any]) -> None:
    chosen = asked(**changed)
    selection.check(chosen, selection.every(chosen, CASES))
