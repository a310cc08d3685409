"""The road that every trap is set on."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from tests.traps import road


@pytest.fixture
def walk(tmp_path: Path) -> Callable[..., road.Walked]:
    """Walk a stack in a folder of its own; see `road.walk`."""
    return partial(road.walk, tmp_path)
