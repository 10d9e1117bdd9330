"""Results → every file beside results.jsonl. Each text comes from its own pure function; this file only writes them."""

from __future__ import annotations

from pathlib import Path

from interop.record import Results
from interop.report import junit, markdown


def write(results: Results, folder: Path) -> None:
    (folder / "junit.xml").write_text(junit.xml(results), encoding="utf-8")
    (folder / "summary.md").write_text(markdown.summary(results), encoding="utf-8")
