"""What was declared, of what a cluster holds; and what of it the cluster put there."""

import json
from typing import Any

import pytest

from mooring.facts import declared, defaults
from mooring.facts.said import LAST_APPLIED

Manifest = dict[str, Any]


def live(kind: str = "ConfigMap", name: str = "a", **fields: Any) -> Manifest:
    """Return an object as an API server gives it."""
    metadata = {
        "name": name,
        "namespace": "shop",
        "uid": f"uid-of-{name}",
        "resourceVersion": "7",
        "creationTimestamp": "2026-01-01T00:00:00Z",
        "generation": 1,
        **fields.pop("metadata", {}),
    }
    return {"apiVersion": fields.pop("api", "v1"), "kind": kind, "metadata": metadata, **fields}


def owned(kind: str, name: str, by: str, **fields: Any) -> Manifest:
    """Return an object that the controller of another one made."""
    owner = {"kind": "X", "name": by, "uid": f"uid-of-{by}", "controller": True}
    metadata = {"ownerReferences": [owner], **fields.pop("metadata", {})}
    return live(kind, name, metadata=metadata, **fields)


def names(*items: Manifest) -> list[str]:
    """Return the names of what counts among ``items``."""
    return [one["metadata"]["name"] for one in declared.declared(items).manifests]


@pytest.mark.parametrize(
    ("items", "kept"),
    [
        pytest.param(
            [
                live("Deployment", "web", api="apps/v1"),
                owned("ReplicaSet", "web-1", "web", api="apps/v1"),
                owned("Pod", "web-1-x", "web-1"),
            ],
            ["web"],
            id="what-controllers-made-is-left-out",
        ),
        pytest.param(
            [owned("Pod", "a-1", "a"), owned("Pod", "a-2", "a"), owned("Pod", "b-1", "b")],
            ["a-1", "b-1"],
            id="one-pod-stands-for-all-of-a-maker-that-is-not-there",
        ),
        pytest.param([live("Pod", "bare")], ["bare"], id="a-pod-that-nobody-made-counts"),
        pytest.param(
            [live("Event"), live("Lease", api="coordination.k8s.io/v1")],
            [],
            id="kinds-that-only-controllers-write",
        ),
        pytest.param(
            [live("ConfigMap", "kube-root-ca.crt"), live("Secret", type="helm.sh/release.v1")],
            [],
            id="state-of-the-cluster-and-of-tools",
        ),
        pytest.param(
            [live(metadata={"deletionTimestamp": "2026-01-01T00:00:00Z"})],
            [],
            id="what-is-being-deleted",
        ),
        pytest.param(
            [
                live("Endpoints", "own"),
                live(
                    "Endpoints",
                    "made",
                    metadata={"managedFields": [{"manager": "kube-controller-manager"}]},
                ),
            ],
            ["own"],
            id="endpoints-that-somebody-wrote-count",
        ),
        pytest.param(
            [{"kind": "Event", "apiVersion": "v1", "metadata": {"name": "written"}}],
            ["written"],
            id="what-no-server-has-seen-stays",
        ),
    ],
)
def test_what_counts(items: list[Manifest], kept: list[str]) -> None:
    assert names(*items) == kept


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(live("Namespace", "kube-system"), id="a-namespace-of-the-system"),
        pytest.param(
            live("Deployment", "coredns", api="apps/v1", metadata={"namespace": "kube-system"}),
            id="what-is-in-one",
        ),
        pytest.param(
            live(
                "ClusterRole",
                "view",
                api="rbac.authorization.k8s.io/v1",
                metadata={"labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}},
            ),
            id="a-role-that-comes-with-the-server",
        ),
        pytest.param(live("StorageClass", api="storage.k8s.io/v1"), id="a-storage-class"),
    ],
)
def test_what_belongs_to_the_system_is_there_and_not_judged(item: Manifest) -> None:
    found = declared.declared([item, live()])
    assert len(found.manifests) == 2
    assert [one.name for one in found.background] == [item["metadata"]["name"]]


def test_counts_say_what_was_left_out() -> None:
    going = live(metadata={"deletionTimestamp": "2026-01-01T00:00:00Z"})
    found = declared.declared([live("Job", "a"), owned("Pod", "p", "a"), going])
    assert (found.made, found.going) == (1, 1)


def spec_of(kind: str, spec: Manifest, **fields: Any) -> Manifest:
    """Return what is left of the spec of a live object."""
    item = live(kind, spec=spec, **fields)
    left: Manifest = defaults.without_defaults(item).get("spec", {})
    return left


def test_metadata_of_the_cluster_is_taken_out() -> None:
    item = live(
        metadata={
            "labels": {"app": "web", "kubernetes.io/metadata.name": "a"},
            "annotations": {LAST_APPLIED: "{}", "team": "blue"},
            "finalizers": ["kubernetes.io/pvc-protection"],
            "managedFields": [],
        },
        status={"phase": "Active"},
        data={"key": "value"},
    )
    assert defaults.without_defaults(item) == {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": "a",
            "namespace": "shop",
            "labels": {"app": "web"},
            "annotations": {"team": "blue"},
        },
        "data": {"key": "value"},
    }


APPLIED = {"manager": "mooring", "operation": "Apply"}


@pytest.mark.parametrize(
    ("kind", "spec", "metadata", "left"),
    [
        pytest.param(
            "Service",
            {"type": "ClusterIP", "clusterIP": "10.96.0.9", "clusterIPs": ["10.96.0.9"]},
            {},
            {},
            id="an-address-of-a-service",
        ),
        pytest.param(
            "Service", {"clusterIP": "None"}, {}, {"clusterIP": "None"}, id="not-that-it-has-none"
        ),
        pytest.param(
            "Service",
            {"type": "NodePort", "ports": [{"port": 80, "targetPort": 80, "nodePort": 31234}]},
            {"managedFields": [{**APPLIED, "fieldsV1": {"f:spec": {"f:type": {}}}}]},
            {"type": "NodePort", "ports": [{"port": 80}]},
            id="a-node-port-that-nobody-said",
        ),
        pytest.param(
            "Service",
            {"type": "NodePort", "ports": [{"port": 80, "nodePort": 31234}]},
            {"annotations": {LAST_APPLIED: json.dumps({"spec": {"ports": [{"nodePort": 1}]}})}},
            {"type": "NodePort", "ports": [{"port": 80, "nodePort": 31234}]},
            id="not-one-that-somebody-said",
        ),
        pytest.param("Deployment", {"replicas": 1}, {}, {}, id="one-replica-is-the-default"),
        pytest.param(
            "Deployment", {"replicas": 3}, {}, {"replicas": 3}, id="others-are-somebodys-choice"
        ),
        pytest.param(
            "Deployment",
            {"replicas": 3},
            {"managedFields": [{**APPLIED, "fieldsV1": {"f:spec": {"f:template": {}}}}]},
            {},
            id="unless-an-autoscaler-set-them",
        ),
        pytest.param(
            "PersistentVolumeClaim",
            {"volumeName": "pv-1", "volumeMode": "Filesystem"},
            {"annotations": {"pv.kubernetes.io/bound-by-controller": "yes"}},
            {},
            id="a-volume-that-a-controller-found",
        ),
        pytest.param(
            "PersistentVolumeClaim",
            {"volumeName": "pv-1"},
            {},
            {"volumeName": "pv-1"},
            id="not-one-that-somebody-named",
        ),
    ],
)
def test_what_the_cluster_chose_is_taken_out(
    kind: str, spec: Manifest, metadata: Manifest, left: Manifest
) -> None:
    api = "apps/v1" if kind == "Deployment" else "v1"
    assert spec_of(kind, spec, metadata=metadata, api=api) == left


def test_a_pod_is_left_as_it_was_written() -> None:
    mount = {"name": "kube-api-access-x", "mountPath": "/var/run/secrets"}
    spec = {
        "containers": [
            {
                "name": "web",
                "image": "example.com/web:1",
                "imagePullPolicy": "IfNotPresent",
                "ports": [{"containerPort": 80, "protocol": "TCP"}],
                "readinessProbe": {
                    "httpGet": {"path": "/up", "port": 80, "scheme": "HTTP"},
                    "periodSeconds": 10,
                    "timeoutSeconds": 2,
                },
                "resources": {},
                "terminationMessagePolicy": "File",
                "volumeMounts": [{"name": "conf", "mountPath": "/etc/app"}, mount],
            }
        ],
        "nodeName": "node-1",
        "restartPolicy": "Always",
        "serviceAccount": "web",
        "serviceAccountName": "web",
        "terminationGracePeriodSeconds": 30,
        "tolerations": [
            {"key": "node.kubernetes.io/not-ready", "tolerationSeconds": 300},
            {"key": "gpu", "operator": "Exists"},
        ],
        "volumes": [
            {"name": "conf", "configMap": {"name": "conf", "defaultMode": 420}},
            {"name": "kube-api-access-x", "projected": {}},
        ],
    }
    assert spec_of("Pod", spec) == {
        "containers": [
            {
                "name": "web",
                "image": "example.com/web:1",
                "ports": [{"containerPort": 80}],
                "readinessProbe": {"httpGet": {"path": "/up", "port": 80}, "timeoutSeconds": 2},
                "volumeMounts": [{"name": "conf", "mountPath": "/etc/app"}],
            }
        ],
        "serviceAccountName": "web",
        "tolerations": [{"key": "gpu", "operator": "Exists"}],
        "volumes": [{"name": "conf", "configMap": {"name": "conf"}}],
    }


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"metadata": {"uid": "u", "labels": [], "ownerReferences": "x"}}, id="lists"),
        pytest.param(
            {"metadata": {"uid": "u"}, "spec": {"template": 5, "ports": {}}}, id="numbers"
        ),
        pytest.param({"metadata": {"uid": "u", "annotations": {LAST_APPLIED: "{"}}}, id="no-json"),
    ],
)
@pytest.mark.parametrize("kind", ["Service", "Pod", "Job", "CronJob", "StatefulSet", "Secret"])
def test_whatever_stands_there_is_read(kind: str, broken: Manifest) -> None:
    api = {"Job": "batch/v1", "CronJob": "batch/v1", "StatefulSet": "apps/v1"}.get(kind, "v1")
    assert len(declared.declared([{"apiVersion": api, "kind": kind, **broken}]).manifests) == 1
