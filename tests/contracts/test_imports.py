"""
Who may import whom: the contracts of .importlinter hold, and each of them can fail.

A contract that cannot fail protects nothing, so a copy of the tree with one violation of each is
judged as well.
"""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "mooring"

VIOLATIONS = {
    "Imports look down only": ("compose/nodes.py", "mooring.report.text"),
    "Only translate sees both compose and app": ("report/text.py", "mooring.app.workloads"),
    "What is generated knows nothing of Compose": ("generate/probes.py", "mooring.compose.nodes"),
    "render and check know neither app nor generate": (
        "render/__init__.py",
        "mooring.generate.probes",
    ),
    "Decisions are pure: no cluster, no secret store, no processes, no terminal": (
        "translate/secrecy.py",
        "subprocess",
    ),
    "Rules do not import one another": (
        "check/rules/image_without_version.py",
        "mooring.check.rules.service_selects_nothing",
    ),
    "Attributes do not import one another": (
        "translate/attributes/ports.py",
        "mooring.translate.attributes.volumes",
    ),
}
"""Contract -> a file, and what it must not import."""

WATCHED = {
    "layers": {"pipeline", "report", "check", "deploy", "diagnose", "cluster", "secrets"},
    "anybodys-objects": {"check", "deploy", "diagnose", "render"},
    "pure-rooms": {"app", "check", "compose", "diagnose", "facts", "generate", "images", "kube"}
    | {"render", "semantics", "settings", "translate"},
}
"""Contract -> the rooms that it must name as soon as they exist."""


def _lint(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Judge the tree below ``folder`` with its own .importlinter."""
    program = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache", "--no-logo"],
        cwd=folder,
        env={"PYTHONPATH": str(folder / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_contracts_hold() -> None:
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says of a copy of the tree with one violation of each contract."""
    folder = tmp_path_factory.mktemp("violations")
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", folder)
    for file, forbidden in VIOLATIONS.values():
        with (folder / "src" / "mooring" / file).open("a", encoding="utf-8") as opened:
            opened.write(f"\nimport {forbidden}\n")
    done = _lint(folder)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_a_violation_is_caught(contract: str, judged: str) -> None:
    file, forbidden = VIOLATIONS[contract]
    importer = "mooring." + file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    details = judged.split("Broken contracts")[1]
    section = re.split(rf"\n(?:{'|'.join(VIOLATIONS)})\n", details.split(f"\n{contract}\n")[1])[0]
    assert f"{contract} BROKEN" in judged
    assert re.search(rf"{importer} -> {forbidden}\b", section), section


def test_every_contract_is_shown_to_fail() -> None:
    names = re.findall(r"^name = (.*)$", (ROOT / ".importlinter").read_text(), re.MULTILINE)
    assert sorted(names) == sorted(VIOLATIONS)


@pytest.mark.parametrize("contract", WATCHED)
def test_a_contract_names_the_rooms_it_is_about(contract: str) -> None:
    section = (ROOT / ".importlinter").read_text().split(f"contract:{contract}]")[1]
    section = "\n".join(
        line for line in section.split("[importlinter:")[0].splitlines() if line[:1] != "#"
    )
    rooms = {room for room in WATCHED[contract] if _is_room(room)}
    assert {room for room in rooms if not re.search(rf"\b{room}\b", section)} == set()


def _is_room(name: str) -> bool:
    return (SOURCE / f"{name}.py").exists() or (SOURCE / name / "__init__.py").exists()


def test_the_package_imports_what_it_declares() -> None:
    assert _third_party(SOURCE) == _declared()


def test_tests_import_what_the_dev_lock_holds() -> None:
    outside = {name for folder in ("tests", "docs") for name in _third_party(ROOT / folder)}
    assert outside - _declared("dev") == set()


def _declared(group: str | None = None) -> set[str]:
    """Return the modules of the declared dependencies, and of those of ``group``."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = [*project["project"]["dependencies"], *project["dependency-groups"].get(group, ())]
    names = (re.split(r"[<>=!~\[; ]", line)[0].lower().replace("-", "_") for line in lines)
    return {{"pyyaml": "yaml"}.get(name, name) for name in names}


def _third_party(folder: Path) -> set[str]:
    imported = {name for path in folder.rglob("*.py") for name in _imports(path)}
    ours = {"mooring", "tests", "docs", "benchmarks"}
    examples = {path.stem for path in ROOT.glob("examples/*/services/**/*")}
    later = {"_sha2"}  # in the standard library since Python 3.12
    return imported - sys.stdlib_module_names - later - ours - examples


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module.partition(".")[0]
