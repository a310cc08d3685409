"""Whole projects for the tests of translation, from a Compose file as it is written."""

import textwrap
from collections.abc import Mapping as ReadOnly
from pathlib import Path

from mooring.app.workloads import Container, Task, Workload
from mooring.compose import loader
from mooring.compose.discovery import LoadRequest
from mooring.settings.choices import Choices
from mooring.translate.project import Translation, translate
from mooring.translate.scheduling.unfolding import unfolded

NO_CHOICES = Choices()


def translation(
    folder: Path,
    compose: str,
    files: ReadOnly[str, str] | None = None,
    *,
    choices: Choices = NO_CHOICES,
    settled_images: frozenset[str] = frozenset(),
) -> Translation:
    """Return what the project ``shop`` means that ``compose`` and the ``files`` beside it make."""
    shop = folder / "shop"
    for name, content in {"compose.yaml": compose, **(files or {})}.items():
        path = shop / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(content), encoding="utf-8")
    loaded = loader.load(LoadRequest(directory=str(shop), environment={"HOME": str(folder)}))
    project, choices = unfolded(loaded.project, choices)
    made = translate(
        project,
        choices=choices,
        unset=loaded.unset,
        settled_images=settled_images,
    )
    bare = list(made.unaccounted(project))
    assert bare == [], bare
    return made


def part(made: Translation, name: str) -> Workload | Task:
    """Return the part called ``name``."""
    return next(one for one in made.application.parts if one.name == name)


def container(made: Translation, name: str) -> Container:
    """Return the container of the service called ``name``."""
    return next(
        one for each in made.application.parts for one in each.containers if one.source_name == name
    )


def decided(made: Translation, topic: str) -> dict[str, str]:
    """Return what was decided about ``topic``, by subject."""
    return {one.subject: one.choice for one in made.decisions if one.topic == topic}


def rules(made: Translation) -> list[str]:
    """Return the rules of the findings, sorted."""
    return sorted(finding.rule for finding in made.findings)
