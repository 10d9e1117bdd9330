"""What a person sees after a run: that it fits, and that it can be believed."""

from __future__ import annotations

from pathlib import Path

from interop.report import markdown, terminal
from interop.report.terminal_table import WIDTH
from interop.tests.report.sample import CLIENTS, NASTY, code, failed, passed, red, results

FOLDER = Path("build/interop")


def matrix_of(size: int) -> list[str]:
    """The lines of a table with that many implementations, one cell a mode and pair."""
    names = [f"i{number:02}" for number in range(size)]
    modes = ("unary", "server-streaming", "client-streaming", "bidi-streaming")
    cells = [passed(f"{client}--{server}", f"{mode}/a/b") for client in names for server in names for mode in modes]
    lines = terminal.lines(results(cells, [], []), FOLDER, False)
    return lines[1 : lines.index("", 1)]


def test_four_by_four_fits_by_mode() -> None:
    lines = matrix_of(4)
    assert max(map(len, lines)) <= WIDTH
    assert lines[1].split() == ["i00"] + ["1·1·1·1"] * 4


def test_more_implementations_get_one_number_a_pair() -> None:
    lines = matrix_of(12)
    assert max(map(len, lines)) <= WIDTH
    assert lines[1].split() == ["i00"] + ["4"] * 12
    assert lines[-1] == "passing of judged"


def test_a_table_that_is_too_wide_comes_in_blocks() -> None:
    lines = matrix_of(24)
    assert max(map(len, lines)) <= WIDTH
    heads = [line for line in lines if line.startswith("client")]
    assert [name for head in heads for name in head.split()[4:]] == [f"i{number:02}" for number in range(24)]
    assert len(heads) > 1


def test_clients_and_servers_without_a_cell_take_no_room() -> None:
    lines = terminal.lines(results([passed("go--go-connect", "unary/a/b")], [], []), FOLDER, False)
    assert lines[1].split() == ["client", "↓", "server", "→", "go-connect"]
    assert lines[2].split() == ["go", "1·–·–·–"]


def test_without_colour_there_is_no_escape_and_with_colour_only_our_own() -> None:
    plain = terminal.lines(red(), FOLDER, False)
    assert not [line for line in plain if not line.isprintable()]
    coloured = "\n".join(terminal.lines(red(), FOLDER, True))
    assert "\x1b[1;31m2/3\x1b[0m" in coloured
    assert NASTY not in coloured
    assert "\x1b[31m" not in coloured


def test_a_long_value_is_cut_to_where_it_differs() -> None:
    lines = terminal.lines(red(), FOLDER, False)
    want = next(line for line in lines if line.startswith("      want "))
    got = lines[lines.index(want) + 1]
    assert "localized_message" in got
    assert want.startswith("      want …")
    assert max(len(want), len(got)) <= WIDTH


def test_beyond_five_cases_a_group_says_how_many_more() -> None:
    cells = [
        failed(f"{client}--go", f"unary/many/{number}", code("OK", "UNKNOWN"))
        for client in CLIENTS
        for number in range(7)
    ]
    cells += [passed(f"{client}--python", f"unary/many/{number}") for client in CLIENTS for number in range(7)]
    lines = terminal.lines(results(cells, [], []), FOLDER, False)
    assert "✗ go as a server, with 2 of 2 clients: 7 cases, 14 cells" in lines
    assert lines.count("    client.code: want OK, got UNKNOWN") == 5
    assert "  … and 2 more cases" in lines


def test_cells_of_a_case_that_say_something_else_are_not_hidden() -> None:
    cells = [
        failed(f"{client}--go", "unary/a/b", code("OK", answer))
        for client, answer in zip(CLIENTS, ("UNKNOWN", "INTERNAL"), strict=True)
    ]
    cells += [passed(f"{client}--python", "unary/a/b") for client in CLIENTS]
    lines = terminal.lines(results(cells, [], []), FOLDER, False)
    assert "    client.code: want OK, got UNKNOWN" in lines
    assert "    otherwise in 1 cell: client.code: want OK, got INTERNAL" in lines


def test_the_command_repeats_the_cell_with_the_option_that_selected_it() -> None:
    assert (
        "    again: interop run --cell 'python--go/unary/failure/raises' --implementations 'my own.toml'"
        in terminal.lines(red(), FOLDER, False)
    )


def test_a_crash_is_shown_with_what_it_wrote() -> None:
    lines = terminal.lines(red(), FOLDER, False)
    at = lines.index("    go as a server ended with exit code 2")
    assert lines[at + 1 : at + 4] == ["    panic: \\x1b[1mbroken", "      goroutine 7", "    it crashed twice"]


def test_what_several_cells_say_alike_is_said_once() -> None:
    cells = [passed(f"go--{server}", "unary/a/b", notes=["the same"]) for server in ("mine", "yours", "theirs")]
    cells.append(passed("go--go", "unary/a/b", notes=["another"]))
    lines = terminal.lines(results(cells, [], []), FOLDER, False)
    assert [line for line in lines if line.startswith("note ")] == [
        "note go--mine/unary/a/b (pass) and 2 other cells: the same",
        "note go--go/unary/a/b (pass): another",
    ]
    rows = [
        line for line in markdown.summary(results(cells, [], [])).splitlines() if "another" in line or "same" in line
    ]
    assert rows == ["- `go--mine/unary/a/b` and 2 other cells: the same", "- `go--go/unary/a/b`: another"]
