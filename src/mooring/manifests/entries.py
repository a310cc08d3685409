"""
The objects of documents, each with the place that it came from.

The items of a ``List`` are objects of their own, at a path within the document.  A document that
is no Kubernetes object (a values file, a Compose file) is told apart from one that should be one
and is not.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from mooring.manifests import places
from mooring.manifests.documents import Document, Fault
from mooring.sources import Position


class Entry(msgspec.Struct, frozen=True):
    """
    One object as plain values.

    ``document`` is where it stands and ``prefix`` at which path there ("" for a whole document);
    None for an object that no file holds.  What a kustomization changed stands where it stood
    before, so places in it are those of what was changed.  kustomize lets the name of one that
    ``is_hashed`` change with its content.
    """

    manifest: dict[str, Any]
    document: Document | None = None
    prefix: str = ""
    is_hashed: bool = False

    @property
    def is_as_written(self) -> bool:
        """Whether the object is what its document says, and no kustomization changed it."""
        if self.document is None:
            return False
        value = self.document.value
        for step in places.steps(self.prefix, value):
            value = value[step]
        return bool(value == self.manifest)

    def position(self, field: str | None = None) -> Position | None:
        """Return where ``field`` of the object stands, or what comes nearest to it."""
        if self.document is None:
            return None
        path = ".".join(part for part in (self.prefix, field) if part)
        return places.position(self.document, path.replace(".[", "["))


def entries(documents: Iterable[Document]) -> Iterator[Entry]:
    """Yield the objects in ``documents``; what holds no ``kind`` and ``apiVersion`` is left out."""
    for document in documents:
        values = document.value if isinstance(document.value, list) else [document.value]
        for index, value in enumerate(values):
            prefix = f"[{index}]" if values is document.value else ""
            if isinstance(value, dict) and "kind" in value and "apiVersion" in value:
                yield from _flattened(value, document, prefix)


def unfinished(documents: Iterable[Document]) -> Iterator[Fault]:
    """Yield a fault for each object in ``documents`` that says not of which kind it is."""
    for document in documents:
        values = document.value if isinstance(document.value, list) else [document.value]
        for index, value in enumerate(values):
            prefix = f"[{index}]" if values is document.value else ""
            if not isinstance(value, dict):
                continue
            if "kind" in value and "apiVersion" in value:
                held: Iterable[Entry] = _flattened(value, document, prefix)
            else:
                held = (Entry(value, document, prefix),)
            for one in held:
                missing = [key for key in ("apiVersion", "kind") if not one.manifest.get(key)]
                if len(missing) == 1 and not _CONTENT[missing[0]].isdisjoint(one.manifest):
                    told = f"this is an object without {missing[0]}, which no program takes"
                    yield Fault(told, one.position() or document.position)


_CONTENT = {"kind": frozenset({"metadata", "spec", "data", "stringData"}),
            "apiVersion": frozenset({"metadata"})}  # fmt: skip
"""What an object has: the files of charts and of many programs have one of the two as well."""


def _flattened(value: dict[str, Any], document: Document, prefix: str) -> Iterator[Entry]:
    kind, items = value.get("kind"), value.get("items")
    if not (isinstance(kind, str) and kind.endswith("List") and isinstance(items, list)):
        yield Entry(value, document, prefix)
        return
    # In a typed list the items may leave out what its own kind says.
    shared = {"apiVersion": value.get("apiVersion"), "kind": kind.removesuffix("List")}
    for index, item in enumerate(items):
        if isinstance(item, dict):
            whole = {**shared, **item} if shared["kind"] else item
            inner = f"{prefix}.items[{index}]" if prefix else f"items[{index}]"
            yield from _flattened(whole, document, inner)
