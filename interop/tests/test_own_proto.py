"""A second proto, taken in as README.md says (Your own proto): in a copy of the repository, with examples/own-proto.

The copy is a repository of its own, so that ``git diff --stat`` tells what a proto of one's own changes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from interop import record
from interop.implementations import ROOT
from interop.tests.runs import environment

OVERLAY = ROOT / "examples" / "own-proto"
PROTO = ["proto/warehouse/stock.proto"]
GENERATED = [
    "go/gen/warehouse/stock.pb.go",
    "go/gen/warehouse/stock_grpc.pb.go",
    "go/gen/warehouse/warehouseconnect/stock.connect.go",
    "python/gen/warehouse/__init__.py",
    "python/gen/warehouse/stock_pb2.py",
    "python/gen/warehouse/stock_pb2.pyi",
    "python/gen/warehouse/stock_pb2_grpc.py",
    "python/gen/warehouse/stock_pb2_grpc.pyi",
]
HANDLERS = [
    "go/internal/connectgo/stock.go",
    "go/internal/grpcgo/stock.go",
    "go/internal/warehouse/stock.go",  # what the handlers of both stacks share
    "python/userservice/aio/stock.py",
    "python/userservice/stock.py",  # the same
    "python/userservice/threads/stock.py",
]
SERVICES = [
    "go/internal/connectgo/services.go",
    "go/internal/grpcgo/services.go",
    "python/userservice/aio/services.py",
    "python/userservice/services.py",
    "python/userservice/threads/services.py",
]
CASES = ["cases/warehouse/methods.yaml", "cases/warehouse/stock.yaml"]
PAIRS = 16


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with the second proto in it, generated and built. Tools come from the original."""
    if (ROOT / PROTO[0]).exists():
        pytest.skip("examples/own-proto is laid over this tree already: there is no difference to see")
    copy = tmp_path_factory.mktemp("own-proto")
    listed = _run(ROOT, "git", "ls-files", "-co", "--exclude-standard").splitlines()
    for name in (name for name in listed if (ROOT / name).exists()):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    _commit(copy)
    for name in (".venv", ".go"):
        if (ROOT / name).exists():
            (copy / name).symlink_to(ROOT / name)
    if (ROOT / "build" / "tools").exists():
        shutil.copytree(ROOT / "build" / "tools", copy / "build" / "tools")

    shutil.copytree(OVERLAY / "files", copy, dirs_exist_ok=True)
    _run(copy, "git", "apply", "--unidiff-zero", "examples/own-proto/services.patch")
    _run(copy, "ci/generate")
    _run(copy, "ci/go", "build", "-C", "go", "-o", "../build/bin/users-go", "./cmd/users-go")
    return copy


def _commit(copy: Path) -> None:
    _run(copy, "git", "init", "--quiet")
    (copy / ".git/info/exclude").write_text("/.venv\n/.go\n")  # .gitignore means folders by these names, not links
    _run(copy, "git", "add", "--all")
    _run(copy, "git", "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--message=before")


def test_a_second_proto_runs_in_all_modes_over_every_pair(copy: Path) -> None:
    ended = _interop(copy, "cases/warehouse")

    results = record.read(copy / "build/interop" / record.NAME)
    assert ended.returncode == 0, ended.stdout
    assert Counter((one.mode, one.verdict.kind.value) for one in results.records) == {
        ("unary", "pass"): 5 * PAIRS,
        ("server-streaming", "pass"): 2 * PAIRS,
        ("client-streaming", "pass"): 2 * PAIRS,
        ("bidi-streaming", "pass"): 2 * PAIRS,
    }
    assert len({(one.client, one.server) for one in results.records}) == PAIRS


def test_it_changes_proto_generated_code_handlers_services_and_cases_alone(copy: Path) -> None:
    assert _changed(copy) == sorted([*PROTO, *GENERATED, *HANDLERS, *SERVICES, *CASES])


def test_a_change_anywhere_else_would_be_seen(copy: Path) -> None:
    before = _changed(copy)
    with (copy / "interop" / "fleet.py").open("a") as file:
        file.write("# and one line more\n")
    try:
        assert _changed(copy) == sorted([*before, "interop/fleet.py"])
    finally:
        _run(copy, "git", "checkout", "HEAD", "--", "interop/fleet.py")


def test_an_expectation_of_its_own_can_fail_also_in_a_time_of_day_that_is_not_the_servers_clock(
    copy: Path, tmp_path: Path
) -> None:
    shutil.copytree(copy / "cases/warehouse", tmp_path / "cases")
    wrong = tmp_path / "cases" / "stock.yaml"
    wrong.write_text(wrong.read_text().replace('leaves_at: "12:30:00"', 'leaves_at: "12:31:00"'))

    cell = "go--python-aio/unary/stock/found"
    ended = _interop(copy, str(tmp_path / "cases"), "--cell", cell, "--interop-output", str(tmp_path / "out"))

    (red,) = record.read(tmp_path / "out" / record.NAME).records
    (mismatch,) = red.verdict.mismatches
    assert (ended.returncode, mismatch.where) == (1, "client.messages[0]")
    assert (mismatch.want["leaves_at"], mismatch.got["leaves_at"]) == ("12:31:00", "12:30:00")


def _changed(copy: Path) -> list[str]:
    """The files of ``git diff --stat``, new ones among them."""
    _run(copy, "git", "add", "--all")
    stat = _run(copy, "git", "diff", "--cached", "--stat=200")
    return sorted(line.partition("|")[0].strip() for line in stat.splitlines() if "|" in line)


def _interop(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """``interop run`` with the copy's own harness."""
    return subprocess.run(
        [sys.executable, "-m", "interop", "run", *words],
        cwd=copy,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _run(folder: Path, *argv: str) -> str:
    outside = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    ended = subprocess.run(argv, cwd=folder, env=outside, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, f"{' '.join(argv)}\n{ended.stdout}{ended.stderr}"
    return ended.stdout
