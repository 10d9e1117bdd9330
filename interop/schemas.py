"""The published JSON Schemas, made from the values in code: written to ``schema/``, or checked against it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from interop import contract, record

FOLDER = Path(__file__).parent / "schema"


def texts() -> dict[str, str]:
    """File name → content."""
    made = {"contract.schema.json": contract.schema(), "results.schema.json": record.schema()}
    return {name: json.dumps(schema, indent=1, sort_keys=True) + "\n" for name, schema in made.items()}


def write() -> int:
    FOLDER.mkdir(exist_ok=True)
    for name, text in texts().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


def check() -> int:
    """1, and a sentence, where a committed schema is not what the code makes."""
    stale = [name for name, text in texts().items() if not _is(FOLDER / name, text)]
    for name in stale:
        print(f"{name} is out of step with the code: run `interop schema` and commit it", file=sys.stderr)
    return 1 if stale else 0


def _is(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text
