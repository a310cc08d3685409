"""Objects hold what we mean, and every field is one that the API has."""

import json
import types
import typing
from pathlib import Path

import kubernetes_validate
import msgspec
import pytest

from mooring.errors import InputErrors
from mooring.kube import manifest
from mooring.kube.labels import ORIGIN
from mooring.kube.object_set import ObjectSet
from mooring.kube.objects import (
    configuration,
    containers,
    identity,
    meta,
    network,
    pods,
    policy,
    rbac,
    storage,
    volumes,
    workloads,
)
from mooring.kube.objects.meta import KubeObject, LabelSelector, ObjectMeta, Part
from mooring.refs import ObjectRef
from mooring.sensitive import MASK, Sensitive

KINDS = [
    identity.Namespace,
    identity.ServiceAccount,
    configuration.ConfigMap,
    storage.PersistentVolumeClaim,
    storage.PersistentVolume,
    network.Service,
    network.Ingress,
    network.NetworkPolicy,
    workloads.Deployment,
    workloads.StatefulSet,
    workloads.DaemonSet,
    workloads.Job,
    workloads.CronJob,
    policy.PodDisruptionBudget,
    policy.HorizontalPodAutoscaler,
    rbac.Role,
    rbac.RoleBinding,
]
SCHEMAS = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema" / "v1.36.0-local"
DEFINITIONS = json.loads((SCHEMAS / "_definitions.json").read_text(encoding="utf-8"))["$defs"]


def unknown_fields(part: type[Part], schema: dict[str, typing.Any], path: str) -> list[str]:
    """Return the paths of fields, here and below, that the API does not have."""
    while "$ref" in schema:
        schema = DEFINITIONS[schema["$ref"].rpartition("/")[2]]
    faults = []
    hints = typing.get_type_hints(part)
    for field in msgspec.structs.fields(part):
        here = f"{path}.{field.encode_name}"
        below = schema.get("properties", {}).get(field.encode_name)
        if below is None:
            faults.append(here)
            continue
        for inner in parts_of(hints[field.name]):
            faults += unknown_fields(inner, below.get("items", below), here)
    return faults


def parts_of(hint: typing.Any) -> list[type[Part]]:
    if isinstance(hint, type) and issubclass(hint, Part):
        return [hint]
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) in (tuple, dict):
        return [part for inner in typing.get_args(hint) for part in parts_of(inner)]
    return []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_every_field_is_one_of_the_api(kind: type[KubeObject]) -> None:
    group, _, version = kind.api_version.rpartition("/")
    name = "-".join(filter(None, (kind.kind.lower(), group.partition(".")[0], version)))
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    assert unknown_fields(kind, schema, kind.kind) == []


def test_the_field_check_sees_a_wrong_name() -> None:
    class Wrong(Part, frozen=True, kw_only=True):
        cluster_ip: str

    schema = DEFINITIONS["io.k8s.api.core.v1.ServiceSpec"]
    assert unknown_fields(Wrong, schema, "spec") == ["spec.clusterIp"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_no_field_has_a_default_that_would_be_left_out(kind: type[KubeObject]) -> None:
    assert defaults_with_meaning(kind) == []


def defaults_with_meaning(part: type[Part]) -> list[str]:
    """Return the fields, here and below, whose default is more than "absent"."""
    hints = typing.get_type_hints(part)
    faults = []
    for field in msgspec.structs.fields(part):
        given = field.default if field.default is not msgspec.NODEFAULT else None
        if given not in (None, ()) or field.default_factory not in (msgspec.NODEFAULT, dict):
            faults.append(f"{part.__name__}.{field.name}")
        faults += [
            fault for inner in parts_of(hints[field.name]) for fault in defaults_with_meaning(inner)
        ]
    return faults


META = ObjectMeta(name="web")
POD = pods.PodSpec(containers=(containers.Container(name="web", image="nginx"),))


@pytest.mark.parametrize(
    ("part", "written"),
    [
        pytest.param(
            workloads.DeploymentSpec(
                replicas=0, selector=LabelSelector(), template=pods.PodTemplate(spec=POD)
            ),
            {
                "replicas": 0,
                "selector": {},
                "template": {"spec": {"containers": [{"name": "web", "image": "nginx"}]}},
            },
            id="zero-replicas-and-an-empty-selector-are-written",
        ),
        pytest.param(
            network.NetworkPolicySpec(
                pod_selector=LabelSelector(),
                policy_types=("Ingress",),
                ingress=(network.NetworkPolicyIngressRule(),),
            ),
            {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{}]},
            id="an-empty-rule-is-written",
        ),
        pytest.param(
            network.NetworkPolicyIngressRule(
                from_=(network.NetworkPolicyPeer(namespace_selector=LabelSelector()),)
            ),
            {"from": [{"namespaceSelector": {}}]},
            id="an-empty-namespace-selector-is-written",
        ),
        pytest.param(
            volumes.Volume(name="tmp", empty_dir=volumes.EmptyDirVolume()),
            {"name": "tmp", "emptyDir": {}},
            id="an-empty-volume-is-written",
        ),
        pytest.param(
            volumes.VolumeMount(name="a", mount_path="/a", read_only=False),
            {"name": "a", "mountPath": "/a", "readOnly": False},
            id="false-is-written",
        ),
        pytest.param(
            containers.EnvVar(name="A", value=""),
            {"name": "A", "value": ""},
            id="an-empty-value-is-written",
        ),
        pytest.param(
            storage.PersistentVolumeClaimSpec(
                access_modes=("ReadWriteOnce",),
                storage_class_name="",
                resources=storage.VolumeResources(requests={"storage": "1Gi"}),
            ),
            {
                "accessModes": ["ReadWriteOnce"],
                "storageClassName": "",
                "resources": {"requests": {"storage": "1Gi"}},
            },
            id="no-storage-class-is-not-the-default-class",
        ),
        pytest.param(
            network.ServiceSpec(cluster_ip="None", external_ips=("10.0.0.1",)),
            {"clusterIP": "None", "externalIPs": ["10.0.0.1"]},
            id="abbreviations-keep-their-capitals",
        ),
    ],
)
def test_what_is_meant_is_written(part: Part, written: dict[str, object]) -> None:
    assert manifest.fields(part) == written


def test_a_manifest_begins_with_its_identity() -> None:
    service = network.Service(metadata=META, spec=network.ServiceSpec())
    assert list(manifest.manifest(service)) == ["apiVersion", "kind", "metadata", "spec"]


SECRET = configuration.Secret(
    metadata=META, values={"TEXT": Sensitive("hunter2"), "BYTES": Sensitive(b"\xff\x00hunter2")}
)


def test_no_form_of_a_secret_shows_its_values_unasked() -> None:
    shown = [repr(SECRET), str(SECRET), f"{SECRET}", str(manifest.manifest(SECRET))]
    assert not [text for text in shown if "hunter2" in text]
    assert manifest.manifest(SECRET)["stringData"] == {"TEXT": MASK, "BYTES": MASK}


def test_a_revealed_secret_has_texts_in_clear_and_bytes_in_base64() -> None:
    assert manifest.revealed(SECRET) == {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "web"},
        "stringData": {"TEXT": "hunter2"},
        "data": {"BYTES": "/wBodW50ZXIy"},
    }


def test_a_config_map_keeps_bytes_that_are_no_text_apart() -> None:
    made = configuration.config_map(META, {"a": "text", "b": b"text", "c": b"\xff\xfe"})
    assert manifest.manifest(made) == {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "web"},
        "data": {"a": "text", "b": "text"},
        "binaryData": {"c": "//4="},
    }


def named(name: str, origin: str) -> network.Service:
    return network.Service(
        metadata=ObjectMeta(name=name, annotations={ORIGIN: origin}), spec=network.ServiceSpec()
    )


def test_a_set_refuses_duplicates_and_names_both_origins() -> None:
    with pytest.raises(InputErrors) as caught:
        ObjectSet(
            [
                named("a", "c.yaml:1"),
                named("b", "c.yaml:2"),
                named("a", "c.yaml:3"),
                named("b", "x"),
            ]
        )
    assert [error.message for error in caught.value.errors] == [
        "Service/a is made twice: from c.yaml:1 and from c.yaml:3",
        "Service/b is made twice: from c.yaml:2 and from x",
    ]


def test_a_set_is_ordered_and_indexed() -> None:
    web, db = named("web", "c.yaml:1"), named("db", "c.yaml:2")
    account = identity.ServiceAccount(metadata=META)
    objects = ObjectSet([web, account, db])
    assert list(objects) == [web, account, db]
    assert objects.of(network.Service) == (web, db)
    assert objects.of(workloads.Job) == ()
    assert objects.named(network.Service, "db") is db
    assert objects.named(network.Service, "db", "other") is None
    assert objects.get(ObjectRef("v1", "ServiceAccount", "web")) is account
    assert web.ref in objects
    assert len(objects) == 3
    assert objects == ObjectSet([web, account, db])
    assert objects != ObjectSet([web, db, account])


def test_adding_leaves_the_first_set_alone() -> None:
    one = ObjectSet([named("a", "c.yaml:1")])
    two = one.with_objects([named("b", "c.yaml:2")])
    assert [len(one), len(two)] == [1, 2]
    with pytest.raises(InputErrors):
        two.with_objects([named("a", "c.yaml:9")])


def test_one_name_in_two_namespaces_is_two_objects() -> None:
    here = identity.ServiceAccount(metadata=ObjectMeta(name="a", namespace="x"))
    there = identity.ServiceAccount(metadata=ObjectMeta(name="a", namespace="y"))
    assert len(ObjectSet([here, there])) == 2


def test_objects_cannot_change() -> None:
    with pytest.raises(AttributeError):
        META.name = "other"  # type: ignore[misc]
    assert meta.KubeObject.namespaced
    assert not identity.Namespace.namespaced
