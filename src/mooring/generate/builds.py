"""
Which images somebody has to build for an environment, under the names by which nodes pull them.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.application import Application
from mooring.app.workloads import all_containers
from mooring.builds import Build
from mooring.findings import Finding, Rule, Severity
from mooring.generate.images import image_reference
from mooring.settings.environments import Environment

SAME_NAME_BUILT_APART = Rule(id="image-built-differently", severity=Severity.WARNING, since="0.1")


def images_to_build(application: Application, environment: Environment) -> tuple[Build, ...]:
    """Return what has to be built for ``environment``, which runs ``application``."""
    images = {
        container.source_name: container.image
        for part in application.parts
        for container in all_containers(part)
    }
    found: list[Build] = []
    for build in application.builds:
        services = tuple(name for name in build.services if name in images)
        if services:
            reference = image_reference(images[services[0]], environment.images)
            found.append(msgspec.structs.replace(build, reference=reference, services=services))
    return tuple(found)


def built_apart(by_environment: ReadOnly[str, Sequence[Build]]) -> Iterator[Finding]:
    """
    Yield a finding for each image that environments build differently under one name.

    What was pushed last would run in all of them.
    """
    first: dict[str, tuple[str, Build]] = {}
    for environment, builds in by_environment.items():
        for build in builds:
            before, other = first.setdefault(build.reference, (environment, build))
            differing = _differing(other, build)
            if differing and environment != before:
                yield SAME_NAME_BUILT_APART.finding(
                    build.position,
                    f"{build.reference} is built differently for {before} and {environment} "
                    f"({', '.join(differing)}), and the one that is pushed last runs in both",
                    remedy="give each environment a tag or a registry of its own, as in "
                    f"environments: {{{environment}: {{tag: <tag>-{environment}}}}}",
                )


def _differing(one: Build, other: Build) -> list[str]:
    """Return the names of what two builds say differently: arguments and other fields."""
    mine = {argument.name: argument.value for argument in one.arguments}
    others = {argument.name: argument.value for argument in other.arguments}
    names = [name for name in {**mine, **others} if mine.get(name) != others.get(name)]
    return [
        *names,
        *(
            field
            for field in ("context", "dockerfile", "inline", "target", "platforms", "contexts")
            if getattr(one, field) != getattr(other, field)
        ),
    ]
