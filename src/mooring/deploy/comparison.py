"""
What differs between an object as it is wanted and as it is, field by field.

Only fields that we want or own are compared: what the server defaults, what controllers write and
what others set beside ours is theirs.  A field that we own and no longer want will be taken away.
A field of ours that somebody else has changed is seen by its value, whoever owns it now.

Items of lists are told apart as the server does it: by the keys in the recorded field sets, or for
kinds of Kubernetes by the keys of its API.

Sources: https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy,
https://github.com/kubernetes/api (the ``listMapKey`` markers).
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from mooring.deploy import field_sets
from mooring.deploy.field_sets import FieldSet
from mooring.semantics import fields
from mooring.semantics.fields import Manifest

FIELD_MANAGER = "mooring"


class Change(StrEnum):
    """What becomes of a field."""

    SET = "set"
    """It has another value, or none."""
    REMOVE = "remove"
    """We own it and no longer want it."""


class Difference(msgspec.Struct, frozen=True, gc=False):
    """
    One field: its path, its value now and as it will be; None where there is none.

    ``holder`` is who else set it, where that is recorded: what differs there has drifted.
    """

    path: tuple[str, ...]
    change: Change
    before: Any = None
    after: Any = None
    holder: str = ""

    @property
    def field(self) -> str:
        """The path in one text: ``spec.containers[app].image``."""
        made = ""
        for step in self.path:
            if step.startswith("["):
                made += step
            elif "." in step or "/" in step:
                made += f'["{step}"]'
            else:
                made += f".{step}" if made else step
        return made


_Path = tuple[str, ...]

_KEYS: dict[str, tuple[str, ...]] = {
    "containers": ("name",),
    "initContainers": ("name",),
    "ephemeralContainers": ("name",),
    "volumes": ("name",),
    "env": ("name",),
    "imagePullSecrets": ("name",),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
    "hostAliases": ("ip",),
    "topologySpreadConstraints": ("topologyKey", "whenUnsatisfiable"),
    "ownerReferences": ("uid",),
    "resourceClaims": ("name",),
    "webhooks": ("name",),
}
_PORTS = {"Service": ("port", "protocol")}
_CONTAINER_PORT = ("containerPort", "protocol")
_DEFAULTS = {"protocol": "TCP"}
_CLAIMS = "volumeClaimTemplates"
_AMOUNTS = frozenset(
    {
        "requests", "limits", "hard", "capacity", "default", "defaultRequest", "max", "min",
        "maxLimitRequestRatio", "overhead", "scopeSelector",
    }
)  # fmt: skip
_AMOUNT = frozenset({"sizeLimit", "storage", "divisor", "averageValue", "value"})
_WHOLE = frozenset(
    {
        "matchLabels", "nodeSelector", "selector", "podSelector", "namespaceSelector",
        "labelSelector", "objectSelector",
    }
)  # fmt: skip
"""Maps that are one value, without defaults of the server: what is more in them differs."""
_KEPT_EMPTY = frozenset({"labels", "annotations", "data", "binaryData", "matchLabels", "selector"})


def differences(
    wanted: Manifest, live: Manifest, *, manager: str = FIELD_MANAGER
) -> tuple[Difference, ...]:
    """Return the fields of ``live`` that applying ``wanted`` would change, in order."""
    walk = _Walk(fields.text(wanted.get("kind")) or "", field_sets.others(live, manager))
    owned = field_sets.owned_by(live, manager)
    found = list(walk.mapping(wanted, live, (), (), owned or {}))
    if owned is not None:
        found.extend(walk.removed(owned, wanted, live, (), ()))
    return tuple(found)


def is_ours(live: Manifest, *, manager: str = FIELD_MANAGER) -> bool:
    """Tell whether we have applied ``live`` before."""
    return field_sets.owned_by(live, manager) is not None


class _Walk:
    """Walks two trees at once; ``raw`` is the path as field sets write it."""

    def __init__(self, kind: str, others: Mapping[str, FieldSet]) -> None:
        self._kind = kind
        self._others = others

    def mapping(
        self,
        wanted: Manifest,
        live: Manifest,
        path: _Path,
        raw: _Path,
        owned: FieldSet,
        *,
        as_one: bool = False,
    ) -> Iterator[Difference]:
        """Yield what differs; with ``as_one`` we own all of it as one value."""
        for key, value in wanted.items():
            if not path and key in ("apiVersion", "kind"):
                continue
            if path == ("metadata",) and key in ("name", "namespace"):
                continue
            yield from self.value(
                value,
                live.get(key),
                (*path, key),
                (*raw, f"f:{key}"),
                field_sets.below(owned, key),
                is_applied=as_one or f"f:{key}" in owned,
            )

    def value(
        self,
        wanted: Any,
        live: Any,
        path: _Path,
        raw: _Path,
        owned: FieldSet,
        *,
        is_applied: bool,
    ) -> Iterator[Difference]:
        """Yield what differs; ``is_applied`` tells whether we have set it, with whatever value."""
        if isinstance(wanted, dict):
            if not isinstance(live, dict):
                if live is None and not _means_something(wanted, path):
                    return
                yield self._set(path, raw, live, wanted)
            else:
                as_one = is_applied and not owned
                yield from self.mapping(wanted, live, path, raw, owned, as_one=as_one)
                if path[-1] in _WHOLE:
                    for key in live.keys() - wanted.keys():
                        yield Difference((*path, key), Change.REMOVE, live[key], None)
        elif isinstance(wanted, list):
            yield from self._list(wanted, live, path, raw, owned)
        elif not _same(wanted, live, path, is_applied=is_applied):
            yield self._set(path, raw, live, wanted)

    def _list(
        self, wanted: list[Any], live: Any, path: _Path, raw: _Path, owned: FieldSet
    ) -> Iterator[Difference]:
        if not isinstance(live, list):
            if wanted:
                yield self._set(path, raw, live, wanted)
            return
        keys = self.keys(path, owned, wanted)
        if keys is None:
            names = _names(wanted)
            if path[-1] == _CLAIMS and names and names == _names(live):
                # One value for the server; for people a list of claims by name.
                for name, item, found in zip(names, wanted, live, strict=True):
                    yield from self.mapping(item, found, (*path, f"[{name}]"), raw, {})
                return
            if any(name.startswith("v:") for name in owned):
                missing = [one for one in wanted if one not in live]
                if missing:
                    yield self._set(path, raw, live, wanted)
            elif not _covers(wanted, live, path):
                yield self._set(path, raw, live, wanted)
            return
        there = {_identity(item, keys): item for item in live if isinstance(item, dict)}
        for item in wanted:
            identity = _identity(item, keys)
            named = f"[{', '.join(str(one) for one in identity if one != 'TCP')}]"
            step = _step(item, keys)
            found = there.get(identity)
            if found is None:
                yield self._set((*path, named), (*raw, step), None, item)
            else:
                inner = fields.mapping(owned.get(step))
                yield from self.mapping(item, found, (*path, named), (*raw, step), inner)

    def keys(self, path: _Path, owned: FieldSet, wanted: list[Any]) -> tuple[str, ...] | None:
        """Return by what the items of the list at ``path`` are told apart; None: by nothing."""
        if not all(isinstance(item, dict) for item in wanted):
            return None
        recorded = field_sets.list_keys(owned)
        if recorded is not None:
            return recorded
        name = path[-1]
        if name == "ports":
            keys: tuple[str, ...] | None = _PORTS.get(self._kind, _CONTAINER_PORT)
        else:
            keys = _KEYS.get(name)
        if keys is None or not all(
            key in item or key in _DEFAULTS for item in wanted for key in keys
        ):
            return None
        identities = [_identity(item, keys) for item in wanted]
        return keys if len(set(identities)) == len(identities) else None

    def removed(
        self, owned: FieldSet, wanted: Any, live: Any, path: _Path, raw: _Path
    ) -> Iterator[Difference]:
        """Yield what we own of ``live`` and do not want any more."""
        for name in owned:
            kind, _, rest = name.partition(":")
            inner = fields.mapping(owned[name])
            here = (*raw, name)
            if kind == "f":
                shown: _Path = (*path, rest)
                there = live.get(rest) if isinstance(live, dict) else None
                asked = wanted.get(rest) if isinstance(wanted, dict) else None
                is_asked = isinstance(wanted, dict) and rest in wanted
            elif kind == "k":
                keys = msgspec.json.decode(rest)
                shown = (*path, f"[{', '.join(str(v) for v in keys.values() if v != 'TCP')}]")
                there = _item(live, keys)
                asked = _item(wanted, keys)
                is_asked = asked is not None
            elif kind == "v":
                value = msgspec.json.decode(rest)
                shown = (*path, f"[{value}]")
                is_asked = isinstance(wanted, list) and value in wanted
                there = value if isinstance(live, list) and value in live else None
                asked = value
            else:
                continue
            if there is None:
                continue
            if is_asked:
                yield from self.removed(inner, asked, there, shown, here)
            elif not any(field_sets.holds(one, here) for one in self._others.values()):
                yield Difference(shown, Change.REMOVE, there, None)

    def _set(self, path: _Path, raw: _Path, before: Any, after: Any) -> Difference:
        holder = field_sets.holder(self._others, raw) if before is not None else ""
        return Difference(path, Change.SET, before, after, holder)


def _names(items: list[Any]) -> list[str]:
    """Return what ``items`` are called; nothing where one has no name."""
    found = [fields.text(fields.at(fields.mapping(item), "metadata", "name")) for item in items]
    return [name for name in found if name] if all(found) else []


def _means_something(wanted: dict[str, Any], path: _Path) -> bool:
    return bool(wanted) or path[-1] in ("emptyDir",)


def _step(item: dict[str, Any], keys: tuple[str, ...]) -> str:
    chosen = {key: item.get(key, _DEFAULTS.get(key)) for key in sorted(keys)}
    return f"k:{msgspec.json.encode(chosen).decode()}"


def _identity(item: Any, keys: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(item.get(key, _DEFAULTS.get(key)) for key in keys)


def _item(value: Any, keys: Mapping[str, Any]) -> Any:
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict) and all(
            item.get(key, _DEFAULTS.get(key)) == wanted for key, wanted in keys.items()
        ):
            return item
    return None


def _covers(wanted: list[Any], live: list[Any], path: _Path) -> bool:
    """Tell whether ``live`` is ``wanted``, defaults in its items aside."""
    return len(wanted) == len(live) and all(
        _covered(one, other, path) for one, other in zip(wanted, live, strict=True)
    )


def _covered(wanted: Any, live: Any, path: _Path) -> bool:
    if isinstance(wanted, dict):
        if not isinstance(live, dict):
            return live is None and not wanted
        return all(_covered(one, live.get(key), (*path, key)) for key, one in wanted.items())
    if isinstance(wanted, list):
        return (live is None and not wanted) or (
            isinstance(live, list) and _covers(wanted, live, path)
        )
    return _same(wanted, live, path)


def _same(wanted: Any, live: Any, path: _Path, *, is_applied: bool = True) -> bool:
    """
    Tell whether a value means the same as the live one.

    The server leaves out what is empty, but for the entries of maps of texts, and for a number or
    flag whose absence means something else (``runAsUser: 0``, ``automountServiceAccountToken:
    false``).  Of one that we have not applied yet, only applying it tells which it is.
    """
    if wanted == live and isinstance(wanted, bool) == isinstance(live, bool):
        return True
    if live is None:
        is_entry = len(path) > 1 and path[-2] in _KEPT_EMPTY
        may_mean_something = wanted is not None and wanted != "" and not is_applied
        return not wanted and not is_entry and not may_mean_something
    if isinstance(wanted, bool) or isinstance(live, bool):
        return False
    if path[-1] in _AMOUNT or any(step in _AMOUNTS for step in path[-3:-1]):
        amount = fields.amount(wanted)
        return amount is not None and amount == fields.amount(live)
    return False
