"""
The environment of every container is the one that Compose makes, name by name.

It is asked of the objects, as a kubelet puts it together: imports in their order, then variables.
"""

from pathlib import Path

import pytest
from tests.acceptance.environments import Cluster, pods
from tests.integration import stacks

from mooring import pipeline
from mooring.app.workloads import all_containers
from mooring.generate.presence import present
from mooring.kube.objects.containers import Container
from mooring.sensitive import Sensitive


def differences(result: pipeline.EnvironmentResult) -> list[str]:
    """Return what the objects say otherwise than the application."""
    application = present(result.translation.application, result.environment.tier)
    cluster = Cluster(result.objects)
    made = {
        one.name: one
        for pod in pods(result.objects).values()
        for one in (*pod.init_containers, *pod.containers)
    }
    wrong = []
    for part in application.parts:
        for container in all_containers(part):
            wanted = {
                one.name: one.value.reveal() if isinstance(one.value, Sensitive) else one.value
                for one in container.settings
                if not one.is_of_replica
            }
            found = cluster.environment(made[container.name])
            replica = {one.name for one in container.settings if one.is_of_replica}
            replica |= made_for_others(made[container.name]) - wanted.keys()
            wrong += [
                f"{container.name}: {name} is {found.get(name)!r}, not {wanted.get(name)!r}"
                for name in (wanted.keys() | found.keys()) - replica
                if wanted.get(name) != found.get(name)
            ]
    return wrong


def made_for_others(container: Container) -> set[str]:
    """Return the variables of no name of the program's, to which another one refers."""
    texts = " ".join(one.value for one in container.env if one.value is not None)
    return {
        one.name
        for one in container.env
        if one.name.startswith("MOORING_") and f"$({one.name})" in texts
    }


def losses(result: pipeline.EnvironmentResult) -> list[str]:
    """Return the settings of Compose that a container has not, or has with another value."""
    containers = {
        one.source_name: one
        for part in result.translation.application.parts
        for one in part.containers
    }
    said = {one.subject for one in result.translation.decisions if one.topic in REWRITING}
    wrong = []
    for service, resolved in result.project.resolved_environments.items():
        container = containers.get(service)
        if container is None:
            continue
        own = {
            one.name: one.value.reveal() if isinstance(one.value, Sensitive) else one.value
            for one in container.settings
        }
        for name, entry in resolved.items():
            if entry.value is not None and own.get(name) != entry.value:
                wrong.append(f"{service}: {name} is {own.get(name)!r}, not {entry.value!r}")
    return wrong if not said else [one for one in wrong if "is None" in one]


REWRITING = frozenset({"name", "data", "cluster"})
"""Decisions that change the values of settings, which they name."""


@pytest.mark.corpus
@pytest.mark.parametrize("stack", stacks.parameters([*stacks.corpus(), *stacks.examples()]))
def test_real_stacks(stack: stacks.Stack, tmp_path: Path) -> None:
    for result in pipeline.stack(pipeline.Request(load=stack.copied(tmp_path))).environments:
        assert differences(result) == []
        assert losses(result) == []
