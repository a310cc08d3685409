"""
Extensions: the `x-*` fields that any mapping of the Compose Specification may hold.

They are notes of the author to other tools; only `x-mooring` speaks to us, and it is read before
the translation.
"""

from collections.abc import Iterator

from mooring.accounting import Entry, Path
from mooring.compose.nodes import Mapping, Node
from mooring.translate.notes import carried, dropped

FOR_OTHER_TOOLS = "an extension field is a note to other tools and has no effect on containers"


def extension_note(path: Path) -> Entry:
    """Return what becomes of the extension at ``path``."""
    if path[-1] == "x-mooring":
        return carried(path, "the decisions that it settles")
    return dropped(path, FOR_OTHER_TOOLS)


def extension_notes(node: Node | None, path: Path) -> Iterator[Entry]:
    """Yield an entry for each extension that stands directly in ``node``, which is at ``path``."""
    if isinstance(node, Mapping):
        for name in node.entries:
            if name.startswith("x-"):
                yield extension_note((*path, name))
