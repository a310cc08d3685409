"""
A service whose neighbours are called otherwise than it knows: every reference put right.

Services speak of services (``depends_on``, ``links``, shared namespaces, ``volumes_from``, build
contexts), and of networks, volumes, configs, secrets and models, by their keys.  What a service
says in its texts, as a host in a URL, is no reference to a key and no matter of this module.
"""

from collections.abc import Callable
from collections.abc import Mapping as ReadOnly

from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.compose.rewriting import Rule, each, record, rewritten

Names = ReadOnly[str, ReadOnly[str, str]]
"""What is called otherwise, by kind (``services``, ``volumes`` ...): the old key to the new one."""


def redirected(service: Mapping, names: Names) -> Mapping:
    """Return ``service``, or a job, of the typed model with references to ``names`` put right."""
    if not any(names.values()):
        return service
    return rewritten(service, _rules(names))


def _rules(names: Names) -> Rule:
    services = names.get("services", {})
    shared = _after_colon(services)
    container: dict[str, Rule] = {
        "networks": _keys(names.get("networks", {})),
        "volumes": each(_volume(names.get("volumes", {}))),
        "configs": each(_granted(names.get("configs", {}), "/")),
        "secrets": each(_granted(names.get("secrets", {}), None)),
        "models": _keys(names.get("models", {})),
        "depends_on": _keys(services),
        "links": each(_before_colon(services)),
        "volumes_from": each(_before_colon(services)),
        **dict.fromkeys(("network_mode", "ipc", "pid", "uts", "cgroup"), shared),
        "build": record(
            {
                "additional_contexts": each(shared),
                "secrets": each(_granted(names.get("secrets", {}), "")),
            }
        ),
    }
    return record({**container, "pre_start": each(record(container))})


def _keys(names: ReadOnly[str, str]) -> Rule:
    """The keys of a mapping, or the texts of a list, are names."""

    def rewrite(node: Node) -> Node:
        if isinstance(node, Sequence):
            return each(_whole(names))(node)
        if not isinstance(node, Mapping) or not names.keys() & node.entries.keys():
            return node
        return Mapping(
            {names.get(key, key): value for key, value in node.entries.items()},
            node.position,
            {names.get(key, key): position for key, position in node.keys.items()},
        )

    return rewrite


def _texts(renamed: Callable[[str], str | None]) -> Rule:
    """A text that ``renamed`` says otherwise; what it answers None to stays."""

    def rewrite(node: Node) -> Node:
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            return node
        new = renamed(node.value)
        return node if new is None else Scalar(new, node.position, node.variables)

    return rewrite


def _whole(names: ReadOnly[str, str]) -> Rule:
    return _texts(names.get)


def _before_colon(names: ReadOnly[str, str]) -> Rule:
    """``db`` and ``db:alias`` name a service first, unless that is a ``container:``."""

    def renamed(text: str) -> str | None:
        name, colon, rest = text.partition(":")
        new = None if text.startswith("container:") else names.get(name)
        return None if new is None else f"{new}{colon}{rest}"

    return _texts(renamed)


def _after_colon(names: ReadOnly[str, str]) -> Rule:
    """``service:db`` names a service behind its kind."""

    def renamed(text: str) -> str | None:
        kind, _, name = text.partition(":")
        new = names.get(name) if kind == "service" else None
        return None if new is None else f"service:{new}"

    return _texts(renamed)


def _volume(names: ReadOnly[str, str]) -> Rule:
    def rewrite(node: Node) -> Node:
        kind = node.get("type") if isinstance(node, Mapping) else None
        if not isinstance(kind, Scalar) or kind.value != "volume":
            return node
        return record({"source": _whole(names)})(node)

    return rewrite


def _granted(names: ReadOnly[str, str], folder: str | None) -> Rule:
    """
    A file by the key of its definition.

    It stays where the container, or the build, finds it: one that has no target stands under its
    old key behind ``folder`` (None: the typed model has written the target already).
    """

    def rewrite(node: Node) -> Node:
        source = node.get("source") if isinstance(node, Mapping) else None
        if not isinstance(node, Mapping) or not isinstance(source, Scalar):
            return node
        new = names.get(str(source.value))
        if new is None:
            return node
        entries = {**node.entries, "source": Scalar(new, source.position, source.variables)}
        if folder is not None and "target" not in entries:
            entries["target"] = Scalar(f"{folder}{source.value}", source.position)
        return Mapping(entries, node.position, node.keys)

    return rewrite
