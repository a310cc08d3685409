"""
Which parts only development needs: mail catchers, consoles, mocks of cloud services, workspaces.

The catalogue says so of an image, and `workspaces` of a container that somebody works in.  Such a
part stays in the dev environment and is left out of staging and production, unless mooring.yaml
says what it is.  So does a second database beside the stack's own that is called after tests.
"""

import re

import msgspec

from mooring.app.application import Application
from mooring.app.workloads import Task, Workload
from mooring.decisions import Decision, Evidence, OpenQuestion
from mooring.images.catalogue import KnownImage
from mooring.images.facts import Role
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
    twins = _twins_for_tests(parts, known)
    for part in parts:
        evidence = (
            workspaces.get(part.source_name)
            or _of_image(part, known)
            or twins.get(part.source_name)
        )
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


def still_open(
    questions: tuple[OpenQuestion, ...], application: Application
) -> tuple[OpenQuestion, ...]:
    """
    Return ``questions`` as every environment but development asks them.

    Of a part that is made in development alone nobody has to know more, nor of a file that only
    such parts are given.
    """
    gone = [part for part in application.parts if part.development_only]
    if not gone:
        return questions
    subjects = tuple(f"services.{one.source_name}." for part in gone for one in part.containers)
    files = application.file_names - application.without(gone).file_names
    return tuple(
        one
        for one in questions
        if not one.subject.startswith(subjects)
        and not (one.subject.startswith("secrets.") and one.answer.partition("=")[0] in files)
    )


def _of_image(part: Workload | Task, known: dict[str, KnownImage]) -> Evidence | None:
    image = known.get(part.source_name)
    if image is None or not image.family.dev_only:
        return None
    family = image.family
    return Evidence(f"{family.summary} ({next(iter(family.sources.values()))})", part.position)


_TESTS = frozenset({"test", "tests", "testing"})
_SERVERS = frozenset({Role.DATABASE, Role.CACHE, Role.BROKER, Role.SEARCH, Role.OBJECT_STORE})


def _twins_for_tests(
    parts: tuple[Workload | Task, ...], known: dict[str, KnownImage]
) -> dict[str, Evidence]:
    """Return why a server is for tests: it is called after them, beside the like of the stack."""
    families: dict[str, list[Workload | Task]] = {}
    for part in parts:
        image = known.get(part.source_name)
        if image is not None and image.family.role in _SERVERS:
            families.setdefault(image.family.name, []).append(part)
    twins: dict[str, Evidence] = {}
    for alike in families.values():
        tested = [one for one in alike if _TESTS & set(re.split("[._-]", one.source_name.lower()))]
        others = [one for one in alike if one not in tested]
        for one in tested if others else ():
            twins[one.source_name] = Evidence(
                f"it is called after tests, and {others[0].source_name} is the like", one.position
            )
    return twins
