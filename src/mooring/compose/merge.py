"""
How one Compose model overrides another: file over file, service over the one it extends.

By default mappings are merged name by name, lists are joined without repeating an entry, and
anything else is replaced.  Some attributes have a rule of their own, listed in the tables below:
a command is one statement and is replaced whole, lists of ``KEY=VALUE`` are merged by key, and
attributes with a short syntax are brought to the form in which they can be merged.

What both sides say keeps the position of the side that won; a mapping or list to which both
contribute keeps the place where it was first said.

Source: Compose Specification, "Merge Compose files"; the order of phases (a canonical base, an
override as written) and the result equal those of compose-go.
"""

from collections.abc import Callable

from mooring.compose import merge_forms
from mooring.compose.nodes import Mapping, Node, Path, Scalar, Sequence, path_text
from mooring.errors import InputError, InputErrors

_Rule = Callable[[Node, Node, Path, "_Place", list[InputError]], Node]
_EMPTY = Mapping({})


class CannotOverride(InputError):
    """Two files give one attribute values of kinds that cannot be merged."""

    def __init__(self, path: Path, base: Node, override: Node) -> None:
        where = f" (said before at {base.position})" if base.position else ""
        kind = merge_forms.kind(base)
        super().__init__(
            f"{path_text(path)}: {merge_forms.kind(override)} cannot override {kind}{where}",
            position=override.position or base.position,
            remedy=f"write it as {kind} too, or replace it whole with !override",
        )


def merge(base: Mapping, override: Mapping) -> Mapping:
    """
    Return the model ``base`` with the model ``override`` laid over it.

    Raises:
        InputErrors: attributes whose two values cannot be merged; all of them at once.
    """
    return _merge_from(base, override, (), _MODEL)


def extend_service(base: Mapping, service: Mapping, name: str) -> Mapping:
    """
    Return ``service``, called ``name``, laid over the service ``base`` that it extends.

    Raises:
        InputErrors: as `merge`.
    """
    path: Path = ("services", name)
    return _merge_from(base, service, path, _place_at(path))


def merge_resource(kind: str, name: str, base: Node, override: Node) -> Node:
    """
    Return ``override`` laid over ``base``: two definitions of one service, volume, network ...

    Raises:
        InputErrors: as `merge`.
    """
    path: Path = (kind, name)
    errors: list[InputError] = []
    merged = _merge_values(base, override, path, _place_at(path), errors)
    if errors:
        raise InputErrors(errors)
    return merged


def identity(node: Node) -> object:
    """Return a hashable value that two nodes share when they say the same, wherever they stand."""
    if isinstance(node, Scalar):
        return (type(node.value), node.value)
    if isinstance(node, Mapping):
        return frozenset((name, identity(value)) for name, value in node.entries.items())
    return tuple(identity(item) for item in node.items)


def _merge_from(base: Mapping, override: Mapping, path: Path, place: "_Place") -> Mapping:
    errors: list[InputError] = []
    merged = _merge_mappings(base, override, path, place, errors)
    if errors:
        raise InputErrors(errors)
    return merged


def _merge_values(
    base: Node, override: Node, path: Path, place: "_Place", errors: list[InputError]
) -> Node:
    if place.rule is not None:
        return place.rule(base, override, path, place, errors)
    if merge_forms.is_null(override):
        return base
    if isinstance(base, Mapping):
        if isinstance(override, Mapping):
            return _merge_mappings(base, override, path, place, errors)
    elif isinstance(base, Sequence):
        if isinstance(override, Sequence):
            return _joined(base, override)
    else:
        return override
    errors.append(CannotOverride(path, base, override))
    return base


def _merge_mappings(
    base: Mapping, override: Mapping, path: Path, place: "_Place", errors: list[InputError]
) -> Mapping:
    if not base.entries and base.position is None:
        return override
    entries = dict(base.entries)
    keys = dict(base.keys)
    for name, value in override.entries.items():
        earlier = entries.get(name)
        if earlier is None:
            entries[name] = value
            won = True
        else:
            merged = _merge_values(earlier, value, (*path, name), place.below(name), errors)
            entries[name] = merged
            won = merged is value
        if won:
            if name in override.keys:
                keys[name] = override.keys[name]
            else:
                keys.pop(name, None)
    return Mapping(entries, base.position or override.position, keys)


def _joined(base: Sequence, override: Sequence) -> Sequence:
    """The entries of both, those of ``override`` that ``base`` has already left out."""
    items = list(base.items)
    known = {identity(item) for item in items}
    for item in override.items:
        name = identity(item)
        if name not in known:
            known.add(name)
            items.append(item)
    return Sequence(tuple(items), base.position or override.position)


def _replaced(
    base: Node, override: Node, path: Path, place: "_Place", errors: list[InputError]
) -> Node:
    """A command is one statement: half of another one never helps it."""
    return override


def _by_key(
    base: Node, override: Node, path: Path, place: "_Place", errors: list[InputError]
) -> Node:
    """``KEY=VALUE`` entries: the last for a key takes effect, at the place of the first."""
    entries: dict[str, Scalar] = {}
    for item in (*merge_forms.key_values(base).items, *merge_forms.key_values(override).items):
        if not isinstance(item, Scalar) or not isinstance(item.value, str):
            errors.append(
                InputError(
                    f"{path_text(path)}: an entry must be a text, as in KEY=value",
                    position=item.position,
                    remedy="write each entry as KEY=value, or the whole as a mapping",
                )
            )
            continue
        entries[item.value.partition("=")[0]] = item
    return Sequence(tuple(entries.values()), base.position or override.position)


def _as_list(
    base: Node, override: Node, path: Path, place: "_Place", errors: list[InputError]
) -> Node:
    """A single text is a list of one; then lists are joined."""
    return _joined(merge_forms.key_values(base), merge_forms.key_values(override))


def _build(
    base: Node, override: Node, path: Path, place: "_Place", errors: list[InputError]
) -> Node:
    """A text is the build context."""
    left, right = merge_forms.build_context(base), merge_forms.build_context(override)
    if left is None or right is None:
        errors.append(CannotOverride(path, base, override))
        return base
    return _merge_mappings(left, right, path, place, errors)


def _named(
    base: Node, override: Node, path: Path, place: "_Place", errors: list[InputError]
) -> Node:
    """A list of names is a mapping from each to nothing (networks, models)."""
    return _merge_named(base, override, path, place, errors, {})


def _dependencies(
    base: Node, override: Node, path: Path, place: "_Place", errors: list[InputError]
) -> Node:
    """A list of services is a mapping from each to a started, required one."""
    defaults: dict[str, Node] = {"condition": Scalar("service_started"), "required": Scalar(True)}
    return _merge_named(base, override, path, place, errors, defaults)


def _merge_named(
    base: Node,
    override: Node,
    path: Path,
    place: "_Place",
    errors: list[InputError],
    defaults: dict[str, Node],
) -> Node:
    left = merge_forms.mapping_of_names(base, defaults)
    right = merge_forms.mapping_of_names(override, defaults)
    if left is None or right is None:
        errors.append(CannotOverride(path, base, override))
        return base
    return _merge_mappings(left, right, path, place, errors)


def _logging(
    base: Node, override: Node, path: Path, place: "_Place", errors: list[InputError]
) -> Node:
    """Options belong to a driver: those of another driver are dropped with it."""
    if not isinstance(base, Mapping) or not isinstance(override, Mapping):
        errors.append(CannotOverride(path, base, override))
        return base
    before, after = base.get("driver"), override.get("driver")
    if before is None or after is None or identity(before) == identity(after):
        return _merge_mappings(base, override, path, place, errors)
    return override


def _limit(
    base: Node, override: Node, path: Path, place: "_Place", errors: list[InputError]
) -> Node:
    """A limit is a number (soft and hard at once) or a mapping; only mappings merge."""
    if isinstance(base, Mapping) and isinstance(override, Mapping):
        return _merge_mappings(base, override, path, place, errors)
    return override


def _address_pools(
    base: Node, override: Node, path: Path, place: "_Place", errors: list[InputError]
) -> Node:
    """
    Pools of addresses are known by their subnet.

    Every pool of the base meets every pool of the override, as in compose-go: pools with one
    subnet merge, an override's other pools are added once, and a base pool that shares its subnet
    with none of several overrides is left out.
    """
    if not isinstance(base, Sequence) or not isinstance(override, Sequence):
        errors.append(CannotOverride(path, base, override))
        return base
    pools: dict[object, Mapping] = {}
    for original in base.items:
        for other in override.items:
            if not isinstance(original, Mapping) or not isinstance(other, Mapping):
                errors.append(CannotOverride(path, original, other))
                return base
            subnet = _subnet(other)
            if subnet != _subnet(original) and subnet not in pools:
                pools[subnet] = other
                continue
            merged = _merge_mappings(original, other, path, _FREE, errors)
            original = merged
            pools[_subnet(merged)] = merged
    return Sequence(tuple(pools.values()), base.position or override.position)


def _subnet(pool: Mapping) -> object:
    found = pool.get("subnet")
    return identity(found) if found is not None else None


class _Place:
    """A place in the model, the rule that holds there, and the places below it."""

    __slots__ = ("any", "named", "rule")

    def __init__(self) -> None:
        self.rule: _Rule | None = None
        self.named: dict[str, _Place] = {}
        self.any: _Place | None = None

    def below(self, name: str) -> "_Place":
        """Return the place called ``name`` in this one."""
        return self.named.get(name) or self.any or _FREE

    def add(self, pattern: str, rule: _Rule) -> None:
        """Let ``rule`` hold at ``pattern``: names joined by dots, ``*`` for any name."""
        place = self
        for name in pattern.split("."):
            if name == "*":
                place.any = place.any or _Place()
                place = place.any
            else:
                place = place.named.setdefault(name, _Place())
        place.rule = rule


_FREE = _Place()
_MODEL = _Place()

_WORKLOAD_RULES: dict[str, _Rule] = {
    "annotations": _by_key,
    "build": _build,
    "build.additional_contexts": _by_key,
    "build.args": _by_key,
    "build.extra_hosts": _as_list,
    "build.labels": _by_key,
    "command": _replaced,
    "depends_on": _dependencies,
    "dns": _as_list,
    "dns_opt": _as_list,
    "dns_search": _as_list,
    "entrypoint": _replaced,
    "env_file": _as_list,
    "environment": _by_key,
    "extra_hosts": _as_list,
    "healthcheck.test": _replaced,
    "label_file": _as_list,
    "labels": _by_key,
    "logging": _logging,
    "models": _named,
    "networks": _named,
    "sysctls": _by_key,
    "tmpfs": _as_list,
    "ulimits.*": _limit,
}

_MODEL.add("services.*.deploy.labels", _by_key)
_MODEL.add("networks.*.ipam.config", _address_pools)
for _kind_name in ("networks", "volumes", "secrets", "configs"):
    _MODEL.add(f"{_kind_name}.*.labels", _by_key)
for _attribute, _rule in _WORKLOAD_RULES.items():
    _MODEL.add(f"services.*.{_attribute}", _rule)
    _MODEL.add(f"jobs.*.{_attribute}", _rule)


def _place_at(path: Path) -> _Place:
    place = _MODEL
    for name in path:
        place = place.below(str(name))
    return place
