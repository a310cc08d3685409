"""
Which findings of other linters count, read from the page that says it.

A rule that we do not follow is ignored everywhere.  What is excepted for one object is a decision
of the conversion: its topic stands on the page, and it must have been made for that very service.
"""

import re
from pathlib import Path
from typing import NamedTuple

from mooring import pipeline
from mooring.decisions import Decision

PAGE = Path(__file__).resolve().parents[2] / "docs" / "decisions" / "peer-linters.md"


class Row(NamedTuple):
    """One row of a table: what it is about, and the rules of each linter, if it has some."""

    about: str
    kube_score: tuple[str, ...]
    kube_linter: tuple[str, ...]

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules of both linters."""
        return (*self.kube_score, *self.kube_linter)


def ignored() -> tuple[Row, ...]:
    """Return the rules that are not followed anywhere."""
    return _rows("concept")


def excepted() -> tuple[Row, ...]:
    """Return the rules that a decision may except a service from, by the topic of the decision."""
    return _rows("topic of the decision")


def _rows(first: str) -> tuple[Row, ...]:
    rows: list[Row] = []
    inside = False
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("| "):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if inside:
                rows.append(Row(cells[0], *(tuple(_CODE.findall(cell)) for cell in cells[1:3])))
            inside = inside or cells[0] == first
        elif not line.startswith("|"):
            inside = False
    return tuple(rows)


def exception(
    rule: str, subject: str, container: str, made: pipeline.EnvironmentResult
) -> Decision | None:
    """
    Return the decision that excepts a container from ``rule``, or None.

    ``subject`` is its object as `Kind/name`; without ``container`` any of its containers may.
    """
    topics = {row.about for row in excepted() if rule in row.rules}
    services = set(_services(subject, container, made))
    return next(
        (
            one
            for one in made.translation.decisions
            if one.topic in topics and one.subject.removeprefix("services.") in services
        ),
        None,
    )


def _services(subject: str, container: str, made: pipeline.EnvironmentResult) -> list[str]:
    kind, _, name = subject.partition("/")
    return [
        one.source_name
        for part in made.translation.application.parts
        if part.name == name or (kind == "Job" and name.startswith(f"{part.name}-"))
        for one in (*(step.container for step in part.initial_steps), *part.containers)
        # The copy of a container's files is made by a step that is called after it.
        if container in {"", one.name} or container.endswith(f"-for-{one.name}")
    ]


_CODE = re.compile("`([^`]+)`")
