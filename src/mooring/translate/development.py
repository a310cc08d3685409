"""
Which parts only development needs: mail catchers, consoles, mocks of cloud services.

The catalogue says so of an image.  Such a part stays in the dev environment and is left out of
staging and production, unless mooring.yaml says what it is.
"""

import msgspec

from mooring.app.workloads import Task, Workload
from mooring.decisions import Decision, Evidence
from mooring.images.catalogue import KnownImage
from mooring.settings.choices import Choices
from mooring.translate.notes import Translated


def for_development(
    parts: tuple[Workload | Task, ...], known: dict[str, KnownImage], choices: Choices
) -> Translated[tuple[Workload | Task, ...]]:
    """
    Return ``parts`` with those marked that only development needs.

    ``known`` has what the catalogue says of the image of a service, by the service's name.
    """
    marked: list[Workload | Task] = []
    decisions: list[Decision] = []
    for part in parts:
        image = known.get(part.source_name)
        settled = choices.service(part.source_name).kind is not None
        if image is None or not image.family.dev_only or settled or len(part.containers) > 1:
            marked.append(part)
            continue
        family = image.family
        marked.append(msgspec.structs.replace(part, development_only=True))
        decisions.append(
            Decision(
                subject=f"services.{part.source_name}",
                topic="environments",
                choice="only in development: staging and production are made without it",
                evidence=(
                    Evidence(
                        f"{family.summary} ({next(iter(family.sources.values()))})", part.position
                    ),
                ),
                overrule=f"services: {{{part.source_name}: {{kind: workload}}}}",
            )
        )
    return Translated(tuple(marked), tuple(decisions))
