"""The name of a project whose objects do not say it."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.deploy.objects import config

from mooring.cli.deploying import inputs
from mooring.cli.invocation import Invocation

LABELLED = {**config(), "metadata": {"name": "a", "labels": {"app.kubernetes.io/part-of": "till"}}}


@pytest.mark.parametrize(
    ("place", "manifest", "named"),
    [
        pytest.param("shop", config(), "shop", id="a folder gives it its name"),
        pytest.param("shop/stack.yaml", config(), "stack", id="a file without what it ends with"),
        pytest.param("shop/shop.v2.yml", config(), "shop-v2", id="other dots are no ends"),
        pytest.param("shop.v2", config(), "shop-v2", id="a folder has no end"),
        pytest.param("shop/stack.yaml", LABELLED, "till", id="what the objects say comes first"),
    ],
)
def test_a_project_is_named(
    place: str,
    manifest: dict[str, Any],
    named: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path(place)
    file = path if path.suffix in (".yaml", ".yml") else path / "all.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(manifest))
    given = inputs.given(Invocation([]), None, paths=(place,), kustomization=None, output="deploy")
    assert given.project == named
