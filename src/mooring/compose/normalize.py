"""
What the merged files imply, written out: the default network, dependencies, names, values.

A service without networks is on the network ``default``.  A link, a shared namespace
(``network_mode: service:db``) and ``volumes_from`` mean that the other service must be there, which
is a dependency.  A resource without a name is called after the project and its key.  A variable or
build argument without a value has that of the environment.

Source: Compose Specification; compose-go's normalization.
"""

from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

from mooring.compose import merge
from mooring.compose.attributes import depends_on
from mooring.compose.grammar.container import CONTAINER
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.compose.paths import clean
from mooring.compose.rewriting import added, each, record, rewritten
from mooring.sources import Position

_NAMESPACES = ("network_mode", "ipc", "pid", "uts", "cgroup")
_ON_DEFAULT_NETWORK = Mapping({"default": Scalar(None)})
_NAMED_RESOURCES = ("networks", "volumes", "configs", "secrets")


def resolve_environment(root: Mapping, environment: ReadOnly[str, str]) -> Mapping:
    """
    Return ``root`` with ``environment`` entries that have no value taken from ``environment``.

    Belongs at the end of each model (the project, and each included one with its own
    environment), before models are put together.  An entry whose variable is not set stays
    without value.
    """

    def resolve(node: Node) -> Node:
        if not isinstance(node, Sequence):
            return node
        items = tuple(_resolved_text(item, environment) for item in node.items)
        return Sequence(items, node.position) if items != node.items else node

    containers = each(record({"environment": resolve}))
    return rewritten(root, record({"jobs": containers, "services": containers}))


def normalize(root: Mapping, *, project_name: str, environment: ReadOnly[str, str]) -> Mapping:
    """Return the whole, merged ``root`` with what it implies written out."""
    entries = dict(root.entries)
    entries["name"] = Scalar(project_name)
    uses_default_network = False
    for kind in ("services", "jobs"):
        found = entries.get(kind)
        if isinstance(found, Mapping):
            made: dict[str, Node] = {}
            for name, service in found.entries.items():
                if isinstance(service, Mapping):
                    service = _with_network(service)
                    uses_default_network = uses_default_network or _is_on_default(service)
                    made[name] = _normalized(service, environment)
            entries[kind] = Mapping(made, found.position, found.keys)
    networks = entries.get("networks", Mapping({}))
    if uses_default_network and isinstance(networks, Mapping):
        entries["networks"] = added(networks, {"default": Scalar(None)})
    for kind in _NAMED_RESOURCES:
        found = entries.get(kind)
        if isinstance(found, Mapping):
            entries[kind] = _with_names(found, project_name)
    return Mapping(entries, root.position, root.keys)


def _with_network(service: Mapping) -> Mapping:
    """Return the service on the default network, unless it says where else it is."""
    if "provider" in service.entries or "network_mode" in service.entries:
        return service
    networks = service.get("networks")
    if isinstance(networks, Mapping) and networks.entries:
        return service
    entries = {**service.entries, "networks": _ON_DEFAULT_NETWORK}
    return Mapping(entries, service.position, service.keys)


def _is_on_default(service: Mapping) -> bool:
    if "provider" in service.entries or "network_mode" in service.entries:
        return False
    networks = service.get("networks")
    return isinstance(networks, Mapping) and "default" in networks.entries


def _normalized(service: Mapping, environment: ReadOnly[str, str]) -> Mapping:
    entries = dict(service.entries)
    policy = entries.get("pull_policy")
    if isinstance(policy, Scalar) and policy.value == "if_not_present":
        entries["pull_policy"] = Scalar("missing", policy.position, policy.variables)
    build = entries.get("build")
    if isinstance(build, Mapping):
        entries["build"] = _normalized_build(build, environment)
    variables = entries.get("environment")
    if variables is not None:
        entries["environment"] = _resolved(variables, environment, keep_unset=True)
    volumes = entries.get("volumes")
    if isinstance(volumes, Sequence):
        entries["volumes"] = _CLEAN_TARGETS(volumes)
    dependencies = entries.get("depends_on")
    known = dict(dependencies.entries) if isinstance(dependencies, Mapping) else {}
    before = len(known)
    for name, dependency in _implied_dependencies(service):
        known.setdefault(name, dependency)
    if len(known) > before:
        base = dependencies if isinstance(dependencies, Mapping) else Mapping({})
        entries["depends_on"] = Mapping(known, base.position, base.keys)
    hooks = entries.get("pre_start")
    if isinstance(hooks, Sequence) and hooks.items:
        entries["pre_start"] = _completed_hooks(hooks, entries)
    return Mapping(entries, service.position, service.keys)


def _implied_dependencies(service: Mapping) -> Iterator[tuple[str, Mapping]]:
    """Yield the services that must be there for what ``service`` shares with them."""
    for text, position in _texts(service.get("links")):
        name, _, alias = text.partition(":")
        # A text of three parts is no link; it stays whole and is found to be unknown later.
        yield text if ":" in alias else name, depends_on.implied(position, restart=True)
    for namespace in _NAMESPACES:
        node = service.get(namespace)
        if isinstance(node, Scalar) and isinstance(node.value, str):
            kind, _, name = node.value.partition(":")
            if kind == "service" and ":" in node.value:
                yield name, depends_on.implied(node.position, restart=True)
    for text, position in _texts(service.get("volumes_from")):
        if not text.startswith("container:"):
            yield text.partition(":")[0], depends_on.implied(position, restart=False)


def _texts(node: Node | None) -> Iterator[tuple[str, Position | None]]:
    if isinstance(node, Sequence):
        for item in node.items:
            if isinstance(item, Scalar) and isinstance(item.value, str):
                yield item.value, item.position


def _normalized_build(build: Mapping, environment: ReadOnly[str, str]) -> Mapping:
    entries = dict(build.entries)
    entries.setdefault("context", Scalar("."))
    if "dockerfile" not in entries and "dockerfile_inline" not in entries:
        entries["dockerfile"] = Scalar("Dockerfile")
    arguments = entries.get("args")
    if arguments is not None:
        entries["args"] = _resolved(arguments, environment, keep_unset=False)
    return Mapping(entries, build.position, build.keys)


def _resolved(node: Node, environment: ReadOnly[str, str], *, keep_unset: bool) -> Node:
    """
    Return variables with the values of ``environment`` where they have none of their own.

    One that is not set there either stays without value, or goes: an unset build argument is none,
    but an unset variable takes away what an env file says.
    """
    if isinstance(node, Sequence):
        items = [
            made
            for item in node.items
            if _is_valued(made := _resolved_text(item, environment)) or keep_unset
        ]
        return Sequence(tuple(items), node.position)
    if not isinstance(node, Mapping):
        return node
    entries: dict[str, Node] = {}
    for name, value in node.entries.items():
        if isinstance(value, Scalar) and value.value is None:
            if name in environment:
                value = Scalar(environment[name], value.position, (name,))
            elif not keep_unset:
                continue
        entries[name] = value
    return Mapping(entries, node.position, node.keys)


def _resolved_text(node: Node, environment: ReadOnly[str, str]) -> Node:
    """Return ``KEY=value`` for the text ``KEY`` where ``environment`` has it."""
    if isinstance(node, Scalar) and isinstance(node.value, str) and "=" not in node.value:
        value = environment.get(node.value)
        if value is not None:
            variables = (*node.variables, node.value)
            return Scalar(f"{node.value}={value}", node.position, variables)
    return node


def _is_valued(node: Node) -> bool:
    return not isinstance(node, Scalar) or not isinstance(node.value, str) or "=" in node.value


def _clean_target(node: Node) -> Node:
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return node
    cleaned = clean(node.value)
    return node if cleaned == node.value else Scalar(cleaned, node.position, node.variables)


def _completed_hooks(hooks: Sequence, service: dict[str, Node]) -> Sequence:
    """
    Return the hooks with what they do not say taken from their service.

    A hook runs in a container like the service's.  Volumes are not part of this: the hook's
    container mounts the service's own at run time.
    """
    base = Mapping(
        {
            name: value
            for name, value in service.items()
            if name in CONTAINER and name not in ("volumes", "pre_start")
        }
    )
    return Sequence(
        tuple(
            merge.extend_service(base, hook, "pre_start") if isinstance(hook, Mapping) else hook
            for hook in hooks.items
        ),
        hooks.position,
    )


def _with_names(resources: Mapping, project_name: str) -> Mapping:
    """Return the resources, each with the name under which it exists."""
    made: dict[str, Node] = {}
    for key, node in resources.entries.items():
        resource = node if isinstance(node, Mapping) else Mapping({}, node.position)
        name = resource.get("name")
        if name is None or (isinstance(name, Scalar) and name.value is None):
            external = resource.get("external")
            exists = isinstance(external, Scalar) and external.value in (True, "true")
            named = Scalar(key if exists else f"{project_name}_{key}")
            entries = {**resource.entries, "name": named}
            resource = Mapping(entries, resource.position, resource.keys)
        made[key] = resource
    return Mapping(made, resources.position, resources.keys)


_CLEAN_TARGETS = each(record({"target": _clean_target}))
