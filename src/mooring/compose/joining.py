"""
Several projects put together as one, as they stand beside one another on one machine.

Each was loaded on its own, as Compose loads it: with its folder, its variables, its name.  Joined,
every service keeps its name unless two projects have it: then each is called after its project,
``backend-db``.  What is one thing on the machine, a network or a volume of one real name, is one
thing here (`shared_definitions`); what merely has the same key stays apart.

A definition that repeats another's stays in the model under a key that no service uses, so that
each value of each file is still accounted for.
"""

import os
from collections.abc import Iterable
from collections.abc import Mapping as ReadOnly
from itertools import takewhile
from typing import TypeVar

from mooring.compose import project_name, shared_definitions
from mooring.compose.environment import EnvValue
from mooring.compose.nodes import Mapping, Node, Scalar
from mooring.compose.project import Loaded, Member, Project, UnsetVariable
from mooring.compose.redirection import redirected
from mooring.compose.shared_definitions import Place, distinct
from mooring.findings import Finding
from mooring.sources import Position

_CONTAINERS = ("services", "jobs")
_Value = TypeVar("_Value")


def join(loads: ReadOnly[str, Loaded], name: str = "") -> Loaded:
    """
    Return the projects of ``loads``, by what the user calls them, as one.

    It is called ``name``, or else by what their names have in common.
    """
    projects = {each: loaded.project for each, loaded in loads.items()}
    names = _Names(projects)
    members = tuple(
        Member(name=each, project=loaded.project, keys=names.of(each), unset=loaded.unset)
        for each, loaded in loads.items()
    )
    name = name or common_name(projects.values())
    joined = Project(
        name=name,
        directory=common_directory(project.directory for project in projects.values()),
        files=tuple(dict.fromkeys(file for one in projects.values() for file in one.files)),
        profiles=tuple(dict.fromkeys(each for one in projects.values() for each in one.profiles)),
        root=_root(members, names, name),
        environment=_first(project.environment for project in projects.values()),
        variables_at=_first(project.variables_at for project in projects.values()),
        resolved_environments=_environments(members),
        disabled=_disabled(members, "services"),
        disabled_jobs=_disabled(members, "jobs"),
        members=members,
        own_names={
            joined: (member.project.name, own)
            for member in members
            for own, joined in member.keys.get("services", {}).items()
        },
        repeated=names.repeated,
    )
    return Loaded(
        project=joined,
        findings=tuple(dict.fromkeys(_findings(loads.values()))),
        unset=_unset(loads.values()),
    )


def common_name(projects: Iterable[Project]) -> str:
    """
    Return what the names of ``projects`` begin with, whole words of it: ``shop-web``, ``shop-api``.

    Where they have nothing in common it is the name of the folder that holds them all.
    """
    known = list(projects)
    shared = takewhile(
        lambda words: len(set(words)) == 1, zip(*(_words(one.name) for one in known), strict=False)
    )
    found = project_name.normalized("-".join(words[0] for words in shared))
    if found:
        return found
    folder = os.path.basename(common_directory(project.directory for project in known))
    return project_name.normalized(folder) or known[0].name


def _words(name: str) -> list[str]:
    return name.replace("_", "-").split("-")


def common_directory(directories: Iterable[str]) -> str:
    """Return the deepest folder that holds all the absolute ``directories``."""
    return os.path.commonpath(list(directories))


class _Names:
    """
    What the services, networks and the rest of several projects are called together.

    ``places`` has, by project and kind, under which key each definition stands in the model; of one
    that repeats another that is not the key by which it is meant.
    """

    def __init__(self, projects: ReadOnly[str, Project]) -> None:
        self._keys: dict[Place, dict[str, str]] = {}
        self.places: dict[Place, dict[str, str]] = {}
        self.repeated: dict[tuple[str, str], str] = {}
        for kind in _CONTAINERS:
            places = [
                (each, name)
                for each, project in projects.items()
                for name in (*project.mappings(kind), *_inactive(project, kind))
            ]
            for (each, name), key in distinct(places).items():
                self._keys.setdefault((each, kind), {})[name] = key
                self.places.setdefault((each, kind), {})[name] = key
        variables = {each: project.environment for each, project in projects.items()}
        for kind in shared_definitions.KINDS:
            definitions = {
                (each, key): definition
                for each, project in projects.items()
                for key, definition in project.mappings(kind).items()
            }
            for (each, key), one in shared_definitions.called(kind, definitions, variables).items():
                self._keys.setdefault((each, kind), {})[key] = one.meant
                self.places.setdefault((each, kind), {})[key] = one.key
                if one.same_as is not None:
                    self.repeated[kind, one.key] = one.meant

    def of(self, project: str) -> dict[str, dict[str, str]]:
        """Return the keys of ``project`` by kind."""
        return {kind: keys for (each, kind), keys in self._keys.items() if each == project}


def _root(members: tuple[Member, ...], names: _Names, name: str) -> Mapping:
    entries: dict[str, Node] = {}
    keys: dict[str, Position] = {}
    for member in members:
        root = member.project.root
        for element, node in root.entries.items():
            position = root.keys.get(element)
            places = names.places.get((member.name, element), {})
            if element == "name":
                node = Scalar(name, root.key_position(element))
                entries.setdefault(element, node)
            elif isinstance(node, Mapping) and places:
                definitions = _placed(node, places, member, is_container=element in _CONTAINERS)
                before = entries.get(element)
                entries[element] = (
                    _both(before, definitions) if isinstance(before, Mapping) else definitions
                )
            else:
                element = element if element not in entries else f"{element} ({member.name})"
                entries[element] = node
            if position is not None:
                keys.setdefault(element, position)
    return Mapping(entries, members[0].project.root.position, keys)


def _placed(
    node: Mapping, places: ReadOnly[str, str], member: Member, *, is_container: bool
) -> Mapping:
    """Return what ``member`` defines, each thing at its place in the model of all."""
    changed = _changed(member) if is_container else {}
    return Mapping(
        {
            places[own]: redirected(one, changed) if isinstance(one, Mapping) else one
            for own, one in node.entries.items()
        },
        node.position,
        {places[own]: position for own, position in node.keys.items() if own in places},
    )


def _both(first: Mapping, second: Mapping) -> Mapping:
    return Mapping(
        {**first.entries, **second.entries}, first.position, {**first.keys, **second.keys}
    )


def _changed(member: Member) -> dict[str, dict[str, str]]:
    """Return the names that ``member`` knows otherwise, by kind."""
    return {
        kind: {own: joined for own, joined in keys.items() if own != joined}
        for kind, keys in member.keys.items()
    }


def _disabled(members: tuple[Member, ...], kind: str) -> dict[str, Mapping]:
    return {
        member.keys[kind][own]: redirected(definition, _changed(member))
        for member in members
        for own, definition in _inactive(member.project, kind).items()
    }


def _inactive(project: Project, kind: str) -> ReadOnly[str, Mapping]:
    return project.disabled if kind == "services" else project.disabled_jobs


def _environments(members: tuple[Member, ...]) -> dict[str, ReadOnly[str, EnvValue]]:
    return {
        member.keys["services"][own]: values
        for member in members
        for own, values in member.project.resolved_environments.items()
    }


def _first(mappings: Iterable[ReadOnly[str, _Value]]) -> dict[str, _Value]:
    """Return all of ``mappings`` as one; of a name that several have, the first one's."""
    found: dict[str, _Value] = {}
    for each in mappings:
        for name, value in each.items():
            found.setdefault(name, value)
    return found


def _findings(loads: Iterable[Loaded]) -> Iterable[Finding]:
    for loaded in loads:
        yield from loaded.findings


def _unset(loads: Iterable[Loaded]) -> tuple[UnsetVariable, ...]:
    found: dict[str, set[Position]] = {}
    for loaded in loads:
        for variable in loaded.unset:
            found.setdefault(variable.name, set()).update(variable.positions)
    return tuple(
        UnsetVariable(name=name, positions=tuple(sorted(positions)))
        for name, positions in sorted(found.items())
    )
