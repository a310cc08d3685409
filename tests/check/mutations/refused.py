"""Objects that the API server, Helm or a kubelet refuses, and images used against their nature."""

from typing import Any

from tests.check.mutations.harness import Absent, Stack, mutation


def _rbac(kind: str, **fields: Any) -> dict[str, Any]:
    version = "rbac.authorization.k8s.io/v1"
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "extra"}, **fields}


@mutation("cron-schedule-invalid", "an hour that does not exist")
def _cron(stack: Stack) -> None:
    job = stack.of("Job")[0]["spec"]
    stack.add(
        {
            "apiVersion": "batch/v1",
            "kind": "CronJob",
            "metadata": {"name": "nightly"},
            "spec": {"schedule": "0 25 * * *", "jobTemplate": {"spec": job}},
        }
    )


@mutation("name-invalid", "a name with the underscore that Compose allows")
def _underscore(stack: Stack) -> None:
    stack.add(
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "order_api"}, "data": {}}
    )


@mutation("role-missing", "a binding to a role that is gone")
def _role(stack: Stack) -> None:
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "gone"}
    stack.add(_rbac("RoleBinding", roleRef=reference, subjects=[]))


@mutation("bound-account-missing", "a binding for an account that is gone", "right-missing")
def _account(stack: Stack) -> None:
    stack.of("RoleBinding")[0]["subjects"][0]["name"] = "gone"


@mutation("route-repeated", "a second Ingress for the same path")
def _route(stack: Stack) -> None:
    first = Stack(stack.of("Ingress")).manifests[0]
    first["metadata"]["name"] += "-old"
    path = first["spec"]["rules"][0]["http"]["paths"][0]
    other = "web" if path["backend"]["service"]["name"] == "api" else "api"
    port = stack.one("Service", other)["spec"]["ports"][0]["port"]
    path["backend"]["service"] = {"name": other, "port": {"number": port}}
    stack.add(first)


@mutation("tls-secret-broken", "a certificate that was cut off")
def _certificate(stack: Stack) -> None:
    text = "-----BEGIN CERTIFICATE-----\nMIIBszCC\n"
    stack.of("Secret")[0].setdefault("stringData", {})["more"] = text


@mutation("node-port-taken", "a port of the nodes that clusters do not give")
def _node_port(stack: Stack) -> None:
    spec = stack.one("Service", "web")["spec"]
    spec["type"] = "NodePort"
    spec["ports"][0]["nodePort"] = 8080


@mutation("helm-annotation-unknown", "an order that Helm does not know")
def _annotation(stack: Stack) -> None:
    metadata = stack.of("Job")[0]["metadata"]
    metadata.setdefault("annotations", {})["helm.sh/hook-depends-on"] = "postgres"


@mutation("workload-as-hook", "a Deployment as a hook")
def _hook(stack: Stack) -> None:
    metadata = stack.one("Deployment", "web")["metadata"]
    metadata.setdefault("annotations", {})["helm.sh/hook"] = "post-install"


@mutation("hook-needs-later-object", "a migration before what it needs")
def _early(stack: Stack) -> None:
    metadata = stack.of("Job")[0]["metadata"]
    metadata.setdefault("annotations", {})["helm.sh/hook"] = "pre-install"


@mutation("database-on-nothing", "a database in an emptyDir")
def _empty_dir(stack: Stack) -> None:
    database = stack.one("StatefulSet", "postgres")["spec"]
    for template in database.pop("volumeClaimTemplates"):
        volume = {"name": template["metadata"]["name"], "emptyDir": {}}
        database["template"]["spec"].setdefault("volumes", []).append(volume)


@mutation("required-setting-missing", "a database without its password")
def _password(stack: Stack) -> None:
    container = stack.container("postgres")
    kept = [one for one in container.get("env", ()) if "PASSWORD" not in one["name"]]
    source = container.get("envFrom", [{}])[0].get("configMapRef", {}).get("name")
    data = stack.one("ConfigMap", source)["data"] if source is not None else {}
    names = [name for name in data if "PASSWORD" in name]
    if not names and len(kept) == len(container.get("env", ())):
        raise Absent("a database that needs no password")
    container["env"] = kept
    for name in names:
        del data[name]


@mutation("root-image-as-non-root", "a database that may not be root and has no user")
def _non_root(stack: Stack) -> None:
    pod = stack.pod("postgres")
    pod.setdefault("securityContext", {}).pop("runAsUser", None)
    pod["containers"][0]["securityContext"].pop("runAsUser", None)
    pod["containers"][0]["securityContext"]["runAsNonRoot"] = True


@mutation(
    "root-user-as-non-root", "a process that is root and may not be", "pod-security-refuses-pods"
)
def _root(stack: Stack) -> None:
    context = stack.pod("web")["containers"][0].setdefault("securityContext", {})
    context |= {"runAsNonRoot": True, "runAsUser": 0}


@mutation("node-wide-sysctl", "a kernel setting of the node", "pod-security-refuses-pods")
def _sysctl(stack: Stack) -> None:
    context = stack.pod("web").setdefault("securityContext", {})
    context["sysctls"] = [{"name": "vm.max_map_count", "value": "262144"}]


@mutation("volume-source-count", "a volume of two sources")
def _sources(stack: Stack) -> None:
    stack.pod("web").setdefault("volumes", []).append(
        {"name": "both", "emptyDir": {}, "downwardAPI": {"items": []}}
    )


@mutation("name-repeated-in-pod", "two volumes of one name")
def _volumes(stack: Stack) -> None:
    volume = {"name": "twice", "emptyDir": {}}
    stack.pod("web").setdefault("volumes", []).extend([volume, dict(volume)])


@mutation("claim-without-access-mode", "a claim template without access modes")
def _modes(stack: Stack) -> None:
    del stack.one("StatefulSet", "postgres")["spec"]["volumeClaimTemplates"][0]["spec"][
        "accessModes"
    ]


@mutation("role-without-verbs", "a rule without verbs", "right-missing")
def _verbs(stack: Stack) -> None:
    stack.of("Role")[0]["rules"][0]["verbs"] = []


@mutation("recreate-with-rolling-update", "a strategy of both kinds")
def _strategy(stack: Stack) -> None:
    stack.one("Deployment", "web")["spec"]["strategy"] = {
        "type": "Recreate",
        "rollingUpdate": {"maxSurge": 1},
    }
