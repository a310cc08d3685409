"""Manifests are judged in the same words, whatever the hash seed and the order of files."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HEALTHY = Path(__file__).parent / "healthy"
RULES = Path(__file__).parent / "rules"
SEEDS = ("0", "1", "2", "3", "7", "42", "123", "4711", "65537", "999983")


@pytest.mark.long
def test_ten_hash_seeds_and_orders_of_files_give_the_same_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "manifests"
    folder.mkdir()
    shutil.copy(HEALTHY / "mongo-replica-set.yaml", folder)
    for path in sorted(RULES.glob("[a-m]*/fail.yaml")):
        shutil.copy(path, folder / f"{path.parent.name}.yaml")
    files = sorted(path.name for path in folder.iterdir())
    told = set()
    for number, seed in enumerate(SEEDS):
        turned = files[number * 5 :] + files[: number * 5]
        order = turned[::-1] if number % 2 else turned
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "mooring",
                "check",
                "--format",
                "json",
                "--level",
                "all",
                *order,
            ],
            cwd=folder,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 1, done.stderr
        told.add(done.stdout)
    assert len(told) == 1
    assert told.pop().count(b'"rule"') > len(files)
