"""What a finished model declares, and small questions to its values."""

from collections.abc import Mapping as ReadOnly

from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.sources import Position

_SERVICE_PREFIX = "service:"


class Declared:
    """What a typed model declares, by kind and name; services and jobs are the active ones."""

    def __init__(
        self, root: Mapping, disabled: ReadOnly[str, Node], disabled_jobs: ReadOnly[str, Node]
    ) -> None:
        self._root = root
        self._known: dict[str, dict[str, Mapping]] = {}
        self.services = self.all("services")
        self.jobs = self.all("jobs")
        self.disabled = disabled
        self.disabled_jobs = disabled_jobs

    def all(self, kind: str) -> dict[str, Mapping]:
        """Return what is declared under ``kind``."""
        known = self._known.get(kind)
        if known is None:
            found = self._root.get(kind)
            entries = found.entries if isinstance(found, Mapping) else {}
            known = {name: one for name, one in entries.items() if isinstance(one, Mapping)}
            self._known[kind] = known
        return known

    def position(self, kind: str, name: str) -> Position | None:
        """Return where ``name`` is declared under ``kind``."""
        found = self._root.get(kind)
        return found.key_position(name) if isinstance(found, Mapping) else None


def text(node: Node | None, name: str) -> str | None:
    """Return the text called ``name`` in ``node``, or None where there is none."""
    found = node.get(name) if isinstance(node, Mapping) else None
    return found.value if isinstance(found, Scalar) and isinstance(found.value, str) else None


def integer(node: Node | None, name: str) -> int | None:
    """Return the integer called ``name`` in ``node``, or None where there is none."""
    found = node.get(name) if isinstance(node, Mapping) else None
    return found.value if isinstance(found, Scalar) and isinstance(found.value, int) else None


def texts(node: Node | None) -> list[tuple[str, Position | None]]:
    """Return the texts of a list with their positions; anything else has none."""
    if not isinstance(node, Sequence):
        return []
    return [
        (item.value, item.position)
        for item in node.items
        if isinstance(item, Scalar) and isinstance(item.value, str)
    ]


def shared_service(node: Node | None) -> str | None:
    """Return the name in ``service:name``, or None for anything else."""
    value = node.value if isinstance(node, Scalar) else None
    if isinstance(value, str) and value.startswith(_SERVICE_PREFIX):
        return value[len(_SERVICE_PREFIX) :]
    return None


def is_required(dependency: Node) -> bool:
    """Return whether what is depended on must be there."""
    required = dependency.get("required") if isinstance(dependency, Mapping) else None
    return isinstance(required, Scalar) and required.value is True
