"""
Staging and production keep exactly the networks of the stack apart.

The simulator of network policies is asked about every pair of pods, on every port on which the
destination listens: the connection passes where the two share a network in Compose, or where the
port may be reached from outside, and nowhere else.
"""

from pathlib import Path

import pytest
from tests.integration import stacks

from mooring import pipeline
from mooring.app.endpoints import NetworkAccess, Protocol
from mooring.app.workloads import Task, Workload
from mooring.compose.discovery import LoadRequest
from mooring.generate.ports import listening
from mooring.generate.presence import present
from mooring.kube import manifest
from mooring.semantics.endpoints import INTERNET, Endpoint
from mooring.semantics.objects import ManifestSet
from mooring.semantics.reachability import Network

STACK = """
name: shop
services:
  proxy: {image: example.com/p:1, networks: [front], ports: ["80:80", "127.0.0.1:9000:9000"]}
  api: {image: example.com/a:1, networks: [front, back], expose: [8000]}
  db: {image: example.com/d:1, networks: [back], expose: [5432]}
  alone: {image: example.com/x:1, networks: [apart], expose: [1]}
  silent: {image: example.com/s:1, network_mode: none}
networks:
  front: {}
  back: {internal: true}
  apart: {}
"""


def wrong_edges(result: pipeline.EnvironmentResult) -> list[str]:
    """Return the connections of which the policies say something else than the networks do."""
    application = present(result.translation.application, result.environment.tier)
    network = Network(ManifestSet(map(manifest.manifest, result.objects)))
    pods = {endpoint.labels["app.kubernetes.io/name"]: endpoint for endpoint in network.endpoints}
    parts = [part for part in application.parts if part.network is not NetworkAccess.MACHINE]
    wrong = []
    for source in parts:
        wrong.extend(_ways_out(source, network, pods, application.closed_networks))
        for destination in parts:
            for endpoint in listening(destination):
                protocol = endpoint.protocol.value.upper()
                verdict = network.verdict(
                    pods[source.name], pods[destination.name], endpoint.port, protocol
                )
                expected = _leaves(source, destination, application.closed_networks) and (
                    (_shares(source, destination) and _may_reach(source, destination))
                    or _is_open(destination, endpoint.port, protocol)
                )
                if verdict.allowed is not expected and not verdict.doubts:
                    edge = f"{source.name} -> {destination.name}:{endpoint.port}"
                    wrong.append(f"{edge} is {'open' if verdict.allowed else 'closed'}")
    return wrong


def _ways_out(
    part: Workload | Task,
    network: Network,
    pods: dict[str, Endpoint],
    closed: frozenset[str],
) -> list[str]:
    expected = (
        part.network is NetworkAccess.OWN
        and bool(set(part.networks) - closed)
        and not part.stays_inside
    )
    found = network.verdict(pods[part.name], INTERNET, 8443).allowed
    return [] if found is expected else [f"{part.name} -> the world is {found}"]


def _shares(source: Workload | Task, destination: Workload | Task) -> bool:
    return bool(set(source.networks) & set(destination.networks))


def _may_reach(source: Workload | Task, destination: Workload | Task) -> bool:
    """Tell whether the destination is closed to none of its networks, or open to the source."""
    if destination.reached_by is None or source is destination:
        return True
    return not {one.source_name for one in source.containers}.isdisjoint(destination.reached_by)


def _leaves(source: Workload | Task, destination: Workload | Task, closed: frozenset[str]) -> bool:
    """Tell whether the source may send there: on a network of both, or by a way out."""
    if NetworkAccess.NONE in {source.network, destination.network}:
        return False
    goes_out = bool(set(source.networks) - closed) and not source.stays_inside
    return _shares(source, destination) or goes_out


def _is_open(part: Workload | Task, port: int, protocol: str) -> bool:
    if port in {one.port for one in (*part.exposures, *part.tcp_exposures)} and protocol == "TCP":
        return True
    return any(
        not publication.private
        for endpoint in listening(part)
        if (endpoint.port, endpoint.protocol) == (port, Protocol(protocol.lower()))
        for publication in endpoint.publications
    )


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_what_shares_a_network_talks_and_nothing_else_does(
    environment: str, tmp_path: Path
) -> None:
    (tmp_path / "compose.yaml").write_text(STACK)
    request = pipeline.Request(load=LoadRequest(directory=str(tmp_path)), only=environment)
    (result,) = pipeline.stack(request).environments
    assert wrong_edges(result) == []


def test_a_policy_too_few_is_seen(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(STACK)
    request = pipeline.Request(load=LoadRequest(directory=str(tmp_path)), only="dev")
    (result,) = pipeline.stack(request).environments
    assert "proxy -> db:5432 is open" in wrong_edges(result)


@pytest.mark.corpus
@pytest.mark.parametrize("stack", stacks.parameters([*stacks.corpus(), *stacks.examples()]))
def test_real_stacks(stack: stacks.Stack, tmp_path: Path) -> None:
    request = pipeline.Request(load=stack.copied(tmp_path))
    for result in pipeline.stack(request).environments:
        if result.environment.name != "dev":
            assert wrong_edges(result) == []
