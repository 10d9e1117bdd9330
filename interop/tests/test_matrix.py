"""Every client with every server for every case, in their order; and whose the lines of the logs are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from interop import logs, matrix
from interop.contract import Configuration
from interop.model import CallSpec, Case, Cell


def case(name: str, configuration: str = "plain", **more: Any) -> Case:
    found = f"unary/g/{name}"
    return Case(
        id=found,
        base=found,
        mode="unary",
        why="w",
        calls=more.pop("calls", []),
        source="g.yaml",
        line=1,
        configuration=Configuration(name=configuration),
        **more,
    )


def test_a_cell_is_named_by_pair_configuration_and_case() -> None:
    plain = Cell(client="go", server="python-aio", case=case("a"))
    shipped = Cell(client="go", server="python-aio", case=case("a", configuration="shipped"))
    assert (plain.id, plain.pair) == ("go--python-aio/unary/g/a", "go--python-aio")
    assert shipped.id == "go--python-aio/shipped/unary/g/a"


def test_every_client_meets_every_server_in_every_case() -> None:
    found = matrix.cells([case("a"), case("b")], ["x", "y"], ["z", "x"])
    assert [cell.id for cell in found] == [
        f"{pair}/unary/g/{name}" for name in "ab" for pair in ("x--z", "x--x", "y--z", "y--x")
    ]


def test_plain_cells_come_first_and_quiet_ones_last() -> None:
    cases = [
        case("quiet", quiet=True),
        case("odd", configuration="shipped"),
        case("a"),
        case("z", configuration="b"),
        case("b"),
    ]
    names = [cell.case.id.rpartition("/")[2] for cell in sorted(matrix.cells(cases, ["x"], ["y"]), key=matrix.order)]
    assert names == ["a", "b", "z", "odd", "quiet"]


def test_cells_that_may_have_to_give_up_begin_first_of_their_kind() -> None:
    call = CallSpec(method="/s/m", mode="unary", steps=[], give_up_after_ms=6000)
    cases = [case("a"), case("hangs", calls=[call]), case("odd", configuration="shipped")]
    names = [cell.case.id.rpartition("/")[2] for cell in sorted(matrix.cells(cases, ["x"], ["y"]), key=matrix.order)]
    assert names == ["hangs", "a", "odd"]


def test_each_cell_gets_the_lines_about_its_calls(tmp_path: Path) -> None:
    processes = tmp_path / "processes"
    processes.mkdir()
    (processes / "go.server.log").write_text(
        "started\ncall=c1 begun\nTraceback\ncall=c2 panic: no\n\tmain.go:1\n  main.go:2\n"
        "after call=c1 over\nlate call=c99 x\n\tnobody's\n"
    )
    (processes / "go.client.log").write_text("called call=c1\n")
    (processes / "go.other").write_text("call=c1\n")
    logs.give_to_cells(processes, tmp_path / "logs", {"c1": "go--go/unary/g/a", "c2": "go--go/unary/g/b"})
    found = {str(path.relative_to(tmp_path / "logs")): path.read_text() for path in (tmp_path / "logs").rglob("*.log")}
    assert found == {
        "go--go/unary/g/a/server.log": "call=c1 begun\nafter call=c1 over\n",
        "go--go/unary/g/a/client.log": "called call=c1\n",
        "go--go/unary/g/b/server.log": "call=c2 panic: no\n\tmain.go:1\n  main.go:2\n",
    }
