"""Results → every file beside results.jsonl. Each text comes from its own pure function; this file only writes them."""

from __future__ import annotations

from pathlib import Path

from interop.record import Results
from interop.report import junit, markdown, page


def write(results: Results, folder: Path) -> None:
    for name, text in (("junit.xml", junit.xml), ("summary.md", markdown.summary), ("index.html", page.html)):
        (folder / name).write_text(text(results), encoding="utf-8")
