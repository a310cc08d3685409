"""
The faults that real systems had, put one at a time into a healthy stack: the named rule finds each.

The ids are those of the lists of known faults: S of Synmetrix' log, G and F of the patterns and
failure scenarios of CPTM8's guide.  What no rule can see, or none sees yet, is in `UNSEEN` with the
reason, so that the lists are whole.
"""

import base64
import json
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import pytest
from tests.acceptance.conftest import AnsweredStacks
from tests.check.mutations import harness
from tests.check.mutations.harness import Healthy, Manifest, Mutation, Stack
from tests.integration import stacks

from mooring.check import catalogue

MADE = stacks.ROOT / "tests" / "check" / "mutations" / "stacks"
OURS = {
    "coffee": stacks.EXAMPLES / "coffee",
    "events": MADE / "events",
    "ledger": MADE / "ledger",
}
SYNMETRIX = "synmetrix-root__docker-compose.stage"
CPTM8 = "cptm8-root__docker-compose-backend"
OF_SYSTEMS = (SYNMETRIX, CPTM8)
"""The real systems that the lists are about, as they are called in the corpus."""


class Fault(NamedTuple):
    """A row of a list, the stack that gets its fault, and the fault."""

    row: str
    stack: str
    mutation: Mutation


FAULTS: list[Fault] = []


def fault(
    row: str, rule: str, sentence: str, *also: str, stack: str = "coffee"
) -> Callable[[Callable[[Stack], None]], Callable[[Stack], None]]:
    """
    Register the function below as the fault of ``row`` in ``stack``: one of our own, or a system.

    ``also`` are rules of its outgrowths.
    """

    def register(change: Callable[[Stack], None]) -> Callable[[Stack], None]:
        FAULTS.append(Fault(row, stack, Mutation(rule, sentence, change, frozenset(also))))
        return change

    return register


def variable(stack: Stack, workload: str, name: str, value: str) -> None:
    """Give a container a variable."""
    stack.container(workload).setdefault("env", []).append({"name": name, "value": value})


def claim(name: str) -> Manifest:
    """Return a claim that one node mounts."""
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": name},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "5Gi"}},
        },
    }


def role(stack: Stack, *rules: Manifest) -> None:
    """Add a Role, bound to the account that exists."""
    named = {"name": "ecr"}
    stack.add(
        {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "Role",
            "metadata": named,
            "rules": [*rules],
        }
    )
    stack.add(
        {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "RoleBinding",
            "metadata": named,
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "ecr"},
            "subjects": [{"kind": "ServiceAccount", "name": "coffee-waits"}],
        }
    )


# S: Synmetrix.


@fault("S1", "token-key-too-short", "the JWT key has 26 characters")
def _jwt(stack: Stack) -> None:
    key = {"type": "HS256", "key": "abcdefghijklmnopqrstuvwxyz"}
    secrets = stack.of("Secret")[0]
    secrets["stringData" if "stringData" in secrets else "data"]["jwt"] = (
        json.dumps(key)
        if "stringData" in secrets
        else base64.b64encode(json.dumps(key).encode()).decode()
    )
    stack.container("api").setdefault("env", []).append(
        {
            "name": "HASURA_GRAPHQL_JWT_SECRET",
            "valueFrom": {"secretKeyRef": {"name": secrets["metadata"]["name"], "key": "jwt"}},
        }
    )


@fault("S3", "placeholder-as-secret", "a placeholder was shipped as the admin secret")
def _placeholder(stack: Stack) -> None:
    entry = stack.secret_variable()["valueFrom"]["secretKeyRef"]
    secret = stack.one("Secret", entry["name"])
    if "stringData" in secret:
        secret["stringData"][entry["key"]] = "REPLACE_WITH_ADMIN_SECRET"
    else:
        secret["data"][entry["key"]] = base64.b64encode(b"REPLACE_WITH_ADMIN_SECRET").decode()


@fault("S4", "required-setting-missing", "a setting that the image needs did not get into the pod")
def _required(stack: Stack) -> None:
    container = stack.container("postgres")
    container["env"] = [one for one in container.get("env", ()) if "PASSWORD" not in one["name"]]
    data = stack.one("ConfigMap", "postgres-env")["data"]
    for name in [name for name in data if "PASSWORD" in name]:
        del data[name]


@fault("S10", "snippet-annotation", "websockets by a snippet that controllers switch off")
def _snippet(stack: Stack) -> None:
    stack.of("Ingress")[0]["metadata"].setdefault("annotations", {})[
        "nginx.ingress.kubernetes.io/configuration-snippet"
    ] = 'proxy_set_header Connection "upgrade";'


@fault("S12", "host-unknown", "a service was not converted and is still called")
def _not_converted(stack: Stack) -> None:
    variable(stack, "web", "HASURA_PLUS_ENDPOINT", "http://hasura_plus:3000/auth")


@fault("S13", "rolling-update-of-single-claim", "a volume of one node is handed over by rolling")
def _multi_attach(stack: Stack) -> None:
    stack.add(claim("uploads"))
    stack.pod("web").setdefault("volumes", []).append(
        {"name": "uploads", "persistentVolumeClaim": {"claimName": "uploads"}}
    )
    stack.container("web").setdefault("volumeMounts", []).append(
        {"name": "uploads", "mountPath": "/srv/uploads"}
    )
    found = stack.one("Deployment", "web")["spec"]
    found["replicas"] = 1
    found["strategy"] = {"type": "RollingUpdate"}
    stack.remove("PodDisruptionBudget", "web")


@fault("S15", "host-unknown", "the redis of another namespace is called by its short name")
def _other_namespace(stack: Stack) -> None:
    variable(stack, "api", "CACHE_URL", "redis://shared-redis:6379/0")


@fault("S23", "tls-secret-missing", "nobody issues the certificate of the Ingress")
def _certificate(stack: Stack) -> None:
    ingress = stack.of("Ingress")[0]
    ingress["metadata"]["annotations"] = {}
    host = ingress["spec"]["rules"][0]["host"]
    ingress["spec"]["tls"] = [{"hosts": [host], "secretName": "shop-tls"}]


@fault("S25", "template-unresolved", "a reference of the env file was taken literally")
def _unresolved(stack: Stack) -> None:
    variable(stack, "web", "PUBLIC_NAME", "${PUBLIC_NAME}")


# G: patterns of CPTM8's guide.


@fault("G1", "rights-of-everything", "the account of a pod may do everything")
def _admin(stack: Stack) -> None:
    everything = {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}
    role(stack, everything)


@fault("G2", "host-unknown", "a full name has the namespace of another environment")
def _namespace_of_another(stack: Stack) -> None:
    variable(stack, "web", "MENU_URL", "http://apis.coffee-production.svc.cluster.local:8000")


@fault("G4", "stateful-set-service-missing", "the Service of a StatefulSet's pods is gone")
def _headless_gone(stack: Stack) -> None:
    stack.one("StatefulSet", "postgres")["spec"]["serviceName"] = "postgres-nodes"


@fault("G5", "secret-in-clear", "a password stands in a ConfigMap")
def _in_clear(stack: Stack) -> None:
    stack.one("ConfigMap", "api-env")["data"]["SMTP_PASSWORD"] = "vX8rQm2zTp5wLk"


@fault("G7", "claim-missing", "a claim that nobody makes")
def _claim(stack: Stack) -> None:
    stack.pod("api").setdefault("volumes", []).append(
        {"name": "logs", "persistentVolumeClaim": {"claimName": "logs"}}
    )


@fault("G8", "node-port-taken", "two Services want one port of the nodes")
def _node_port(stack: Stack) -> None:
    for name in ("web", "api"):
        spec = stack.one("Service", name)["spec"]
        spec["type"] = "NodePort"
        spec["ports"][0]["nodePort"] = 30080


@fault("G9", "database-on-nothing", "the database keeps its data in the pod", "claim-missing")
@fault("F16", "database-on-nothing", "data are lost with the pod", "claim-missing")
def _on_nothing(stack: Stack) -> None:
    found = stack.one("StatefulSet", "postgres")["spec"]
    (template,) = found.pop("volumeClaimTemplates")
    stack.pod("postgres").setdefault("volumes", []).append(
        {"name": template["metadata"]["name"], "emptyDir": {}}
    )


@fault("G10", "service-selects-nothing", "the selector has the label of another time")
@fault("F1", "service-selects-nothing", "there are no endpoints because labels differ")
def _selector(stack: Stack) -> None:
    stack.one("Service", "api")["spec"]["selector"]["app.kubernetes.io/name"] = "api-v1"


@fault("G13", "request-above-limit", "more is requested than allowed")
def _amounts(stack: Stack) -> None:
    resources = stack.container("api")["resources"]
    resources["limits"] = {"memory": "64Mi"}
    resources["requests"] = {"cpu": "100m", "memory": "128Mi"}


@fault("G14", "create-with-resource-names", "the refresher of credentials may never create them")
@fault("F13", "create-with-resource-names", "secrets are forbidden to the job")
def _refresher(stack: Stack) -> None:
    role(
        stack,
        {
            "apiGroups": [""],
            "resources": ["secrets"],
            "resourceNames": ["ecr-registry"],
            "verbs": ["create", "get", "patch"],
        },
    )


@fault("G15", "liveness-asks-dependencies", "liveness asks whether others are there")
def _liveness(stack: Stack) -> None:
    container = stack.container("api")
    container["livenessProbe"] = {"exec": {"command": ["pg_isready", "-h", "postgres"]}}


@fault(
    "G16",
    "node-wide-sysctl",
    "a setting of the node is asked for by a pod",
    "pod-security-refuses-pods",
)
@fault("F14", "node-wide-sysctl", "vm.max_map_count by a pod", "pod-security-refuses-pods")
def _sysctl(stack: Stack) -> None:
    context = stack.pod("storage").setdefault("securityContext", {})
    context["sysctls"] = [{"name": "vm.max_map_count", "value": "262144"}]


@fault("G18", "template-unresolved", "a value of the base is left in an overlay")
def _left_over(stack: Stack) -> None:
    stack.one("ConfigMap", "api-env")["data"]["STAGE_NAME"] = "{{ .Values.stage }}"


@fault("G20", "service-port-unknown", "the port published by Compose is dialled")
def _published(stack: Stack) -> None:
    variable(stack, "web", "DB_URL", "postgres://postgres:5442/coffee")


# F: failure scenarios.


@fault("F3", "host-unknown", "an init container waits for a name that nobody has")
def _wait(stack: Stack) -> None:
    stack.pod("api")["initContainers"].append(
        {
            **stack.pod("api")["initContainers"][-1],
            "name": "wait-for-broker",
            "command": ["sh", "-c", "until nc -z rabbit-service 5672; do sleep 1; done"],
        }
    )


@fault("F4", "probe-port-name-missing", "the probe asks a port that nobody named")
def _probe(stack: Stack) -> None:
    stack.container("api")["readinessProbe"] = {"httpGet": {"path": "/ready", "port": "http-api"}}


@fault("F5", "pull-secret-broken", "the pull secret holds no registry")
def _pull(stack: Stack) -> None:
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "type": "kubernetes.io/dockerconfigjson",
            "metadata": {"name": "registry"},
            "stringData": {".dockerconfigjson": '{"auths": {}}'},
        }
    )
    stack.pod("web")["imagePullSecrets"] = [{"name": "registry"}]


@fault("F6", "quota-refuses-pods", "a quota has no room for the pods")
def _quota(stack: Stack) -> None:
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "ResourceQuota",
            "metadata": {"name": "quota"},
            "spec": {"hard": {"requests.memory": "64Mi"}},
        }
    )


@fault("F7", "secret-missing", "the Secret of a variable does not exist")
def _secret(stack: Stack) -> None:
    stack.secret_variable()["valueFrom"]["secretKeyRef"]["name"] = "coffee-secret"


@fault("F11", "stateful-set-service-not-headless", "serviceName leads to a usual Service")
def _not_headless(stack: Stack) -> None:
    stack.one("StatefulSet", "redis")["spec"].update(replicas=2, serviceName="redis")


@fault("F18", "key-missing", "a variable wants a key that is not there")
def _key(stack: Stack) -> None:
    stack.secret_variable()["valueFrom"]["secretKeyRef"]["key"] = "passwd"


@fault("F20", "egress-without-dns", "policies forget DNS")
def _dns(stack: Stack) -> None:
    stack.remove("NetworkPolicy", "allow-dns")


UNSEEN = {
    "S2": "which of two secrets are one is not told by manifests; Mooring writes one key for both",
    "S5": "whether a server outside asks for TLS is not in the input",
    "S6": "the tracked tables are in Hasura's metadata; Mooring's conversion applies it by a Job",
    "S7": "as S6",
    "S8": "as S6: the conversion moves the folders into a Job",
    "S9": "the routes of a proxy stand in its image",
    "S11": "tidiness: the same literal twice breaks nothing",
    "S14": "which variable a program reads stands in its code; the conversion keeps all names",
    "S16": "only doubted (database-in-deployment), as one replica with Recreate works",
    "S17": "the architecture of an image is in the registry",
    "S18": "nodes may have the registry's credentials",
    "S19": "as S6",
    "S20": "as S14 and S6",
    "S21": "programs may wait by themselves; the conversion writes the wait",
    "S22": "which images belong together is not in the manifests",
    "S24": "as S20",
    "S26": "told by the conversion, which sees the bind beside PGDATA",
    "S27": "the port that an unknown image listens on is not in the manifests",
    "G3": "as S16",
    "G6": "where an unknown image writes is not in the manifests",
    "G11": "as S21",
    "G12": "a policy of its own for each environment, not a defect",
    "G17": "waits without an end are bounded by nothing that fails",
    "G19": "phases of a project, not of manifests",
    "F2": "what a class can do is in the cluster",
    "F8": "only a running cluster can hang",
    "F9": "as G6",
    "F10": "the files of an unknown image are not in the manifests",
    "F12": "whether there is a load balancer is in the cluster",
    "F15": "of known images only (quorum-waits-for-itself), which the example does not run",
    "F17": "kustomize and Mooring put a hash into the name",
    "F19": "what a script asks of the API is not read yet",
}
"""Rows that nothing finds in manifests alone, with the reason."""

ROWS = {
    *(f"S{number}" for number in range(1, 28)),
    *(f"G{number}" for number in range(1, 21)),
    *(f"F{number}" for number in range(1, 21)),
}


SYSTEMS = {stack.name: stack for stack in stacks.corpus() if stack.name in OF_SYSTEMS}

GetHealthy: TypeAlias = Callable[[str], Healthy]


@pytest.fixture(scope="module")
def healthy(
    tmp_path_factory: pytest.TempPathFactory, answered_stacks: AnsweredStacks
) -> GetHealthy:
    """Return how to get a stack in production, of which every question is answered."""
    folder = tmp_path_factory.mktemp("known-faults")
    made: dict[str, Healthy] = {}

    def get(name: str) -> Healthy:
        if name not in made:
            if name in OURS:
                made[name] = harness.healthy(OURS[name], folder / name)
            elif name in SYSTEMS:
                made[name] = harness.answered(answered_stacks(SYSTEMS[name]))
            else:
                pytest.skip("the corpus of real stacks is not beside the clone")
        return made[name]

    return get


@pytest.mark.parametrize("one", FAULTS, ids=lambda one: f"{one.row}-{one.mutation.sentence}")
def test_a_known_fault_is_found_by_its_rule_alone(one: Fault, healthy: GetHealthy) -> None:
    outcome = one.mutation.outcome(healthy(one.stack))
    assert outcome is not None, "the fault could not be put in"
    assert outcome.is_found
    assert not outcome.others


def test_each_row_has_its_fault_or_its_reason() -> None:
    seen = {one.row for one in FAULTS}
    assert seen | set(UNSEEN) == ROWS
    assert not seen & set(UNSEEN)
    assert {one.mutation.rule for one in FAULTS} <= set(catalogue.names())
