"""
Variables without a value: each is one open question, whoever uses it.

Compose goes on with an empty text, which a cluster would run without a word.  The question names
the services to which it matters; a variable that only inactive services use is no question.
"""

import posixpath
from collections.abc import Iterable, Iterator

from mooring.compose.nodes import Mapping, Node, Scalar, leaves
from mooring.compose.project import Project, UnsetVariable
from mooring.decisions import OpenQuestion
from mooring.sources import Position


def questions(
    project: Project,
    unset: Iterable[UnsetVariable],
    left_out: frozenset[str] = frozenset(),
    *,
    folder: str = ".",
) -> Iterator[OpenQuestion]:
    """
    Yield a question for each variable of ``unset`` that decides what ``project`` says.

    What the services ``left_out`` say decides nothing.  Where several projects were joined, each
    has variables of its own, and the answer names its folder as it is seen from where ``folder``,
    the project's, is shown.
    """
    if not project.members:
        yield from _asked({".env": _uses(project.root, unset, left_out)})
        return
    by_file: dict[str, list[_Use]] = {}
    for member in project.members:
        keys = member.keys.get("services", {})
        own_left_out = frozenset(own for own, joined in keys.items() if joined in left_out)
        beside = posixpath.relpath(member.project.directory, project.directory)
        file = posixpath.normpath(f"{folder}/{beside}/.env")
        for use in _uses(member.project.root, member.unset, own_left_out):
            users = (keys.get(user, user) for user in use[1])
            by_file.setdefault(file, []).append((use[0], tuple(users), use[2]))
    yield from _asked(by_file)


_Use = tuple[str, tuple[str, ...], Position | None]
"""A variable, who uses it, and where it is used first."""


def _asked(by_file: dict[str, list[_Use]]) -> Iterator[OpenQuestion]:
    for file, uses in by_file.items():
        users: dict[str, dict[str, None]] = {}
        positions: dict[str, Position | None] = {}
        for name, using, position in uses:
            users.setdefault(name, {}).update(dict.fromkeys(using))
            positions.setdefault(name, position)
        for name, using_it in users.items():
            yield OpenQuestion(
                subject=f"variables.{name}",
                question=f"it is not set and counts as empty in {', '.join(using_it)}",
                answer=f"{name}=<value> in {file}",
                position=positions[name],
            )


def _uses(root: Mapping, unset: Iterable[UnsetVariable], left_out: frozenset[str]) -> list[_Use]:
    by_name = {variable.name: variable for variable in unset}
    if not by_name:
        return []
    users = _users(root, frozenset(by_name), left_out)
    return [
        (name, tuple(users[name]), next(iter(variable.positions), None))
        for name, variable in by_name.items()
        if name in users
    ]


def _users(
    root: Mapping, names: frozenset[str], left_out: frozenset[str]
) -> dict[str, dict[str, None]]:
    """Return by variable the services, and other elements of the project, whose values hold it."""
    users: dict[str, dict[str, None]] = {}
    for user, node in _elements(root):
        if user in left_out:
            continue
        for path, leaf in leaves(node):
            is_note = bool(path) and str(path[0]).startswith("x-")
            if isinstance(leaf, Scalar) and leaf.variables and not is_note:
                for variable in names.intersection(leaf.variables):
                    users.setdefault(variable, {})[user] = None
    return users


def _elements(root: Mapping) -> Iterator[tuple[str, Node]]:
    for element, node in root.entries.items():
        if element.startswith("x-"):
            continue
        if isinstance(node, Mapping):
            prefix = "" if element == "services" else f"{element}."
            yield from ((f"{prefix}{name}", inner) for name, inner in node.entries.items())
        else:
            yield element, node
