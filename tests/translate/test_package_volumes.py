"""Volumes of packages that would hide those of the image are left out with the sources."""

from pathlib import Path

import pytest
from tests.translate.whole import container, decided, translation

from mooring.settings.choices import Choices, MountChoice, ServiceChoices

STACK = """
services:
  web: {%s, volumes: [".:/app", "packages:%s"]%s}
volumes: {packages: {}}
"""
FILES = {"Dockerfile": "FROM ruby:3.4\nENV GEM_HOME=/opt/gems\nWORKDIR /app\nCOPY . .\nCMD puma\n"}


@pytest.mark.parametrize(
    ("image", "path", "more", "is_kept"),
    [
        pytest.param("build: .", "/usr/local/bundle", "", False, id="gems"),
        pytest.param("build: .", "/app/node_modules", "", False, id="inside-of-the-sources"),
        pytest.param("build: .", "/opt/gems", "", False, id="where-the-dockerfile-installs"),
        pytest.param("build: .", "/srv/uploads", "", True, id="data"),
        pytest.param(
            "build: .", "/usr/local/bundle", ", command: sh -c 'bundle install && puma'", True,
            id="installed-at-each-start",
        ),
    ],
)  # fmt: skip
def test_what_becomes_of_a_volume_of_packages(
    image: str, path: str, more: str, is_kept: bool, tmp_path: Path
) -> None:
    made = translation(tmp_path, STACK % (image, path, more), FILES)
    assert bool(container(made, "web").storage) is is_kept
    if path.startswith(("/usr", "/opt")):
        told = decided(made, "mount")["services.web"]
        assert ("packages in the image" in told) is not is_kept


def test_without_sources_beside_it_a_volume_stays(tmp_path: Path) -> None:
    compose = STACK.replace('".:/app", ', "") % ("build: .", "/usr/local/bundle", "")
    assert container(translation(tmp_path, compose, FILES), "web").storage != ()


def test_the_user_may_keep_it(tmp_path: Path) -> None:
    mounts = {"/usr/local/bundle": MountChoice.STORAGE}
    choices = Choices(services={"web": ServiceChoices(mounts=mounts)})
    compose = STACK % ("build: .", "/usr/local/bundle", "")
    made = translation(tmp_path, compose, FILES, choices=choices)
    assert container(made, "web").storage != ()
