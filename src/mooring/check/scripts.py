"""
What containers run that the input shows: their command and arguments, and mounted scripts.

A script counts where the container mounts it and names its file; a ConfigMap that is merely there
may be run by nobody.
"""

from collections.abc import Iterator
from typing import NamedTuple

from mooring.check import environment
from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds


class Script(NamedTuple):
    """A text that a container runs, and where it stands."""

    text: str
    ref: ObjectRef
    field: str


def of(bundle: Bundle, container: Container) -> Iterator[Script]:
    """Yield what ``container`` runs."""
    for part in ("command", "args"):
        for index, word in enumerate(fields.texts(container.raw.get(part))):
            yield Script(word, container.owner, f"{container.path}.{part}[{index}]")
    words = container.words
    if not words:
        return
    for _, mount in container.mounts:
        held = container.pod.volumes.get(fields.text(mount.get("name")) or "")
        name = fields.text(fields.at(held[1], "configMap", "name")) if held else None
        item = (
            bundle.objects.find(kinds.CONFIG_MAP, name, container.pod.namespace) if name else None
        )
        if item is None:
            continue
        for key, text, field in environment.texts(item):
            if key in words:
                yield Script(text, item.ref, field)
