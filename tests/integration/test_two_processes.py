"""Whether a second process helps or not, a stack of any size becomes the same files."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks import stacks

ROOT = Path(__file__).parents[2]
SERVICES = 250
"""Enough that the README and the files are worth a second process."""

PROGRAM = """
import os, sys
from mooring import beside
from mooring.cli.main import main

fork = os.fork
def counted():
    number = fork()
    if number:
        with open({forks!r}, "a") as file:
            file.write("one ")
    return number
os.fork = counted
beside._processors = lambda: {processors}
sys.argv = ["mooring", "convert", "-f", {file!r}, "-o", {output!r}]
main()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_two_processes_write_what_one_writes(tmp_path: Path) -> None:
    file = stacks.write(SERVICES, tmp_path / "stack")
    trees, said = [], []
    for processors, expected in ((1, ""), (2, "one one ")):
        output = tmp_path / f"by-{processors}"
        forks = tmp_path / f"forks-by-{processors}"
        forks.touch()
        program = PROGRAM.format(
            processors=processors, file=str(file), output=str(output), forks=str(forks)
        )
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONPATH": str(ROOT / "src")},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0
        assert forks.read_text() == expected
        said.append(done.stderr)
        trees.append(
            {
                path.relative_to(output).as_posix(): (path.read_bytes(), path.stat().st_mode)
                for path in output.rglob("*")
                if path.is_file()
            }
        )
    assert trees[0] == trees[1]
    assert said[0] == said[1]
