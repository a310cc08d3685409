"""
What is known of the cluster while a deployment goes on: live objects, found by what they belong to.

Pods lead to their workloads by ``ownerReferences``, over the ReplicaSet between; events lead to
what they are about, EndpointSlices to their Service.  An event may come before the object that it
is about, so nothing is resolved when it comes in but when it is asked for.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from mooring.deploy import observed
from mooring.deploy.observed import Key
from mooring.refs import ObjectRef
from mooring.semantics import failing, fields, kinds, told_by_events
from mooring.semantics.fields import Manifest
from mooring.semantics.kinds import GroupKind
from mooring.semantics.readiness import conditions
from mooring.semantics.readiness.around import Around, Budget

EVENT = GroupKind("", "Event")
SLICE = GroupKind("discovery.k8s.io", "EndpointSlice")
_SERVICE_NAME = "kubernetes.io/service-name"
_MOST_EVENTS = 50
_LASTING = frozenset({kinds.DEPLOYMENT, kinds.STATEFUL_SET, kinds.DAEMON_SET})


class View:
    """Live objects by key, kept up to date by `see` and `gone`."""

    def __init__(self, live: Iterable[Manifest] = ()) -> None:
        self._live: dict[Key, Manifest] = {}
        self._kinds: dict[GroupKind, dict[Key, Manifest]] = {}
        self._labelled: dict[tuple[object, str, str], dict[Key, Manifest]] = {}
        """What makes pods, by namespace and each label of its pods."""
        self._owned: dict[str, set[Key]] = {}
        self._by_uid: dict[str, Key] = {}
        self._events: dict[str, dict[str, Manifest]] = {}
        self._claimed: dict[tuple[str, str], str] = {}
        """The claims of which events tell, by namespace and name: their uids."""
        self._slices: dict[tuple[str, str], set[Key]] = {}
        for one in live:
            self.see(one)

    def get(self, ref: ObjectRef) -> Manifest | None:
        """Return the live object of ``ref``, None where none is known."""
        return self._live.get(observed.key(ref))

    def of_kind(self, kind: GroupKind) -> Iterator[Manifest]:
        """Yield the live objects of ``kind``."""
        return iter(self._kinds.get(kind, {}).values())

    def has(self, live: Manifest) -> bool:
        """Tell whether ``live`` is known in just this state."""
        before = self._live.get(observed.key(observed.ref_of(live)))
        return (
            before is not None
            and observed.uid_of(before) == observed.uid_of(live)
            and (version := _version(live)) != ""
            and version == _version(before)
        )

    def see(self, live: Manifest) -> list[ObjectRef]:
        """Take in ``live`` and return the refs of what it may have changed, itself first."""
        ref = observed.ref_of(live)
        place = observed.key(ref)
        if place[0] == EVENT:
            return self._see_event(live)
        before = self._live.get(place)
        if before is not None and _is_older(live, before):
            return []
        if before is not None:
            self._forget(place, before)
        self._live[place] = self._kinds.setdefault(place[0], {})[place] = live
        for label in _pod_labels(place, live):
            self._labelled.setdefault(label, {})[place] = live
        self._by_uid[observed.uid_of(live)] = place
        for owner in _owners(live):
            self._owned.setdefault(owner, set()).add(place)
        if place[0] == SLICE:
            service = _service_of(live)
            self._slices.setdefault((place[1], service), set()).add(place)
            return [ObjectRef("v1", "Service", service, place[1])]
        return [ref, *self._above(live)]

    def gone(self, live: Manifest) -> list[ObjectRef]:
        """Forget ``live`` and return the refs of what that may have changed."""
        ref = observed.ref_of(live)
        place = observed.key(ref)
        before = self._live.get(place)
        if before is None or observed.uid_of(before) != observed.uid_of(live):
            return []
        above = self._above(before)
        self._forget(place, before)
        del self._live[place], self._kinds[place[0]][place]
        if place[0] == SLICE:
            return [ObjectRef("v1", "Service", _service_of(before), place[1])]
        return [ref, *above]

    def relisted(
        self, kind: GroupKind, namespace: str | None, live: Iterable[Manifest], *, version: str
    ) -> list[ObjectRef]:
        """
        Take in a whole new list of ``kind``, as it was at ``version``.

        What is not in it is gone, unless it was made or changed later: a watch may have told of it
        while the list was on its way.
        """
        changed: list[ObjectRef] = []
        kept: set[Key] = set()
        for one in live:
            kept.add(observed.key(observed.ref_of(one)))
            changed.extend(self.see(one))
        old = [
            one
            for place, one in self._kinds.get(kind, {}).items()
            if place not in kept
            and (namespace is None or place[1] == namespace)
            and not _is_later(one, version)
        ]
        for one in old:
            changed.extend(self.gone(one))
        return changed

    def owned_by(self, live: Manifest, kind: GroupKind) -> tuple[Manifest, ...]:
        """Return the objects of ``kind`` that ``live`` owns."""
        places = self._owned.get(observed.uid_of(live))
        if not places:
            return ()
        return tuple(self._live[place] for place in sorted(places) if place[0] == kind)

    def pods_of(
        self, live: Manifest, sets: tuple[Manifest, ...] | None = None
    ) -> tuple[Manifest, ...]:
        """
        Return the pods that ``live`` owns, itself or over its ReplicaSets; a pod is its own.

        ``sets`` are its ReplicaSets where they are known already.
        """
        if live.get("kind") == "Pod":
            return (live,)
        if sets is None:
            sets = self.owned_by(live, kinds.REPLICA_SET)
        return tuple(pod for owner in (live, *sets) for pod in self.owned_by(owner, kinds.POD))

    def around(self, live: Manifest, *, now: float, budget: Budget, **more: Any) -> Around:
        """Return what stands around ``live``; ``more`` are further fields of it."""
        sets = self.owned_by(live, kinds.REPLICA_SET)
        pods = self.pods_of(live, sets)
        return Around(
            pods=pods,
            replica_sets=sets,
            events=tuple(
                event
                for uid in (*map(observed.uid_of, (live, *sets, *pods)), *self._claims_of(pods))
                for event in self._events.get(uid, {}).values()
            ),
            endpoint_slices=self._slices_of(live),
            now=now,
            budget=budget,
            **more,
        )

    def _claims_of(self, pods: Iterable[Manifest]) -> Iterator[str]:
        """Yield the uids of claims of which events tell, of those ``pods`` that wait for a node."""
        for pod in pods:
            if not fields.at(pod, "spec", "nodeName"):
                namespace = fields.text(fields.at(pod, "metadata", "namespace")) or ""
                for claim in told_by_events.claims_of(pod):
                    if uid := self._claimed.get((namespace, claim)):
                        yield uid

    def backing_replicas(self, service: Manifest) -> int | None:
        """Return how many pods should be behind ``service``; None: nothing here makes them."""
        selector = fields.labels(fields.at(service, "spec", "selector"))
        if not selector:
            return None
        namespace = fields.at(service, "metadata", "namespace")
        labelled = [self._labelled.get((namespace, *label), {}) for label in selector.items()]
        first, *others = sorted(labelled, key=len)
        found: int | None = None
        for place, live in first.items():
            if all(place in other for other in others):
                found = (found or 0) + _replicas(place[0], live)
        return found

    def events_about(self, uid: str) -> tuple[Manifest, ...]:
        """Return the events about the object ``uid``, which may be gone."""
        return tuple(self._events.get(uid, {}).values())

    def _slices_of(self, live: Manifest) -> tuple[Manifest, ...]:
        if live.get("kind") != "Service":
            return ()
        ref = observed.ref_of(live)
        places = self._slices.get((ref.namespace or "", ref.name), set())
        return tuple(self._live[place] for place in sorted(places))

    def _see_event(self, event: Manifest) -> list[ObjectRef]:
        about = fields.mapping(event.get("involvedObject"))
        uid = fields.text(about.get("uid")) or ""
        if not uid:
            return []
        known = self._events.setdefault(uid, {})
        known[fields.text(fields.at(event, "metadata", "name")) or ""] = event
        while len(known) > _MOST_EVENTS:
            del known[next(iter(known))]
        place = self._by_uid.get(uid)
        live = self._live.get(place) if place else None
        changed = [] if live is None else [observed.ref_of(live), *self._above(live)]
        if about.get("kind") == "PersistentVolumeClaim":
            changed.extend(self._waiting_for(about, uid))
        return changed

    def _waiting_for(self, claim: Manifest, uid: str) -> list[ObjectRef]:
        """Return the refs of what makes the pods that wait for ``claim``, which has ``uid``."""
        namespace, name = (fields.text(claim.get(key)) or "" for key in ("namespace", "name"))
        self._claimed[namespace, name] = uid
        return [
            ref
            for pod in self.of_kind(kinds.POD)
            if fields.at(pod, "metadata", "namespace") == namespace
            and name in told_by_events.claims_of(pod)
            for ref in self._above(pod)
        ]

    def _above(self, live: Manifest) -> list[ObjectRef]:
        """Return the refs of the owners of ``live``, and of theirs."""
        found: list[ObjectRef] = []
        for uid in _owners(live):
            place = self._by_uid.get(uid)
            owner = self._live.get(place) if place else None
            if owner is not None:
                found.extend((observed.ref_of(owner), *self._above(owner)))
        return found

    def _forget(self, place: Key, live: Manifest) -> None:
        for label in _pod_labels(place, live):
            self._labelled[label].pop(place, None)
        for owner in _owners(live):
            self._owned.get(owner, set()).discard(place)
        if place[0] == SLICE:
            self._slices.get((place[1], _service_of(live)), set()).discard(place)


def _pod_labels(place: Key, live: Manifest) -> Iterator[tuple[object, str, str]]:
    """Yield namespace, key and value of the labels that the pods of a lasting workload have."""
    if place[0] in _LASTING:
        labels = fields.labels(fields.at(live, "spec", "template", "metadata", "labels"))
        for key, value in labels.items():
            yield fields.at(live, "metadata", "namespace"), key, value


def _replicas(kind: GroupKind, live: Manifest) -> int:
    """Return how many pods ``live`` should have; one where nothing is said."""
    if kind == kinds.DAEMON_SET:
        return fields.integer(fields.at(live, "status", "desiredNumberScheduled")) or 0
    replicas = fields.integer(fields.at(live, "spec", "replicas"))
    return 1 if replicas is None else replicas


def is_started(live: Manifest, pods: tuple[Manifest, ...]) -> bool:
    """Tell whether one of the ``pods`` of ``live`` runs, or it needs none."""
    wanted = fields.integer(fields.at(live, "spec", "replicas"))
    return wanted == 0 or any(map(failing.is_running, pods))


def _service_of(live: Manifest) -> str:
    labels = fields.labels(fields.at(live, "metadata", "labels"))
    return labels.get(_SERVICE_NAME, "")


def _owners(live: Manifest) -> list[str]:
    return [
        uid
        for _, owner in fields.mappings(fields.at(live, "metadata", "ownerReferences"))
        if (uid := fields.text(owner.get("uid")))
    ]


def _is_older(live: Manifest, before: Manifest) -> bool:
    """Tell whether ``live`` is an earlier state of the same object: answers may overtake."""
    if observed.uid_of(live) != observed.uid_of(before):
        made, known = (
            conditions.seconds(fields.at(one, "metadata", "creationTimestamp")) or 0.0
            for one in (live, before)
        )
        return made < known
    return _is_later(before, _version(live))


def _is_later(live: Manifest, version: str) -> bool:
    """
    Tell whether ``live`` is from after ``version``; versions that are no numbers tell nothing.

    Source: https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/5504-comparable-resource-version
    """
    known = _version(live)
    return known.isdigit() and version.isdigit() and int(known) > int(version)


def _version(live: Manifest) -> str:
    return fields.text(fields.at(live, "metadata", "resourceVersion")) or ""
