"""
Who uses a release that several environments or stacks may share: marks beside its records.

    ConfigMap  mooring.<project>.<environment>.used-by.<stack>.<environment>

Each user writes and removes a mark of its own, so that two of them never write the same object.
Whoever takes a release down looks for marks of others first.
"""

from typing import TYPE_CHECKING, Any

from mooring.cluster.changes import KindName
from mooring.deploy import records
from mooring.kube.labels import MANAGED_BY
from mooring.kube.names import label, label_value
from mooring.refs import ObjectRef
from mooring.semantics import fields

if TYPE_CHECKING:
    from mooring.cluster.client import Client
    from mooring.deploy.desired import Desired

USES = "mooring.dev/uses"
"""Label of a mark: the project and environment of the release that is used."""


def mark(used: "Desired", user: str) -> dict[str, Any]:
    """Return the mark that says that ``user``, a stack and its environment, uses ``used``."""
    ref = _ref(used, user)
    return {
        "apiVersion": ref.api_version,
        "kind": ref.kind,
        "metadata": {
            "name": ref.name,
            "namespace": ref.namespace,
            "labels": {MANAGED_BY: "mooring", records.RECORD: "true", USES: _used(used)},
        },
        "data": {"user": user},
    }


async def users(client: "Client", used: "Desired") -> tuple[str, ...]:
    """Return who uses ``used``, sorted."""
    listing = await client.list(
        KindName("v1", "ConfigMap"), namespace=used.home, labels=f"{USES}={_used(used)}"
    )
    found = (fields.text(fields.at(one, "data", "user")) or "somebody" for one in listing.items)
    return tuple(sorted(found))


async def used_by(client: "Client", user: str) -> dict[str, str]:
    """Return what ``user`` uses, as project and environment, and in which namespace each is."""
    listing = await client.list(KindName("v1", "ConfigMap"), labels=USES)
    found: dict[str, str] = {}
    for one in listing.items:
        if fields.at(one, "data", "user") == user:
            uses = fields.labels(fields.at(one, "metadata", "labels")).get(USES, "")
            found[uses] = fields.text(fields.at(one, "metadata", "namespace")) or ""
    return dict(sorted(found.items()))


def called(used: "Desired") -> str:
    """Return how `used_by` calls ``used``."""
    return _used(used)


async def use(client: "Client", used: "Desired", user: str) -> None:
    """Write down that ``user`` uses ``used``."""
    await client.apply(mark(used, user), force=True)


async def leave(client: "Client", used: "Desired", user: str) -> None:
    """Write down that ``user`` uses ``used`` no longer."""
    await client.delete(_ref(used, user))


def _used(used: "Desired") -> str:
    return label_value(f"{used.project}.{used.environment}")


def _ref(used: "Desired", user: str) -> ObjectRef:
    base = records.base_name(used.project, used.environment)
    stack, _, environment = user.rpartition(".")
    name = f"{base}.used-by.{label(stack or 'stack')}.{label(environment)}"
    return ObjectRef("v1", "ConfigMap", name, used.home)
