"""Members of clusters that do not find or trust one another, and clients that see one of them."""

from tests.check.mutations import additions
from tests.check.mutations.harness import Stack, mutation


@mutation("cluster-members-misnamed", "first members that nobody is called")
def _misnamed(stack: Stack) -> None:
    container = additions.store(
        stack, "finder", "opensearchproject/opensearch:2.17.1", 9200, replicas=3
    )
    container["volumeMounts"][0]["mountPath"] = "/usr/share/opensearch/data"
    container["env"] = [
        {"name": "node.name", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
        {"name": "DISABLE_SECURITY_PLUGIN", "value": "true"},
        {"name": "discovery.seed_hosts", "value": "finder-headless"},
        {"name": "OPENSEARCH_JAVA_OPTS", "value": "-Xms1g -Xmx1g"},
        {
            "name": "cluster.initial_cluster_manager_nodes",
            "value": "opensearch-0,opensearch-1,opensearch-2",
        },
    ]
    stack.one("StatefulSet", "finder")["spec"]["podManagementPolicy"] = "Parallel"


@mutation("cookie-of-each-member", "brokers that do not trust one another")
def _cookie(stack: Stack) -> None:
    container = additions.store(stack, "broker", "rabbitmq:4.0.3-management", 5672, replicas=3)
    container["volumeMounts"][0]["mountPath"] = "/var/lib/rabbitmq"
    secret = stack.of("Secret")[0]
    secret["stringData"]["broker_password"] = "q7Vd0sPz4mKtXw2L"
    entry = {"secretKeyRef": {"name": secret["metadata"]["name"], "key": "broker_password"}}
    container["env"] = [
        {"name": "RABBITMQ_DEFAULT_USER", "value": "events"},
        {"name": "RABBITMQ_DEFAULT_PASS", "valueFrom": entry},
    ]
    stack.one("StatefulSet", "broker")["spec"]["podManagementPolicy"] = "Parallel"


@mutation("peers-hidden-until-ready", "members that are hidden while they look for one another")
def _hidden(stack: Stack) -> None:
    container = additions.store(
        stack, "accounts", "quay.io/keycloak/keycloak:26.4.0", 8080, replicas=2
    )
    container["args"] = ["start"]
    container["env"] = [
        {"name": "KC_CACHE_STACK", "value": "kubernetes"},
        {"name": "KC_HOSTNAME", "value": "accounts.mooring.dev"},
    ]
    stack.one("StatefulSet", "accounts")["spec"]["podManagementPolicy"] = "Parallel"
    del stack.one("Service", "accounts-headless")["spec"]["publishNotReadyAddresses"]


@mutation("one-pod-dialled", "a client of the first of several")
def _first(stack: Stack) -> None:
    additions.store(stack, "cache", "registry.example.com/more/cache:1.4.0", 7000, replicas=2)
    additions.service(stack, "cache", 7000)
    labels = stack.one("StatefulSet", "cache")["spec"]["template"]["metadata"]["labels"]
    for key in labels:
        if key.startswith("network.mooring.dev/"):
            labels[key] = "member"
    stack.container("api").setdefault("env", []).append(
        {"name": "CACHE_HOST", "value": "cache-0.cache-headless"}
    )
