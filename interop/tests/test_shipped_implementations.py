"""The shipped implementations, each on its own, before they meet: they keep the golden transcript."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from interop import implementations, transcript

GOLDEN = sorted(transcript.GOLDEN.glob("*.jsonl"))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
@pytest.mark.parametrize("name", implementations.read())
def test_it_keeps_the_golden_transcript(name: str, path: Path) -> None:
    entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert asyncio.run(transcript.replay(implementations.read()[name], entries)) == []
