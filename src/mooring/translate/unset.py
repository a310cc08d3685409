"""
Variables without a value: each is one open question, whoever uses it.

Compose goes on with an empty text, which a cluster would run without a word.  The question names
the services to which it matters; a variable that only inactive services use is no question.
"""

from collections.abc import Iterable, Iterator

from mooring.compose.nodes import Mapping, Node, Scalar, leaves
from mooring.compose.project import Project, UnsetVariable
from mooring.decisions import OpenQuestion


def questions(
    project: Project, unset: Iterable[UnsetVariable], left_out: frozenset[str] = frozenset()
) -> Iterator[OpenQuestion]:
    """
    Yield a question for each variable of ``unset`` that decides what ``project`` says.

    What the services ``left_out`` say decides nothing.
    """
    by_name = {variable.name: variable for variable in unset}
    if not by_name:
        return
    users = _users(project.root, frozenset(by_name), left_out)
    for name, variable in by_name.items():
        found = users.get(name)
        if found:
            yield OpenQuestion(
                subject=f"variables.{name}",
                question=f"it is not set and counts as empty in {', '.join(found)}",
                answer=f"{name}=<value> in .env",
                position=variable.positions[0] if variable.positions else None,
            )


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
