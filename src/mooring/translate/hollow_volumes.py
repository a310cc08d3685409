"""
Volumes that hold nothing but the mount points of others.

Who mounts `/data`, `/data/db` and `/data/configdb` has three volumes, of which the first stays
empty where the image keeps all that it has in the other two.  A claim for it would cost a disk for
each replica.  Only of an image that the catalogue knows can this be told, and only of a volume that
nobody else mounts.
"""

import posixpath
from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping as ReadOnly

from mooring.compose.nodes import Mapping, Node
from mooring.decisions import Decision, Evidence
from mooring.settings.choices import MountChoice
from mooring.translate.view import ServiceView, field, items, text


def shared_volumes(services: ReadOnly[str, Mapping]) -> frozenset[str]:
    """Return the names of the volumes that more than one of ``services`` mounts."""
    users: Counter[str] = Counter()
    for service in services.values():
        found = {source for _, node in items(service.get("volumes")) if (source := _source(node))}
        users.update(found)
    return frozenset(name for name, count in users.items() if count > 1)


def hollow_volumes(
    service: ServiceView, choices: ReadOnly[str, MountChoice], shared: Iterable[str]
) -> dict[int, Decision]:
    """Return the volumes of ``service`` that hold nothing, by their places in its `volumes`."""
    family = service.known.family if service.known is not None else None
    if family is None or not family.data:
        return {}
    targets = {
        index: posixpath.normpath(text(target))
        for index, node in items(service.get("volumes"))
        if (target := field(node, "target")) is not None
    }
    used = (*(one.path for one in family.data), *(one.path for one in family.writable))
    found: dict[int, Decision] = {}
    for index, node in items(service.get("volumes")):
        outer = targets.get(index, "/")
        name = _source(node)
        inside = [one for one in targets.values() if one.startswith(f"{outer.rstrip('/')}/")]
        kept = [path for path in used if _is_in(path, outer)]
        if not name or name in shared or not inside or not kept or outer in choices:
            continue
        if all(any(_is_in(path, one) for one in inside) for path in kept):
            found[index] = _decision(service, outer, name, inside, node)
    return found


def _source(node: Node) -> str:
    """Return the name of the volume that ``node`` mounts, or nothing."""
    kind, source = field(node, "type"), field(node, "source")
    is_volume = kind is None or text(kind) == "volume"
    return text(source) if is_volume and source is not None else ""


def _is_in(path: str, folder: str) -> bool:
    return f"{path.rstrip('/')}/".startswith(f"{folder.rstrip('/')}/")


def _decision(
    service: ServiceView, target: str, name: str, inside: list[str], node: Node
) -> Decision:
    assert service.known is not None
    return Decision(
        subject=f"services.{service.name}",
        topic="mount",
        choice=f"the volume {name} at {target} is left out: it holds only where "
        f"{' and '.join(inside)} are mounted",
        evidence=(
            Evidence(
                f"{service.known.family.name} keeps nothing in {target} beside these",
                node.position,
            ),
        ),
        overrule=f"services: {{{service.name}: {{mounts: {{{target}: storage}}}}}}",
    )
