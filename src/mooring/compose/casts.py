"""
Texts that stand where a number or a boolean belongs, made what they mean.

Interpolation leaves a text behind (``privileged: ${DEBUG}``), and so do quotes in a file.  At the
places of the table below Compose reads it as a number or a boolean before anything is merged or
checked; a text that does not say one is an error there, also an empty one.

Source: the type-cast table of compose-go's loader.
"""

from collections.abc import Callable

import msgspec

from mooring.compose import numbers
from mooring.compose.nodes import Mapping, Node, Scalar, ScalarValue, Sequence, path_text
from mooring.errors import InputError, InputErrors

_Reader = Callable[[str], ScalarValue]


class NotCastable(InputError):
    """A text stands where a number or a boolean is needed, and does not say one."""


class _Place(msgspec.Struct, frozen=True):
    """What is read from a text here, and the places below: by name, any name, list entries."""

    read: _Reader | None = None
    named: dict[str, "_Place"] = {}
    any: "_Place | None" = None
    items: "_Place | None" = None


def boolean(text: str) -> bool:
    """
    Return the boolean that ``text`` says in YAML 1.1 or 1.2, in any case.

    Raises:
        NotANumber: it says none.
    """
    lower = text.lower()
    if lower in ("true", "y", "yes", "on"):
        return True
    if lower in ("false", "n", "no", "off"):
        return False
    raise numbers.NotANumber("is neither true nor false")


def cast(root: Mapping) -> Mapping:
    """
    Return ``root`` with the texts at typed places made numbers and booleans.

    Belongs right after the interpolation of each document, before extends and merge.

    Raises:
        InputErrors: texts that are not what their places need; all of them at once.
    """
    errors: list[InputError] = []
    made = _cast_entries(root, _PROJECT, [], errors)
    if errors:
        raise InputErrors(errors)
    return made


def _cast(node: Node, place: _Place, trail: list[str | int], errors: list[InputError]) -> Node:
    if isinstance(node, Mapping):
        if place.named or place.any:
            return _cast_entries(node, place, trail, errors)
        return node
    if isinstance(node, Sequence):
        return _cast_items(node, place.items, trail, errors) if place.items else node
    if place.read is None or not isinstance(node.value, str):
        return node
    try:
        return Scalar(place.read(node.value), node.position, node.variables)
    except numbers.NotANumber as fault:
        errors.append(_not_castable(node, fault, trail))
        return node


def _cast_entries(
    node: Mapping, place: _Place, trail: list[str | int], errors: list[InputError]
) -> Mapping:
    named, other = place.named, place.any
    changed: dict[str, Node] = {}
    for name, value in node.entries.items():
        below = named.get(name, other)
        if below is not None:
            trail.append(name)
            made = _cast(value, below, trail, errors)
            trail.pop()
            if made is not value:
                changed[name] = made
    if not changed:
        return node
    return Mapping({**node.entries, **changed}, node.position, node.keys)


def _cast_items(
    node: Sequence, place: _Place, trail: list[str | int], errors: list[InputError]
) -> Sequence:
    made: list[Node] = []
    for index, item in enumerate(node.items):
        trail.append(index)
        made.append(_cast(item, place, trail, errors))
        trail.pop()
    if all(one is item for one, item in zip(made, node.items, strict=True)):
        return node
    return Sequence(tuple(made), node.position)


def _not_castable(node: Scalar, fault: numbers.NotANumber, trail: list[str | int]) -> NotCastable:
    place = path_text(tuple(trail))
    origin = ""
    if node.variables:
        origin = f", which comes from {', '.join(f'${{{name}}}' for name in node.variables)},"
    if node.value == "":
        message = f"{place}: an empty text{origin} {fault}"
        remedy = "set the variable, or give it a default: ${NAME:-1}" if origin else "give a value"
    else:
        message = f'{place}: "{node.value}"{origin} {fault}'
        remedy = "write true or false" if "true" in str(fault) else "write a number"
    return NotCastable(message, position=node.position, remedy=remedy)


_BOOLEAN = _Place(boolean)
_INTEGER = _Place(numbers.integer)
_NUMBER = _Place(numbers.decimal)
_SINGLE = _Place(lambda text: numbers.single(numbers.decimal(text)))

_CONTAINER = {
    "cpu_count": _INTEGER,
    "cpu_percent": _NUMBER,
    "cpu_period": _INTEGER,
    "cpu_quota": _INTEGER,
    "cpu_rt_period": _INTEGER,
    "cpu_rt_runtime": _INTEGER,
    "cpu_shares": _INTEGER,
    "cpus": _SINGLE,
    "init": _BOOLEAN,
    "networks": _Place(any=_Place(named={"use_service_name_alias": _BOOLEAN})),
    "oom_kill_disable": _BOOLEAN,
    "oom_score_adj": _INTEGER,
    "pids_limit": _INTEGER,
    "privileged": _BOOLEAN,
    "read_only": _BOOLEAN,
    "ulimits": _Place(
        any=_Place(numbers.integer, named={"hard": _INTEGER, "soft": _INTEGER}),
    ),
    "umask": _Place(numbers.bit_mask),
    "volumes": _Place(
        items=_Place(
            named={"read_only": _BOOLEAN, "volume": _Place(named={"nocopy": _BOOLEAN})},
        )
    ),
}

_WORKLOAD = {
    **_CONTAINER,
    "depends_on": _Place(any=_Place(named={"required": _BOOLEAN, "restart": _BOOLEAN})),
    "healthcheck": _Place(named={"disable": _BOOLEAN, "retries": _INTEGER}),
    "ports": _Place(items=_Place(named={"target": _INTEGER})),
    "stdin_open": _BOOLEAN,
    "tty": _BOOLEAN,
}

_ROLLOUT = _Place(named={"max_failure_ratio": _NUMBER, "parallelism": _INTEGER})

_SERVICE = {
    **_WORKLOAD,
    "deploy": _Place(
        named={
            "placement": _Place(named={"max_replicas_per_node": _INTEGER}),
            "replicas": _INTEGER,
            "restart_policy": _Place(named={"max_attempts": _INTEGER}),
            "rollback_config": _ROLLOUT,
            "update_config": _ROLLOUT,
        }
    ),
    "pre_start": _Place(items=_Place(named=_CONTAINER)),
    "scale": _INTEGER,
}

_EXTERNAL = _Place(any=_Place(named={"external": _BOOLEAN}))

_PROJECT = _Place(
    named={
        "configs": _EXTERNAL,
        "jobs": _Place(any=_Place(named=_WORKLOAD)),
        "networks": _Place(
            any=_Place(
                named={
                    "attachable": _BOOLEAN,
                    "enable_ipv4": _BOOLEAN,
                    "enable_ipv6": _BOOLEAN,
                    "external": _BOOLEAN,
                    "internal": _BOOLEAN,
                }
            )
        ),
        "secrets": _EXTERNAL,
        "services": _Place(any=_Place(named=_SERVICE)),
        "volumes": _EXTERNAL,
    }
)
