"""Objects of anybody are kept whole and found by what the API server tells them apart by."""

from typing import Any

import pytest
from tests.semantics import manifests

from mooring.kube.object_set import ObjectSet
from mooring.kube.objects.configuration import ConfigMap, Secret
from mooring.kube.objects.meta import ObjectMeta
from mooring.refs import ObjectRef
from mooring.semantics import kinds, views
from mooring.semantics.objects import ManifestSet
from mooring.semantics.pods import Role
from mooring.sensitive import Sensitive


@pytest.mark.parametrize(
    ("manifest", "namespace"),
    [
        pytest.param(manifests.pod(), "shop", id="without-a-namespace-it-goes-to-the-default"),
        pytest.param(manifests.pod(namespace="own"), "own", id="a-namespace-of-its-own-stays"),
        pytest.param(
            manifests.thing("ClusterRole", "r", "rbac.authorization.k8s.io/v1", namespace="x"),
            None,
            id="cluster-wide-kinds-are-in-none",
        ),
        pytest.param(
            manifests.thing("Widget", "w", "example.com/v1"), "shop", id="unknown-kinds-are-in-one"
        ),
        pytest.param(
            manifests.thing("Gadget", "g", "example.com/v1"),
            None,
            id="unless-their-definition-says-otherwise",
        ),
    ],
)
def test_namespace(manifest: dict[str, Any], namespace: str | None) -> None:
    definition = manifests.thing(
        "CustomResourceDefinition",
        "gadgets.example.com",
        "apiextensions.k8s.io/v1",
        spec={"group": "example.com", "scope": "Cluster", "names": {"kind": "Gadget"}},
    )
    found = [*ManifestSet([definition, manifest], namespace="shop")]
    assert found[1].ref.namespace == namespace
    assert found[1].manifest is manifest


def test_an_object_is_found_whatever_its_version() -> None:
    objects = ManifestSet([manifests.thing("Ingress", "i", "extensions/v1beta1")], namespace="a")
    assert objects.find(kinds.INGRESS, "i", "a") is not None
    assert ObjectRef("networking.k8s.io/v1", "Ingress", "i", "a") in objects
    assert ObjectRef("networking.k8s.io/v1", "Ingress", "i", "b") not in objects


def test_lists_stand_for_their_items() -> None:
    inner = {"apiVersion": "v1", "kind": "List", "items": [manifests.pod("a"), 7]}
    typed = {"apiVersion": "v1", "kind": "PodList", "items": [{"metadata": {"name": "b"}}]}
    outer = {"apiVersion": "v1", "kind": "List", "items": [inner, manifests.pod("c")]}
    assert [str(item.ref) for item in ManifestSet([outer, typed])] == ["Pod/a", "Pod/c", "Pod/b"]


def test_what_is_no_object_strays_and_hides_nothing() -> None:
    stray = {"kind": "Pod", "metadata": {"generateName": "x-"}}
    objects = ManifestSet([stray, {}, {"metadata": 3}, manifests.pod()])
    assert objects.strays == (stray, {}, {"metadata": 3})
    assert len(objects) == 1


def test_a_second_object_of_one_identity_is_a_duplicate() -> None:
    first, second = manifests.pod(labels={"n": "1"}), manifests.pod(labels={"n": "2"})
    objects = ManifestSet([first, second, manifests.pod(namespace="other")])
    found = objects.find(kinds.POD, "app")
    assert found is not None
    assert found.manifest is first
    assert [item.manifest for item in objects.duplicates] == [second]


def test_our_own_objects_keep_their_secrets_masked() -> None:
    own = ObjectSet(
        [
            Secret(metadata=ObjectMeta(name="s"), values={"key": Sensitive("x")}),
            ConfigMap(metadata=ObjectMeta(name="c"), data={"a": "1"}),
        ]
    )
    objects = ManifestSet.of(own, namespace="n")
    secret = objects.find(kinds.SECRET, "s", "n")
    assert secret is not None
    assert views.data_keys(secret) == {"key"}
    assert "x" not in str(secret.manifest["stringData"])


@pytest.mark.parametrize(
    ("manifest", "path"),
    [
        pytest.param(manifests.pod(), "", id="pod"),
        pytest.param(manifests.workload(), "spec.template", id="deployment"),
        pytest.param(manifests.workload(kind="StatefulSet"), "spec.template", id="stateful-set"),
        pytest.param(manifests.workload(kind="DaemonSet"), "spec.template", id="daemon-set"),
        pytest.param(manifests.workload(kind="ReplicaSet"), "spec.template", id="replica-set"),
        pytest.param(manifests.workload(kind="Job"), "spec.template", id="job"),
        pytest.param(
            manifests.workload(kind="CronJob"), "spec.jobTemplate.spec.template", id="cron-job"
        ),
        pytest.param(
            manifests.thing("PodTemplate", "t", template={"spec": manifests.pod_spec()}),
            "template",
            id="pod-template",
        ),
    ],
)
def test_every_kind_of_workload_has_a_pod_template(manifest: dict[str, Any], path: str) -> None:
    (found,) = ManifestSet([manifest]).templates
    assert found.path == path
    assert [each.path for each in found.containers] == [
        f"{path}.spec.containers[0]" if path else "spec.containers[0]"
    ]


def test_pods_of_a_workload_in_the_same_set_count_once() -> None:
    owner = manifests.workload()
    owner["metadata"]["uid"] = "1"
    owned = manifests.pod("app-x")
    owned["metadata"]["ownerReferences"] = [{"uid": "1", "controller": True}]
    orphan = manifests.pod("other")
    orphan["metadata"]["ownerReferences"] = [{"uid": "2", "controller": True}]
    found = ManifestSet([owned, owner, orphan]).templates
    assert [str(each.owner) for each in found] == ["Deployment/app", "Pod/other"]


def test_containers_have_their_roles() -> None:
    spec = manifests.pod_spec(
        manifests.container("a"),
        initContainers=[
            manifests.container("i"),
            manifests.container("s", restartPolicy="Always"),
        ],
        ephemeralContainers=[manifests.container("e")],
    )
    (found,) = ManifestSet([manifests.pod(spec=spec)]).templates
    assert {each.name: each.role for each in found.containers} == {
        "i": Role.INIT,
        "s": Role.SIDECAR,
        "a": Role.MAIN,
        "e": Role.EPHEMERAL,
    }


@pytest.mark.parametrize(
    ("port", "protocol", "number"),
    [
        pytest.param(9, "TCP", 9, id="a-number-needs-no-declaration"),
        pytest.param("http", "TCP", 80, id="a-name-of-a-main-container"),
        pytest.param("proxy", "TCP", 81, id="a-name-of-a-sidecar"),
        pytest.param("setup", "TCP", None, id="init-containers-serve-nothing"),
        pytest.param("dns", "TCP", None, id="the-protocol-must-agree"),
        pytest.param("dns", "UDP", 53, id="the-protocol-agrees"),
        pytest.param("80", "TCP", None, id="digits-in-quotes-are-a-name"),
    ],
)
def test_port_number(port: int | str, protocol: str, number: int | None) -> None:
    def with_port(name: str, port: int, **fields: Any) -> dict[str, Any]:
        return manifests.container(ports=[{"name": name, "containerPort": port}], **fields)

    dns = {"name": "dns", "containerPort": 53, "protocol": "UDP"}
    spec = manifests.pod_spec(
        with_port("http", 80),
        manifests.container(ports=[dns]),
        initContainers=[with_port("proxy", 81, restartPolicy="Always"), with_port("setup", 82)],
    )
    (found,) = ManifestSet([manifests.pod(spec=spec)]).templates
    assert found.port_number(port, protocol) == number


def test_service_ports_have_their_defaults() -> None:
    ports = [{"port": 80}, {"port": 53, "protocol": "UDP", "targetPort": "dns", "name": "d"}, {}]
    (item,) = ManifestSet([manifests.service("app", *ports)])
    first, second = views.Service(item).ports
    assert (first.number, first.target, first.protocol, first.name) == (80, 80, "TCP", None)
    assert (second.number, second.target, second.protocol, second.name) == (53, "dns", "UDP", "d")
    assert views.Service(item).port("d") == views.Service(item).port(53) == second
