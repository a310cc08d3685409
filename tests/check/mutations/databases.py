"""What clients ask of a database and do not get, and known programs that are told what is wrong."""

from copy import deepcopy

from tests.check.mutations.harness import Absent, Manifest, Stack, mutation


def _set(stack: Stack, name: str, value: str, of: str = "api") -> None:
    """Give the first container of ``of`` a variable."""
    stack.container(of).setdefault("env", []).append({"name": name, "value": value})


def _asked(stack: Stack, *, user: str = "", name: str = "", options: str = "") -> None:
    """Let api ask the database as another user, for another one or with options."""
    service = stack.one("Service", "postgres")
    data = stack.one("ConfigMap", "postgres-env")["data"]
    own = {key.partition("_")[2]: value for key, value in data.items()}
    port = service["spec"]["ports"][0]["port"]
    scheme = "postgres" if "POSTGRES_USER" in data else "mysql"
    host = service["metadata"]["name"]
    user, name = user or own["USER"], name or own.get("DB") or own["DATABASE"]
    _set(stack, "AUDIT_URL", f"{scheme}://{user}@{host}:{port}/{name}{options}")


def _needs_postgres(stack: Stack) -> None:
    if "POSTGRES_USER" not in stack.one("ConfigMap", "postgres-env")["data"]:
        raise Absent("postgres")


@mutation("database-user-missing", "a user whom nobody made")
def _user(stack: Stack) -> None:
    _asked(stack, user="auditor")


@mutation("database-missing", "a database that nobody made")
def _unmade(stack: Stack) -> None:
    _asked(stack, name="audits")


@mutation("database-without-tls", "TLS that the server does not speak")
def _tls(stack: Stack) -> None:
    _needs_postgres(stack)
    _asked(stack, options="?sslmode=require")


@mutation("connections-refused", "pools that are larger than what the server accepts")
def _pools(stack: Stack) -> None:
    stack.one("ConfigMap", "postgres-env")  # of a server whose connections are few
    _set(stack, "DB_POOL_SIZE", "400")


@mutation("connections-scarce", "pools that are too large for an update")
def _scarce(stack: Stack) -> None:
    _needs_postgres(stack)
    stack.container("postgres")["args"] = ["--max-connections=200"]
    replicas = stack.one("Deployment", "api")["spec"].get("replicas", 1)
    _set(stack, "DB_POOL_SIZE", str(180 // replicas))


@mutation("writes-to-replica", "a copy that is only read")
def _copy(stack: Stack) -> None:
    service = stack.one("Service", "postgres")
    name = f"{service['metadata']['name']}-ro"
    copy: Manifest = {**service, "metadata": {**service["metadata"], "name": name}}
    stack.add(copy)
    port = service["spec"]["ports"][0]["port"]
    scheme = "mysql" if port == 3306 else "postgres"
    data = stack.one("ConfigMap", "postgres-env")["data"]
    own = {key.partition("_")[2]: value for key, value in data.items()}
    database = own.get("DB") or own["DATABASE"]
    _set(stack, "DATABASE_URL", f"{scheme}://{own['USER']}@{name}:{port}/{database}")


@mutation("binds-to-localhost", "a server that hides from its Service")
def _bind(stack: Stack) -> None:
    _set(stack, "LISTEN_ADDR", "127.0.0.1:8000")


@mutation("endpoint-without-scheme", "an address that is half of a URL")
def _half(stack: Stack) -> None:
    host = stack.one("Service", "storage")["metadata"]["name"]
    _set(stack, "AWS_ENDPOINT_URL", f"{host}:9000", of="order-worker")


@mutation("scheme-of-another-port", "plain text to a port of TLS")
def _scheme(stack: Stack) -> None:
    service = stack.one("Service", "web")
    port = service["spec"]["ports"][0]
    port["appProtocol"] = "https"
    number = port["port"]
    _set(stack, "WEB_URL", f"http://{service['metadata']['name']}:{number}")


@mutation("option-removed", "an option of an older server")
def _option(stack: Stack) -> None:
    _needs_postgres(stack)
    stack.container("postgres")["args"] += ["-c", "wal_keep_segments=8"]


@mutation("setting-renamed", "a variable under its former name")
def _renamed(stack: Stack) -> None:
    container = stack.container("web")
    container["image"] = "localstack/localstack:3.8.1"
    container["securityContext"]["readOnlyRootFilesystem"] = False
    _set(stack, "LAMBDA_EXECUTOR", "docker", of="web")


@mutation("migration-without-order", "a migration that nobody waits for")
def _unordered(stack: Stack) -> None:
    before = deepcopy(stack.manifests)
    for one in (*stack.of("Deployment"), *stack.of("StatefulSet")):
        spec = one["spec"]["template"]["spec"]
        if waits := spec.get("initContainers"):
            spec["initContainers"] = [
                wait
                for wait in waits
                if "migrat" not in str(wait["name"]) + str(wait.get("command"))
            ]
    if stack.manifests == before:
        raise Absent("a wait for a migration")


@mutation("job-cannot-be-applied-again", "a Job that is called after nothing")
def _again(stack: Stack) -> None:
    stack.add(
        {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {"name": "report"},
            "spec": stack.of("Job")[0]["spec"] | {"ttlSecondsAfterFinished": None},
        }
    )


@mutation("job-kept-alive-by-sidecar", "an agent beside the work of a Job")
def _kept_alive(stack: Stack) -> None:
    containers = stack.of("Job")[0]["spec"]["template"]["spec"]["containers"]
    agent = {**containers[0], "name": "logs", "image": "fluent/fluent-bit:4.0.1"}
    for own in ("command", "args"):
        agent.pop(own, None)
    containers.append(agent)


@mutation("job-kept-alive-by-mesh", "a mesh around a Job")
def _meshed(stack: Stack) -> None:
    stack.of("Job")[0]["spec"]["template"]["metadata"]["labels"]["sidecar.istio.io/inject"] = "true"


@mutation("command-ends-at-once", "a daemon in the background")
def _daemon(stack: Stack) -> None:
    container = stack.container("web")
    container["command"] = ["/bin/sh", "-c", "service nginx start"]
    container.pop("args", None)


def _scripts(stack: Stack, **source: Manifest) -> None:
    """Give the database a folder of start-up scripts."""
    container = stack.container("postgres")
    container["volumeMounts"] = [
        one
        for one in container["volumeMounts"]
        if not one["mountPath"].startswith("/docker-entrypoint-initdb.d")
    ] + [{"name": "start-up", "mountPath": "/docker-entrypoint-initdb.d"}]
    stack.pod("postgres")["volumes"].append({"name": "start-up", **source})


@mutation("scripts-of-no-program", "passwords where scripts are to be")
def _no_scripts(stack: Stack) -> None:
    data = {"reporting_password": "7c9e6679742540de"}
    stack.add(
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "start-up"}, "stringData": data}
    )
    _scripts(stack, secret={"secretName": "start-up"})


@mutation("schema-right-missing", "a user who may not make tables")
def _schema(stack: Stack) -> None:
    _needs_postgres(stack)
    script = "CREATE ROLE audits LOGIN; GRANT ALL ON DATABASE coffee TO audits;"
    data = {"10-audits.sql": script}
    stack.add(
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "start-up"}, "data": data}
    )
    _scripts(stack, configMap={"name": "start-up"})


@mutation("task-restarted-for-ever", "a migration in a Deployment")
def _restarted(stack: Stack) -> None:
    container = stack.container("web")
    container.pop("command", None)
    container["args"] = ["alembic", "upgrade", "head"]


@mutation("data-path-of-another-version", "a version that keeps its data elsewhere")
def _elsewhere(stack: Stack) -> None:
    _needs_postgres(stack)
    stack.container("postgres")["image"] = "postgres:18.1-alpine"
    del stack.one("ConfigMap", "postgres-env")["data"]["PGDATA"]
