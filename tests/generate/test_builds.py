"""What an environment needs built, and what two environments would build under one name."""

from pathlib import Path

import pytest
from tests.compose import stacks

from mooring import pipeline
from mooring.compose.discovery import LoadRequest
from mooring.settings import reader

COMPOSE = """
name: shop
services:
  web: {build: {context: ., args: {VITE_API: "${API}"}}}
  work: {build: ./work, command: sleep infinity, volumes: ["./src:/src"]}
"""


def made(folder: Path, settings: str) -> pipeline.Stack:
    stacks.write(
        folder,
        {
            "compose.yaml": COMPOSE,
            "a.env": "API=https://a.example.com\n",
            "b.env": "API=https://b.example.com\n",
        },
    )
    settled = reader.read(settings.encode(), "mooring.yaml", directory=str(folder))
    return pipeline.stack(
        pipeline.Request(load=LoadRequest(directory=str(folder)), settings=settled)
    )


SAME = "environments: {dev: {tier: dev, env_files: [a.env]}, production: {%s, env_files: [%s]}}\n"


def test_images_are_called_as_nodes_pull_them(tmp_path: Path) -> None:
    settings = SAME % ("tier: production, registry: example.com/shop, tag: '1.4'", "a.env")
    by_name = {
        one.environment.name: [build.reference for build in one.builds]
        for one in made(tmp_path, settings).environments
    }
    assert by_name["production"] == ["example.com/shop/shop-web:1.4"]
    assert by_name["dev"] == ["shop-web", "shop-work"]


@pytest.mark.parametrize(
    ("more", "variables", "found"),
    [
        pytest.param("tier: production", "b.env", True, id="another-value-under-one-name"),
        pytest.param("tier: production", "a.env", False, id="the-same-value"),
        pytest.param("tier: production, tag: '1'", "b.env", False, id="another-tag"),
        pytest.param(
            "tier: production, registry: example.com", "b.env", False, id="another-registry"
        ),
    ],
)
def test_one_name_for_two_images(tmp_path: Path, more: str, variables: str, found: bool) -> None:
    last = made(tmp_path, SAME % (more, variables)).environments[-1]
    findings = [one for one in last.findings if one.rule == "image-built-differently"]
    assert bool(findings) is found
    if found:
        assert "for dev and production (VITE_API)" in findings[0].message
        assert "tag: <tag>-production" in (findings[0].remedy or "")
