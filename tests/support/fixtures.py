"""
Pytest fixtures for the real programs.

Where a program cannot be built, for want of Go, the tests that ask for it are skipped with one
line; with CI set they fail instead.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import pytest
from tests.support import gotools, shared_controlplane
from tests.support.bed.client import BedClient
from tests.support.controlplane import Endpoint
from tests.support.kubeapi import KubeApi
from tests.support.kubeconform import Nonconformity, nonconformities
from tests.support.kubescore import Critical, criticals
from tests.support.node import layers, machine
from tests.support.oracle import Answer, Request, load_many


def _program(name: str) -> Path:
    try:
        return gotools.tool(name)
    except gotools.GoToolUnavailable as error:
        _skip(str(error))


def _skip(reason: str) -> NoReturn:
    if gotools.must_not_skip():
        pytest.fail(f"{reason} (CI is set: nothing real may be skipped)", pytrace=False)
    pytest.skip(reason)


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


@pytest.fixture(scope="session")
def kubeconform() -> Callable[[Sequence[Path]], list[Nonconformity]]:
    """kubeconform, strict and offline: returns what it says against files and folders."""
    _program("kubeconform")
    return nonconformities


@pytest.fixture(scope="session")
def kube_score() -> Callable[[Path], list[Critical]]:
    """kube-score, offline: returns what it finds critical in a file of manifests."""
    _program("kube-score")
    return criticals


@pytest.fixture(scope="session")
def control_plane() -> Iterator[Endpoint]:
    """A real API server, one for all workers of the session."""
    _program("controlplane")
    with shared_controlplane.joined(_session()) as endpoint:
        yield endpoint


def _session() -> str:
    # pytest-xdist gives all workers of one run the same id; without it there is one process.
    return os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"pid{os.getpid()}"


@pytest.fixture(scope="session")
def kubectl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The kubectl program, of the control plane's version."""
    link = tmp_path_factory.mktemp("bin") / "kubectl"
    link.symlink_to(_program("controlplane"))
    return link


@pytest.fixture(scope="session")
def helm() -> Path:
    """The Helm program, the peer that benchmarks of deployments compare with."""
    return _program("helm")


@pytest.fixture(scope="session")
def bed() -> Iterator[BedClient]:
    """
    The test bed, one for all workers of the session: scheduler, controllers, pods that kwok plays.

    It is shared: a test works in namespaces of its own (`bed.namespace()`), and what it changes
    elsewhere (nodes, storage classes) has names of its own and goes when the test ends.
    """
    _program("controlplane")
    _program("kwok")
    joined = shared_controlplane.joined(_session(), shared_controlplane.Kind.BED)
    with joined as endpoint, BedClient(endpoint) as client:
        yield client


@pytest.fixture(scope="session")
def kube_api(control_plane: Endpoint) -> Iterator[KubeApi]:
    """A client of that API server."""
    with KubeApi(control_plane) as client:
        yield client


@pytest.fixture(scope="session")
def node() -> Iterator[machine.Node]:
    """A real node of this process's own: containers, Services, DNS."""
    name = f"test-{os.getpid()}"
    try:
        started = machine.up(name, outlives=False)
    except (layers.NodeUnavailable, gotools.GoToolUnavailable) as error:
        _skip(str(error))
    yield started
    machine.end(started)
