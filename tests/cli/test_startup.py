"""What the short commands load: time to start is a promise, and imports are what it is made of."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"


@pytest.mark.parametrize(
    ("argument", "absent"),
    [
        pytest.param(
            "--version",
            {"click", "yaml", "msgspec", "typing", "re", "contextlib", "mooring.errors"},
            id="version-loads-nothing",
        ),
        pytest.param(
            "--help",
            {"yaml", "msgspec", "pathlib", "logging", "mooring.pipeline", "mooring.errors"},
            id="help-loads-no-room",
        ),
    ],
)
def test_modules_that_are_not_loaded(argument: str, absent: set[str]) -> None:
    bare = _imported("-c", "pass")
    loaded = _imported("-c", f"import sys; from mooring.cli.main import run; run(['{argument}'])")
    assert "mooring.cli.main" in loaded
    assert loaded - bare & absent == set()


def test_help_loads_no_command() -> None:
    loaded = _imported("-c", "from mooring.cli.main import run; run(['--help'])")
    rooms = {name for name in loaded if name.startswith("mooring.")}
    assert rooms == {
        "mooring.cli",
        "mooring.cli.commands",
        "mooring.cli.group",
        "mooring.cli.invocation",
        "mooring.cli.main",
        "mooring.cli.options",
        "mooring.cli.plain",
        "mooring.cli.statuses",
    }


PLAIN = """
services:
  web:
    image: nginx:1.27
    ports: ["8080:80"]
    environment: {LOG_LEVEL: info, API_TOKEN: "${TOKEN:-abc}"}
    depends_on: [db]
    healthcheck: {test: [CMD, curl, -f, "http://localhost/"]}
  db:
    image: postgres:17
    environment: {POSTGRES_PASSWORD: "${PASSWORD:-hunter2}"}
    volumes: ["data:/var/lib/postgresql/data"]
volumes: {data: {}}
"""

BUILT = """
services:
  web: {build: ., ports: ["127.0.0.1:8080:80"], dns: 10.0.0.1}
"""

ONLY_WHERE_NEEDED = {
    # of others: a command line beyond doubt needs no click, good files no wording of faults,
    # and msgspec works without what it imports for schemas, for UUIDs and for old Pythons
    "ast", "click", "difflib", "gettext", "hashlib", "_hashlib", "importlib", "inspect",
    "ipaddress", "json", "locale", "msgspec.inspect", "pathlib", "platform", "socket",
    "subprocess", "tempfile", "textwrap", "threading", "traceback", "urllib",
    "yaml.constructor", "yaml.reader", "yaml.resolver",
    # of ours
    "mooring.cli.config", "mooring.cli.explain", "mooring.cli.failures", "mooring.cli.group",
    "mooring.compose.canonical_print", "mooring.compose.yaml_dialect",
    "mooring.compose.yaml_faults", "mooring.images.family_files", "mooring.render.plain",
    "mooring.report.excerpt", "mooring.report.explanation", "mooring.report.explanation_text",
    "mooring.report.json", "mooring.report.text", "mooring.settings.checking",
    "mooring.settings.clusters", "mooring.settings.extensions", "mooring.settings.forms",
    "mooring.settings.reader", "mooring.settings.schema", "mooring.settings.service_schema",
    "mooring.settings.subjects", "mooring.settings.texts",
}  # fmt: skip
BUILDING = {"mooring.compose.dockerfile.build", "mooring.compose.dockerfile.location"}


@pytest.mark.parametrize(
    ("stack", "absent", "present"),
    [
        pytest.param(PLAIN, ONLY_WHERE_NEEDED | BUILDING, set(), id="a-plain-stack"),
        pytest.param(BUILT, ONLY_WHERE_NEEDED, BUILDING, id="one-that-is-built"),
    ],
)
def test_a_conversion_loads_what_its_stack_needs(
    tmp_path: Path, stack: str, absent: set[str], present: set[str]
) -> None:
    (tmp_path / "compose.yaml").write_text(stack)
    (tmp_path / "Dockerfile").write_text("FROM nginx:1.27\n")
    arguments = ["convert", "-f", str(tmp_path / "compose.yaml"), "-o", str(tmp_path / "deploy")]
    loaded = _imported("-c", f"from mooring.cli.main import run; assert run({arguments}) == 0")
    assert (tmp_path / "deploy" / "base" / "kustomization.yaml").exists()
    assert loaded & absent == set()
    assert present <= loaded


def _imported(*arguments: str) -> set[str]:
    """Return the modules that an interpreter imports when it runs ``arguments``."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    lines = (line for line in done.stderr.splitlines() if line.startswith("import time:"))
    return {line.rpartition("|")[2].strip() for line in lines}
