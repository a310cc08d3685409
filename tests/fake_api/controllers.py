"""
The controllers that deploying waits for, one step per tick of the fake's clock.

Deployments make ReplicaSets and those pods; StatefulSets, DaemonSets and Jobs make pods; pods come
to what their `Behaviour` says; claims are bound, Services get endpoints, owners take what they own
with them, namespaces go when they are empty, definitions are established.  Only what a client can
see matters here: there is no surge and no scheduler.
"""

import fnmatch
from typing import Any

from tests.fake_api.behaviour import Behaviour, Outcome
from tests.fake_api.digest import template_hash
from tests.fake_api.kinds import DEFINITION, NAMESPACE
from tests.fake_api.store import FOREGROUND, Key, Manifest, Store
from tests.support.copies import copied

POD = "pods"
_REVISION = "deployment.kubernetes.io/revision"


class Controllers:
    """All controllers over one store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._behaviours: list[tuple[str, Behaviour]] = []
        self._ages: dict[str, int] = {}
        self._restarts: dict[str, int] = {}
        self._ended: dict[str, int] = {}
        self.runs: dict[str, int] = {}
        """How often pods of a Job of this `namespace/name` came to their end."""
        self.is_paused = False
        self._swept = 0

    def behave(self, workload: str, behaviour: Behaviour) -> None:
        """Let pods of the workloads whose name matches the glob behave so; the last word counts."""
        self._behaviours.insert(0, (workload, behaviour))

    def behaviour_of(self, workload: str) -> Behaviour:
        """Return how its pods behave."""
        for glob, behaviour in self._behaviours:
            if fnmatch.fnmatch(workload, glob):
                return behaviour
        return Behaviour()

    def tick(self) -> None:
        """Let every controller take one step."""
        if self.is_paused:
            return
        for step in (
            self._definitions,
            self._namespaces,
            self._claims,
            self._deployments,
            self._replica_sets,
            self._stateful_sets,
            self._daemon_sets,
            self._jobs,
            self._pods,
            self._endpoints,
            self._garbage,
        ):
            step()

    # Small controllers.

    def _definitions(self) -> None:
        for item in self._store.of(DEFINITION.group, DEFINITION.plural):
            conditions = [_condition("NamesAccepted", "True"), _condition("Established", "True")]
            self._store.status(_key(item, DEFINITION.plural, DEFINITION.group), {
                "conditions": conditions,
                "acceptedNames": item["spec"]["names"],
            })  # fmt: skip

    def _namespaces(self) -> None:
        for item in self._store.of("", NAMESPACE.plural):
            name = item["metadata"]["name"]
            if "deletionTimestamp" not in item["metadata"]:
                self._ensure("", "serviceaccounts", "ServiceAccount", "v1", name, "default", None)
                continue
            inside = [key for key, _ in self._store.everything() if key.namespace == name]
            for key in inside:
                self._let_go(key)
            if not inside and not item["metadata"].get("finalizers"):
                self._store.remove(_key(item, NAMESPACE.plural))

    def _let_go(self, key: Key) -> None:
        item = self._store.get(key)
        if item is None:
            return
        if item["metadata"].get("finalizers"):
            if "deletionTimestamp" not in item["metadata"]:
                held = copied(item)
                held["metadata"]["deletionTimestamp"] = self._store.now()
                self._store._put(key, held, item)
        else:
            self._store.remove(key)

    def _claims(self) -> None:
        mounted = {
            (pod["metadata"]["namespace"], volume["persistentVolumeClaim"]["claimName"])
            for pod in self._store.of("", POD)
            for volume in pod["spec"].get("volumes") or ()
            if "persistentVolumeClaim" in volume
        }
        for item in self._store.of("", "persistentvolumeclaims"):
            key = _key(item, "persistentvolumeclaims")
            if "deletionTimestamp" in item["metadata"]:
                if (key.namespace, key.name) not in mounted:
                    self._store.finish(key, "kubernetes.io/pvc-protection")
            elif self.behaviour_of(key.name).outcome is Outcome.NEVER_READY:
                self._store.status(key, {"phase": "Pending"})
            else:
                self._store.status(key, {"phase": "Bound"})

    def _endpoints(self) -> None:
        pods = self._store.of("", POD)
        for service in self._store.of("", "services"):
            selector = service["spec"].get("selector")
            if not selector:
                continue
            namespace, name = service["metadata"]["namespace"], service["metadata"]["name"]
            chosen = [
                pod
                for pod in pods
                if pod["metadata"]["namespace"] == namespace
                and selector.items() <= (pod["metadata"].get("labels") or {}).items()
            ]
            content = {
                "addressType": "IPv4",
                "endpoints": [
                    {
                        "addresses": [pod["status"]["podIP"]],
                        "conditions": {"ready": _is_ready(pod)},
                        "targetRef": {"kind": "Pod", "name": pod["metadata"]["name"]},
                    }
                    for pod in chosen
                    if (pod.get("status") or {}).get("podIP")
                ],
                "ports": [
                    {"name": one.get("name", ""), "port": one["port"], "protocol": one["protocol"]}
                    for one in service["spec"].get("ports") or ()
                ],
            }
            self._ensure(
                "discovery.k8s.io",
                "endpointslices",
                "EndpointSlice",
                "discovery.k8s.io/v1",
                namespace,
                f"{name}-slice",
                _owner(service, "v1", "Service"),
                content=content,
                labels={"kubernetes.io/service-name": name},
            )

    def _garbage(self) -> None:
        if self._swept == self._store.removals and not self._store.has_foreground:
            return
        self._swept = self._store.removals
        self._store.has_foreground = False
        alive = {item["metadata"]["uid"] for _, item in self._store.everything()}
        for key, item in list(self._store.everything()):
            owners = item["metadata"].get("ownerReferences") or ()
            if owners and not any(one["uid"] in alive for one in owners):
                self._let_go(key)
        for key, item in list(self._store.everything()):
            if FOREGROUND in (item["metadata"].get("finalizers") or ()):
                self._store.has_foreground = True
                uid = item["metadata"]["uid"]
                owned = [
                    inner
                    for inner, one in self._store.everything()
                    if any(
                        owner["uid"] == uid
                        for owner in one["metadata"].get("ownerReferences") or ()
                    )
                ]
                for inner in owned:
                    self._let_go(inner)
                if not owned:
                    self._store.finish(key, FOREGROUND)

    # Workloads.

    def _deployments(self) -> None:
        for item in self._store.of("apps", "deployments"):
            if "deletionTimestamp" in item["metadata"] or item["spec"].get("paused"):
                continue
            self._deployment(item)

    def _deployment(self, item: Manifest) -> None:
        namespace, name = item["metadata"]["namespace"], item["metadata"]["name"]
        spec, wanted = item["spec"], item["spec"].get("replicas", 1)
        digest = template_hash(spec["template"])
        current = f"{name}-{digest}"
        sets = [one for one in self._store.of("apps", "replicasets", namespace) if _owns(item, one)]
        known = {one["metadata"]["name"]: one for one in sets}
        if current not in known:
            revision = 1 + max(
                (int(one["metadata"]["annotations"].get(_REVISION, 0)) for one in sets), default=0
            )
            template = copied(spec["template"])
            labels = {**template.get("metadata", {}).get("labels", {}), "pod-template-hash": digest}
            template.setdefault("metadata", {})["labels"] = labels
            self._ensure(
                "apps", "replicasets", "ReplicaSet", "apps/v1", namespace, current,
                _owner(item, "apps/v1", "Deployment"),
                content={
                    "spec": {
                        "replicas": wanted,
                        "selector": {"matchLabels": labels},
                        "template": template,
                    }
                },
                labels=labels,
                annotations={_REVISION: str(revision)},
            )  # fmt: skip
        fresh = self._store.get(Key("apps", "replicasets", namespace, current))
        assert fresh is not None
        if fresh["spec"]["replicas"] != wanted:
            self._scale(fresh, wanted)
        ready = (fresh.get("status") or {}).get("readyReplicas", 0)
        old = [one for one in sets if one["metadata"]["name"] != current]
        if ready >= wanted:
            for one in old:
                if one["spec"]["replicas"]:
                    self._scale(one, 0)
        left = sum((one.get("status") or {}).get("replicas", 0) for one in old)
        pods = (fresh.get("status") or {}).get("replicas", 0)
        is_done = ready >= wanted and pods == wanted and not left
        status: Manifest = {
            "observedGeneration": item["metadata"]["generation"],
            "replicas": pods + left,
            "updatedReplicas": pods,
            "readyReplicas": ready + left,
            "availableReplicas": ready + left,
            "unavailableReplicas": max(0, wanted - ready),
            "conditions": [
                _condition("Available", "True" if ready >= wanted or left else "False"),
                _condition(
                    "Progressing",
                    "True",
                    "NewReplicaSetAvailable" if is_done else "ReplicaSetUpdated",
                ),
            ],
        }
        self._store.status(_key(item, "deployments", "apps"), _without_zeros(status))

    def _replica_sets(self) -> None:
        for item in self._store.of("apps", "replicasets"):
            if "deletionTimestamp" in item["metadata"]:
                continue
            pods = self._pods_of(item)
            wanted = item["spec"].get("replicas", 1)
            for number in range(len(pods), wanted):
                self._pod(item, "apps/v1", "ReplicaSet", f"{item['metadata']['name']}-{number}")
            for pod in pods[wanted:]:
                self._store.remove(_key(pod, POD))
            pods = self._pods_of(item)
            ready = sum(map(_is_ready, pods))
            self._store.status(
                _key(item, "replicasets", "apps"),
                _without_zeros(
                    {
                        "observedGeneration": item["metadata"]["generation"],
                        "replicas": len(pods),
                        "fullyLabeledReplicas": len(pods),
                        "readyReplicas": ready,
                        "availableReplicas": ready,
                    }
                ),
            )

    def _stateful_sets(self) -> None:
        for item in self._store.of("apps", "statefulsets"):
            if "deletionTimestamp" not in item["metadata"]:
                self._stateful_set(item)

    def _stateful_set(self, item: Manifest) -> None:
        namespace, name = item["metadata"]["namespace"], item["metadata"]["name"]
        wanted = item["spec"].get("replicas", 1)
        revision = f"{name}-{template_hash(item['spec']['template'])}"
        label = "controller-revision-hash"
        pods = {pod["metadata"]["name"]: pod for pod in self._pods_of(item)}
        in_order = item["spec"].get("podManagementPolicy", "OrderedReady") == "OrderedReady"
        self._volume_claims(item, wanted)
        for number in range(wanted):
            pod = pods.get(f"{name}-{number}")
            if pod is None:
                self._pod(item, "apps/v1", "StatefulSet", f"{name}-{number}", {label: revision})
                pod = self._store.get(Key("", POD, namespace, f"{name}-{number}"))
            if in_order and not (pod and _is_ready(pod)):
                break
        for pod_name, pod in pods.items():
            if int(pod_name.rpartition("-")[2]) >= wanted:
                self._store.remove(_key(pod, POD))
        if item["spec"].get("updateStrategy", {}).get("type") != "OnDelete":
            # The last one first, one at a time, and a broken one blocks all before it.
            for pod in reversed(self._pods_of(item)):
                if pod["metadata"]["labels"].get(label) != revision:
                    if all(map(_is_ready, self._pods_of(item))):
                        self._store.remove(_key(pod, POD))
                    break
                if not _is_ready(pod):
                    break
        found = self._pods_of(item)
        updated = [pod for pod in found if pod["metadata"]["labels"].get(label) == revision]
        ready = sum(map(_is_ready, found))
        is_done = len(updated) == wanted == ready
        before = (item.get("status") or {}).get("currentRevision", revision)
        status = {
            "observedGeneration": item["metadata"]["generation"],
            "replicas": len(found),
            "readyReplicas": ready,
            "availableReplicas": ready,
            "currentReplicas": len(updated) if is_done else len(found) - len(updated),
            "updatedReplicas": len(updated),
            "currentRevision": revision if is_done else before,
            "updateRevision": revision,
        }
        self._store.status(_key(item, "statefulsets", "apps"), _without_zeros(status))

    def _volume_claims(self, item: Manifest, wanted: int) -> None:
        for template in item["spec"].get("volumeClaimTemplates") or ():
            for number in range(wanted):
                self._ensure(
                    "", "persistentvolumeclaims", "PersistentVolumeClaim", "v1",
                    item["metadata"]["namespace"],
                    f"{template['metadata']['name']}-{item['metadata']['name']}-{number}",
                    None,
                    content={"spec": template["spec"]},
                    labels=(template["metadata"].get("labels") or {}),
                )  # fmt: skip

    def _daemon_sets(self) -> None:
        for item in self._store.of("apps", "daemonsets"):
            if "deletionTimestamp" in item["metadata"]:
                continue
            name = item["metadata"]["name"]
            digest = template_hash(item["spec"]["template"])
            pods = self._pods_of(item)
            for pod in pods:
                if pod["metadata"]["labels"].get("controller-revision-hash") != digest:
                    self._store.remove(_key(pod, POD))
            if not self._pods_of(item):
                labels = {"controller-revision-hash": digest}
                self._pod(item, "apps/v1", "DaemonSet", f"{name}-node", labels)
            ready = sum(map(_is_ready, self._pods_of(item)))
            self._store.status(
                _key(item, "daemonsets", "apps"),
                {
                    "observedGeneration": item["metadata"]["generation"],
                    "desiredNumberScheduled": 1,
                    "currentNumberScheduled": 1,
                    "updatedNumberScheduled": 1,
                    "numberReady": ready,
                    "numberAvailable": ready,
                    "numberMisscheduled": 0,
                },
            )

    def _jobs(self) -> None:
        for item in self._store.of("batch", "jobs"):
            if "deletionTimestamp" in item["metadata"] or item["spec"].get("suspend"):
                continue
            key = _key(item, "jobs", "batch")
            status = item.get("status") or {}
            if any(one["type"] in ("Complete", "Failed") for one in status.get("conditions") or ()):
                self._outlived(item, key)
                continue
            pods = self._pods_of(item)
            failed = [one for one in pods if (one.get("status") or {}).get("phase") == "Failed"]
            done = [one for one in pods if (one.get("status") or {}).get("phase") == "Succeeded"]
            conditions: list[Manifest] = []
            if done:
                conditions = [
                    _condition("SuccessCriteriaMet", "True"),
                    _condition("Complete", "True"),
                ]
            elif len(failed) > item["spec"].get("backoffLimit", 6):
                reason = "BackoffLimitExceeded"
                conditions = [
                    _condition(one, "True", reason) for one in ("FailureTarget", "Failed")
                ]
            elif len(failed) == len(pods):
                self._pod(item, "batch/v1", "Job", f"{key.name}-{len(pods)}")
            active = len(self._pods_of(item)) - len(failed) - len(done)
            self._store.status(
                key,
                _without_zeros(
                    {
                        "startTime": status.get("startTime") or self._store.now(),
                        "active": active,
                        "succeeded": len(done),
                        "failed": len(failed),
                        "conditions": conditions,
                        **({"completionTime": self._store.now()} if done else {}),
                    }
                ),
            )

    def _outlived(self, item: Manifest, key: Key) -> None:
        lifetime = item["spec"].get("ttlSecondsAfterFinished")
        if lifetime is None:
            return
        uid = item["metadata"]["uid"]
        self._ended[uid] = self._ended.get(uid, 0) + 1
        if self._ended[uid] > lifetime:  # a tick counts as a second
            self._store.remove(key)

    # Pods.

    def _pods(self) -> None:
        for pod in self._store.of("", POD):
            if pod.get("status", {}).get("phase") in ("Succeeded", "Failed"):
                continue
            owners = pod["metadata"].get("ownerReferences") or ()
            workload, generation, is_task = self._workload_of(pod, owners)
            behaviour = self.behaviour_of(workload)
            if behaviour.until_generation is not None and generation >= behaviour.until_generation:
                behaviour = Behaviour(ready_after=behaviour.ready_after)
            uid = pod["metadata"]["uid"]
            age = self._ages[uid] = self._ages.get(uid, -1) + 1
            is_due = age >= behaviour.ready_after
            status = self._pod_status(pod, behaviour, is_due=is_due, is_task=is_task)
            if status["phase"] in ("Succeeded", "Failed"):
                run = f"{pod['metadata']['namespace']}/{workload}"
                self.runs[run] = self.runs.get(run, 0) + 1
            self._store.status(_key(pod, POD), status)

    def _workload_of(self, pod: Manifest, owners: Any) -> tuple[str, int, bool]:
        """Return the name of what the user made, its generation, and whether it is a Job."""
        namespace = pod["metadata"]["namespace"]
        for owner in owners:
            if owner["kind"] == "ReplicaSet":
                item = self._store.get(Key("apps", "replicasets", namespace, owner["name"]))
                above = (item or {}).get("metadata", {}).get("ownerReferences") or ()
                if above:
                    return self._workload_of({"metadata": pod["metadata"]}, above)
            group, plural = _PLACES.get(owner["kind"], ("apps", ""))
            item = self._store.get(Key(group, plural, namespace, owner["name"]))
            generation = (item or {}).get("metadata", {}).get("generation", 1)
            return owner["name"], generation, owner["kind"] == "Job"
        return pod["metadata"]["name"], 1, pod.get("spec", {}).get("restartPolicy") == "Never"

    def _pod_status(
        self, pod: Manifest, behaviour: Behaviour, *, is_due: bool, is_task: bool
    ) -> Manifest:
        outcome = behaviour.outcome if is_due else None
        uid = pod["metadata"]["uid"]
        status: Manifest = {"phase": "Pending", "conditions": [], "startTime": self._store.now()}
        before = pod.get("status") or {}
        status["startTime"] = before.get("startTime") or status["startTime"]
        if behaviour.outcome is Outcome.UNSCHEDULABLE:
            told = _condition("PodScheduled", "False", "Unschedulable")
            told["message"] = "0/1 nodes are available: 1 Insufficient memory."
            return {"phase": "Pending", "conditions": [told]}
        status["podIP"] = (
            before.get("podIP") or f"10.0.{len(self._ages) // 250}.{len(self._ages) % 250}"
        )
        restarts = self._restarts.get(uid, 0)
        state: Manifest = {"waiting": {"reason": "ContainerCreating"}}
        last: Manifest = {}
        is_ready = False
        if outcome is Outcome.READY and is_task:
            status["phase"] = "Succeeded"
            state = {"terminated": {"exitCode": 0, "reason": "Completed"}}
        elif outcome is Outcome.READY:
            status["phase"], is_ready = "Running", True
            state = {"running": {"startedAt": status["startTime"]}}
        elif outcome is Outcome.FAILS and is_task:
            status["phase"] = "Failed"
            state = {"terminated": {"exitCode": 1, "reason": "Error"}}
        elif outcome in (Outcome.CRASHES, Outcome.OUT_OF_MEMORY, Outcome.FAILS):
            restarts = self._restarts[uid] = restarts + 1
            code, reason = (137, "OOMKilled") if outcome is Outcome.OUT_OF_MEMORY else (1, "Error")
            status["phase"] = "Running"
            state = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off restarting"}}
            last = {"terminated": {"exitCode": code, "reason": reason}}
        elif outcome in (Outcome.NO_IMAGE, Outcome.BAD_IMAGE_NAME, Outcome.BAD_CONFIGURATION):
            assert outcome is not None
            state = {
                "waiting": {"reason": outcome.value, "message": f"the script: {outcome.value}"}
            }
        elif not is_task and outcome is Outcome.NEVER_READY:
            status["phase"] = "Running"
            state = {"running": {"startedAt": status["startTime"]}}
        status["containerStatuses"] = [
            {
                "name": one["name"],
                "image": one.get("image", ""),
                "ready": is_ready,
                "restartCount": restarts,
                "state": state,
                "lastState": last,
            }
            for one in pod["spec"]["containers"]
        ]
        word = "True" if is_ready else "False"
        status["conditions"] = [
            _condition("PodScheduled", "True"),
            _condition("Initialized", "True"),
            _condition("ContainersReady", word),
            _condition("Ready", word),
        ]
        return status

    def _pod(
        self,
        owner: Manifest,
        api_version: str,
        kind: str,
        name: str,
        labels: dict[str, str] | None = None,
    ) -> None:
        template = owner["spec"]["template"]
        metadata = template.get("metadata") or {}
        namespace = owner["metadata"]["namespace"]
        taken = {one["metadata"]["name"] for one in self._store.of("", POD, namespace)}
        number = 0
        free = name
        while free in taken and kind != "StatefulSet":
            number += 1
            free = f"{name}-{number}"
        self._ensure(
            "", POD, "Pod", "v1", namespace, free,
            _owner(owner, api_version, kind),
            content={"spec": copied(template["spec"])},
            labels={**(metadata.get("labels") or {}), **(labels or {})},
            annotations=metadata.get("annotations"),
        )  # fmt: skip

    def _pods_of(self, owner: Manifest) -> list[Manifest]:
        namespace = owner["metadata"]["namespace"]
        return [one for one in self._store.of("", POD, namespace) if _owns(owner, one)]

    def _scale(self, item: Manifest, replicas: int) -> None:
        changed = copied(item)
        changed["spec"]["replicas"] = replicas
        changed["metadata"]["generation"] += 1
        self._store._put(_key(item, "replicasets", "apps"), changed, item)

    def _ensure(
        self,
        group: str,
        plural: str,
        kind: str,
        api_version: str,
        namespace: str,
        name: str,
        owner: Manifest | None,
        *,
        content: Manifest | None = None,
        labels: dict[str, str] | None = None,
        annotations: dict[str, str] | None = None,
    ) -> None:
        """Make an object as a controller does, or bring its content up to date."""
        key = Key(group, plural, namespace, name)
        live = self._store.get(key)
        if live is not None:
            if (
                content
                and kind == "EndpointSlice"
                and any(live.get(k) != v for k, v in content.items())
            ):
                self._store._put(key, {**copied(live), **content}, live)
            return
        metadata: Manifest = {"name": name, "namespace": namespace}
        if labels:
            metadata["labels"] = labels
        if annotations:
            metadata["annotations"] = annotations
        if owner is not None:
            metadata["ownerReferences"] = [owner]
        item = {"apiVersion": api_version, "kind": kind, "metadata": metadata, **(content or {})}
        space = self._store.get(Key("", NAMESPACE.plural, "", namespace))
        if space is None or "deletionTimestamp" in space["metadata"]:
            return
        found = next(
            one for one in self._store.kinds() if (one.group, one.plural) == (group, plural)
        )
        self._store.create(found, key, item, "kube-controller-manager", dry_run=False)


_PLACES = {
    "Deployment": ("apps", "deployments"),
    "ReplicaSet": ("apps", "replicasets"),
    "StatefulSet": ("apps", "statefulsets"),
    "DaemonSet": ("apps", "daemonsets"),
    "Job": ("batch", "jobs"),
}


def _key(item: Manifest, plural: str, group: str = "") -> Key:
    return Key(group, plural, item["metadata"].get("namespace", ""), item["metadata"]["name"])


def _owner(item: Manifest, api_version: str, kind: str) -> Manifest:
    return {
        "apiVersion": api_version,
        "kind": kind,
        "name": item["metadata"]["name"],
        "uid": item["metadata"]["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def _owns(owner: Manifest, item: Manifest) -> bool:
    uid = owner["metadata"]["uid"]
    return any(one["uid"] == uid for one in item["metadata"].get("ownerReferences") or ())


def _is_ready(pod: Manifest) -> bool:
    conditions = (pod.get("status") or {}).get("conditions") or ()
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def _condition(kind: str, status: str, reason: str = "") -> Manifest:
    return {"type": kind, "status": status, **({"reason": reason} if reason else {})}


def _without_zeros(status: Manifest) -> Manifest:
    return {
        key: value
        for key, value in status.items()
        if value not in (0, []) or key in ("replicas", "observedGeneration")
    }
