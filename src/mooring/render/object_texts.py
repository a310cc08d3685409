"""
What each object becomes in a kustomize tree, made by two processes where there are many.

Comparing an object in all environments and writing it as YAML takes most of the time of a tree,
and needs nothing but that object.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeAlias, cast

from mooring import beside
from mooring.kube import emitter, manifest
from mooring.kube.manifest import Manifest
from mooring.kube.objects.meta import KubeObject
from mooring.refs import ObjectRef
from mooring.render import carriable, factor

_MANY = 200
"""From so many objects on a second process is worth what it costs."""
_FEWEST_AT_ONCE = 16
_MOST_SLICES = 200

Text: TypeAlias = tuple[bytes, list[tuple[str, str]]]
"""The content of a file, and what of it kustomize would lose (`carriable.losses`)."""

Texts: TypeAlias = tuple[Text | None, list[Text | None]]
"""
The texts of one object: in the base, and in each environment.

Where there is one in the base the others are patches; None says nothing.
"""


def texts(
    objects: Mapping[str, Mapping[ObjectRef, KubeObject]], readme: Callable[[], str]
) -> tuple[dict[ObjectRef, Texts], str]:
    """
    Return the texts of ``objects``, given by environment, and what ``readme`` returns.

    They are in the order of the first environment; what only others have comes after that.
    """
    environments = tuple(objects)
    refs = dict.fromkeys(ref for items in objects.values() for ref in items)
    all_items = [tuple([items.get(ref) for items in objects.values()]) for ref in refs]
    size = max(_FEWEST_AT_ONCE, math.ceil(len(refs) / _MOST_SLICES))
    slices = [all_items[start : start + size] for start in range(0, len(refs), size)]
    # What takes longest is done first: at the end both processes should be through at once.
    tasks: list[Callable[[], object]] = [
        readme,
        *[partial(_of_slice, one, environments) for one in slices],
    ]
    about, *made = beside.shared(tasks, pays=len(refs) >= _MANY)
    in_order = (one for some in cast("list[list[Texts]]", made) for one in some)
    return dict(zip(refs, in_order, strict=True)), cast("str", about)


def text(plain: Manifest) -> Text:
    """Return ``plain`` as a file."""
    emitted = emitter.emit(plain)
    return emitted.encode(), carriable.losses(plain, emitted)


def _of_slice(
    objects: Sequence[Sequence[KubeObject | None]], environments: Sequence[str]
) -> list[Texts]:
    return [_of_one(items, environments) for items in objects]


def _of_one(items: Sequence[KubeObject | None], environments: Sequence[str]) -> Texts:
    """Return the texts of an object, given as it is in each of ``environments``."""
    shared = factor.share(items, environments)
    if shared is None:
        return None, [None if item is None else text(manifest.to_write(item)) for item in items]
    patches = (shared.differences.get(name) for name in environments)
    return text(shared.base), [None if patch is None else text(patch) for patch in patches]
