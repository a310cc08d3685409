"""
ConfigMaps and Secrets as files, from which kustomize generates them.

Settings that fit in a line stand in one ``.properties`` file for each ConfigMap; everything else
is a file with exactly the content.  kustomize gives both a suffix that changes with the content,
so that pods are replaced when their configuration changes.

Traps of kustomize that decide the form (api/kv/kv.go):
- a line is taken literally, quotes and blanks included, so nothing may be quoted;
- a line ends at a line feed, a carriage return before it is lost, and a line of 64 KiB or more
  ends the file without an error;
- ``literals`` lose a pair of quotes around the value, so they are not used;
- merging into a generated ConfigMap drops ``immutable`` unless it is said again.
"""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import cast

import msgspec

from mooring.kube import names
from mooring.kube.manifest import Value
from mooring.kube.objects.configuration import ConfigMap, Secret
from mooring.kube.objects.meta import KubeObject
from mooring.patterns import LazyPattern
from mooring.render.carriable import is_generable
from mooring.render.environments import EnvironmentObjects
from mooring.render.factor import common_part

Content = str | bytes
# In characters, of at most four bytes each: a line stays below 64 KiB.
_LONGEST_VALUE = 15_000
# What kustomize or an editor takes for the end of a line.
_BREAKS = frozenset("\n\r\0\v\f\x1c\x1d\x1e\x85\u2028\u2029")

_SECRET_KEY = LazyPattern(r"[A-Za-z_][\w.-]*", re.ASCII)

# Options that merging does not keep.
_SAID_AGAIN = ("immutable", "disableNameSuffixHash")


class Generator(msgspec.Struct, frozen=True, kw_only=True):
    """
    One entry of ``configMapGenerator`` or ``secretGenerator`` and what its files hold.

    ``lines`` go into one file of ``KEY=value``, ``files`` each into a file of its own.  ``merge``
    adds to the entry of the base.
    """

    name: str
    lines: dict[str, str]
    files: dict[str, bytes]
    merge: bool = False
    type: str | None = None
    options: dict[str, Value] = {}

    def __repr__(self) -> str:
        # The contents may be secrets.
        return f"Generator({self.name}, keys: {', '.join((*self.lines, *self.files))})"


class FactoredConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Generators of the base, and those of each environment."""

    base: tuple[Generator, ...]
    own: dict[str, tuple[Generator, ...]]


def config_maps(
    environments: Sequence[EnvironmentObjects], *, written: Set[str], fixed: Set[str]
) -> FactoredConfig:
    """
    Return the generators of all ConfigMaps: in the base the keys that all say alike.

    Those called as in ``written`` are left out: they are written as objects.  ``fixed`` are names
    that must stay as they are (``names_in_annotations``).
    """
    by_name = [
        {
            item.metadata.name: item
            for item in environment.objects.of(ConfigMap)
            if item.metadata.name not in written
        }
        for environment in environments
    ]
    base: list[Generator] = []
    own: dict[str, list[Generator]] = {environment.name: [] for environment in environments}
    for name in dict.fromkeys(name for maps in by_name for name in maps):
        everywhere = [maps[name] for maps in by_name if name in maps]
        shared = _shared(everywhere) if len(everywhere) == len(environments) else {}
        bare = [_options(item, fixed=name in fixed) for item in everywhere]
        options, further = common_part(bare) if shared else ({}, bare)
        if shared:
            base.append(_generator(name, shared, cast("dict[str, Value]", options or {})))
        having = [
            (environment.name, maps[name])
            for environment, maps in zip(environments, by_name, strict=True)
            if name in maps
        ]
        for (environment_name, item), more in zip(having, further, strict=True):
            rest = {key: value for key, value in _contents(item).items() if key not in shared}
            if shared and not rest and more is None:
                continue
            repeated = {
                key: value
                for key, value in cast("dict[str, Value]", options or {}).items()
                if key in _SAID_AGAIN
            }
            own[environment_name].append(
                _generator(
                    name,
                    rest,
                    {**repeated, **cast("dict[str, Value]", more or {})},
                    merge=bool(shared),
                )
            )
    return FactoredConfig(
        base=tuple(base), own={name: tuple(generators) for name, generators in own.items()}
    )


def secrets(environment: EnvironmentObjects, *, fixed: Set[str]) -> tuple[Generator, ...]:
    """
    Return the generators of the Secrets of one environment that kustomize can generate.

    ``fixed`` are names that must stay as they are (``names_in_annotations``).
    """
    made = []
    for item in environment.objects.of(Secret):
        if not is_generable(item):
            continue
        contents = {key: value.reveal() for key, value in item.values.items()}
        options = _options(item, fixed=item.metadata.name in fixed)
        made.append(
            _generator(item.metadata.name, contents, options, kind=item.type, is_secret=True)
        )
    return tuple(made)


def names_in_annotations(environments: Iterable[EnvironmentObjects]) -> frozenset[str]:
    """
    Return what annotations of any object could name, with or without a namespace before it.

    kustomize writes the suffix of a generated name into fields that it knows; a name in an
    annotation (an Ingress controller's ``auth-secret``) would be left pointing at nothing.
    """
    return frozenset(
        value.rpartition("/")[2]
        for environment in environments
        for item in environment.objects
        for value in item.metadata.annotations.values()
    )


def fits_in_a_line(key: str, value: Content, *, is_secret: bool = False) -> bool:
    """
    Return whether kustomize and every editor keep ``key=value`` as it is.

    A file of settings has names of variables alone; in one of secrets, which is filled in by hand,
    stands also what is granted as a file, as `db-password`.
    """
    return (
        isinstance(value, str)
        and len(value) < _LONGEST_VALUE
        and (names.is_identifier(key) or (is_secret and _SECRET_KEY.fullmatch(key) is not None))
        and value == value.strip()
        and _BREAKS.isdisjoint(value)
    )


def _generator(
    name: str,
    contents: Mapping[str, Content],
    options: dict[str, Value],
    *,
    merge: bool = False,
    kind: str | None = None,
    is_secret: bool = False,
) -> Generator:
    lines: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for key, value in contents.items():
        if isinstance(value, str) and fits_in_a_line(key, value, is_secret=is_secret):
            lines[key] = value
        else:
            files[key] = value.encode() if isinstance(value, str) else value
    return Generator(name=name, lines=lines, files=files, merge=merge, type=kind, options=options)


def _contents(item: ConfigMap) -> dict[str, Content]:
    return {**item.data, **item.binary_data}


def _shared(items: Sequence[ConfigMap]) -> dict[str, Content]:
    """Return what all of ``items`` hold alike; nothing where one is immutable and one is not."""
    first = items[0]
    if any(item.immutable != first.immutable for item in items):
        return {}
    others = [_contents(item) for item in items[1:]]
    return {
        key: value
        for key, value in _contents(first).items()
        if all(key in other and other[key] == value for other in others)
    }


def _options(item: KubeObject, *, fixed: bool) -> dict[str, Value]:
    options: dict[str, Value] = {}
    if item.metadata.labels:
        options["labels"] = dict(item.metadata.labels)
    if item.metadata.annotations:
        options["annotations"] = dict(item.metadata.annotations)
    if isinstance(item, (ConfigMap, Secret)) and item.immutable:
        options["immutable"] = True
    if fixed:
        options["disableNameSuffixHash"] = True
    return options
