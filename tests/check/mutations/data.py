"""Data, and who asks for it: what is promised to it, where it lies, how it is dialled."""

from tests.check.mutations import additions
from tests.check.mutations.harness import Absent, Stack, mutation


def _url(stack: Stack, host: str = "") -> str:
    """Return the address of the database as its own user would write it."""
    service = stack.one("Service", "postgres")
    data = stack.one("ConfigMap", "postgres-env")["data"]
    own = {key.partition("_")[2]: value for key, value in data.items()}
    scheme = "postgres" if "POSTGRES_USER" in data else "mysql"
    port = service["spec"]["ports"][0]["port"]
    host = host or service["metadata"]["name"]
    return f"{scheme}://{own['USER']}@{host}:{port}/{own.get('DB') or own['DATABASE']}"


@mutation("database-parts-disagree", "a port beside a URL that has another")
def _parts(stack: Stack) -> None:
    stack.container("api").setdefault("env", []).extend(
        [{"name": "DATABASE_URL", "value": _url(stack)}, {"name": "DB_PORT", "value": "15432"}]
    )


@mutation(
    "database-without-promise",
    "a database that is killed first",
    "cpu-request-missing",
    "memory-request-missing",
    "memory-limit-missing",
)
def _promise(stack: Stack) -> None:
    stack.container("postgres").pop("resources")


@mutation("image-of-other-registry", "an image of a registry that is not listed")
def _registry(stack: Stack) -> None:
    images = [one["image"] for one in stack.containers()]
    images += [
        one["image"]
        for each in stack.manifests
        for one in each.get("spec", {})
        .get("template", {})
        .get("spec", {})
        .get("initContainers", ())
    ]
    hosts = {
        one.partition("/")[0] if "." in one.partition("/")[0] else "docker.io" for one in images
    }
    stack.registries = tuple(sorted(hosts))
    stack.container("web")["image"] = "mirror.example.org/shop/web:1.4.0"


@mutation("image-of-two-versions", "one program in two versions")
def _versions(stack: Stack) -> None:
    image = stack.container("api")["image"].rpartition(":")[0]
    stack.container("order-worker")["image"] = f"{image}:0.9.9"


@mutation("migration-through-pooler", "a migration through PgBouncer")
def _pooler(stack: Stack) -> None:
    container = stack.container("migrate")
    container.setdefault("env", []).append(
        {"name": "DATABASE_URL", "value": "postgres://app@pgbouncer.example.com:6432/app"}
    )


@mutation("prepared-statements-through-pooler", "statements that the pool forgets")
def _forgotten(stack: Stack) -> None:
    if not _url(stack).startswith("postgres"):
        raise Absent("postgres")
    container = additions.program(stack, "pgbouncer", "edoburu/pgbouncer:1.18.0")
    container["ports"] = [{"name": "pool", "containerPort": 5432}]
    container["readinessProbe"] = {"tcpSocket": {"port": "pool"}}
    container["securityContext"]["readOnlyRootFilesystem"] = False
    container["env"] = [
        {"name": "DATABASE_URL", "value": _url(stack)},
        {"name": "POOL_MODE", "value": "transaction"},
    ]
    additions.let_in(stack, "pgbouncer", "postgres")
    additions.service(stack, "pgbouncer", 5432)
    stack.container("api").setdefault("env", []).append(
        {"name": "AUDIT_URL", "value": _url(stack, "pgbouncer")}
    )


@mutation("mounted-file-unread", "a configuration beside the data that was moved")
def _unread(stack: Stack) -> None:
    if "PGDATA" not in stack.one("ConfigMap", "postgres-env")["data"]:
        raise Absent("a database that is told where its data is")
    additions.config(stack, "tuning", {"postgresql.conf": "shared_buffers = 64MB\n"})
    stack.pod("postgres")["volumes"].append({"name": "tuning", "configMap": {"name": "tuning"}})
    stack.container("postgres")["volumeMounts"].append(
        {
            "name": "tuning",
            "mountPath": "/var/lib/postgresql/data/postgresql.conf",
            "subPath": "postgresql.conf",
        }
    )


@mutation("non-root-claim-without-group", "a user who may not write to its claim")
def _group(stack: Stack) -> None:
    found = next(
        spec
        for one in stack.of("StatefulSet")
        if "fsGroup" in (spec := one["spec"]["template"]["spec"]).get("securityContext", {})
        and "runAsUser" in spec["containers"][0]["securityContext"]
    )
    for key in ("fsGroup", "fsGroupChangePolicy"):
        found["securityContext"].pop(key, None)


@mutation("object-without-name", "an object that nobody can call")
def _nameless(stack: Stack) -> None:
    additions.config(stack, "", {"level": "info"})
    del stack.manifests[-1]["metadata"]["name"]


@mutation("secret-empty", "a secret without a value")
def _empty(stack: Stack) -> None:
    named = stack.secret_variable()["valueFrom"]["secretKeyRef"]
    secret = stack.one("Secret", named["name"])
    held = secret["stringData"] if named["key"] in secret.get("stringData", {}) else secret["data"]
    held[named["key"]] = ""


@mutation("shared-memory-small", "a browser in 64 MiB of shared memory")
def _shared(stack: Stack) -> None:
    container = additions.program(stack, "browser", "selenium/standalone-chrome:4.25.0")
    container["ports"] = [{"name": "driver", "containerPort": 4444}]
    container["readinessProbe"] = {"tcpSocket": {"port": "driver"}}
    container["securityContext"]["readOnlyRootFilesystem"] = False
    container["resources"] = {
        "requests": {"cpu": "500m", "memory": "2Gi"},
        "limits": {"memory": "2Gi"},
    }


@mutation("url-password-unescaped", "a password that ends its URL")
def _unescaped(stack: Stack) -> None:
    service = stack.one("Service", "redis")
    host, port = service["metadata"]["name"], service["spec"]["ports"][0]["port"]
    name = stack.secret_variable()["valueFrom"]["secretKeyRef"]["name"]
    secret = stack.one("Secret", name)
    secret["stringData"]["queue_url"] = f"redis://:q7Vd/0sPz4mKtXw2L@{host}:{port}/0"
    entry = {"secretKeyRef": {"name": name, "key": "queue_url"}}
    stack.container("api").setdefault("env", []).append({"name": "QUEUE_URL", "valueFrom": entry})


@mutation("volume-path-on-any-node", "a disk of a node that is not named")
def _any_node(stack: Stack) -> None:
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "PersistentVolume",
            "metadata": {"name": "disk"},
            "spec": {
                "capacity": {"storage": "10Gi"},
                "accessModes": ["ReadWriteOnce"],
                "hostPath": {"path": "/mnt/disk"},
            },
        }
    )
