"""Golden tests: what we make is compared with a file; `pytest --update-golden` rewrites it."""

import difflib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

CompareText = Callable[[str, Path], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite expected files; read their diff"
    )


@pytest.fixture
def assert_golden(request: pytest.FixtureRequest) -> CompareText:
    """Return a comparison of a text with the file that holds what is expected."""
    update = request.config.getoption("--update-golden")

    def compare(actual: str, expected: Path) -> None:
        present = expected.read_text(encoding="utf-8") if expected.exists() else ""
        if actual == present:
            return
        if update:
            expected.parent.mkdir(parents=True, exist_ok=True)
            expected.write_text(actual, encoding="utf-8")
            return
        lines = difflib.unified_diff(
            present.splitlines(), actual.splitlines(), "expected", "actual", lineterm=""
        )
        pytest.fail("\n".join(("differs; --update-golden rewrites it", *lines)), pytrace=False)

    return compare


CompareTree = Callable[[Mapping[str, str], Path], None]


@pytest.fixture
def assert_tree(request: pytest.FixtureRequest, assert_golden: CompareText) -> CompareTree:
    """Return a comparison of texts by relative path with the folder that holds what is expected."""
    update = request.config.getoption("--update-golden")

    def compare(actual: Mapping[str, str], expected: Path) -> None:
        present = {path for path in expected.rglob("*") if path.is_file()}
        gone = sorted(present - {expected / path for path in actual})
        if update:
            for path in gone:
                path.unlink()
        elif gone:
            pytest.fail(f"no longer made: {', '.join(map(str, gone))}", pytrace=False)
        for path, text in actual.items():
            assert_golden(text, expected / path)

    return compare
