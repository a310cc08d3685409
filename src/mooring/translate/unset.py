"""
Variables without a value: each is one open question, whoever uses it.

Compose goes on with an empty text, which a cluster would run without a word.  The question names
the services to which it matters; a variable that only inactive services use is no question.  Where
an env file sets a variable of a similar name that nothing uses, it may be the same one, renamed.
"""

import posixpath
from collections.abc import Iterable, Iterator

import msgspec

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
        yield from _asked({".env": _uses(project, unset, left_out)})
        return
    by_file: dict[str, list[_Use]] = {}
    for member in project.members:
        keys = member.keys.get("services", {})
        own_left_out = frozenset(own for own, joined in keys.items() if joined in left_out)
        beside = posixpath.relpath(member.project.directory, project.directory)
        file = posixpath.normpath(f"{folder}/{beside}/.env")
        for use in _uses(member.project, member.unset, own_left_out):
            users = tuple(keys.get(user, user) for user in use.users)
            by_file.setdefault(file, []).append(msgspec.structs.replace(use, users=users))
    yield from _asked(by_file)


class _Use(msgspec.Struct, frozen=True):
    """
    A variable, who uses it, where first, and which idle variable it may be: with its file.

    ``is_set`` tells that it has a value, which is empty.
    """

    name: str
    users: tuple[str, ...]
    position: Position | None
    former: tuple[str, str] | None
    is_set: bool = False


def _asked(by_file: dict[str, list[_Use]]) -> Iterator[OpenQuestion]:
    for file, uses in by_file.items():
        users: dict[str, dict[str, None]] = {}
        first: dict[str, _Use] = {}
        for use in uses:
            users.setdefault(use.name, {}).update(dict.fromkeys(use.users))
            first.setdefault(use.name, use)
        for name, using_it in users.items():
            former = first[name].former
            suspect = ""
            if former is not None:
                suspect = f"; {former[1]} sets {former[0]}, which nothing uses: was it renamed?"
            shown = ", ".join([*using_it][:_NAMED])
            more = f" and {len(using_it) - _NAMED} more" if len(using_it) > _NAMED else ""
            yield OpenQuestion(
                subject=f"variables.{name}",
                question=f"{_how(first[name])} in {', '.join(using_it)}{suspect}",
                answer=f"{name}=<value> in {file}",
                position=first[name].position,
                several=_SEVERAL,
                item=f"in {shown}{more}{suspect}",
            )


def _how(use: _Use) -> str:
    return "it is set to nothing" if use.is_set else "it is not set and counts as empty"


_SEVERAL = "{count} variables are not set and count as empty"
_NAMED = 3  # users that an entry of many names


def _uses(project: Project, unset: Iterable[UnsetVariable], left_out: frozenset[str]) -> list[_Use]:
    by_name = {variable.name: variable for variable in unset}
    if not by_name:
        return []
    users = _users(project.root, left_out)
    asked = [variable for name, variable in by_name.items() if name in users]
    if not asked:
        return []

    from mooring.translate.former_names import former_name

    idle = _idle(project)
    return [
        _Use(
            variable.name,
            tuple(users[variable.name]),
            next(iter(variable.positions), None),
            None
            if (former := former_name(variable.name, idle)) is None
            else (former, project.variables_at[former].file),
            variable.name in project.environment,
        )
        for variable in asked
    ]


def _idle(project: Project) -> list[str]:
    """Return the variables that env files set and nothing uses."""
    used = set(_users(project.root, frozenset()))
    for service in project.services.values():
        environment = service.get("environment")
        used.update(environment.entries if isinstance(environment, Mapping) else ())
    return [name for name in project.variables_at if name not in used]


def _users(root: Mapping, left_out: frozenset[str]) -> dict[str, dict[str, None]]:
    """Return by variable the services, and other elements of the project, whose values hold it."""
    users: dict[str, dict[str, None]] = {}
    for user, node in _elements(root):
        if user in left_out:
            continue
        for path, leaf in leaves(node):
            is_note = bool(path) and str(path[0]).startswith("x-")
            if isinstance(leaf, Scalar) and leaf.variables and not is_note:
                for variable in leaf.variables:
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
