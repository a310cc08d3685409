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
