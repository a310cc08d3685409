"""Golden tests: what we make is compared with a file; `pytest --update-golden` rewrites it."""

import difflib
from collections.abc import Callable
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
