"""
The values of the finished model, typed as Docker Compose prints them.

Here everything gets the one form in which later rooms meet it: durations as ``1m30s``, sizes as
texts of bytes, commands as lists of words, labels and variables as mappings.  What says nothing (an
empty list, a zero, a false) is left out where Docker Compose leaves it out, and what it always
prints (``command: null``) is there.

Source: the types of compose-go and how they print as JSON.
"""

from mooring.compose.faults import Faults, with_paths
from mooring.compose.grammar.project import PROJECT as GRAMMAR
from mooring.compose.grammar.shapes import Shape
from mooring.compose.nodes import Mapping, Node, Sequence
from mooring.compose.types.project import PROJECT
from mooring.errors import InputError


def typed(root: Mapping, *, keep_extensions: bool = False) -> Mapping:
    """
    Return the normalized ``root`` in the form that ``docker compose config`` prints as JSON.

    ``keep_extensions`` keeps ``x-*`` below the top level, which that form leaves out.

    Raises:
        InputErrors: values that cannot be read as their type (a duration, a size).
    """
    try:
        made = PROJECT(root)
    except (InputError, Faults) as raised:
        raise with_paths(raised) from None
    assert isinstance(made, Mapping)
    return made if keep_extensions else without_extensions(made)


def printed(root: Mapping) -> Mapping:
    """
    Return the typed ``root`` as ``docker compose config`` prints it.

    Extensions below the top level are left out, and the entries of ``blkio_config`` have the
    capital letters with which Docker Compose prints them.
    """
    made = without_extensions(root)
    entries = dict(made.entries)
    for kind in ("services", "jobs"):
        containers = made.get(kind)
        if isinstance(containers, Mapping):
            entries[kind] = Mapping(
                {name: _with_capitals(one) for name, one in containers.entries.items()},
                containers.position,
                containers.keys,
            )
    return Mapping(entries, made.position, made.keys)


def without_extensions(root: Mapping) -> Mapping:
    """Return the typed ``root`` without the ``x-*`` below its top level."""
    entries: dict[str, Node] = {}
    assert GRAMMAR.entries is not None
    for name, value in root.entries.items():
        shape = GRAMMAR.entries.fields.get(name)
        entries[name] = value if shape is None else _without_extensions(value, shape)
    return Mapping(entries, root.position, root.keys)


def _without_extensions(node: Node, shape: Shape) -> Node:
    if isinstance(node, Sequence) and shape.items is not None:
        items = tuple(_without_extensions(item, shape.items.shape) for item in node.items)
        return Sequence(items, node.position)
    known = shape.entries
    if not isinstance(node, Mapping) or known is None:
        return node
    entries: dict[str, Node] = {}
    for name, value in node.entries.items():
        below = known.fields.get(name) or known.values
        if below is not None:
            entries[name] = _without_extensions(value, below)
        elif not known.extensions or not name.startswith("x-"):
            entries[name] = value
    return Mapping(entries, node.position, node.keys)


def _with_capitals(container: Node) -> Node:
    if not isinstance(container, Mapping):
        return container
    changed: dict[str, Node] = {}
    limits, hooks = container.get("blkio_config"), container.get("pre_start")
    if isinstance(limits, Mapping):
        renamed = {name: _capitalized(value) for name, value in limits.entries.items()}
        changed["blkio_config"] = Mapping(renamed, limits.position, limits.keys)
    if isinstance(hooks, Sequence):
        changed["pre_start"] = Sequence(tuple(map(_with_capitals, hooks.items)), hooks.position)
    if not changed:
        return container
    return Mapping({**container.entries, **changed}, container.position, container.keys)


def _capitalized(node: Node) -> Node:
    """The entries of a list of limits with capital letters; a single limit as it is."""
    if isinstance(node, Sequence):
        return Sequence(tuple(map(_capitalized, node.items)), node.position)
    if isinstance(node, Mapping):
        entries = {name.capitalize(): value for name, value in node.entries.items()}
        return Mapping(entries, node.position)
    return node
