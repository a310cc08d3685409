"""
How the memory is kept in objects of the cluster: gzip, in pieces that a Secret can hold.

    ConfigMap  mooring.<project>.<environment>              the journal
    ConfigMap  mooring.<project>.<environment>.inventory    the inventory
    Secret     mooring.<project>.<environment>.v<n>.<m>     the objects of revision n, piece m
    Lease      mooring.<project>.<environment>              who deploys now

The objects of a revision hold secret values, so they are kept in Secrets, in the namespace that
has the same values already.  Further pieces of an inventory are ConfigMaps with ``.<m>`` behind.
"""

import base64
import gzip
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from mooring.kube.labels import MANAGED_BY
from mooring.kube.names import label
from mooring.refs import ObjectRef
from mooring.semantics import fields
from mooring.semantics.fields import Manifest

PIECE_BYTES = 500_000
"""At most this much of compressed content is kept in one object; the server takes 1 MiB."""

_CONTENT = "content.json.gz"
RECORD = "mooring.dev/record"
"""Label of what is kept about a deployment: its project and environment."""


def base_name(project: str, environment: str) -> str:
    """Return how the objects of a deployment's memory are called."""
    return f"mooring.{label(project)}.{label(environment)}"


def lease_ref(home: str, project: str, environment: str) -> ObjectRef:
    """Return the ref of the Lease."""
    return ObjectRef("coordination.k8s.io/v1", "Lease", base_name(project, environment), home)


def journal_ref(home: str, project: str, environment: str) -> ObjectRef:
    """Return the ref of the ConfigMap with the journal."""
    return ObjectRef("v1", "ConfigMap", base_name(project, environment), home)


def inventory_ref(home: str, project: str, environment: str, piece: int = 0) -> ObjectRef:
    """Return the ref of a piece of the inventory."""
    suffix = f".{piece}" if piece else ""
    name = f"{base_name(project, environment)}.inventory{suffix}"
    return ObjectRef("v1", "ConfigMap", name, home)


def revision_refs(
    home: str, project: str, environment: str, number: int, pieces: int
) -> tuple[ObjectRef, ...]:
    """Return the refs of the Secrets with the objects of a revision."""
    name = f"{base_name(project, environment)}.v{number}"
    return tuple(ObjectRef("v1", "Secret", f"{name}.{piece}", home) for piece in range(pieces))


def pieces(content: bytes) -> tuple[bytes, ...]:
    """Return ``content`` compressed, in pieces; the same bytes for the same content."""
    packed = gzip.compress(content, mtime=0)
    return tuple(
        packed[begin : begin + PIECE_BYTES] for begin in range(0, len(packed), PIECE_BYTES)
    )


def joined(packed: Sequence[bytes]) -> bytes:
    """Return the content of which ``packed`` are the pieces."""
    return gzip.decompress(b"".join(packed))


def config_map(
    ref: ObjectRef, piece: bytes, *, facts: Mapping[str, str], version: str | None
) -> dict[str, Any]:
    """
    Return a ConfigMap that holds ``piece``, with ``facts`` for people who look at it.

    ``version`` is the resource version that it replaces; None: it is made anew.
    """
    return {
        **_object(ref, version),
        "data": dict(facts),
        "binaryData": {_CONTENT: base64.b64encode(piece).decode()},
    }


def secret(ref: ObjectRef, piece: bytes) -> dict[str, Any]:
    """Return a Secret that holds ``piece``."""
    return {
        **_object(ref, None),
        "type": "mooring.dev/revision",
        "data": {_CONTENT: base64.b64encode(piece).decode()},
    }


def content_of(live: Manifest) -> bytes:
    """Return the piece that a ConfigMap or Secret holds, empty where it holds none."""
    for field in ("binaryData", "data"):
        found = fields.text(fields.at(live, field, _CONTENT))
        if found:
            return base64.b64decode(found)
    return b""


def _object(ref: ObjectRef, version: str | None) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "name": ref.name,
        "namespace": ref.namespace,
        "labels": {MANAGED_BY: "mooring", RECORD: "true"},
    }
    if version is not None:
        metadata["resourceVersion"] = version
    return {"apiVersion": ref.api_version, "kind": ref.kind, "metadata": metadata}


def objects_content(manifests: Iterable[Manifest]) -> bytes:
    """Return the objects of a revision as JSON."""
    return msgspec.json.encode(list(manifests), order="deterministic")


def objects_of(content: bytes) -> list[dict[str, Any]]:
    """Return the objects in ``content``."""
    return msgspec.json.decode(content, type=list[dict[str, Any]])
