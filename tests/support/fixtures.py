"""Pytest fixtures for the real programs; without Go their tests are skipped, in CI they fail."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.support import gotools
from tests.support.oracle import Answer, Request, load_many


def _program(name: str) -> Path:
    try:
        return gotools.tool(name)
    except gotools.GoToolUnavailable as error:
        if gotools.must_not_skip():
            pytest.fail(f"{error} (CI is set: nothing real may be skipped)", pytrace=False)
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def oracle() -> Callable[[Sequence[Request]], list[Answer]]:
    """compose-go: answers requests as `docker compose config` would."""
    _program("compose-oracle")
    return load_many


@pytest.fixture(scope="session")
def kustomize() -> Path:
    """The kustomize program."""
    return _program("kustomize")


@pytest.fixture(scope="session")
def kompose() -> Path:
    """The Kompose program, the peer that benchmarks compare with."""
    return _program("kompose")
