"""
What a top-level volume stands for: a claim of the stack, a claim that exists, a share, a bind.

`driver_opts` can turn a volume into something else: `type: nfs` into what a server exports, and
`o: bind` into a folder of the machine, which is then treated as a bind mount.
"""

from mooring.app.storage import Lifetime, NetworkShare, Storage
from mooring.compose.nodes import Mapping, Node
from mooring.kube import quantity
from mooring.kube.names import (
    is_annotation_key,
    is_label_key,
    is_label_value,
    label,
    subdomain,
)
from mooring.settings.choices import Choices
from mooring.translate.view import entries, field, text, truth

_RESERVED_PREFIXES = ("app.kubernetes.io/", "mooring.dev/")


def named_storage(name: str, definition: Node | None, choices: Choices) -> Storage:
    """Return the storage that the top-level volume ``name`` with ``definition`` means."""
    chosen = choices.volume(name)
    given: dict[str, str] = {}
    external = share = position = None
    if isinstance(definition, Mapping):
        position = definition.position
        external = external_name(name, definition)
        share = network_share(definition)
        given = {key: text(value) for key, value in entries(field(definition, "labels"))}
    labels = {key: value for key, value in given.items() if can_be_label(key, value)}
    return Storage(
        name=label(name),
        source_name=name,
        lifetime=Lifetime.PERSISTENT,
        size=int(quantity.parse(chosen.size)) if chosen.size is not None else None,
        storage_class=chosen.storage_class,
        share=share,
        external_name=external,
        labels=labels,
        annotations={
            key: value
            for key, value in given.items()
            if key not in labels and is_annotation_key(key)
        },
        position=position,
    )


def can_be_label(key: str, value: str) -> bool:
    """Tell whether a label of a volume can be one of its claim."""
    return is_label_key(key) and is_label_value(value) and not key.startswith(_RESERVED_PREFIXES)


def external_name(name: str, definition: Mapping) -> str | None:
    """
    Return the name of the object that an external volume, config or secret refers to.

    None where it is not external.  The name is the one in Docker, as an object can have it.
    """
    if not truth(field(definition, "external")):
        return None
    given = field(definition, "name")
    return subdomain(text(given) if given is not None else name)


def _options(definition: Node | None) -> dict[str, str]:
    if not isinstance(definition, Mapping):
        return {}
    return {key: text(value) for key, value in entries(field(definition, "driver_opts"))}


def bound_device(definition: Node | None) -> str | None:
    """Return the folder behind a local volume that is a bind mount in disguise."""
    options = _options(definition)
    if options.get("device", "").startswith("/") and "bind" in options.get("o", "").split(","):
        return options["device"]
    return None


def network_share(definition: Mapping) -> NetworkShare | None:
    """Return what an NFS server exports, where the volume's options say so."""
    options = _options(definition)
    if options.get("type") not in {"nfs", "nfs4"}:
        return None
    mount_options = [part for part in options.get("o", "").split(",") if part]
    server = next((o[5:] for o in mount_options if o.startswith("addr=")), None)
    if server is None:
        return None
    return NetworkShare(
        server=server,
        path=options.get("device", ":/").partition(":")[2] or "/",
        options=tuple(o for o in mount_options if not o.startswith("addr=")),
    )
