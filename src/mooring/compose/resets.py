"""
``!reset`` and ``!override``: what a later file takes away from the earlier ones.

The reader leaves a ``!reset`` value out of its own document and keeps an ``!override`` value; both
remove what earlier files, an extended service or an included file said at the same place, so that
there is nothing left to merge with.

Source: Compose Specification, "Reset value" and "Replace value".
"""

from collections.abc import Iterable

from mooring.compose.nodes import Mapping, Node, Path


def without(root: Mapping, paths: Iterable[Path]) -> Mapping:
    """
    Return ``root`` without what stands at any of ``paths``.

    Only names lead to a place: entries of a list cannot be taken away one by one, so a path that
    passes through a list removes nothing.
    """
    tree: _Names = {}
    for path in paths:
        _add(tree, path)
    return _without(root, tree) if tree else root


_Names = dict[str, "_Names | None"]
"""Names to descend into; None: the name itself goes."""


def _add(tree: _Names, path: Path) -> None:
    if not path or any(isinstance(part, int) for part in path):
        return
    for part in path[:-1]:
        below = tree.setdefault(str(part), {})
        if below is None:
            return
        tree = below
    tree[str(path[-1])] = None


def _without(node: Mapping, tree: _Names) -> Mapping:
    entries: dict[str, Node] = {}
    changed = False
    for name, value in node.entries.items():
        if name in tree:
            below = tree[name]
            if below is None:
                changed = True
                continue
            if isinstance(value, Mapping):
                kept = _without(value, below)
                changed = changed or kept is not value
                value = kept
        entries[name] = value
    if not changed:
        return node
    keys = {name: position for name, position in node.keys.items() if name in entries}
    return Mapping(entries, node.position, keys)
