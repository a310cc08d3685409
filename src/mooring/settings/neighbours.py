"""
Other Compose projects near this one that stand on its networks.

A network that is external is made by somebody else, and whoever else stands on it is reached by
name on the machine and not in the namespace.  The Compose files around are looked through for
those projects, so that the user can be told the line of mooring.yaml that takes them along.

Only files called like Compose files are read: in the project's folders and the folders directly
below, and in the folders beside them; hidden folders, as of development containers, hold nothing
to deploy.  One that has the same services is another version of the
same project, and of several with one name the nearest counts.
"""

import os
from collections.abc import Iterable, Iterator

import msgspec

from mooring.compose import loader, project_name
from mooring.compose.discovery import LoadRequest
from mooring.compose.nodes import Mapping
from mooring.compose.project import Project
from mooring.compose.shared_definitions import is_external, real_name
from mooring.errors import MooringError
from mooring.findings import Finding, Rule, Severity
from mooring.settings.file_names import compose_name
from mooring.sources import Position

NETWORK_OF_OTHERS = Rule(id="network-of-others", severity=Severity.WARNING, since="0.1")
NETWORK_MADE_ELSEWHERE = Rule(id="network-made-elsewhere", severity=Severity.INFO, since="0.1")
MADE_AND_EXTERNAL = Rule(id="network-made-and-external", severity=Severity.WARNING, since="0.1")

_MOST_FOLDERS = 200
_MOST_FILES = 40
_LARGEST = 1024 * 1024  # bytes
_NOT_MEANT = frozenset({"node_modules", "vendor", "deploy"})
_DESCRIBING = ("driver", "driver_opts", "ipam", "internal", "attachable", "labels")


class Neighbour(msgspec.Struct, frozen=True, kw_only=True):
    """A Compose file near the project, and the real names of the networks that it stands on."""

    path: str
    project: Project
    networks: frozenset[str]


def findings(project: Project, *, base: str, shown_from: str) -> Iterator[Finding]:
    """
    Yield what is to be said about the networks that ``project`` calls external.

    ``base`` is the folder of mooring.yaml, from which its paths begin; ``shown_from`` where the
    command runs.  Both are absolute.
    """
    external = {
        real_name(key, network): network
        for key, network in project.mappings("networks").items()
        if is_external(network) and ("networks", key) not in project.repeated
    }
    if not external:
        return
    found = list(_neighbours(project, frozenset(external), shown_from))
    for name, network in external.items():
        position = network.key_position("external")
        described = _described_elsewhere(network)
        if described is not None:
            yield _made_and_external(project, name, network, described, base)
            continue
        on_it = [one for one in found if name in one.networks]
        if not on_it:
            yield NETWORK_MADE_ELSEWHERE.finding(
                position,
                f'the network "{name}" is external: other stacks on it are not part of this '
                "conversion",
                remedy="list them with this one under projects: in mooring.yaml, if there are any",
            )
            continue
        others = " and ".join(os.path.relpath(one.path, shown_from) for one in on_it)
        yield NETWORK_OF_OTHERS.finding(
            position,
            f'the network "{name}" is external, and {others} on it '
            f"{'is' if len(on_it) == 1 else 'are'} not part of this conversion",
            remedy=f"convert them together: {_line(project, [one.path for one in on_it], base)}",
        )


def names_for(paths: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """
    Return a name for the project of each of ``paths``, absolute Compose files.

    It is the word that tells the file from others (``docker-compose-backend.yml``), or else the
    name of its folder.
    """
    used = set(taken)
    found: dict[str, str] = {}
    for path in paths:
        stem = os.path.basename(path).rpartition(".")[0].lower()
        for word in ("docker-compose", "compose"):
            stem = stem.replace(word, "")
        folder = os.path.dirname(path)
        while os.path.basename(folder).startswith("."):
            folder = os.path.dirname(folder)
        name = _as_name(stem) or _as_name(os.path.basename(folder)) or "stack"
        while name in used:
            name += "-2"
        used.add(name)
        found[path] = name
    return found


def _as_name(text: str) -> str:
    return project_name.normalized(text.replace(".", "-")).replace("_", "-").strip("-")


def _line(project: Project, others: list[str], base: str) -> str:
    """Return the line of mooring.yaml that lists ``project`` and the files ``others``."""
    if project.members:
        mine = {one.name: one.project.files for one in project.members}
        names = names_for(others, mine)
    else:
        names = names_for([project.files[0], *others])
        mine = {names.pop(project.files[0]): project.files}
    listed = {**mine, **{name: (path,) for path, name in names.items()}}
    return projects_line(listed, base)


def projects_line(files: dict[str, tuple[str, ...]], base: str) -> str:
    """Return ``projects`` of mooring.yaml with the absolute ``files`` of each, from ``base`` on."""
    entries = (
        f"{name}: {{files: [{', '.join(os.path.relpath(path, base) for path in paths)}]}}"
        for name, paths in files.items()
    )
    return f"projects: {{{', '.join(entries)}}}"


def _described_elsewhere(network: Mapping) -> Position | None:
    """Return where another file describes the network that one calls external."""
    external = network.entries["external"].position
    for name in _DESCRIBING:
        node = network.entries.get(name)
        position = None if node is None else network.keys.get(name) or node.position
        if external and position and position.file != external.file:
            return position
    return None


def _made_and_external(
    project: Project, name: str, network: Mapping, described: Position, base: str
) -> Finding:
    names = names_for(project.files)
    line = projects_line({name: (path,) for path, name in names.items()}, base)
    return MADE_AND_EXTERNAL.finding(
        network.key_position("external"),
        f'the network "{name}" is external here and described in {described.file}: as one project '
        "Compose waits for one that nobody makes",
        remedy=f"convert the files as projects of their own: {line}",
    )


def _neighbours(project: Project, networks: frozenset[str], shown_from: str) -> Iterator[Neighbour]:
    seen = {os.path.realpath(file) for file in project.files}
    members = [one.project for one in project.members] or [project]
    known: set[str] = set()
    tried = 0
    for path in _compose_files(project.directories):
        real = os.path.realpath(path)
        if real in seen or not _may_name(path, networks):
            continue
        seen.add(real)
        tried += 1
        if tried > _MOST_FILES:
            return
        try:
            other = loader.load(
                LoadRequest(directory=os.path.dirname(path), files=(path,), shown_from=shown_from)
            ).project
        except MooringError:
            continue  # What cannot be loaded is no project that could be taken along.
        named = compose_name(os.path.basename(path))
        is_called_after_one = named is not None and named.environment is not None
        if any(_is_version(other, one, is_called_after_one) for one in members):
            continue
        on = frozenset(real_name(key, one) for key, one in other.mappings("networks").items())
        if on & networks and other.name not in known:
            known.add(other.name)
            yield Neighbour(path=path, project=other, networks=on)


def _is_version(other: Project, project: Project, is_called_after_one: bool) -> bool:
    """
    Tell whether ``other`` is ``project`` in other words: for another environment, say.

    ``is_called_after_one`` tells that its file has the name of an environment.
    """
    is_near = other.directory == project.directory or other.name == project.name
    shares = bool(other.services.keys() & project.services.keys())
    return shares and (is_near or is_called_after_one)


def _may_name(path: str, networks: frozenset[str]) -> bool:
    """Tell whether the file can be about one of ``networks``, by their names or by their keys."""
    try:
        with open(path, "rb") as stream:
            content = stream.read(_LARGEST + 1)
    except (OSError, ValueError):
        return False
    if len(content) > _LARGEST:
        return False
    # The network "shop_default" of a project "shop" is named nowhere.
    return any(
        name.encode() in content
        or name.endswith("_default")
        or ("_" in name and name.partition("_")[2].encode() in content)
        for name in networks
    )


def _compose_files(directories: Iterable[str]) -> Iterator[str]:
    """Yield the Compose files of ``directories`` and of the folders around, the nearest first."""
    for folder in _folders(directories):
        try:
            with os.scandir(folder) as entries:
                names = sorted(one.name for one in entries if one.is_file())
        except OSError:
            continue
        for name in names:
            found = compose_name(name)
            if found is not None and not found.is_override:
                yield os.path.join(folder, name)


def _folders(directories: Iterable[str]) -> Iterator[str]:
    near = list(dict.fromkeys(directories))
    parents = list(dict.fromkeys(os.path.dirname(one) for one in near))
    parents = [one for one in parents if os.path.dirname(one) != one]
    seen: dict[str, None] = {}
    for folder in (*near, *parents):
        seen.setdefault(folder)
        for below in _below(folder):
            seen.setdefault(below)
        if len(seen) > _MOST_FOLDERS:
            break
    yield from list(seen)[:_MOST_FOLDERS]


def _below(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(
                one.path
                for one in entries
                if one.is_dir(follow_symlinks=False)
                and one.name not in _NOT_MEANT
                and not one.name.startswith(".")
            )
    except OSError:
        return []
