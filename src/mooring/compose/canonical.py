"""
Long form: every short syntax of Compose written out, so that later phases meet one shape only.

What may still stand in two forms afterwards is what merge wants as it is written: ``environment``,
labels and other ``KEY=value`` attributes are lists or mappings, a command is a text or a list,
sizes and durations are texts.  `typed` brings those to one form when nothing is merged any more.

Source: the long syntaxes of the Compose Specification; which of them compose-go writes out at this
point.
"""

from mooring.compose import merge
from mooring.compose.attributes import (
    build,
    depends_on,
    devices,
    env_files,
    external,
    gpus,
    mounted_files,
    named_mapping,
    ports,
    short_text,
    volumes,
)
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.compose.rewriting import Rule, each, record, rewritten


def canonical(root: Mapping) -> Mapping:
    """
    Return ``root`` in long form; what is in long form already stays as it is.

    ``root`` has passed `shape`; what it would have refused is left as it is here.

    Raises:
        InputErrors: short texts that cannot be read; all of them at once.
    """
    return rewritten(root, _PROJECT)


def promote_aliases(root: Mapping) -> Mapping:
    """
    Return ``root`` with ``x-develop`` and ``x-initialSync`` under their names of today.

    Both were extensions before the specification adopted them.  Where the attribute stands too, it
    wins over the extension.  Belongs before extends and merge.
    """
    services = root.get("services")
    if not isinstance(services, Mapping):
        return root
    changed = {
        name: promoted
        for name, service in services.entries.items()
        if (promoted := _with_develop(service)) is not service
    }
    if not changed:
        return root
    made = Mapping({**services.entries, **changed}, services.position, services.keys)
    return Mapping({**root.entries, "services": made}, root.position, root.keys)


def _name_servers(node: Node) -> Node:
    """Empty entries, as an unset variable leaves them behind, are no name servers."""
    listed = short_text.listed(node)
    if not isinstance(listed, Sequence):
        return listed
    items = tuple(
        item for item in listed.items if not (isinstance(item, Scalar) and item.value in ("", None))
    )
    return listed if len(items) == len(listed.items) else Sequence(items, listed.position)


def _extended(node: Node) -> Node:
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return Mapping({"service": node}, node.position)
    return node


def _scheduled(node: Node) -> Node:
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return Mapping({"cron": node}, node.position)
    return node


def _with_develop(service: Node) -> Node:
    if not isinstance(service, Mapping):
        return service
    extension = service.get("x-develop")
    if extension is not None:
        service = _renamed(service, "x-develop", "develop")
    develop = service.get("develop")
    watch = develop.get("watch") if isinstance(develop, Mapping) else None
    if not isinstance(develop, Mapping) or not isinstance(watch, Sequence):
        return service
    items = tuple(
        _renamed(item, "x-initialSync", "initial_sync") if isinstance(item, Mapping) else item
        for item in watch.items
    )
    if items == watch.items:
        return service
    made = Mapping(
        {**develop.entries, "watch": Sequence(items, watch.position)},
        develop.position,
        develop.keys,
    )
    return Mapping({**service.entries, "develop": made}, service.position, service.keys)


def _renamed(node: Mapping, old: str, new: str) -> Mapping:
    """Return ``node`` with what stands under ``old`` under ``new``, whose own value wins."""
    if old not in node.entries:
        return node
    entries, keys = dict(node.entries), dict(node.keys)
    value = entries.pop(old)
    position = keys.pop(old, None)
    current = entries.get(new)
    if current is None or (isinstance(current, Scalar) and current.value is None):
        entries[new] = value
        if position:
            keys[new] = position
    else:
        entries[new] = merge.merge_resource("services", new, value, current)
    return Mapping(entries, node.position, keys)


_CONTAINER: dict[str, Rule] = {
    "configs": mounted_files.canonical,
    "devices": devices.canonical,
    "env_file": env_files.canonical,
    "gpus": gpus.canonical,
    "label_file": short_text.listed,
    "models": named_mapping.canonical,
    "networks": named_mapping.canonical,
    "secrets": mounted_files.canonical,
    "volumes": volumes.canonical,
}

_WORKLOAD: dict[str, Rule] = {
    **_CONTAINER,
    "build": build.canonical,
    "depends_on": depends_on.canonical,
    "dns": _name_servers,
    "extends": _extended,
    "ports": ports.canonical,
}

_SERVICE: dict[str, Rule] = {
    **_WORKLOAD,
    "develop": record(
        {
            "watch": each(
                record({"ignore": short_text.listed, "include": short_text.listed}),
            )
        }
    ),
    "pre_start": each(record({**_CONTAINER, "dns": short_text.listed})),
}

_JOB: dict[str, Rule] = {
    **_WORKLOAD,
    "triggers": record({"schedule": each(_scheduled)}),
}

_PROJECT = record(
    {
        "configs": each(external.canonical),
        "jobs": each(record(_JOB)),
        "networks": each(external.canonical),
        "secrets": each(external.canonical),
        "services": each(record(_SERVICE)),
        "volumes": each(external.canonical),
    }
)
