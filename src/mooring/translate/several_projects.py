"""
What several projects become together: one application in one namespace, and the same networks.

Joined projects reach one another where their networks are one on the machine.  Both are decisions
that the user may want otherwise, so both are said, with the lines they rest on.
"""

from collections.abc import Iterator

from mooring.compose import suggest
from mooring.compose.nodes import Mapping
from mooring.compose.project import Member, Project
from mooring.compose.shared_definitions import is_external, real_name
from mooring.decisions import Decision, Evidence

_UNITED = {"networks": "network", "volumes": "volume"}
"""What of the top level is told of where projects share it; files are merely the same files."""


def decisions(project: Project) -> Iterator[Decision]:
    """Yield what was decided of ``project``, joined from several."""
    names = suggest.listed(member.name for member in project.members)
    yield Decision(
        subject="projects",
        topic="projects",
        choice=f'{names} are one application, "{project.name}", in one namespace',
        evidence=tuple(
            Evidence(
                f'"{member.name}" is the project "{member.project.name}" of Compose',
                member.project.root.key_position("name"),
            )
            for member in project.members
        ),
        overrule=f"project: {project.name}",
    )
    for element, word in _UNITED.items():
        repeated = dict.fromkeys(
            key for (kind, _), key in project.repeated.items() if kind == element
        )
        for key in repeated:
            yield _united(project, element, word, key)


def _united(project: Project, element: str, word: str, key: str) -> Decision:
    users = [
        (member, own, definition)
        for member in project.members
        for own, joined in member.keys.get(element, {}).items()
        if joined == key
        and isinstance(definition := member.project.mappings(element).get(own), Mapping)
    ]
    sharing = suggest.listed(dict.fromkeys(member.name for member, _, _ in users))
    return Decision(
        subject=f"{element}.{key}",
        topic=word,
        choice=f"one {word} of the projects {sharing}",
        evidence=tuple(
            Evidence(_called(member, own, definition), definition.position)
            for member, own, definition in users
        ),
        overrule=f"another name for the {word} in one of the Compose files",
    )


def _called(member: Member, own: str, definition: Mapping) -> str:
    name = real_name(own, definition)
    calls = "calls external" if is_external(definition) else "makes"
    return f'"{member.name}" {calls} what Docker knows as {name}'
