"""results.jsonl: written line by line, read back whole, and honest about having been cut."""

from __future__ import annotations

from pathlib import Path

import pytest

from interop import record
from interop.contract import Ready
from interop.errors import InputInvalid
from interop.results import CallRecord, Footer, Header, Kind, Mismatch, NotRun, Problem, Record, Spoke, Tally, Verdict

HEADER = Header(
    format=1,
    started="t",
    command=["pytest"],
    planned=1,
    clients=["a"],
    servers=["b"],
    harness={"pytest": "9"},
    partial=True,
)
READY = Ready(contract=1, role="client", implementation="a", language="l", libraries={"x": "1"}, pid=1)
CELL = Record(
    id="a--b/unary/g/n",
    client="a",
    server="b",
    configuration="plain",
    mode="unary",
    case="unary/g/n",
    source="g.yaml:3",
    verdict=Verdict(
        kind=Kind.FAIL, sentence="s", mismatches=[Mismatch(where="client.code", want="OK", got=None)], signature=["s"]
    ),
    calls=[
        CallRecord(call_id="c1", client=None, handler=[{"left": "returned", "n": [1, None, "用户 \0"]}], elapsed_ms=1.5)
    ],
    tally=[Tally(outcome=[], count=2)],
    notes=["n"],
    duration_ms=2.5,
)
FOOTER = Footer(
    counts={"fail": 1},
    not_run=[NotRun(id="x", reason="-x")],
    problems=[Problem(kind="k", text="t")],
    duration_s=1.5,
    exit_code=1,
)


def written(path: Path, *lines: record.Line) -> Path:
    writer = record.Writer(path)
    for line in lines:
        writer.write(line)
    writer.close()
    return path


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    spoke = Spoke(name="a", role="client", ready=READY)
    results = record.read(written(tmp_path / "new" / record.NAME, HEADER, spoke, CELL, CELL, FOOTER))
    assert results == record.Results(header=HEADER, spoke=[spoke], records=[CELL, CELL], footer=FOOTER)
    assert results.complete


def test_a_run_without_its_footer_was_cut_short(tmp_path: Path) -> None:
    results = record.read(written(tmp_path / "r", HEADER, CELL))
    assert (results.complete, results.records) == (False, [CELL])


def test_a_last_line_without_its_end_is_left_out(tmp_path: Path) -> None:
    path = written(tmp_path / "r", HEADER, CELL, FOOTER)
    path.write_bytes(path.read_bytes()[:-10])
    assert record.read(path) == record.Results(header=HEADER, records=[CELL])


def test_each_line_is_readable_as_soon_as_it_is_written(tmp_path: Path) -> None:
    writer = record.Writer(tmp_path / "r")
    writer.write(HEADER)
    writer.write(CELL)
    assert record.read(tmp_path / "r").records == [CELL]
    writer.close()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "r:1: no header line; allowed: a results.jsonl of this harness"),
        (b'{"type": "footer"', "r:1: no header line"),
        (b"{HEADER}\nnot json\n", "r:2: no line of results: JSON is malformed"),
        (b'{HEADER}\n\n{"type": "cell", "id": "x"}\n', "r:3: no line of results: Object missing required field"),
        (b'{HEADER}\n{"type": "row"}\n', "r:2: no line of results: Invalid value 'row'"),
    ],
)
def test_a_bad_line_is_told_by_its_number(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = written(tmp_path / "r", HEADER)
    header = path.read_bytes().strip()
    path.write_bytes(content.replace(b"{HEADER}", header))
    with pytest.raises(InputInvalid) as caught:
        record.read(path)
    assert str(caught.value).startswith(f"{tmp_path}/{sentence}")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputInvalid, match=r"/none: can't be read: No such file or directory$"):
        record.read(tmp_path / "none")


def test_every_verdict_is_counted_also_those_that_nobody_got() -> None:
    zeros = {"pass": 0, "fail": 2, "known": 0, "recorded": 0, "unsupported": 0, "error": 0}
    assert record.counts([CELL, CELL]) == zeros
