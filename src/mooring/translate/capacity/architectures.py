"""
Which workloads run on nodes of one architecture alone, because their image exists for no other.

A container of another architecture ends at once with "exec format error".  Compose asks for the
platform of the author's machine at most, so the catalogue and the Dockerfile tell the rest.

Source: https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-arch
"""

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.workloads import Task, Workload
from mooring.decisions import Decision, Evidence
from mooring.settings.choices import ANY_ARCHITECTURE, Choices
from mooring.translate.notes import Translated
from mooring.translate.view import ServiceView

_PLATFORM = "linux/"


def bound(
    parts: Sequence[Workload | Task], views: ReadOnly[str, ServiceView], choices: Choices
) -> Translated[tuple[Workload | Task, ...]]:
    """Return ``parts`` with the architecture of those that run on nodes of one alone."""
    decisions: list[Decision] = []
    done: list[Workload | Task] = []
    for part in parts:
        chosen = choices.service(part.source_name).architecture
        signs = dict(_signs(part, views))
        if chosen is not None:
            done.append(_on(part, None if chosen == ANY_ARCHITECTURE else chosen))
        elif part.placement.architecture is not None or len(signs) != 1:
            done.append(part)
        else:
            ((architecture, evidence),) = signs.items()
            done.append(_on(part, architecture))
            decisions.append(
                Decision(
                    subject=f"services.{part.source_name}",
                    topic="architecture",
                    choice=f"runs on nodes of {architecture} only",
                    evidence=(evidence,),
                    overrule=f"services: {{{part.source_name}: {{architecture: any}}}}",
                )
            )
    return Translated(tuple(done), tuple(decisions))


def _on(part: Workload | Task, architecture: str | None) -> Workload | Task:
    placement = msgspec.structs.replace(part.placement, architecture=architecture)
    return msgspec.structs.replace(part, placement=placement)


def _signs(
    part: Workload | Task, views: ReadOnly[str, ServiceView]
) -> Iterator[tuple[str, Evidence]]:
    for container in part.containers:
        view = views.get(container.source_name)
        if view is None:
            continue
        facts = view.image_facts
        for architecture, sign in facts.architectures.items() if facts is not None else ():
            said = f"its Dockerfile fetches what runs there alone: {sign.value}"
            yield architecture, Evidence(said, sign.position)
        platform = facts.platform if facts is not None else None
        if platform is not None and platform.value.startswith(_PLATFORM):
            architecture = platform.value.removeprefix(_PLATFORM).partition("/")[0]
            if "$" not in architecture:
                said = f"its Dockerfile builds it for {platform.value}"
                yield architecture, Evidence(said, platform.position)
        elif view.known is not None and len(view.known.family.architectures) == 1:
            family = view.known.family
            source = next(iter(family.sources.values()))
            said = f"{family.name} exists for {family.architectures[0]} only ({source})"
            yield family.architectures[0], Evidence(said, container.position)
