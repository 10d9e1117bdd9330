"""The Node example, a third language written from the contract's page alone: what README.md there says of it holds."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from interop import judging, known, record
from interop.record import Results
from interop.results import Kind

ROOT = Path(__file__).parent.parent.parent
NODE = ROOT / "examples" / "node"
EXTRA = ["--implementations", str(NODE / "implementations.toml"), "--interop-known-also", str(NODE / "known")]
# With Node at one end; at both, it would be alone with itself.
PAIRS = "(client_node and not server_node) or (server_node and not client_node)"
# grpc-js never ends that call (known/violations.toml), which is 20 s of waiting.
NEVER_ENDS = "server-streaming/failure/raises"


@pytest.fixture(autouse=True)
def _installed() -> None:
    assert (NODE / "node_modules").is_dir(), "nothing is installed. Type: make examples/node/node_modules"


def test_it_keeps_the_golden_transcript() -> None:
    command = [sys.executable, "-m", "interop", "replay", "node", *EXTRA[:2]]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (said.returncode, said.stdout, said.stderr) == (0, "first_visit.jsonl: node keeps it\n", "")


def test_every_cell_with_python_and_go_is_as_expected_and_only_what_is_listed_is_unsupported(tmp_path: Path) -> None:
    results = _run(tmp_path)

    kinds = Counter(judged.verdict.kind for judged in results.records)
    assert [judged.id for judged in results.records if judged.verdict.kind in (Kind.FAIL, Kind.ERROR)] == []
    assert kinds[Kind.PASS] > 300
    listed = {limit.key for limit in known.read(NODE / "known").limits}
    assert {limit for judged in results.records if (limit := judging.limits_of(judged))} == listed
    assert results.footer is not None
    assert (results.footer.problems, results.footer.exit_code) == ([], 0)


def _run(output: Path) -> Results:
    names = ["--clients", "node,python,go", "--servers", "node,python,go"]
    cells = ["-m", PAIRS, "-k", f"not {NEVER_ENDS}"]
    command = [sys.executable, "-m", "interop", "run", *EXTRA, *names, *cells, "--interop-output", str(output)]
    subprocess.run(command, cwd=ROOT, capture_output=True, timeout=180, check=False)
    return record.read(output / record.NAME)


def test_its_lock_names_no_registry() -> None:
    lock = json.loads((NODE / "package-lock.json").read_text(encoding="utf-8"))
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in lock["packages"].items() if name)
