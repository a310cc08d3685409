"""Volumes in which there is nothing but other mounts."""

from pathlib import Path

import pytest
from tests.translate.whole import container, decided, translation

from mooring.settings.choices import Choices, MountChoice, ServiceChoices

INNER = '"inner:/data/db", "config:/data/configdb"'
STACK = """
services:
  db: {{image: "{image}", volumes: [{volumes}]}}
  {more}
volumes: {{outer: {{}}, inner: {{}}, config: {{}}}}
"""


@pytest.mark.parametrize(
    ("image", "volumes", "more", "kept"),
    [
        pytest.param("mongo:8", f'"outer:/data", {INNER}', "", False, id="all-data-is-inside"),
        pytest.param("mongo:8", f'{INNER}, "outer:/data"', "", False, id="in-whatever-order"),
        pytest.param("mongo:8", '"outer:/data", "inner:/data/db"', "", True,
                     id="a-path-of-data-is-left"),
        pytest.param("mongo:8", f'"outer:/srv", {INNER}', "", True, id="a-mount-elsewhere"),
        pytest.param("example.com/db:1", f'"outer:/data", {INNER}', "", True, id="no-known-image"),
        pytest.param("mongo:8", f'"outer:/data", {INNER}',
                     'web: {image: "example.com/web:1", volumes: ["outer:/from"]}', True,
                     id="another-service-mounts-it"),
        pytest.param("mongo:8", f'"./outer:/data", {INNER}', "", True, id="a-folder-of-the-author"),
        pytest.param("nginx:1", '"outer:/var/cache", "inner:/var/cache/nginx"', "", True,
                     id="a-program-that-keeps-no-data"),
    ],
)  # fmt: skip
def test_what_holds_nothing(
    image: str, volumes: str, more: str, kept: bool, tmp_path: Path
) -> None:
    files = {"outer/readme.txt": "a\n"}
    made = translation(tmp_path, STACK.format(image=image, volumes=volumes, more=more), files)
    left_out = "left out" in decided(made, "mount").get("services.db", "")
    assert left_out is not kept
    names = {one.name for one in made.application.storages}
    assert left_out is not ("outer" in names or "./outer" in volumes)


@pytest.mark.parametrize(
    ("choice", "paths"),
    [
        pytest.param(MountChoice.STORAGE, {"/data", "/data/db", "/data/configdb"}, id="storage"),
        pytest.param(MountChoice.DROP, {"/data/db", "/data/configdb"}, id="drop"),
    ],
)
def test_the_settings_have_the_last_word(
    choice: MountChoice, paths: set[str], tmp_path: Path
) -> None:
    choices = Choices(services={"db": ServiceChoices(mounts={"/data": choice})})
    text = STACK.format(image="mongo:8", volumes=f'"outer:/data", {INNER}', more="")
    made = translation(tmp_path, text, choices=choices)
    storages = {one.name: one.source_name for one in made.application.storages}
    mounted = container(made, "db").storage
    assert {one.path for one in mounted if storages[one.storage] is not None} == paths
    assert "services.db" not in decided(made, "mount")
