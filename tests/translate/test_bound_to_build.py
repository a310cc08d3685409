"""Mounts of the folder from which the image is built: in the image, or to be shipped."""

from pathlib import Path

import pytest
from tests.translate.whole import container, translation

STACK = """
services:
  web: {build: ./web, volumes: ["./web:/etc/web"]}
"""


@pytest.mark.parametrize(
    ("dockerfile", "is_shipped"),
    [
        pytest.param("FROM a\nCOPY . /etc/web\n", False, id="the-image-holds-the-folder"),
        pytest.param("FROM a\nCOPY . /etc\n", False, id="the-image-holds-a-folder-around-it"),
        pytest.param("FROM a\nCOPY x /etc/web/x\n", False, id="the-image-holds-a-part-of-it"),
        pytest.param("FROM a\nCOPY . .\n", False, id="nobody-knows-where-it-is-copied"),
        pytest.param("FROM a\n", False, id="nothing-is-copied"),
        pytest.param("FROM a\nCOPY . /usr/src/web\n", True, id="it-is-copied-elsewhere-only"),
    ],
)
def test_folder_of_the_build(tmp_path: Path, dockerfile: str, is_shipped: bool) -> None:
    files = {"web/Dockerfile": dockerfile, "web/start.sh": "#!/bin/sh\n"}
    made = container(translation(tmp_path, STACK, files), "web")
    assert [mount.path for mount in made.documents] == (["/etc/web"] if is_shipped else [])
