"""Every container of every real stack has amounts that a cluster accepts, its first steps too."""

from pathlib import Path

import pytest
from tests.integration import stacks
from tests.integration.stacks import Stack

from mooring import pipeline
from mooring.kube import manifest
from mooring.semantics import pod_resources
from mooring.semantics.objects import ManifestSet


def complaints(objects: ManifestSet) -> list[str]:
    """Return the containers that ask for nothing, or for more than they may take."""
    found = []
    for pod in objects.templates:
        for each in pod_resources.of_containers(pod):
            name = f"{pod.owner.kind}/{pod.owner.name} {each.container.name}"
            requests, limits = each.resources.requests, each.resources.limits
            missing = {"cpu", "memory"} - requests.keys() | {"memory"} - limits.keys()
            found += [f"{name} says nothing of {what}" for what in sorted(missing)]
            found += [
                f"{name} asks for more {what} than it may take"
                for what, limit in limits.items()
                if requests.get(what, limit) > limit
            ]
    return found


@pytest.mark.corpus
@pytest.mark.parametrize("stack", stacks.parameters(stacks.corpus()))
def test_every_container_has_amounts(stack: Stack, tmp_path: Path) -> None:
    made = pipeline.stack(pipeline.Request(load=stack.copied(tmp_path), only="production"))
    for result in made.environments:
        assert complaints(ManifestSet(map(manifest.manifest, result.objects))) == []
