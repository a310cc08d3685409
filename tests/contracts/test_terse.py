"""A run of several workers tells of everything that did not go well."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = """\
import pytest

@pytest.fixture
def no_beginning():
    raise ValueError("no beginning")

@pytest.fixture
def no_end():
    yield
    raise ValueError("no end")

def test_passes():
    pass

def test_fails():
    print("printed before")
    assert 1 == 2

def test_does_not_begin(no_beginning):
    pass

def test_does_not_end(no_end):
    pass

def test_is_left_out():
    pytest.skip("left out")

@pytest.mark.xfail
def test_is_expected_to_fail():
    assert False
"""


@pytest.mark.long
def test_workers_tell_of_what_did_not_go_well(tmp_path: Path) -> None:
    (tmp_path / "test_all.py").write_text(TESTS)
    words = ["-q", "-ra", "-n", "2", "-p", "tests.support.terse", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words, "-c", "/dev/null", "--rootdir", ".", "."],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 failed, 2 passed, 1 skipped, 1 xfailed, 2 errors" in done.stdout
    for told in ("printed before", "no beginning", "no end", "left out", "assert 1 == 2"):
        assert told in done.stdout
