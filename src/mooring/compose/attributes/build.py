"""
``build``: how an image is made; a text is the build context.

Source: Compose Specification, "Compose Build Specification".
"""

from collections.abc import Callable

from mooring.compose import scalar_text
from mooring.compose.attributes import hosts, key_values, mounted_files, ulimits
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.compose.values import boolean, record, size, text, text_list
from mooring.errors import InputError
from mooring.sources import Position


def canonical(node: Node) -> Node:
    """
    Return the mapping of build attributes in long form.

    Raises:
        InputError: an ssh key or additional context that is not ``name=value``.
    """
    if isinstance(node, Mapping):
        entries = {
            name: rule(value) if (rule := _RULES.get(name)) else value
            for name, value in node.entries.items()
        }
        return Mapping(entries, node.position, node.keys)
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return Mapping({"context": node}, node.position)
    return node


def _contexts(node: Node) -> Node:
    if isinstance(node, Mapping):
        for name, value in node.entries.items():
            if not isinstance(value, Scalar) or not isinstance(value.value, str):
                raise InputError(
                    f'the additional context "{name}" is no path',
                    position=value.position or node.key_position(name),
                    remedy=f"write a path, a URL or service:NAME, as in {name}: ./{name}",
                )
    return _pairs(node, _no_context)


def _ssh_keys(node: Node) -> Node:
    return _pairs(node, _no_key)


def _no_context(text: str, position: Position | None) -> Node:
    raise InputError(
        f'additional context "{text}" has no "="',
        position=position,
        remedy="write it as name=path",
    )


def _no_key(text: str, position: Position | None) -> Node:
    """The agent of the user is called ``default`` and needs no path."""
    if text == "default":
        return Scalar(None, position)
    raise InputError(
        f'ssh key "{text}" has no "="',
        position=position,
        remedy='write it as name=path, or "default" for the agent',
    )


def _pairs(node: Node, without_value: Callable[[str, Position | None], Node]) -> Node:
    """Return the mapping that a list of ``name=value`` texts stands for."""
    if not isinstance(node, Sequence):
        return node
    entries: dict[str, Node] = {}
    keys: dict[str, Position] = {}
    for item in node.items:
        if isinstance(item, Scalar):
            name, equals, value = scalar_text.text(item).partition("=")
            if equals:
                entries[name] = Scalar(value, item.position, item.variables)
            else:
                entries[name] = without_value(name, item.position)
            if item.position:
                keys[name] = item.position
    return Mapping(entries, node.position, keys)


def _as_text(node: Node) -> Node:
    """``true`` and ``false`` are texts here, beside others such as ``mode=max``."""
    if isinstance(node, Scalar) and not isinstance(node.value, str):
        return Scalar(scalar_text.text(node), node.position, node.variables)
    return node


_RULES: dict[str, Callable[[Node], Node]] = {
    "additional_contexts": _contexts,
    "provenance": _as_text,
    "sbom": _as_text,
    "secrets": mounted_files.canonical,
    "ssh": _ssh_keys,
}


def _typed_keys(node: Node) -> Node | None:
    """Ssh keys as ``name=path`` texts; the agent's has no path."""
    keys = key_values.variables(node)
    if not isinstance(keys, Mapping):
        return None
    items = []
    for name, path in sorted(keys.entries.items()):
        assert isinstance(path, Scalar)
        key = name if path.value is None else f"{name}={path.value}"
        items.append(Scalar(key, path.position, path.variables))
    return Sequence(tuple(items), node.position)


typed = record(
    {
        "additional_contexts": key_values.texts,
        "args": key_values.variables,
        "cache_from": text_list,
        "cache_to": text_list,
        "context": text,
        "dockerfile": text,
        "dockerfile_inline": text,
        "entitlements": text_list,
        "extra_hosts": hosts.typed,
        "isolation": text,
        "labels": key_values.texts,
        "network": text,
        "no_cache": boolean,
        "no_cache_filter": text_list,
        "platforms": text_list,
        "privileged": boolean,
        "provenance": text,
        "pull": boolean,
        "sbom": text,
        "secrets": mounted_files.typed,
        "shm_size": size,
        "ssh": _typed_keys,
        "tags": text_list,
        "target": text,
        "ulimits": ulimits.typed,
    }
)
"""Reads the build attributes in long form."""
