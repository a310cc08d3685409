"""Names that must lead somewhere are all seen, and those that lead nowhere are told."""

from typing import Any

import pytest
from tests.semantics import manifests
from tests.semantics.manifests import Raw, container, pod, pod_spec, service, thing, workload

from mooring.refs import ObjectRef
from mooring.semantics import references
from mooring.semantics.objects import ManifestSet
from mooring.semantics.reference import Reference


def shown(reference: Reference) -> str:
    """Return a reference on one line: `field -> Kind/namespace/name part`."""
    parts = [f"{reference.field} -> {reference.target}"]
    for name in ("key", "port", "volume", "file"):
        value = getattr(reference, name)
        if value is not None:
            parts.append(f"{name}={value}")
    return " ".join([*parts, *(["optional"] if reference.optional else [])])


def of(manifest: Raw) -> list[str]:
    (item,) = ManifestSet([manifest], namespace="n")
    return [shown(each) for each in references.references(item)]


def variable(**source: Any) -> Raw:
    return container(env=[{"name": "A", "value": "plain"}, {"name": "B", "valueFrom": source}])


POD_CASES = [
    pytest.param(pod(), [], id="a-plain-pod-names-nothing"),
    pytest.param(
        pod(spec=pod_spec(serviceAccountName="sa")),
        ["spec.serviceAccountName -> ServiceAccount/n/sa"],
        id="service-account",
    ),
    pytest.param(
        pod(spec=pod_spec(serviceAccount="old")),
        ["spec.serviceAccount -> ServiceAccount/n/old"],
        id="service-account-by-its-old-name",
    ),
    pytest.param(
        pod(spec=pod_spec(serviceAccount="a", serviceAccountName="a")),
        ["spec.serviceAccountName -> ServiceAccount/n/a"],
        id="service-account-by-both-names-is-one-reference",
    ),
    pytest.param(
        pod(spec=pod_spec(imagePullSecrets=[{"name": "pull"}])),
        ["spec.imagePullSecrets[0].name -> Secret/n/pull"],
        id="pull-secret",
    ),
    pytest.param(
        pod(spec=pod_spec(priorityClassName="high", runtimeClassName="gvisor")),
        [
            "spec.priorityClassName -> PriorityClass/high",
            "spec.runtimeClassName -> RuntimeClass/gvisor",
        ],
        id="classes-are-cluster-wide",
    ),
    pytest.param(
        pod(spec=pod_spec(variable(secretKeyRef={"name": "s", "key": "k"}))),
        ["spec.containers[0].env[1].valueFrom.secretKeyRef -> Secret/n/s key=k"],
        id="variable-from-a-secret",
    ),
    pytest.param(
        pod(spec=pod_spec(variable(configMapKeyRef={"name": "c", "key": "k", "optional": True}))),
        ["spec.containers[0].env[1].valueFrom.configMapKeyRef -> ConfigMap/n/c key=k optional"],
        id="variable-from-an-optional-config-map",
    ),
    pytest.param(
        pod(
            spec=pod_spec(
                container(envFrom=[{"secretRef": {"name": "s"}}, {"configMapRef": {"name": "c"}}])
            )
        ),
        [
            "spec.containers[0].envFrom[0].secretRef.name -> Secret/n/s",
            "spec.containers[0].envFrom[1].configMapRef.name -> ConfigMap/n/c",
        ],
        id="all-variables-of-an-object",
    ),
    pytest.param(
        pod(
            spec=pod_spec(
                volumes=[
                    {
                        "name": "v",
                        "configMap": {"name": "c", "items": [{"key": "k", "path": "p"}]},
                    },
                    {"name": "w", "secret": {"secretName": "s", "optional": True}},
                    {"name": "x", "persistentVolumeClaim": {"claimName": "data"}},
                    {"name": "y", "emptyDir": {}},
                ]
            )
        ),
        [
            "spec.volumes[0].configMap.name -> ConfigMap/n/c",
            "spec.volumes[0].configMap.items[0].key -> ConfigMap/n/c key=k",
            "spec.volumes[1].secret.secretName -> Secret/n/s optional",
            "spec.volumes[2].persistentVolumeClaim.claimName -> PersistentVolumeClaim/n/data",
        ],
        id="volumes",
    ),
    pytest.param(
        pod(
            spec=pod_spec(
                volumes=[
                    {
                        "name": "all",
                        "projected": {
                            "sources": [
                                {"serviceAccountToken": {"path": "token"}},
                                {"secret": {"name": "s", "items": [{"key": "k", "path": "p"}]}},
                                {"configMap": {"name": "c"}},
                            ]
                        },
                    }
                ]
            )
        ),
        [
            "spec.volumes[0].projected.sources[1].secret.name -> Secret/n/s",
            "spec.volumes[0].projected.sources[1].secret.items[0].key -> Secret/n/s key=k",
            "spec.volumes[0].projected.sources[2].configMap.name -> ConfigMap/n/c",
        ],
        id="projected-volumes",
    ),
    pytest.param(
        pod(
            spec=pod_spec(
                volumes=[
                    {
                        "name": "a",
                        "csi": {
                            "driver": "secrets-store.csi.k8s.io",
                            "volumeAttributes": {"secretProviderClass": "v"},
                            "nodePublishSecretRef": {"name": "creds"},
                        },
                    },
                    {"name": "b", "azureFile": {"secretName": "azure", "shareName": "x"}},
                    {
                        "name": "c",
                        "ephemeral": {
                            "volumeClaimTemplate": {"spec": {"storageClassName": "fast"}}
                        },
                    },
                ]
            )
        ),
        [
            "spec.volumes[0].csi.nodePublishSecretRef.name -> Secret/n/creds",
            "spec.volumes[0].csi.volumeAttributes.secretProviderClass -> SecretProviderClass/n/v",
            "spec.volumes[1].azureFile.secretName -> Secret/n/azure",
            "spec.volumes[2].ephemeral.volumeClaimTemplate.spec.storageClassName"
            " -> StorageClass/fast",
        ],
        id="volumes-of-drivers",
    ),
    pytest.param(
        pod(spec=pod_spec(container(volumeMounts=[{"name": "v", "mountPath": "/v"}]))),
        ["spec.containers[0].volumeMounts[0].name -> Pod/n/app volume=v"],
        id="a-mount-names-a-volume-of-the-pod",
    ),
    pytest.param(
        pod(
            spec=pod_spec(
                container(
                    readinessProbe={"httpGet": {"port": "http"}},
                    livenessProbe={"tcpSocket": {"port": 80}},
                    lifecycle={"preStop": {"httpGet": {"port": "admin"}}},
                )
            )
        ),
        [
            "spec.containers[0].readinessProbe.httpGet.port -> Pod/n/app port=http",
            "spec.containers[0].lifecycle.preStop.httpGet.port -> Pod/n/app port=admin",
        ],
        id="named-ports-of-probes-and-hooks",
    ),
    pytest.param(
        workload(
            kind="CronJob", spec=pod_spec(initContainers=[variable(secretKeyRef={"name": "s"})])
        ),
        [
            "spec.jobTemplate.spec.template.spec.initContainers[0].env[1].valueFrom.secretKeyRef"
            " -> Secret/n/s"
        ],
        id="init-containers-of-a-cron-job",
    ),
    pytest.param(
        pod(spec=pod_spec(resourceClaims=[{"name": "gpu", "resourceClaimTemplateName": "t"}])),
        [
            "spec.resourceClaims[0].resourceClaimTemplateName -> ResourceClaimTemplate/n/t",
        ],
        id="device-claims",
    ),
]

RBAC = "rbac.authorization.k8s.io/v1"
NETWORKING = "networking.k8s.io/v1"
GATEWAY = "gateway.networking.k8s.io/v1"


def backend(name: str, /, **port: Any) -> Raw:
    return {"service": {"name": name, "port": port}}


def ingress(**spec: Any) -> Raw:
    return thing("Ingress", "i", NETWORKING, spec=spec)


def paths(*backends: Raw) -> list[Raw]:
    return [{"http": {"paths": [{"path": "/", "backend": each} for each in backends]}}]


OBJECT_CASES = [
    pytest.param(
        thing("ConfigMap", "c", namespace="shop"),
        ["metadata.namespace -> Namespace/shop"],
        id="a-namespace-that-is-written",
    ),
    pytest.param(
        workload("db", kind="StatefulSet", serviceName="db-pods"),
        ["spec.serviceName -> Service/n/db-pods"],
        id="service-of-a-stateful-set",
    ),
    pytest.param(
        workload("db", kind="StatefulSet", serviceName=""), [], id="a-stateful-set-may-have-none"
    ),
    pytest.param(
        workload(
            "db",
            kind="StatefulSet",
            volumeClaimTemplates=[
                {"metadata": {"name": "data"}, "spec": {"storageClassName": "fast"}}
            ],
        ),
        ["spec.volumeClaimTemplates[0].spec.storageClassName -> StorageClass/fast"],
        id="class-of-a-claim-template",
    ),
    pytest.param(
        thing(
            "PersistentVolumeClaim",
            "c",
            spec={
                "storageClassName": "fast",
                "volumeName": "pv",
                "dataSource": {"kind": "PersistentVolumeClaim", "name": "old"},
                "dataSourceRef": {"kind": "PersistentVolumeClaim", "name": "old"},
            },
        ),
        [
            "spec.storageClassName -> StorageClass/fast",
            "spec.volumeName -> PersistentVolume/pv",
            "spec.dataSource -> PersistentVolumeClaim/n/old",
        ],
        id="claim",
    ),
    pytest.param(
        thing("PersistentVolumeClaim", "c", spec={"storageClassName": ""}),
        [],
        id="an-empty-class-is-no-reference",
    ),
    pytest.param(
        ingress(
            ingressClassName="nginx",
            tls=[{"secretName": "cert"}, {"hosts": ["a"]}],
            defaultBackend=backend("fallback", number=80),
            rules=paths(backend("web", name="http")),
        ),
        [
            "spec.ingressClassName -> IngressClass/nginx",
            "spec.tls[0].secretName -> Secret/n/cert",
            "spec.defaultBackend.service -> Service/n/fallback port=80",
            "spec.rules[0].http.paths[0].backend.service -> Service/n/web port=http",
        ],
        id="ingress",
    ),
    pytest.param(
        ingress(rules=paths({"resource": {"apiGroup": "k.io", "kind": "Bucket", "name": "b"}})),
        ["spec.rules[0].http.paths[0].backend.resource -> Bucket/n/b"],
        id="ingress-to-another-kind-of-object",
    ),
    pytest.param(
        thing(
            "Ingress",
            "i",
            "extensions/v1beta1",
            spec={"rules": paths({"serviceName": "web", "servicePort": "http"})},
        ),
        ["spec.rules[0].http.paths[0].backend.serviceName -> Service/n/web port=http"],
        id="ingress-of-old",
    ),
    pytest.param(
        thing(
            "Ingress",
            "i",
            NETWORKING,
            annotations={
                "cert-manager.io/cluster-issuer": "le",
                "nginx.ingress.kubernetes.io/auth-secret": "other/basic",
            },
            spec={},
        ),
        [
            'metadata.annotations["cert-manager.io/cluster-issuer"] -> ClusterIssuer/le',
            'metadata.annotations["nginx.ingress.kubernetes.io/auth-secret"] -> Secret/other/basic',
        ],
        id="ingress-annotations",
    ),
    pytest.param(
        service("a", type="ExternalName", externalName="db.data.svc.cluster.local"),
        ["spec.externalName -> Service/data/db"],
        id="an-alias-of-a-service-in-the-cluster",
    ),
    pytest.param(
        service("a", type="ExternalName", externalName="db.example.com"),
        [],
        id="an-alias-of-the-world-outside",
    ),
    pytest.param(
        thing(
            "HorizontalPodAutoscaler",
            "h",
            "autoscaling/v2",
            spec={"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "w"}},
        ),
        ["spec.scaleTargetRef -> Deployment/n/w"],
        id="autoscaler",
    ),
    pytest.param(
        thing("ScaledObject", "s", "keda.sh/v1alpha1", spec={"scaleTargetRef": {"name": "w"}}),
        ["spec.scaleTargetRef -> Deployment/n/w"],
        id="keda-scales-a-deployment-unless-told",
    ),
    pytest.param(
        thing(
            "RoleBinding",
            "b",
            RBAC,
            roleRef={"kind": "ClusterRole", "name": "view"},
            subjects=[
                {"kind": "ServiceAccount", "name": "sa", "namespace": "other"},
                {"kind": "User", "name": "u"},
            ],
        ),
        ["roleRef -> ClusterRole/view", "subjects[0] -> ServiceAccount/other/sa"],
        id="role-binding",
    ),
    pytest.param(
        thing("RoleBinding", "b", RBAC, roleRef={"kind": "Role", "name": "r"}),
        ["roleRef -> Role/n/r"],
        id="role-binding-in-its-namespace",
    ),
    pytest.param(
        thing("ServiceAccount", "sa", imagePullSecrets=[{"name": "p"}], secrets=[{"name": "t"}]),
        ["imagePullSecrets[0].name -> Secret/n/p", "secrets[0].name -> Secret/n/t optional"],
        id="service-account",
    ),
    pytest.param(
        thing(
            "ValidatingWebhookConfiguration",
            "w",
            "admissionregistration.k8s.io/v1",
            webhooks=[{"clientConfig": {"service": {"namespace": "x", "name": "hook"}}}],
        ),
        ["webhooks[0].clientConfig.service -> Service/x/hook port=443"],
        id="webhook-by-default-on-443",
    ),
    pytest.param(
        thing(
            "HTTPRoute",
            "r",
            GATEWAY,
            spec={
                "parentRefs": [{"name": "gw", "namespace": "infra"}],
                "rules": [
                    {
                        "backendRefs": [{"name": "web", "port": 80}],
                        "filters": [{"requestMirror": {"backendRef": {"name": "m", "port": 1}}}],
                    }
                ],
            },
        ),
        [
            "spec.parentRefs[0] -> Gateway/infra/gw",
            "spec.rules[0].backendRefs[0] -> Service/n/web port=80",
            "spec.rules[0].filters[0].requestMirror.backendRef -> Service/n/m port=1",
        ],
        id="route",
    ),
    pytest.param(
        thing(
            "Gateway",
            "g",
            GATEWAY,
            spec={
                "gatewayClassName": "c",
                "listeners": [{"tls": {"certificateRefs": [{"name": "cert"}]}}],
            },
        ),
        [
            "spec.gatewayClassName -> GatewayClass/c",
            "spec.listeners[0].tls.certificateRefs[0] -> Secret/n/cert",
        ],
        id="gateway",
    ),
    pytest.param(
        thing(
            "Certificate",
            "c",
            "cert-manager.io/v1",
            spec={"secretName": "s", "issuerRef": {"name": "le", "kind": "ClusterIssuer"}},
        ),
        ["spec.issuerRef -> ClusterIssuer/le"],
        id="certificate",
    ),
    pytest.param(thing("Widget", "w", "example.com/v1", spec={"x": 1}), [], id="unknown-kind"),
]


@pytest.mark.parametrize(("manifest", "found"), [*POD_CASES, *OBJECT_CASES])
def test_references(manifest: Raw, found: list[str]) -> None:
    assert of(manifest) == found


def lost(*given: Raw, external: Any = None) -> list[str]:
    objects = ManifestSet(given, namespace="n")
    found = (
        references.dangling(objects, external=external)
        if external
        else references.dangling(objects)
    )
    return [f"{each.missing.value}: {shown(each.reference)}" for each in found]


def secret(name: str = "s", **data: str) -> Raw:
    return thing("Secret", name, stringData=data)


KEY = pod(spec=pod_spec(variable(secretKeyRef={"name": "s", "key": "k"})))
KEY_FIELD = "spec.containers[0].env[1].valueFrom.secretKeyRef -> Secret/n/s key=k"


def mounted(source: Raw, sub_path: str | None = None) -> Raw:
    mount = {"name": "v", "mountPath": "/v", **({"subPath": sub_path} if sub_path else {})}
    return pod(spec=pod_spec(container(volumeMounts=[mount]), volumes=[{"name": "v", **source}]))


CONFIG = thing("ConfigMap", "c", data={"a.conf": "x"}, binaryData={"b.bin": "eA=="})
SUB_PATH = "spec.containers[0].volumeMounts[0].subPath"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        pytest.param([KEY], [f"object: {KEY_FIELD}"], id="no-such-object"),
        pytest.param([KEY, secret(other="x")], [f"key: {KEY_FIELD}"], id="no-such-key"),
        pytest.param([KEY, secret(k="x")], [], id="all-there"),
        pytest.param(
            [KEY, {**secret(k="x"), "metadata": {"name": "s", "namespace": "m"}}],
            [f"object: {KEY_FIELD}", "object: metadata.namespace -> Namespace/m"],
            id="in-another-namespace-is-not-there",
        ),
        pytest.param(
            [
                pod(
                    spec=pod_spec(
                        variable(secretKeyRef={"name": "s", "key": "k", "optional": True})
                    )
                )
            ],
            [],
            id="optional-objects-may-be-absent",
        ),
        pytest.param(
            [
                pod(
                    spec=pod_spec(
                        variable(secretKeyRef={"name": "s", "key": "k", "optional": True})
                    )
                ),
                secret(),
            ],
            [],
            id="optional-keys-may-be-absent",
        ),
        pytest.param(
            [mounted({"configMap": {"name": "c"}}, "b.bin"), CONFIG], [], id="binary-keys-count"
        ),
        pytest.param(
            [mounted({"configMap": {"name": "c"}}, "c.conf"), CONFIG],
            [f"key: {SUB_PATH} -> ConfigMap/n/c key=c.conf"],
            id="a-sub-path-that-is-no-key",
        ),
        pytest.param(
            [
                mounted(
                    {"configMap": {"name": "c", "items": [{"key": "a.conf", "path": "d/x"}]}}, "d"
                ),
                CONFIG,
            ],
            [],
            id="a-sub-path-to-a-directory-of-items",
        ),
        pytest.param(
            [
                mounted(
                    {"configMap": {"name": "c", "items": [{"key": "a.conf", "path": "x"}]}},
                    "a.conf",
                ),
                CONFIG,
            ],
            [f"file: {SUB_PATH} -> Pod/n/app volume=v file=a.conf"],
            id="a-sub-path-that-items-leave-out",
        ),
        pytest.param(
            [pod(spec=pod_spec(container(volumeMounts=[{"name": "v", "mountPath": "/v"}])))],
            ["volume: spec.containers[0].volumeMounts[0].name -> Pod/n/app volume=v"],
            id="no-such-volume",
        ),
        pytest.param(
            [
                workload(
                    kind="StatefulSet",
                    spec=pod_spec(container(volumeMounts=[{"name": "v", "mountPath": "/v"}])),
                    volumeClaimTemplates=[{"metadata": {"name": "v"}, "spec": {}}],
                )
            ],
            [],
            id="a-claim-template-is-a-volume",
        ),
        pytest.param(
            [pod(spec=pod_spec(container(readinessProbe={"httpGet": {"port": "http"}})))],
            ["port: spec.containers[0].readinessProbe.httpGet.port -> Pod/n/app port=http"],
            id="a-probe-of-a-port-without-that-name",
        ),
        pytest.param(
            [
                pod(
                    spec=pod_spec(
                        container("a", readinessProbe={"httpGet": {"port": "http"}}),
                        container("b", ports=[{"name": "http", "containerPort": 80}]),
                    )
                )
            ],
            ["port: spec.containers[0].readinessProbe.httpGet.port -> Pod/n/app port=http"],
            id="a-probe-means-its-own-container",
        ),
        pytest.param(
            [pod(spec=pod_spec(container(readinessProbe={"httpGet": {"port": 9}})))],
            [],
            id="a-number-needs-no-declaration",
        ),
        pytest.param(
            [
                workload("a", spec=pod_spec(container(ports=[{"containerPort": 80}]))),
                service("a", {"port": 80, "targetPort": "http"}),
            ],
            ["port: spec.ports[0].targetPort -> Deployment/n/a port=http"],
            id="a-service-to-a-port-without-that-name",
        ),
        pytest.param(
            [ingress(rules=paths(backend("a", number=81))), service("a")],
            ["port: spec.rules[0].http.paths[0].backend.service -> Service/n/a port=81"],
            id="a-port-that-the-service-does-not-have",
        ),
        pytest.param(
            [
                ingress(rules=paths(backend("a", number=81))),
                service("a", type="ExternalName", externalName="x.example.com", ports=[]),
            ],
            [],
            id="an-alias-has-every-port",
        ),
        pytest.param(
            [
                ingress(tls=[{"secretName": "cert"}]),
                thing("Certificate", "c", "cert-manager.io/v1", spec={"secretName": "cert"}),
            ],
            [],
            id="cert-manager-makes-the-secret",
        ),
        pytest.param(
            [
                KEY,
                thing(
                    "ExternalSecret",
                    "s",
                    "external-secrets.io/v1",
                    spec={"data": [{"secretKey": "other"}]},
                ),
            ],
            [f"key: {KEY_FIELD}"],
            id="what-makes-the-secret-must-make-the-key",
        ),
        pytest.param(
            [
                KEY,
                thing(
                    "SealedSecret", "s", "bitnami.com/v1alpha1", spec={"encryptedData": {"k": ""}}
                ),
            ],
            [],
            id="a-sealed-secret-has-its-keys",
        ),
        pytest.param(
            [
                pod(
                    spec=pod_spec(
                        volumes=[{"name": "v", "persistentVolumeClaim": {"claimName": "data-db-1"}}]
                    )
                ),
                workload(
                    "db",
                    kind="StatefulSet",
                    replicas=2,
                    volumeClaimTemplates=[{"metadata": {"name": "data"}, "spec": {}}],
                ),
            ],
            [],
            id="a-claim-that-a-stateful-set-makes",
        ),
        pytest.param(
            [
                pod(
                    spec=pod_spec(
                        serviceAccountName="default", priorityClassName="system-node-critical"
                    )
                ),
                thing("RoleBinding", "b", RBAC, roleRef={"kind": "ClusterRole", "name": "edit"}),
            ],
            [],
            id="what-every-cluster-has",
        ),
        pytest.param(
            [
                thing("PersistentVolumeClaim", "c", spec={"storageClassName": "manual"}),
                thing("PersistentVolume", "v", spec={"storageClassName": "manual"}),
            ],
            [],
            id="a-class-that-only-volumes-made-by-hand-have",
        ),
    ],
)
def test_dangling(given: list[Raw], found: list[str]) -> None:
    assert lost(*given) == found


def test_the_caller_tells_what_exists_besides_the_set() -> None:
    def exists(ref: ObjectRef) -> bool:
        return (ref.kind, ref.namespace, ref.name) == ("Secret", "n", "s")

    assert lost(KEY, external=exists) == []
    assert lost(pod(spec=pod_spec(serviceAccountName="sa")), external=exists) == [
        "object: spec.serviceAccountName -> ServiceAccount/n/sa"
    ]


def test_a_custom_resource_of_that_name_may_make_the_object() -> None:
    hive = thing("HiveCluster", "hive", "example.com/v1")
    objects = ManifestSet([ingress(rules=paths(backend("hive-web", number=1))), hive])
    (found,) = references.dangling(objects)
    assert str(found.likely_maker) == "HiveCluster/hive"


def test_undefined_kinds() -> None:
    definition = thing(
        "CustomResourceDefinition",
        "widgets.example.com",
        "apiextensions.k8s.io/v1",
        spec={"group": "example.com", "names": {"kind": "Widget"}},
    )
    given = [
        definition,
        thing("Widget", "w", "example.com/v2"),
        thing("Gadget", "g", "example.com/v1"),
        thing("Ingress", "i", NETWORKING),
        pod(),
    ]
    found = references.undefined_kinds(ManifestSet(given))
    assert {kind.kind: [item.ref.name for item in items] for kind, items in found.items()} == {
        "Gadget": ["g"]
    }


@pytest.mark.parametrize(
    "kind", ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob"]
)
def test_every_kind_of_workload_is_walked(kind: str) -> None:
    spec = pod_spec(container(envFrom=[{"secretRef": {"name": "s"}}]))
    assert len(lost(workload(kind=kind, spec=spec))) == 1
    assert lost(workload(kind=kind, spec=spec), secret()) == []


def test_dangling_keeps_the_order_of_the_objects() -> None:
    given = [
        manifests.workload(name, spec=pod_spec(serviceAccountName=name)) for name in ("b", "a", "c")
    ]
    assert [each.rpartition("/")[2] for each in lost(*given)] == ["b", "a", "c"]
