"""
The objects of the fake server, their versions, and what changed since when.

Not thread-safe; the server holds its lock around every call.
"""

import datetime
import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from tests.fake_api import applying, defaults
from tests.fake_api.kinds import BUILT_IN, NAMESPACE, Kind, defined
from tests.fake_api.statuses import (
    already_exists,
    conflict,
    expired,
    invalid,
    no_such_path,
    not_found,
)
from tests.support.copies import copied

Manifest = dict[str, Any]
FOREGROUND = "foregroundDeletion"


class Key(NamedTuple):
    """What objects are told apart by."""

    group: str
    plural: str
    namespace: str
    name: str


class Entry(NamedTuple):
    """One change, at a version: "ADDED", "MODIFIED" or "DELETED"."""

    version: int
    change: str
    key: Key
    item: Manifest
    before: Manifest | None


class Store:
    """All objects; ``clock`` gives seconds since 1970."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._objects: dict[Key, Manifest] = {}
        self._by_kind: dict[tuple[str, str], dict[Key, Manifest]] = {}
        self._version = 100
        self._names = 0
        self._addresses = 0
        self.history: list[Entry] = []
        self.oldest = 0
        """Watches from before this version are told that it is gone."""
        self.listeners: list[Callable[[Entry], None]] = []
        self.removals = 0
        """How many objects have gone."""
        self.has_foreground = False
        """Whether something may be waiting for what it owns to go first."""
        self.discovery_lag = 0
        """How many looks at discovery a new definition stays unseen."""
        self._unseen: dict[str, int] = {}

    @property
    def version(self) -> int:
        """The version of the newest change."""
        return self._version

    def now(self) -> str:
        """Return the time as objects show it."""
        stamp = datetime.datetime.fromtimestamp(self._clock(), datetime.UTC)
        return stamp.strftime("%Y-%m-%dT%H:%M:%SZ")

    # What is served.

    def kinds(self, *, looked: bool = False) -> list[Kind]:
        """Return what discovery shows now; ``looked`` counts this as a look."""
        found = list(BUILT_IN)
        for item in self.of("apiextensions.k8s.io", "customresourcedefinitions"):
            name = item["metadata"]["name"]
            if "status" not in item:
                continue  # not established yet
            if self._unseen.get(name, 0) > 0:
                if looked:
                    self._unseen[name] -= 1
                continue
            found += defined(item)
        return found

    def kind(self, group: str, version: str, plural: str) -> Kind:
        """
        Return the kind at a path.

        Raises:
            Refusal: nothing is served there.
        """
        for one in self.kinds():
            if (one.group, one.version, one.plural) == (group, version, plural):
                return one
        raise no_such_path()

    # Reading.

    def get(self, key: Key) -> Manifest | None:
        """Return the object, or None."""
        return self._objects.get(key)

    def of(self, group: str, plural: str, namespace: str | None = None) -> list[Manifest]:
        """Return the objects of a kind, by namespace and name."""
        found = self._by_kind.get((group, plural), {})
        return [found[key] for key in sorted(found) if namespace in (None, key.namespace)]

    def everything(self) -> Iterator[tuple[Key, Manifest]]:
        """Yield all objects."""
        yield from sorted(self._objects.items())

    def as_of(self, version: int) -> dict[Key, Manifest]:
        """Return the objects as they were at an older version."""
        objects = dict(self._objects)
        for entry in reversed(self.history):
            if entry.version <= version:
                break
            if entry.before is None:
                objects.pop(entry.key, None)
            else:
                objects[entry.key] = entry.before
        return objects

    def since(self, version: int) -> list[Entry]:
        """
        Return the changes after ``version``.

        Raises:
            Refusal: it is too old.
        """
        if version < self.oldest:
            raise expired()
        return [entry for entry in self.history if entry.version > version]

    def forget_history(self) -> None:
        """Compact: watches that go on from before now are told 410."""
        self.oldest = self._version
        self.history = []

    # Writing.

    def apply(
        self, kind: Kind, key: Key, wanted: Manifest, manager: str, *, force: bool, dry_run: bool
    ) -> tuple[Manifest, bool]:
        """Apply server-side; return the object and whether it is new."""
        live = self._objects.get(key)
        self._check(kind, key, wanted, live)
        uid = wanted["metadata"].get("uid")
        if uid and (live is None or live["metadata"]["uid"] != uid):
            raise conflict(kind.qualified, key.name, f"uid mismatch: the provided object has {uid}")
        version = wanted["metadata"].get("resourceVersion")
        if version and live and live["metadata"]["resourceVersion"] != version:
            raise conflict(kind.qualified, key.name, _MODIFIED)
        item = applying.applied(live, wanted, manager, force=force, now=self.now())
        return self._write(kind, key, live, item, dry_run=dry_run), live is None

    def create(
        self, kind: Kind, key: Key, item: Manifest, manager: str, *, dry_run: bool
    ) -> Manifest:
        """Create; a name is made up after generateName."""
        metadata = {**item["metadata"]}
        if not key.name:
            if not metadata.get("generateName"):
                raise invalid(kind.kind, "", "metadata.name", "Required value: name is required")
            self._names += 1
            key = key._replace(name=f"{metadata['generateName']}{self._names:05d}")
            metadata["name"] = key.name
        item = {**item, "metadata": metadata}
        self._check(kind, key, item, None)
        if key in self._objects:
            raise already_exists(kind.qualified, key.name)
        item = applying.updated(None, item, manager, self.now())
        return self._write(kind, key, None, item, dry_run=dry_run)

    def replace(
        self,
        kind: Kind,
        key: Key,
        item: Manifest,
        manager: str,
        *,
        dry_run: bool = False,
        subresource: bool = False,
    ) -> Manifest:
        """Replace; the resource version must be the current one where there is any."""
        live = self._objects.get(key)
        if live is None:
            raise not_found(kind.qualified, key.name)
        given = item["metadata"].get("resourceVersion")
        if given and given != live["metadata"]["resourceVersion"]:
            raise conflict(kind.qualified, key.name, _MODIFIED)
        uid = item["metadata"].get("uid")
        if uid and uid != live["metadata"]["uid"]:
            raise conflict(kind.qualified, key.name, "Precondition failed: UID in precondition")
        self._check(kind, key, item, live)
        kept = {
            one: live["metadata"][one]
            for one in ("uid", "creationTimestamp", "generation", "deletionTimestamp")
            if one in live["metadata"]
        }
        item = {**item, "metadata": {**item["metadata"], **kept}}
        if not subresource and "status" in live:
            item["status"] = live["status"]
        item = applying.updated(live, item, manager, self.now(), subresource=subresource)
        return self._write(kind, key, live, item, dry_run=dry_run)

    def delete(self, kind: Kind, key: Key, options: Manifest, *, dry_run: bool = False) -> Manifest:
        """Delete, or mark as being deleted where finalizers hold it."""
        live = self._objects.get(key)
        if live is None:
            raise not_found(kind.qualified, key.name)
        wanted = (options.get("preconditions") or {}).get("uid")
        uid = live["metadata"]["uid"]
        if wanted and wanted != uid:
            told = (
                f"the UID in the precondition ({wanted}) does not match the UID in record ({uid}). "
                "The object might have been deleted and then recreated"
            )
            raise conflict(kind.kind, key.name, told)
        if dry_run:
            return live
        policy = options.get("propagationPolicy") or "Background"
        finalizers = list(live["metadata"].get("finalizers") or ())
        if policy == "Foreground" and FOREGROUND not in finalizers:
            finalizers.append(FOREGROUND)
            self.has_foreground = True
        if policy == "Orphan":
            self._orphan(uid)
        is_held = bool(finalizers) or kind == NAMESPACE
        if not is_held:
            self._remove(key)
            return live
        item = copied(live)
        if finalizers:
            item["metadata"]["finalizers"] = finalizers
        item["metadata"].setdefault("deletionTimestamp", self.now())
        if kind == NAMESPACE:
            item["status"] = {"phase": "Terminating"}
        self._put(key, item, live)
        return item

    def status(self, key: Key, status: Manifest) -> None:
        """Set the status as a controller does; nothing happens where it is the same."""
        live = self._objects.get(key)
        if live is None or live.get("status") == status:
            return
        item = {**copied(live), "status": status}
        item = applying.updated(live, item, "kube-controller-manager", self.now(), subresource=True)
        self._put(key, item, live)

    def finish(self, key: Key, finalizer: str) -> None:
        """Take a finalizer away, and the object with its last one when it is being deleted."""
        live = self._objects.get(key)
        if live is None:
            return
        item = copied(live)
        left = [one for one in item["metadata"].get("finalizers") or () if one != finalizer]
        item["metadata"]["finalizers"] = left
        if not left:
            del item["metadata"]["finalizers"]
            if "deletionTimestamp" in item["metadata"]:
                self._remove(key)
                return
        self._put(key, item, live)

    def remove(self, key: Key) -> None:
        """Make an object disappear, whatever holds it."""
        if key in self._objects:
            self._remove(key)

    def _check(self, kind: Kind, key: Key, item: Manifest, live: Manifest | None) -> None:
        defaults.refuse_bad_name(kind, key.name)
        if kind.is_namespaced:
            space = self._objects.get(Key("", "namespaces", "", key.namespace))
            if space is None:
                raise not_found("namespaces", key.namespace)
            if live is None:
                defaults.refuse_terminating(kind, key.name, space)
        defaults.refuse_bad_fields(item)

    def _write(
        self, kind: Kind, key: Key, live: Manifest | None, item: Manifest, *, dry_run: bool
    ) -> Manifest:
        if live is None:
            self._addresses += 1
        item = defaults.defaulted(copied(item), self._addresses)
        item["apiVersion"], item["kind"] = kind.api_version, kind.kind
        metadata = item["metadata"]
        if kind.is_namespaced:
            metadata["namespace"] = key.namespace
        if live is None:
            metadata |= {
                "uid": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{key} {self._version}")),
                "creationTimestamp": self.now(),
                "generation": 1,
            }
            if kind.kind == "Job" and "selector" not in item["spec"]:
                _select_by_uid(item)
        else:
            if kind.kind == "Job":
                _keep_job_labels(live, item)
            defaults.refuse_immutable(live, item)
            for one in ("uid", "creationTimestamp", "generation", "resourceVersion"):
                metadata[one] = live["metadata"].get(one)
            if _spec(live) != _spec(item):
                metadata["generation"] = live["metadata"].get("generation", 1) + 1
            if _same(live, item):
                return live
        if dry_run:
            return item
        if not metadata.get("finalizers") and "deletionTimestamp" in metadata and live is not None:
            self._remove(key)
            return item
        return self._put(key, item, live)

    def _put(self, key: Key, item: Manifest, before: Manifest | None) -> Manifest:
        self._version += 1
        item["metadata"]["resourceVersion"] = str(self._version)
        self._objects[key] = item
        self._by_kind.setdefault((key.group, key.plural), {})[key] = item
        change = "ADDED" if before is None else "MODIFIED"
        if before is None and key.plural == "customresourcedefinitions":
            self._unseen[key.name] = self.discovery_lag
        self._tell(Entry(self._version, change, key, item, before))
        return item

    def _remove(self, key: Key) -> None:
        before = self._objects.pop(key)
        del self._by_kind[key.group, key.plural][key]
        self.removals += 1
        self._version += 1
        gone = copied(before)
        gone["metadata"]["resourceVersion"] = str(self._version)
        self._tell(Entry(self._version, "DELETED", key, gone, before))

    def _orphan(self, uid: str) -> None:
        for key, item in list(self._objects.items()):
            owners = item["metadata"].get("ownerReferences") or []
            left = [one for one in owners if one.get("uid") != uid]
            if len(left) != len(owners):
                changed = copied(item)
                changed["metadata"]["ownerReferences"] = left
                if not left:
                    del changed["metadata"]["ownerReferences"]
                self._put(key, changed, item)

    def _tell(self, entry: Entry) -> None:
        self.history.append(entry)
        for listener in list(self.listeners):
            listener(entry)


_MODIFIED = (
    "the object has been modified; please apply your changes to the latest version and try again"
)


def _spec(item: Manifest) -> Manifest:
    return {key: value for key, value in item.items() if key not in ("metadata", "status")}


def _same(live: Manifest, item: Manifest) -> bool:
    return json.dumps(live, sort_keys=True) == json.dumps(item, sort_keys=True)


def _select_by_uid(job: Manifest) -> None:
    uid = job["metadata"]["uid"]
    labels = {
        "batch.kubernetes.io/controller-uid": uid,
        "batch.kubernetes.io/job-name": job["metadata"]["name"],
    }
    job["spec"]["selector"] = {"matchLabels": {"batch.kubernetes.io/controller-uid": uid}}
    template = job["spec"]["template"]
    metadata = dict(template.get("metadata") or {})
    metadata["labels"] = {**(metadata.get("labels") or {}), **labels}
    job["spec"]["template"] = {**template, "metadata": metadata}


def _keep_job_labels(live: Manifest, item: Manifest) -> None:
    item["spec"].setdefault("selector", live["spec"].get("selector"))
    template = item["spec"]["template"]
    metadata = dict(template.get("metadata") or {})
    labels = dict(metadata.get("labels") or {})
    kept = live["spec"]["template"].get("metadata", {}).get("labels", {})
    for key, value in kept.items():
        if key.startswith("batch.kubernetes.io/"):
            labels.setdefault(key, value)
    metadata["labels"] = labels
    item["spec"]["template"] = {**template, "metadata": metadata}
