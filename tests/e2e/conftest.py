"""The coffee example, converted for its development environment, on a real node."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.shop import Shop, mooring
from tests.support.node import machine

SETTINGS = """
project: coffee
environments:
  dev:
    tier: dev
    files: [compose.yaml, compose.override.yaml]
"""
SECRETS = """
STORAGE_ACCESS_KEY=coffee
postgres_password=what-the-database-wants-41
storage_secret_key=what-the-store-wants-17
"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example with `mooring.yaml` and a converted tree in `deploy/`."""
    folder = tmp_path_factory.mktemp("coffee") / "coffee"
    example = Path(__file__).resolve().parents[2] / "examples" / "coffee"
    shutil.copytree(example, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "mooring.yaml").write_text(SETTINGS, encoding="utf-8")
    convert(folder)
    secrets = folder / "deploy/environments/dev/secrets.env"
    secrets.write_text(SECRETS, encoding="utf-8")
    return folder


def convert(folder: Path) -> None:
    """Convert the stack in ``folder`` into its `deploy/`."""
    done = mooring(folder, "convert")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def shop(node: machine.Node, kubectl: Path) -> Iterator[Shop]:
    """The shop's namespace on the node; what is in it is removed at the end."""
    shop = Shop(kubectl, node.kubeconfig, "coffee-dev")
    yield shop
    shop.kubectl("delete", "namespace", shop.namespace, "--ignore-not-found", "--wait=false")
