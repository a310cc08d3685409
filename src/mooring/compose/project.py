"""
A Compose project as Docker Compose understands it: the result of loading.
"""

from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.compose import nodes
from mooring.compose.environment import EnvValue
from mooring.compose.nodes import Mapping, Node, Path
from mooring.findings import Finding
from mooring.sources import Position


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """
    A loaded project in long form, every value typed and with its position.

    ``root`` is what ``docker compose config`` prints: names made up, env files and label files
    merged into ``environment`` and ``labels``, relative paths absolute, active services only.
    Extensions (``x-*``) are kept where they stand.

    ``environment`` is what interpolation saw, ``variables_at`` where env files set a variable of
    it; ``resolved_environments`` says of each active service's variables where their values come
    from.  ``disabled`` are the services that no active
    profile selects, ``disabled_jobs`` the jobs.  ``files`` and ``directory`` are absolute.

    A project that was joined from several has them as ``members``.  ``own_names`` then has, for
    each service, Compose's name of its project and its name there; ``repeated`` are definitions
    that only repeat another's, by kind and key, with the key of the one that counts.

    ``copies`` are services that no file has: each is made of another for what that one does by the
    clock, and stands here with the other's name.
    """

    name: str
    directory: str
    files: tuple[str, ...]
    profiles: tuple[str, ...]
    root: Mapping
    environment: ReadOnly[str, str]
    variables_at: ReadOnly[str, Position] = {}
    resolved_environments: ReadOnly[str, ReadOnly[str, EnvValue]]
    disabled: ReadOnly[str, Mapping] = {}
    disabled_jobs: ReadOnly[str, Mapping] = {}
    members: tuple["Member", ...] = ()
    own_names: ReadOnly[str, tuple[str, str]] = {}
    repeated: ReadOnly[tuple[str, str], str] = {}
    copies: ReadOnly[str, str] = {}

    @property
    def services(self) -> dict[str, Mapping]:
        """The active services by name, in the order of the files."""
        return self.mappings("services")

    @property
    def directories(self) -> tuple[str, ...]:
        """The folders in which the project lives: its own, or those of its members."""
        return tuple(one.project.directory for one in self.members) or (self.directory,)

    @property
    def environments(self) -> tuple[ReadOnly[str, str], ...]:
        """What interpolation saw, in each member where there are some."""
        return tuple(one.project.environment for one in self.members) or (self.environment,)

    def leaves(self) -> Iterator[tuple[Path, Node]]:
        """Yield every value of the files with its path; those of copies stand at their origin."""
        return (
            (path, node)
            for path, node in nodes.leaves(self.root)
            if len(path) < 2 or path[0] != "services" or path[1] not in self.copies
        )

    def variable(self, name: str, *, kind: str, key: str) -> str | None:
        """Return the value of a variable as the definition ``key`` of ``kind`` sees it."""
        for member in self.members:
            for own, joined in member.keys.get(kind, {}).items():
                definition = member.project.mappings(kind).get(own)
                if joined == key and definition and "environment" in definition.entries:
                    return member.project.environment.get(name)
        return self.environment.get(name)

    def mappings(self, kind: str) -> dict[str, Mapping]:
        """Return what ``root`` defines under ``kind``: volumes, networks, secrets, configs ..."""
        found = self.root.get(kind)
        return only_mappings(found.entries) if isinstance(found, Mapping) else {}


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """
    One of the projects that were joined: as it was loaded, and what its parts are called now.

    ``name`` is what the user calls it, where ``project.name`` is Compose's.  ``keys`` has, by kind
    (``services``, ``networks`` ...), the key in the joined project of each of its own keys;
    ``unset`` are its variables without a value.
    """

    name: str
    project: Project
    keys: ReadOnly[str, ReadOnly[str, str]]
    unset: tuple["UnsetVariable", ...] = ()


class UnsetVariable(msgspec.Struct, frozen=True, kw_only=True):
    """A variable that has neither a value nor a default, and where the files use it."""

    name: str
    positions: tuple[Position, ...]


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """
    A project, and what is to be said about its files.

    ``unset`` are the variables that count as empty, by name; some may be used in inactive
    services alone.
    """

    project: Project
    findings: tuple[Finding, ...]
    unset: tuple[UnsetVariable, ...] = ()


def only_mappings(entries: ReadOnly[str, Node]) -> dict[str, Mapping]:
    """Return those of ``entries`` that are mappings; in a typed model all definitions are."""
    return {name: value for name, value in entries.items() if isinstance(value, Mapping)}
