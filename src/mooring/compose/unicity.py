"""
Which entries of a list are the same thing said twice.

Where files are joined, a later entry for the same port, mount or variable replaces the earlier one
at its place.  The table says for which lists, and what makes two entries the same: the target of a
mount, the name before the ``=`` of a variable, all four parts of a port.

Source: Compose Specification, "Merge Compose files", unique resources; the list is compose-go's.
"""

from collections.abc import Callable

from mooring.compose.attributes import devices, env_files, mounted_files, ports, volumes
from mooring.compose.nodes import Mapping, Node, Path, Scalar, Sequence, path_text
from mooring.errors import InputError, InputErrors

_Identity = Callable[[Node], str]
_Table = dict[str, "_Identity | _Table"]
_ANY = "*"


def key(path: Path, node: Node) -> str | None:
    """
    Return what identifies the list entry ``node`` at ``path``, or None where entries may repeat.

    ``path`` leads to the list (``("services", "web", "ports")``), without the index.

    Raises:
        InputError: the entry lacks what identifies it (a volume without a target).
    """
    table: _Identity | _Table | None = _PROJECT
    for part in path:
        if not isinstance(table, dict):
            return None
        table = table.get(str(part)) or table.get(_ANY)
    return table(node) if callable(table) else None


def enforce(root: Mapping) -> Mapping:
    """
    Return ``root`` with one entry per identity: the last said, at the place of the first.

    Belongs after each merge, and again after `canonical`, which shows ports of a range one by one.

    Raises:
        InputErrors: entries lack what identifies them; all of them at once.
    """
    errors: list[InputError] = []
    made = _enforce(root, _PROJECT, [], errors)
    if errors:
        raise InputErrors(errors)
    return made


def _enforce(node: Mapping, table: _Table, trail: list[str], errors: list[InputError]) -> Mapping:
    other = table.get(_ANY)
    changed: dict[str, Node] = {}
    for name, value in node.entries.items():
        rule = table.get(name, other)
        if rule is None:
            continue
        made: Node = value
        trail.append(name)
        if isinstance(value, Sequence):
            if callable(rule):
                made = _unique(value, rule, trail, errors)
        elif isinstance(value, Mapping) and isinstance(rule, dict):
            made = _enforce(value, rule, trail, errors)
        trail.pop()
        if made is not value:
            changed[name] = made
    if not changed:
        return node
    return Mapping({**node.entries, **changed}, node.position, node.keys)


def _unique(
    node: Sequence, identity: _Identity, trail: list[str], errors: list[InputError]
) -> Sequence:
    entries: dict[str, Node] = {}
    for index, item in enumerate(node.items):
        try:
            entries[identity(item)] = item
        except InputError as error:
            place = path_text((*trail, index))
            errors.append(
                InputError(
                    f"{place}: {error.message}",
                    position=error.position or node.position,
                    remedy=error.remedy,
                )
            )
    if len(entries) == len(node.items):
        return node
    return Sequence(tuple(entries.values()), node.position)


def _name(node: Node) -> str:
    """What stands before the ``=`` of a ``KEY=value`` text, or the whole text."""
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return node.value.partition("=")[0]
    raise InputError(
        "an entry must be a text here",
        position=node.position,
        remedy="put it in quotes" if isinstance(node, Scalar) else None,
    )


def _exposed(node: Node) -> str:
    if isinstance(node, Scalar) and isinstance(node.value, int | str):
        return str(node.value)
    raise InputError("is no port", position=node.position, remedy='write a number, as in "8080"')


_SERVICE: _Table = {
    "annotations": _name,
    "build": {
        "additional_contexts": _name,
        "args": _name,
        "labels": _name,
        "tags": _name,
    },
    "cap_add": _name,
    "cap_drop": _name,
    "configs": mounted_files.config_identity,
    "deploy": {"labels": _name},
    "devices": devices.identity,
    "dns": _name,
    "dns_opt": _name,
    "dns_search": _name,
    "env_file": env_files.identity,
    "environment": _name,
    "expose": _exposed,
    "labels": _name,
    "links": _name,
    "networks": {_ANY: {"aliases": _name, "link_local_ips": _name}},
    "ports": ports.identity,
    "profiles": _name,
    "secrets": mounted_files.secret_identity,
    "sysctls": _name,
    "tmpfs": _name,
    "volumes": volumes.identity,
}

_PROJECT: _Table = {
    "networks": {_ANY: {"ipam": {"options": _name}, "labels": _name}},
    "services": {_ANY: _SERVICE},
}
