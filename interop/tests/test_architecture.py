"""The rules of dependency, read off the imports."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
HARNESS = ROOT / "interop"
# What every stage may know, and the shells that know stages.
VOCABULARY = {"contract", "errors", "model", "results", "wire_view"}
SHELLS = {
    "__main__",
    "cell_run", "cli", "debugging", "engine", "engine_thread", "fleet", "hints", "items", "judging", "options",
    "pytest_plugin", "run", "schemas", "smoke", "smoke_walk", "tap", "transcript", "whole_matrix", "xdist_scheduler",
}  # fmt: skip
# A stage of several files, or a value that a stage is about: each with its reason.
PARTS = {
    "account": {"record"},  # how often each verdict came is counted in one place
    "case_expect": {
        "case_steps",
        "case_written",
        "payload",
        "yaml_lines",
    },  # expect is written in the words of steps and messages
    "case_steps": {"payload", "shape", "yaml_lines"},
    "case_values": {"yaml_lines"},
    "case_written": {"shape", "yaml_lines"},  # the shape of a mapping, and the line of each key
    "commands": {"toml_lines"},
    "explain": {"record"},  # the last results are what it reads from
    "implementations": {"toml_lines"},
    "known": {"shape", "toml_lines"},  # its values are written in TOML, as those of implementations are
    "cases": {"case_expect", "case_steps", "case_values", "case_written", "shape", "yaml_lines"},  # YAML → Case
    "plain_server": {
        "guard",
        "patience",
        "plain_case",
        "proc",
        "process",
    },  # a Process to all else; refuses what a case needs
    "process": {"child_log", "guard", "lines", "patience", "proc", "replies"},  # how it is waited for, logged and ended
    "selection": {"matrix"},  # what is selected is cells of the matrix
    "watch": {"child_log", "patience", "proc", "process"},  # it looks after processes
    "verdict": {"payload"},  # messages kept short are made whole to be compared
}


def sources(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "gen" not in path.parts)


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, at its head or within a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            module = node.module or ""
            yield from (f"{module}.{name.name}" for name in node.names) if module == "interop" else [module]


def stages_imported(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imported(path) if name.startswith("interop.")}


@pytest.mark.parametrize("path", sources(HARNESS), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_judge_shares_nothing_with_the_judged(path: Path) -> None:
    packages = {name.partition(".")[0] for name in imported(path)}
    assert packages & {"grpc", "grpc_status", "google", "userservice", "users"} == set()


@pytest.mark.parametrize("path", sources(ROOT / "python"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_python_implementation_does_not_know_the_harness(path: Path) -> None:
    assert {name for name in imported(path) if name.split(".")[0] == "interop"} == set()


# Handlers, what they share, and what a person or a bench calls: these are a service's own.
NAME_SERVICES = {"services", "handlers", "domain", "call", "loop"}


def test_services_are_named_where_another_one_would_be_added_and_nowhere_else() -> None:
    python = {path.stem for path in sources(ROOT / "python" / "userservice") if "users" in set(imported(path))}
    go = {
        path.stem
        for path in (ROOT / "go" / "internal").rglob("*.go")
        if "/go/gen/users" in path.read_text(encoding="utf-8") and not path.stem.endswith("_test")
    }
    assert (python, go) == (NAME_SERVICES, NAME_SERVICES - {"domain"})  # Go's domain knows no message type


STAGES = [path for path in sorted(HARNESS.glob("*.py")) if path.stem not in SHELLS | VOCABULARY | {"__init__"}]


@pytest.mark.parametrize("path", STAGES, ids=lambda path: path.stem)
def test_a_stage_knows_the_vocabulary_and_no_other_stage(path: Path) -> None:
    assert stages_imported(path) - VOCABULARY - PARTS.get(path.stem, set()) == set()


@pytest.mark.parametrize("name", sorted(VOCABULARY))
def test_the_vocabulary_knows_no_stage(name: str) -> None:
    assert stages_imported(HARNESS / f"{name}.py") - VOCABULARY == set()


@pytest.mark.parametrize("path", sorted((HARNESS / "report").glob("*.py")), ids=lambda path: path.stem)
def test_a_report_is_made_from_results_alone(path: Path) -> None:
    assert stages_imported(path) - VOCABULARY - {"record", "account", "blame", "lanes", "payload", "report"} == set()


@pytest.mark.parametrize("path", sorted((HARNESS / "wire").glob("*.py")), ids=lambda path: path.stem)
def test_the_relay_knows_the_vocabulary_alone(path: Path) -> None:
    assert stages_imported(path) - VOCABULARY - {"wire"} == set()


@pytest.mark.parametrize("path", sorted((HARNESS / "lanes").glob("*.py")), ids=lambda path: path.stem)
def test_the_lanes_are_made_from_a_record_alone(path: Path) -> None:
    assert stages_imported(path) - VOCABULARY - {"lanes", "normalise"} == set()


def test_every_exception_is_still_needed() -> None:
    for stage, parts in PARTS.items():
        assert parts <= stages_imported(HARNESS / f"{stage}.py"), stage
    assert {name for name in SHELLS if not (HARNESS / f"{name}.py").exists()} == set()


def test_the_miniature_knows_the_contract_from_its_page_alone() -> None:
    for path in sources(HARNESS / "tests" / "miniature"):
        assert {name for name in imported(path) if name.startswith("interop.")} <= {
            f"interop.tests.miniature.{other.stem}" for other in path.parent.glob("*.py")
        }


def test_go_imports_nothing_of_the_others() -> None:
    for path in (ROOT / "go").rglob("*.go"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert "/interop/" not in line or not line.strip().startswith(('"', "import")), f"{path}: {line}"


def test_no_file_is_longer_than_a_reader_holds_in_mind() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.py", "*.go"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    paths = [ROOT / name for name in listed if "gen" not in Path(name).parts and (ROOT / name).exists()]
    assert paths
    long = {
        str(path.relative_to(ROOT)): length for path in paths if (length := len(path.read_text().splitlines())) > 250
    }
    assert long == {}
