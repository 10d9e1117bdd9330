"""README.md, the schema and the code say the same of every line that crosses a process border."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from interop import contract, schemas

FOLDER = Path(__file__).parent.parent
SCHEMA = json.loads((FOLDER / "schema" / "contract.schema.json").read_text(encoding="utf-8"))
README = (FOLDER / "README.md").read_text(encoding="utf-8")


def shown() -> list[dict[str, Any]]:
    """Every line of the json blocks of README.md, ``…`` filled in."""
    blocks = re.findall(r"```json\n(.*?)```", README, flags=re.DOTALL)
    text = " ".join(blocks).replace("{…}", "{}")
    decoder, found, at = json.JSONDecoder(), list[dict[str, Any]](), 0
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        found.append(value)
        at += len(text[at:]) - len(text[at:].lstrip())
    return found


def decoded(line: dict[str, Any]) -> Any:
    return msgspec.convert(line, contract.ToProgram | contract.FromProgram)


@pytest.mark.parametrize("line", shown(), ids=lambda line: line["type"])
def test_each_line_of_the_readme_is_a_line_of_the_contract(line: dict[str, Any]) -> None:
    jsonschema.validate(line, SCHEMA)
    again = json.loads(msgspec.json.encode(decoded(line)))
    # What has its default may be left out: that is all that may differ.
    assert decoded(again) == decoded(line)
    jsonschema.validate(again, SCHEMA)


def test_the_readme_shows_every_line_there_is() -> None:
    assert {line["type"] for line in shown()} == {
        struct.__struct_config__.tag for struct in (*_members(contract.ToProgram), *_members(contract.FromProgram))
    }


def _members(union: Any) -> tuple[Any, ...]:
    return tuple(union.__args__)


def test_each_step_of_the_readme_has_only_fields_of_a_step() -> None:
    rows = re.findall(r'^\| `(\{"do".*?\})`', README, flags=re.MULTILINE)
    steps = [
        json.loads(
            row.replace("[…]", "[]").replace(": M", ": {}").replace(": S", ': {"code": "OK"}').replace(": n", ": 1")
        )
        for row in rows
    ]
    assert len([msgspec.convert(step, contract.Step) for step in steps]) == 14


@pytest.mark.parametrize("line", shown(), ids=lambda line: line["type"])
def test_a_key_that_nobody_knows_is_refused(line: dict[str, Any]) -> None:
    odd = {**line, "colour": "red"}
    with pytest.raises(msgspec.ValidationError, match="colour"):
        decoded(odd)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(odd, SCHEMA)


@pytest.mark.parametrize(
    "data", [b"", b"x", b"[]", b'{"type": "ready"}', b'{"type": "go on", "id": "1"}', b'{"id": "1"}', b"\xff"]
)
def test_what_is_no_line_is_refused(data: bytes) -> None:
    with pytest.raises((msgspec.MsgspecError, UnicodeDecodeError)):
        contract.decode(data)


def test_a_line_to_a_program_ends_once_and_at_its_end() -> None:
    step = contract.Step(do="raise", text="two\nlines")
    line = contract.encode(contract.Plan(id="1", call_id="c", method="/s/m", mode="unary", steps=[step]))
    assert (line.count(b"\n"), line[-1:]) == (1, b"\n")


def test_the_committed_schemas_are_what_the_code_makes(capsys: pytest.CaptureFixture[str]) -> None:
    assert (schemas.check(), capsys.readouterr().err) == (0, "")


def test_a_stale_schema_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(schemas, "FOLDER", tmp_path / "schema")
    assert schemas.write() == 0
    (tmp_path / "schema" / "results.schema.json").write_text("{}")
    assert schemas.check() == 1
    assert capsys.readouterr().err == (
        "results.schema.json is out of step with the code: run `interop schema` and commit it\n"
    )
