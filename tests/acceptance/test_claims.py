"""
No claim that one node alone may mount is asked for by two pods at once.

Two workloads, two replicas, or the old pod and the new one of a rolling update: each would leave a
pod waiting for a volume for ever.  Held over every real stack, in every environment.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.acceptance import systems
from tests.acceptance.systems import Made
from tests.integration import stacks

from mooring import pipeline
from mooring.compose.discovery import LoadRequest

ENVIRONMENTS = ("dev", "staging", "production")


def conflicts(made: Made) -> Iterator[str]:
    """Yield what would wait for a claim that another pod holds."""
    single = {
        name
        for name, claim in made.of("PersistentVolumeClaim").items()
        if claim["spec"]["accessModes"] == ["ReadWriteOnce"]
    }
    users: dict[str, list[str]] = {}
    for controller, pod in made.pods():
        name = f"{controller['kind']}/{controller['metadata']['name']}"
        held = [
            claim
            for volume in pod.get("volumes", ())
            if (claim := volume.get("persistentVolumeClaim", {}).get("claimName")) in single
        ]
        for claim in held:
            users.setdefault(claim, []).append(name)
        if held and _pods_at_once(controller) > 1:
            yield f"{name} mounts {', '.join(held)} in several pods"
        if held and controller["kind"] == "Deployment":
            strategy = controller["spec"].get("strategy", {}).get("type", "RollingUpdate")
            if strategy != "Recreate":
                yield f"{name} mounts {', '.join(held)} and is replaced by {strategy}"
    for claim, several in users.items():
        if len(several) > 1:
            yield f"{claim} is mounted by {' and '.join(several)}"


def _pods_at_once(controller: dict[str, Any]) -> int:
    spec = controller["spec"]
    if controller["kind"] == "DaemonSet":
        return 2
    if controller["kind"] == "Job":
        return int(spec.get("parallelism", 1))
    return int(spec.get("replicas", 1))


SHARED = """
name: shop
services:
  one: {image: "example.com/a:1", volumes: ["data:/data"]}
  two: {image: "example.com/b:1", volumes: ["data:/data"]}
  many: {image: "example.com/c:1", volumes: ["own:/data"], deploy: {replicas: 3}}
  every: {image: "example.com/d:1", volumes: ["all:/data"], deploy: {mode: global}}
  db: {image: "postgres:16", volumes: ["pg:/var/lib/postgresql/data"], deploy: {replicas: 2}}
  rolling:
    image: example.com/e:1
    volumes: ["rolled:/data"]
    deploy: {update_config: {parallelism: 1, order: start-first}}
  task: {image: "example.com/f:1", restart: "no", command: [x], volumes: ["rolled:/data"]}
  alone: {image: "example.com/g:1", volumes: ["mine:/data"]}
volumes: {data: {}, own: {}, all: {}, pg: {}, rolled: {}, mine: {}}
"""


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_what_is_shared_is_never_of_one_node(environment: str, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(SHARED)
    request = pipeline.Request(load=LoadRequest(directory=str(tmp_path)))
    made = systems.made(request)[environment]
    assert list(conflicts(made)) == []
    modes = {
        name: claim["spec"]["accessModes"]
        for name, claim in made.of("PersistentVolumeClaim").items()
    }
    assert modes == {
        "data": ["ReadWriteMany"],
        "own": ["ReadWriteMany"],
        "all": ["ReadWriteMany"],
        "rolled": ["ReadWriteMany"],
        "mine": ["ReadWriteOnce"],
    }


@pytest.mark.corpus
@pytest.mark.parametrize("stack", stacks.parameters([*stacks.corpus(), *stacks.examples()]))
def test_no_pod_of_a_real_stack_waits_for_a_claim(stack: stacks.Stack, tmp_path: Path) -> None:
    for made in systems.made(pipeline.Request(load=stack.copied(tmp_path))).values():
        assert list(conflicts(made)) == []


def test_each_may_have_a_volume_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(SHARED)
    (tmp_path / "mooring.yaml").write_text("volumes: {data: {sharing: each}}\n")
    request = pipeline.Request(load=LoadRequest(directory=str(tmp_path)))
    made = systems.made(request)["production"]
    modes = {
        name: claim["spec"]["accessModes"]
        for name, claim in made.of("PersistentVolumeClaim").items()
        if name.startswith("data")
    }
    assert modes == {"data-one": ["ReadWriteOnce"], "data-two": ["ReadWriteOnce"]}
    assert list(conflicts(made)) == []
    assert made.unaccounted() == []
    assert made.decisions("access", "volumes.data") == []
