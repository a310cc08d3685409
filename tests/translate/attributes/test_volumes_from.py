"""Mounts taken over from another service."""

from pathlib import Path

import pytest

from mooring import pipeline
from mooring.app.workloads import Container
from mooring.compose.discovery import LoadRequest

STACK = """
services:
  web:
    image: web
    volumes: [data:/data, cache:/cache]
  backup:
    image: backup
    volumes_from: ["web:ro"]
    volumes: [own:/cache]
  indirect:
    image: other
    volumes_from: [backup]
volumes: {data: {}, cache: {}, own: {}}
"""


@pytest.fixture
def containers(tmp_path: Path) -> dict[str, Container]:
    (tmp_path / "compose.yaml").write_text(STACK)
    request = pipeline.Request(load=LoadRequest(directory=str(tmp_path)))
    application = pipeline.stack(request).environments[0].translation.application
    return {part.name: part.containers[0] for part in application.parts}


def mounted(container: Container) -> dict[str, tuple[str, bool]]:
    return {mount.path: (mount.storage, mount.read_only) for mount in container.storage}


def test_the_mounts_come_along_and_own_ones_win(containers: dict[str, Container]) -> None:
    assert mounted(containers["backup"]) == {"/data": ("data", True), "/cache": ("own", False)}


def test_what_was_taken_over_is_lent_on(containers: dict[str, Container]) -> None:
    assert mounted(containers["indirect"]) == mounted(containers["backup"])


def test_the_lender_keeps_writing(containers: dict[str, Container]) -> None:
    assert mounted(containers["web"]) == {"/data": ("data", False), "/cache": ("cache", False)}
