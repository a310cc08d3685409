"""What one object asks of another, or of its own parts, and does not get."""

import base64
from typing import Any

from tests.check.mutations.harness import Manifest, Stack, mutation


def _autoscaler(name: str, **spec: Any) -> Manifest:
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    usage = {"type": "Utilization", "averageUtilization": 75}
    metric = {"type": "Resource", "resource": {"name": "cpu", "target": usage}}
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": name},
        "spec": {
            "scaleTargetRef": target,
            "minReplicas": 2,
            "maxReplicas": 4,
            "metrics": [metric],
            **spec,
        },
    }


def _with_autoscaler(stack: Stack) -> None:
    stack.one("Deployment", "web")["spec"].pop("replicas", None)
    stack.add(_autoscaler("web"))


@mutation("autoscaled-twice", "an autoscaler beside the one that is there")
def _twice(stack: Stack) -> None:
    _with_autoscaler(stack)
    stack.add(_autoscaler("web-again"))


@mutation("autoscaler-bounds", "a least that is above the most")
def _bounds(stack: Stack) -> None:
    stack.one("Deployment", "web")["spec"].pop("replicas", None)
    stack.add(_autoscaler("web", minReplicas=9))


@mutation("autoscaler-without-request", "a share of a request that is gone")
def _share(stack: Stack) -> None:
    _with_autoscaler(stack)
    resources = stack.container("web")["resources"]
    for amounts in resources.values():
        amounts.pop("cpu", None)


@mutation("replicas-fixed-under-autoscaler", "a number that each apply sets anew")
def _fixed(stack: Stack) -> None:
    _with_autoscaler(stack)
    stack.one("Deployment", "web")["spec"]["replicas"] = 2


@mutation("memory-limit-missing", "no bound to the memory")
def _limit(stack: Stack) -> None:
    stack.container("web")["resources"]["limits"].pop("memory")


@mutation("memory-request-missing", "no memory kept free")
def _request(stack: Stack) -> None:
    resources = stack.container("web")["resources"]
    resources["requests"].pop("memory")
    resources["limits"].pop("memory")


@mutation("cpu-request-missing", "no cores kept free")
def _cores(stack: Stack) -> None:
    resources = stack.container("web")["resources"]
    resources["requests"].pop("cpu")
    resources["limits"].pop("cpu", None)


@mutation("env-name-skipped", "a key that begins with a digit")
def _blank(stack: Stack) -> None:
    stack.one("ConfigMap", "web-env")["data"]["1ST_LEVEL"] = "info"


@mutation("liveness-equals-readiness", "the readiness probe once more")
def _liveness(stack: Stack) -> None:
    container = stack.container("web")
    container["livenessProbe"] = dict(container["readinessProbe"])


@mutation("readiness-missing", "no probe at all")
def _readiness(stack: Stack) -> None:
    container = stack.container("web")
    for name in ("startupProbe", "readinessProbe"):
        container.pop(name, None)


@mutation("probe-port-name-missing", "a probe of a port of another name")
def _port(stack: Stack) -> None:
    container = stack.container("web")
    container["readinessProbe"] = {"httpGet": {"path": "/", "port": "http-web"}}


@mutation("probe-program-missing", "curl, in an image that has none")
def _program(stack: Stack) -> None:
    container = stack.container("web")
    container["image"] = "fluent/fluent-bit:4.0.1"
    container["readinessProbe"]["exec"]["command"] = ["curl", "-f", "http://127.0.0.1:8080"]


@mutation("manifest-in-config-map", "a Deployment as the text of a ConfigMap")
def _manifest(stack: Stack) -> None:
    text = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: lost\nspec: {}\n"
    stack.one("ConfigMap", "web-env")["data"]["lost.yaml"] = text


@mutation("mounted-file-missing", "a file that the volume calls otherwise")
def _file(stack: Stack) -> None:
    (volume,) = (one for one in stack.pod("redis")["volumes"] if "configMap" in one)
    volume["configMap"]["items"][0]["path"] = "other.conf"


@mutation("namespace-missing", "a namespace with a letter too few")
def _namespace(stack: Stack) -> None:
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "lost", "namespace": "cofee-production"},
            "data": {"a": "b"},
        }
    )


@mutation("policy-peer-unknown", "a label that no pod has")
def _peer(stack: Stack) -> None:
    policy = stack.one("NetworkPolicy", "api-asks-api")
    rules = policy["spec"].get("ingress") or policy["spec"]["egress"]
    side = "from" if "from" in rules[0] else "to"
    rules[0][side] = [{"podSelector": {"matchLabels": {"app": "nobody"}}}]


@mutation("policy-selects-nothing", "a policy of a label that no pod has")
def _nobody(stack: Stack) -> None:
    policy = stack.one("NetworkPolicy", "web-from-outside")
    policy["spec"]["podSelector"] = {"matchLabels": {"app": "nobody"}}


@mutation("port-name-invalid", "a name of sixteen letters")
def _long(stack: Stack) -> None:
    stack.container("web")["ports"][0]["name"] = "administration80"
    stack.one("Service", "web")["spec"]["ports"][0]["targetPort"] = "administration80"


@mutation("postgres-at-root-of-volume", "the volume itself as the directory of data")
def _root(stack: Stack) -> None:
    stack.one("ConfigMap", "postgres-env")["data"].pop("PGDATA")
    for mount in stack.container("postgres")["volumeMounts"]:
        if mount["mountPath"] == "/var/lib/postgresql/data":
            mount.pop("subPath")


@mutation("pull-secret-broken", "a pull secret of another type")
def _pull(stack: Stack) -> None:
    value = base64.b64encode(b"x").decode()
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "registry"},
            "type": "Opaque",
            "data": {"password": value},
        }
    )
    stack.pod("web")["imagePullSecrets"] = [{"name": "registry"}]


@mutation("rights-of-everything", "all verbs on everything")
def _everything(stack: Stack) -> None:
    stack.one("Role", "coffee-waits")["rules"] = [
        {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}
    ]


@mutation("service-selects-several-workloads", "a Service of whatever belongs to the stack")
def _several(stack: Stack) -> None:
    for name in ("web", "api"):
        stack.template(name)["metadata"]["labels"]["shared"] = "yes"
    service = stack.one("Service", "web")["spec"]
    service["selector"] = {"shared": "yes"}
    service["ports"][0]["targetPort"] = 8080


@mutation("template-unresolved", "a value that nobody filled in")
def _template(stack: Stack) -> None:
    stack.one("ConfigMap", "web-env")["data"]["REGION"] = "{{ .Values.region }}"


@mutation("tls-secret-missing", "a certificate that nobody makes")
def _tls(stack: Stack) -> None:
    ingress = stack.one("Ingress", "web")
    ingress["metadata"].pop("annotations", None)
    host = ingress["spec"]["rules"][0]["host"]
    ingress["spec"]["tls"] = [{"hosts": [host], "secretName": "from-nowhere"}]


@mutation("webhook-service-missing", "a webhook of a Service that is gone")
def _webhook(stack: Stack) -> None:
    service = {"name": "gone", "namespace": "coffee-production", "path": "/", "port": 443}
    rule = {
        "apiGroups": [""],
        "apiVersions": ["v1"],
        "operations": ["CREATE"],
        "resources": ["pods"],
    }
    stack.add(
        {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingWebhookConfiguration",
            "metadata": {"name": "guard"},
            "webhooks": [
                {
                    "name": "guard.example.com",
                    "admissionReviewVersions": ["v1"],
                    "sideEffects": "None",
                    "clientConfig": {"service": service, "caBundle": "Q0E="},
                    "rules": [rule],
                }
            ],
        }
    )


@mutation("custom-kind-undefined", "a certificate without the kind of it")
def _custom(stack: Stack) -> None:
    stack.add(
        {
            "apiVersion": "example.com/v1",
            "kind": "Beverage",
            "metadata": {"name": "espresso"},
            "spec": {"size": "small"},
        }
    )


@mutation("advertised-on-localhost", "a broker that names itself localhost", "database-on-nothing")
def _broker(stack: Stack) -> None:
    container = stack.container("web")
    container["image"] = "apache/kafka:3.9.0"
    container["securityContext"]["readOnlyRootFilesystem"] = False
    listeners = {"name": "KAFKA_ADVERTISED_LISTENERS", "value": "PLAINTEXT://localhost:9092"}
    container.setdefault("env", []).append(listeners)


@mutation(
    "database-in-deployment",
    "a database that is updated like a web server",
    "rolling-update-of-single-claim",
    "service-selects-nothing",
)
def _database(stack: Stack) -> None:
    found = stack.one("StatefulSet", "postgres")
    found["kind"] = "Deployment"
    found["spec"]["replicas"] = 1
    template = found["spec"]["volumeClaimTemplates"][0]
    for key in ("serviceName", "volumeClaimTemplates", "podManagementPolicy", "updateStrategy",
                "persistentVolumeClaimRetentionPolicy"):  # fmt: skip
        found["spec"].pop(key, None)
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": {"name": "database"},
            "spec": {
                "accessModes": ["ReadWriteOnce"],
                "resources": {"requests": {"storage": "1Gi"}},
            },
        }
    )
    pod = stack.pod("postgres")
    pod.setdefault("volumes", []).append(
        {"name": template["metadata"]["name"], "persistentVolumeClaim": {"claimName": "database"}}
    )


@mutation("class-without-provisioner", "a class that makes no volumes")
def _class(stack: Stack) -> None:
    stack.add(
        {
            "apiVersion": "storage.k8s.io/v1",
            "kind": "StorageClass",
            "metadata": {"name": "by-hand"},
            "provisioner": "kubernetes.io/no-provisioner",
            "volumeBindingMode": "WaitForFirstConsumer",
        }
    )
    templates = stack.one("StatefulSet", "redis")["spec"]["volumeClaimTemplates"]
    templates[0]["spec"]["storageClassName"] = "by-hand"


@mutation("quorum-waits-for-itself", "members that start one after the other")
def _quorum(stack: Stack) -> None:
    container = stack.container("redis")
    container["image"] = "quay.io/coreos/etcd:v3.5.17"
    container["readinessProbe"] = {"httpGet": {"path": "/health", "port": 2379}}
    stack.one("StatefulSet", "redis")["spec"].update(
        replicas=3, podManagementPolicy="OrderedReady", serviceName=stack.name("redis-headless")
    )


@mutation("snippet-annotation", "a piece of configuration that the controller refuses")
def _snippet(stack: Stack) -> None:
    annotations = stack.one("Ingress", "web")["metadata"].setdefault("annotations", {})
    annotations["nginx.ingress.kubernetes.io/configuration-snippet"] = "more_set_headers x;"
