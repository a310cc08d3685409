"""
The faults that real systems had, put one at a time into a healthy stack: the named rule finds each.

The ids are those of the lists of known faults: S of Synmetrix' log, G and F of the patterns and
failure scenarios of CPTM8's guide.  What nothing that is read can show is in `UNSEEN` with the
reason, so that the lists are whole.
"""

import base64
import json
import re
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
SYNMETRIX = "synmetrix-root__docker-compose.dev"
CPTM8 = "cptm8-root__docker-compose-backend"
OF_SYSTEMS = (SYNMETRIX, CPTM8)
"""The real systems that the lists are about, as they are called in the corpus."""

IN_DEVELOPMENT = " in development"
"""Ends the name of a system whose environment of development is meant, which has demo data."""


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


def in_deployment(stack: Stack, name: str) -> None:
    """Make a Deployment of a StatefulSet, with a claim beside it."""
    found = stack.one("StatefulSet", name)
    (template,) = found["spec"].pop("volumeClaimTemplates")
    found["kind"] = "Deployment"
    kept = ("replicas", "selector", "template")
    found["spec"] = {key: found["spec"][key] for key in kept}
    volume = template["metadata"]["name"]
    stack.add(claim(volume))
    stack.pod(name).setdefault("volumes", []).append(
        {"name": volume, "persistentVolumeClaim": {"claimName": volume}}
    )


def mount_config(stack: Stack, workload: str, path: str) -> None:
    """Mount a file of a ConfigMap of its own at ``path`` of a workload."""
    name = path.rpartition("/")[2]
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "more-files"},
            "data": {name: "# of the team\n"},
        }
    )
    stack.pod(workload).setdefault("volumes", []).append(
        {"name": "more-files", "configMap": {"name": "more-files"}}
    )
    stack.container(workload).setdefault("volumeMounts", []).append(
        {"name": "more-files", "mountPath": path, "subPath": name}
    )


def job(stack: Stack, name: str) -> Manifest:
    """Return the Job whose name begins with ``name``; a hash ends it."""
    return next(one for one in stack.of("Job") if one["metadata"]["name"].startswith(name))


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


@fault(
    "S2",
    "secret-copies-differ",
    "one consumer has another admin secret than the server",
    "secret-in-clear",
    stack=SYNMETRIX,
)
def _other_secret(stack: Stack) -> None:
    env = stack.container("actions")["env"]
    env[:] = [one for one in env if one["name"] != "HASURA_GRAPHQL_ADMIN_SECRET"]
    variable(stack, "actions", "HASURA_GRAPHQL_ADMIN_SECRET", "q7Vd0sPz4mKtXw2L")


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


@fault("S5", "migration-through-pooler", "the migration goes through PgBouncer")
def _pooler(stack: Stack) -> None:
    (container,) = stack.pod("migrate")["containers"]
    container.setdefault("env", []).append(
        {"name": "DATABASE_URL", "value": "postgres://coffee@pgbouncer.example.com:6432/coffee"}
    )


@fault(
    "S6",
    "hasura-without-migrations",
    "nothing applies the metadata",
    "waits-for-nothing",
    stack=SYNMETRIX,
)
@fault(
    "S8",
    "hasura-without-migrations",
    "the plain image gets the migrations",
    "waits-for-nothing",
    stack=SYNMETRIX,
)
def _no_metadata(stack: Stack) -> None:
    stack.manifests.remove(job(stack, "hasura-migrate"))


@fault("S7", "hasura-metadata-incomplete", "a table on the way is not tracked", stack=SYNMETRIX)
def _no_table(stack: Stack) -> None:
    data = stack.one("ConfigMap", "services-hasura-metadata")["data"]
    tables = re.split(r"^(?=- table:)", data["tables.yaml"], flags=re.MULTILINE)
    kept = [one for one in tables if not one.startswith("- table:\n    name: versions\n")]
    data["tables.yaml"] = "".join(kept)


@fault("S9", "api-path-without-route", "every call of the API gets the page of the front end")
def _no_route(stack: Stack) -> None:
    rule = stack.one("Ingress", "web")["spec"]["rules"][0]
    rule["http"]["paths"] = [one for one in rule["http"]["paths"] if one["path"] == "/"]
    variable(stack, "web", "PUBLIC_API_URL", f"https://{rule['host']}/api")


@fault("S10", "snippet-annotation", "websockets by a snippet that controllers switch off")
def _snippet(stack: Stack) -> None:
    stack.of("Ingress")[0]["metadata"].setdefault("annotations", {})[
        "nginx.ingress.kubernetes.io/configuration-snippet"
    ] = 'proxy_set_header Connection "upgrade";'


@fault("S11", "setting-in-copies", "each workload has its own copy of an address")
def _scattered(stack: Stack) -> None:
    for workload in ("api", "order-worker"):
        variable(stack, workload, "ROASTER_URL", "https://roaster.example.com/v1")


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


@fault("S14", "setting-renamed", "Redis is named by a variable that nobody reads", stack=SYNMETRIX)
def _redis_disabled(stack: Stack) -> None:
    for one in stack.of("ConfigMap"):
        one["data"].pop("REDIS_ADDR", None)
    stack.container("cubejs")["image"] = "synmetrix/cubejs:1.4.2"
    variable(stack, "cubejs", "REDIS_URL", "redis://redis:6379")


@fault("S15", "host-unknown", "the redis of another namespace is called by its short name")
def _other_namespace(stack: Stack) -> None:
    variable(stack, "api", "CACHE_URL", "redis://shared-redis:6379/0")


ROLLING = "rolling-update-of-single-claim"


@fault("S16", "database-in-deployment", "Redis is a Deployment", ROLLING)
def _redis_in_deployment(stack: Stack) -> None:
    in_deployment(stack, "redis")


@fault(
    "S16",
    "database-in-deployment",
    "the database is a Deployment",
    ROLLING,
    "mounted-file-unread",
    "connections-scarce",
    stack=SYNMETRIX,
)
@fault("G3", "database-in-deployment", "the database is a Deployment", ROLLING)
def _database_in_deployment(stack: Stack) -> None:
    in_deployment(stack, "postgres")


@fault("S17", "image-of-other-architecture", "an image for ARM on nodes with AMD64")
def _architecture(stack: Stack) -> None:
    stack.container("redis")["image"] = "arm64v8/redis:7.4"
    stack.pod("redis")["nodeSelector"] = {"kubernetes.io/arch": "amd64"}


@fault("S18", "private-registry-without-secret", "nobody logs in to the registry of the team")
def _no_login(stack: Stack) -> None:
    del stack.pod("web")["imagePullSecrets"]


@fault(
    "S19",
    "hasura-without-migrations",
    "the seeds are there and nothing applies them",
    stack=SYNMETRIX + IN_DEVELOPMENT,
)
def _no_seeds(stack: Stack) -> None:
    stack.manifests.remove(job(stack, "hasura-seed"))


@fault("S20", "hasura-variable-missing", "actions lead to no address", stack=SYNMETRIX)
@fault("S24", "hasura-variable-missing", "the check of a source has no address", stack=SYNMETRIX)
def _no_address(stack: Stack) -> None:
    for one in stack.of("ConfigMap"):
        one["data"].pop("ACTIONS_URL", None)


@fault("S21", "migration-without-order", "programs start before the schema is there")
def _no_order(stack: Stack) -> None:
    for workload in ("api", "order-worker"):
        pod = stack.pod(workload)
        pod["initContainers"] = [
            one for one in pod["initContainers"] if "migrate" not in one["name"]
        ]


@fault("S22", "image-of-two-versions", "the migration is of another version than the program")
def _versions(stack: Stack) -> None:
    image = stack.container("api")["image"].rpartition(":")[0]
    stack.container("api")["image"] = f"{image}:1.5.0"
    stack.pod("migrate")["containers"][0]["image"] = f"{image}:1.4.0"


@fault("S23", "tls-secret-missing", "nobody issues the certificate of the Ingress")
def _certificate(stack: Stack) -> None:
    ingress = stack.of("Ingress")[0]
    ingress["metadata"]["annotations"] = {}
    host = ingress["spec"]["rules"][0]["host"]
    ingress["spec"]["tls"] = [{"hosts": [host], "secretName": "shop-tls"}]


@fault("S25", "template-unresolved", "a reference of the env file was taken literally")
def _unresolved(stack: Stack) -> None:
    variable(stack, "web", "PUBLIC_NAME", "${PUBLIC_NAME}")


@fault("S26", "mounted-file-unread", "the tuning lies beside the data that were moved")
def _tuning(stack: Stack) -> None:
    stack.one("ConfigMap", "postgres-env")["data"]["PGDATA"] = "/var/lib/postgresql/data/pgdata"
    mount_config(stack, "postgres", "/var/lib/postgresql/data/postgresql.conf")


@fault("S27", "target-port-not-served", "the Service leads to the port that Compose published")
def _other_port(stack: Stack) -> None:
    stack.one("Service", "web")["spec"]["ports"][0]["targetPort"] = 8888


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


@fault("G6", "mount-where-image-writes", "settings are mounted where they have to be written")
@fault("F9", "mount-where-image-writes", "the configuration is in a file system for reading alone")
def _read_only_mount(stack: Stack) -> None:
    mount_config(stack, "postgres", "/var/lib/postgresql/data/pgdata/pg_hba.conf")


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


@fault("G11", "readiness-missing", "nobody can tell when a former dependency is ready")
def _no_readiness(stack: Stack) -> None:
    for name in ("startupProbe", "readinessProbe"):
        stack.container("postgres").pop(name, None)


@fault("G12", "pod-security-refuses-pods", "production keeps data in a directory of the node")
def _host_path(stack: Stack) -> None:
    stack.pod("storage").setdefault("volumes", []).append(
        {"name": "more", "hostPath": {"path": "/srv/more", "type": "DirectoryOrCreate"}}
    )
    stack.container("storage").setdefault("volumeMounts", []).append(
        {"name": "more", "mountPath": "/more"}
    )


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


@fault("G17", "wait-without-end", "an init container waits for ever")
def _for_ever(stack: Stack) -> None:
    stack.pod("api")["initContainers"].append(
        {
            **stack.pod("api")["initContainers"][-1],
            "name": "wait-for-roaster",
            "command": ["sh", "-c", "until wget -q https://roaster.example.com; do sleep 1; done"],
        }
    )


@fault("G18", "template-unresolved", "a value of the base is left in an overlay")
def _left_over(stack: Stack) -> None:
    stack.one("ConfigMap", "api-env")["data"]["STAGE_NAME"] = "{{ .Values.stage }}"


@fault("G20", "service-port-unknown", "the port published by Compose is dialled")
def _published(stack: Stack) -> None:
    variable(stack, "web", "DB_URL", "postgres://postgres:5442/coffee")


# F: failure scenarios.


@fault("F2", "storage-class-of-one-node", "a disk of a cloud is to be shared by many nodes")
def _mode(stack: Stack) -> None:
    (template,) = stack.one("StatefulSet", "redis")["spec"]["volumeClaimTemplates"]
    template["spec"].update(accessModes=["ReadWriteMany"], storageClassName="gp3")


@fault("F3", "host-unknown", "the wait of the conversion asks for a service that was renamed")
def _own_wait(stack: Stack) -> None:
    waits = [one for one in stack.pod("migrate")["initContainers"] if "postgres" in one["command"]]
    waits[0]["command"][waits[0]["command"].index("postgres")] = "postgresql-service"


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


@fault("F10", "mount-hides-image-files", "a volume lies over what the image brings")
def _hidden(stack: Stack) -> None:
    stack.pod("web").setdefault("volumes", []).append({"name": "words", "emptyDir": {}})
    stack.container("web").setdefault("volumeMounts", []).append(
        {"name": "words", "mountPath": "/app/node_modules"}
    )


@fault("F11", "stateful-set-service-not-headless", "serviceName leads to a usual Service")
def _not_headless(stack: Stack) -> None:
    stack.one("StatefulSet", "redis")["spec"].update(replicas=2, serviceName="redis")


@fault("F15", "quorum-waits-for-itself", "members start one after another", stack="events")
@fault("G16", "quorum-waits-for-itself", "the start of the search is ordered", stack="events")
def _ordered(stack: Stack) -> None:
    stack.one("StatefulSet", "search")["spec"]["podManagementPolicy"] = "OrderedReady"


@fault("F12", "load-balancer-without-provider", "nobody gives the Service an address outside")
def _pending(stack: Stack) -> None:
    stack.cluster = "kind"
    stack.one("Service", "web")["spec"]["type"] = "LoadBalancer"


@fault("F17", "config-change-without-rollout", "pods do not notice that settings change")
def _unnoticed(stack: Stack) -> None:
    settings = stack.one("ConfigMap", "api-env")["metadata"]
    del settings["labels"]["app.kubernetes.io/managed-by"]


@fault("F18", "key-missing", "a variable wants a key that is not there")
def _key(stack: Stack) -> None:
    stack.secret_variable()["valueFrom"]["secretKeyRef"]["key"] = "passwd"


@fault("F19", "right-missing", "the account of the waits may no longer look at Jobs")
def _no_right(stack: Stack) -> None:
    for rule in stack.one("Role", "coffee-waits")["rules"]:
        rule["verbs"] = ["watch"]


@fault("F20", "egress-without-dns", "policies forget DNS")
def _dns(stack: Stack) -> None:
    stack.remove("NetworkPolicy", "allow-dns")


@fault("F8", "deletion-held-up", "a claim that is to go and that a pod still mounts")
def _held(stack: Stack) -> None:
    stack.going.append(
        claim("old-receipts")
        | {
            "metadata": {
                "name": "old-receipts",
                "deletionTimestamp": "2026-11-30T08:00:00Z",
                "finalizers": ["kubernetes.io/pvc-protection"],
            }
        }
    )


UNSEEN = {
    "G19": "the phases in which a team moves, and a list for its meetings: nothing is deployed",
}
"""Rows in which there is no fault to be found, with the reason."""

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
            elif (system := SYSTEMS.get(name.removesuffix(IN_DEVELOPMENT))) is not None:
                environment = 0 if name.endswith(IN_DEVELOPMENT) else -1
                made[name] = harness.answered(answered_stacks(system), environment=environment)
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
