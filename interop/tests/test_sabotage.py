"""The shipped implementations, each broken in one place: the run goes red, and the blame falls on whom it should.

Each sabotage is a copy of the tree with one edit; the edit must still fit the code, or the test says so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from interop import blame, record
from interop.implementations import ROOT
from interop.lanes import text as lanes

CHAT = "bidi-streaming/messages/one"
NOT_FOUND = "unary/status/not-found"
UPLOAD = "client-streaming/upload/cancelled"


@dataclass(frozen=True, kw_only=True)
class Sabotage:
    """``edits``: (file, what stands there, what is put in its place). ``parts``: for each case where its lanes part."""

    name: str
    edits: tuple[tuple[str, str, str], ...]
    cases: tuple[str, ...]
    blame: tuple[str, ...]
    parts: tuple[str, ...] = ()


THREADS = "python/userservice/threads/handlers.py"
AIO = "python/userservice/aio/handlers.py"
GRPC_GO = "go/internal/grpcgo/handlers.go"
INTERCEPTOR = "python/userservice/threads/interceptor.py"
CONNECT_GO = "go/internal/connectgo/handlers.go"

SABOTAGES = (
    Sabotage(
        name="a misspelt answer in Go's domain code",
        edits=(("go/internal/domain/users.go", '"Received: "', '"Recieved: "'),),
        cases=(CHAT,),
        blame=("go and go-connect as servers, with 4 of 4 clients",),
    ),
    Sabotage(
        name="a reply dropped in python-aio's driver",
        edits=(
            (
                "python/userservice/aio/script.py",
                "        self._witness.messages.append(messages.to_json(message))\n",
                '        if "Received" not in str(message):\n'
                "            self._witness.messages.append(messages.to_json(message))\n",
            ),
        ),
        cases=(CHAT,),
        blame=("python-aio as a client, with 4 of 4 servers",),
        parts=("they part at the client: the wire had 1 message of the server, the client saw 0 (the client's doing)",),
    ),
    Sabotage(
        name="a request that python's library keeps from the handler, and a status that it sends in place of another",
        edits=(
            (
                INTERCEPTOR,
                "        self._attempt.received(request)\n        return request\n",
                "        return next(self)\n",
            ),
            (
                INTERCEPTOR,
                "            self._end(attempt, error, context)\n",
                "            self._end(attempt, error, context)\n"
                "            if error is not None:\n"
                "                context.set_code(grpc.StatusCode.UNKNOWN)\n",
            ),
        ),
        cases=(CHAT, NOT_FOUND),
        blame=("python as a server, with 4 of 4 clients",),
        parts=(
            "they part at the handler: the wire had 1 message of the client, the handler saw 0 (the server's doing)",
            "they part at the wire: the handler left with NOT_FOUND: the plan said NOT_FOUND, "
            "the wire had UNKNOWN: the plan said NOT_FOUND (the server's doing)",
        ),
    ),
    Sabotage(
        name="python answers a cancelled upload with success",
        edits=(
            (
                THREADS,
                "        for request in request_iterator:\n"
                "            refuse(context, domain.user_id_violation(request.user_id))\n"
                "            count += 1\n"
                "        ask_again(request_iterator)\n",
                "        try:\n"
                "            for request in request_iterator:\n"
                "                count += 1\n"
                "        except grpc.RpcError:\n"
                "            pass\n",
            ),
        ),
        cases=(UPLOAD,),
        blame=("python as a server, with 4 of 4 clients",),
    ),
    Sabotage(
        name="python-aio answers a cancelled upload with success",
        edits=(
            (
                AIO,
                "        async for request in request_iterator:\n"
                "            await refuse(context, domain.user_id_violation(request.user_id))\n"
                "            count += 1\n"
                "        await ask_again(context)\n",
                "        try:\n"
                "            async for request in request_iterator:\n"
                "                count += 1\n"
                "        except asyncio.CancelledError:\n"
                "            pass\n",
            ),
        ),
        cases=(UPLOAD,),
        blame=("python-aio as a server, with 4 of 4 clients",),
    ),
    Sabotage(
        name="go answers a cancelled upload with success",
        edits=(
            (
                GRPC_GO,
                "\t\t\treturn err\n\t\t}\n\t\tif err := domain.CheckID(request.GetUserId()); err != nil {",
                "\t\t\tbreak\n\t\t}\n\t\tif err := domain.CheckID(request.GetUserId()); err != nil {",
            ),
            (GRPC_GO, "if err := stream.Context().Err(); err != nil {", "if err := error(nil); err != nil {"),
            (
                GRPC_GO,
                "return stream.SendAndClose(&users.CreateUsersResponse{UserCount: count, Success: true})",
                "_ = stream.SendAndClose(&users.CreateUsersResponse{UserCount: count, Success: true})\n\treturn nil",
            ),
        ),
        cases=(UPLOAD,),
        blame=("go as a server, with 4 of 4 clients",),
    ),
    Sabotage(
        name="go-connect answers a cancelled upload with success",
        edits=(
            (CONNECT_GO, "if err := stream.Err(); err != nil {", "if err := error(nil); err != nil {"),
            (CONNECT_GO, "if err := ctx.Err(); err != nil {", "if err := error(nil); err != nil {"),
        ),
        cases=(UPLOAD,),
        blame=("go-connect as a server, with 4 of 4 clients",),
    ),
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what an implementation is made of; Go's generated code and dependencies come from the caches."""
    for name in ("python", "go"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "tests"))
    (tmp_path / "build" / "bin").mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda sabotage: sabotage.name)
def test_a_broken_implementation_turns_exactly_its_own_side_red(sabotage: Sabotage, tree: Path) -> None:
    for edit in sabotage.edits:
        _apply(tree, *edit)
    _build(tree, sabotage)

    ended = _run(tree, sabotage)

    results = record.read(tree / "out" / record.NAME)
    assert [found.who for found in blame.blamed(results.records)] == list(sabotage.blame), ended.stdout
    assert ended.returncode == 1
    parted = {
        one.case: sentence for one in results.records if one.verdict.mismatches and (sentence := lanes.sentence(one))
    }
    assert tuple(parted.values()) == sabotage.parts
    assert all(said in ended.stdout for said in sabotage.parts)
    assert ended.stdout.count(lanes.MARK) == len(sabotage.parts)
    again = [line for line in ended.stdout.splitlines() if "again:" in line]
    assert [line.endswith(" --wire") for line in again] == [bool(sabotage.parts)] * len(again)


def _apply(tree: Path, file: str, old: str, new: str) -> None:
    path = tree / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file} no longer holds this once: {old}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def _build(tree: Path, sabotage: Sabotage) -> None:
    if any(file.startswith("go/") for file, _, _ in sabotage.edits):
        build = [str(ROOT / "ci" / "go"), "build", "-C", str(tree / "go"), "-o", str(tree / "build/bin/users-go")]
        subprocess.run([*build, "./cmd/users-go"], cwd=ROOT, check=True)
    else:
        (tree / "build/bin/users-go").symlink_to(ROOT / "build/bin/users-go")


def _run(tree: Path, sabotage: Sabotage) -> subprocess.CompletedProcess[str]:
    selected = [word for case in sabotage.cases for word in ("--case", case)] + (["--wire"] if sabotage.parts else [])
    return subprocess.run(
        [sys.executable, "-m", "interop", "run", *selected, "--interop-output", str(tree / "out")],
        cwd=ROOT,
        env={**os.environ, "INTEROP_ROOT": str(tree)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
