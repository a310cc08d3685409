"""
Which parts only development needs: mail catchers, consoles, mocks of cloud services, workspaces.

The catalogue says so of an image, and `workspaces` of a container that somebody works in.  Such a
part stays in the dev environment and is left out of staging and production, unless mooring.yaml
says what it is.
"""

import msgspec

from mooring.app.workloads import Task, Workload
from mooring.decisions import Decision, Evidence
from mooring.images.catalogue import KnownImage
from mooring.settings.choices import Choices
from mooring.translate.notes import Translated


def for_development(
    parts: tuple[Workload | Task, ...],
    known: dict[str, KnownImage],
    workspaces: dict[str, Evidence],
    choices: Choices,
) -> Translated[tuple[Workload | Task, ...]]:
    """
    Return ``parts`` with those marked that only development needs.

    ``known`` has what the catalogue says of the image of a service, ``workspaces`` why somebody
    works in its container, both by the service's name.
    """
    marked: list[Workload | Task] = []
    decisions: list[Decision] = []
    for part in parts:
        evidence = workspaces.get(part.source_name) or _of_image(part, known)
        settled = choices.service(part.source_name).kind is not None
        if evidence is None or settled or len(part.containers) > 1:
            marked.append(part)
            continue
        marked.append(msgspec.structs.replace(part, development_only=True))
        decisions.append(
            Decision(
                subject=f"services.{part.source_name}",
                topic="environments",
                choice="only in development: staging and production are made without it",
                evidence=(evidence,),
                overrule=f"services: {{{part.source_name}: {{kind: workload}}}}",
            )
        )
    return Translated(tuple(marked), tuple(decisions))


def _of_image(part: Workload | Task, known: dict[str, KnownImage]) -> Evidence | None:
    image = known.get(part.source_name)
    if image is None or not image.family.dev_only:
        return None
    family = image.family
    return Evidence(f"{family.summary} ({next(iter(family.sources.values()))})", part.position)
