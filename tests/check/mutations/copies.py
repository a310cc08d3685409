"""Faults of settings that several hold: proxies, passwords, accounts, aliases."""

from urllib.parse import quote

from tests.check.mutations.harness import Absent, Stack, mutation


def _proxy(stack: Stack, part: str, upstream: str) -> None:
    """Mount settings of NGINX that lead to ``upstream``."""
    text = f"server {{ location / {{ proxy_pass http://{upstream}; }} }}\n"
    _mounted(stack, part, "proxy.conf", text)


def _mounted(stack: Stack, part: str, file: str, text: str) -> None:
    """Mount a file into the first container of a workload."""
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "settings-of-it"},
            "data": {file: text},
        }
    )
    stack.pod(part).setdefault("volumes", []).append(
        {"name": "settings-of-it", "configMap": {"name": "settings-of-it"}}
    )
    stack.container(part).setdefault("volumeMounts", []).append(
        {"name": "settings-of-it", "mountPath": "/etc/settings-of-it"}
    )


@mutation("upstream-unknown", "a proxy that leads to a name of Compose")
def _upstream(stack: Stack) -> None:
    name = stack.one("Service", "api")["metadata"]["name"]
    _proxy(stack, "web", f"{name}_1:8000")


@mutation("upstream-unknown", "a proxy that leads to a port that is not there")
def _port(stack: Stack) -> None:
    name = stack.one("Service", "api")["metadata"]["name"]
    _proxy(stack, "web", f"{name}:4711")


@mutation("address-in-file-unknown", "a file that names a container of Compose")
def _in_file(stack: Stack) -> None:
    name = stack.one("Service", "api")["metadata"]["name"]
    _mounted(stack, "web", "targets.yaml", f"targets:\n- http://{name}-1:8000/metrics\n")


@mutation("alias-target-missing", "an alias of a Service that was renamed")
def _alias(stack: Stack) -> None:
    api = stack.one("Service", "api")["metadata"]
    target = f"{api['name']}s.{stack.of('Namespace')[0]['metadata']['name']}.svc.cluster.local"
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "backend"},
            "spec": {"type": "ExternalName", "externalName": target},
        }
    )


@mutation("secret-copies-differ", "a URL with the password of last year")
def _copy(stack: Stack) -> None:
    settings = stack.one("ConfigMap", "postgres-env")["data"]
    user = settings.get("POSTGRES_USER") or settings.get("MYSQL_USER")
    if user is None:
        raise Absent("POSTGRES_USER")
    name = stack.one("Service", "postgres")["metadata"]["name"]
    secret = stack.of("Secret")[0]
    url = f"database://{user}:{quote('last/year+of9Kx2vQ', safe='')}@{name}/shop"
    secret["stringData"]["ARCHIVE_URL"] = url
    reference = {"name": secret["metadata"]["name"], "key": "ARCHIVE_URL"}
    stack.container("api").setdefault("env", []).append(
        {"name": "ARCHIVE_URL", "valueFrom": {"secretKeyRef": reference}}
    )


@mutation("default-account", "a store that nobody gave an account", "required-setting-missing")
def _account(stack: Stack) -> None:
    container = stack.container("storage")
    stack.one("ConfigMap", "storage-env")["data"].clear()
    mounts = container.get("volumeMounts", [])
    container["volumeMounts"] = [one for one in mounts if "secret" not in one["mountPath"]]


@mutation(
    "vault-settings-misplaced",
    "a storage with the address under another key",
    "read-only-root-that-is-written",
)
def _vault(stack: Stack) -> None:
    stack.container("storage").update(
        image="hashicorp/vault:1.19.0",
        env=[
            {
                "name": "VAULT_LOCAL_CONFIG",
                "value": '{"storage": {"postgresql": {"connection_string": "host=postgres"}}}',
            }
        ],
    )


@mutation("default-password", "a URL with the password of the manual")
def _url(stack: Stack) -> None:
    stack.of("Secret")[0]["stringData"]["ARCHIVE_URL"] = "postgres://shop:postgres@db.example.com/x"


@mutation("https-redirect-without-certificate", "a redirect to a host without a certificate")
def _redirect(stack: Stack) -> None:
    ingress = stack.of("Ingress")[0]
    ingress["metadata"]["annotations"].pop("cert-manager.io/cluster-issuer", None)
    ingress["metadata"]["annotations"]["nginx.ingress.kubernetes.io/force-ssl-redirect"] = "true"
    ingress["spec"].pop("tls")
    ingress["spec"]["ingressClassName"] = "nginx"


@mutation("file-binds-to-localhost", "settings by which the cache listens to itself")
def _closed(stack: Stack) -> None:
    container = stack.container("redis")
    if "redis" not in container["image"]:
        raise Absent("redis")
    _mounted(stack, "redis", "closed.conf", "bind 127.0.0.1 ::1\n")
    container["command"] = ["redis-server", "/etc/settings-of-it/closed.conf"]
    container.pop("args", None)
