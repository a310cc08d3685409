"""
The objects of one environment: ordered, each once, found by ref and by kind.

An ``ObjectSet`` never changes; adding gives another one.  Two objects with one identity would
overwrite each other in the cluster, so a set refuses them and names where both come from.
"""

from collections.abc import Iterable, Iterator
from typing import TypeVar, cast

from mooring.errors import InputError, InputErrors
from mooring.kube.labels import ORIGIN
from mooring.kube.objects.meta import KubeObject
from mooring.refs import ObjectRef

K = TypeVar("K", bound=KubeObject)


class DuplicateObject(InputError):
    """Two objects of one kind have the same name in the same namespace."""

    def __init__(self, first: KubeObject, second: KubeObject) -> None:
        super().__init__(
            f"{second.ref} is made twice: from {_origin(first)} and from {_origin(second)}",
            remedy="give one of the two another name",
        )


class ObjectSet:
    """
    Objects in the order in which they were given, without duplicates.

    Raises (on construction):
        InputErrors: with one ``DuplicateObject`` for each object that is given again.
    """

    __slots__ = ("_by_kind", "_by_ref")

    def __init__(self, objects: Iterable[KubeObject] = ()) -> None:
        by_ref: dict[ObjectRef, KubeObject] = {}
        by_kind: dict[type[KubeObject], list[KubeObject]] = {}
        duplicates: list[InputError] = []
        for item in objects:
            ref = item.ref
            if ref in by_ref:
                duplicates.append(DuplicateObject(by_ref[ref], item))
                continue
            by_ref[ref] = item
            by_kind.setdefault(type(item), []).append(item)
        if duplicates:
            raise InputErrors(duplicates)
        self._by_ref = by_ref
        self._by_kind = {kind: tuple(items) for kind, items in by_kind.items()}

    def __iter__(self) -> Iterator[KubeObject]:
        return iter(self._by_ref.values())

    def __len__(self) -> int:
        return len(self._by_ref)

    def __contains__(self, ref: object) -> bool:
        return ref in self._by_ref

    def __eq__(self, other: object) -> bool:
        """Equal sets hold equal objects in the same order."""
        return isinstance(other, ObjectSet) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"ObjectSet({', '.join(str(ref) for ref in self._by_ref)})"

    @property
    def refs(self) -> tuple[ObjectRef, ...]:
        """The refs of all objects, in order."""
        return tuple(self._by_ref)

    def get(self, ref: ObjectRef) -> KubeObject | None:
        """Return the object of ``ref``, or None where the set has none."""
        return self._by_ref.get(ref)

    def of(self, kind: type[K]) -> tuple[K, ...]:
        """Return all objects of ``kind``, in order."""
        return cast("tuple[K, ...]", self._by_kind.get(kind, ()))

    def named(self, kind: type[K], name: str, namespace: str | None = None) -> K | None:
        """Return the object of ``kind`` called ``name``, or None where the set has none."""
        ref = ObjectRef(kind.api_version, kind.kind, name, namespace)
        return cast("K | None", self._by_ref.get(ref))

    def with_objects(self, objects: Iterable[KubeObject]) -> "ObjectSet":
        """
        Return a set of these objects and then ``objects``.

        Raises:
            InputErrors: one of ``objects`` is there already.
        """
        return ObjectSet((*self, *objects))


def _origin(item: KubeObject) -> str:
    return item.metadata.annotations.get(ORIGIN, "an unknown place")
