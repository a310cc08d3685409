"""Faults of what is mounted and run: files, modes, shells, waits, certificates."""

from pathlib import Path
from typing import Any

from tests.check.mutations.harness import Stack, mutation


def _mount(stack: Stack, part: str, path: str, volume: dict[str, Any], **more: str) -> None:
    """Mount a volume at ``path`` of the workload ``part``."""
    mounts = stack.container(part).setdefault("volumeMounts", [])
    mounts.append({"name": "added", "mountPath": path, **more})
    stack.pod(part).setdefault("volumes", []).append({"name": "added", **volume})


def _files(stack: Stack, **files: str) -> dict[str, Any]:
    """Add a ConfigMap of these files, whose names have a line for their dot; return its volume."""
    data = {name.replace("_", "."): text for name, text in files.items()}
    stack.add(
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "files"}, "data": data}
    )
    return {"configMap": {"name": "files"}}


@mutation("mount-hides-image-files", "an empty volume over the modules of the program")
def _modules(stack: Stack) -> None:
    _mount(stack, "api", "/app/node_modules", {"emptyDir": {}})


@mutation("mount-where-image-writes", "a file in the directory that the database initialises")
def _in_data(stack: Stack) -> None:
    data = stack.one("ConfigMap", "postgres-env")["data"]["PGDATA"]
    volume = _files(stack, postgresql_conf="max_connections = 50\n")
    _mount(stack, "postgres", f"{data}/postgresql.conf", volume, subPath="postgresql.conf")


@mutation("script-not-executable", "a script with the mode of a text")
def _mode(stack: Stack) -> None:
    volume = _files(stack, start_sh="#!/bin/sh\nexec python3 -m coffee\n")
    _mount(stack, "api", "/scripts", volume)
    stack.container("api")["command"] = ["/scripts/start.sh"]


@mutation("script-with-carriage-returns", "a script of Windows")
def _windows(stack: Stack) -> None:
    _files(stack, start_sh="#!/bin/sh\r\nexec python3 -m coffee\r\n")


@mutation("text-with-byte-order-mark", "a text that begins with an invisible character")
def _mark(stack: Stack) -> None:
    _files(stack, settings_json="\ufeff{}")


def _init(stack: Stack, part: str, script: str, image: str = "busybox:1.37.0") -> None:
    """Add an init container that runs ``script``, like one that is there."""
    container = {
        **stack.container(part),
        "name": "prepare",
        "image": image,
        "command": ["sh", "-c", script],
    }
    for key in ("args", "ports", "startupProbe", "readinessProbe", "livenessProbe", "lifecycle"):
        container.pop(key, None)
    stack.pod(part).setdefault("initContainers", []).append(container)


@mutation("syntax-of-another-shell", "an array in BusyBox")
def _array(stack: Stack) -> None:
    _init(stack, "api", 'hosts=(a b)\necho "${hosts[0]}"')


@mutation("shell-missing", "bash in BusyBox")
def _bash(stack: Stack) -> None:
    _init(stack, "api", "true")
    stack.pod("api")["initContainers"][-1]["command"][0] = "bash"


@mutation("init-waits-in-a-circle", "an init container that waits for its own Service")
def _itself(stack: Stack) -> None:
    port = stack.one("Service", "api")["spec"]["ports"][0]["port"]
    name = stack.one("Service", "api")["metadata"]["name"]
    _init(stack, "api", f"until nc -z {name} {port}; do sleep 1; done")


@mutation("waits-for-nothing", "a wait for a Job of another name")
def _job(stack: Stack) -> None:
    for container in stack.pod("api")["initContainers"]:
        for index, word in enumerate(container.get("args", ())):
            if word.startswith("job/"):
                container["args"][index] = "job/migration"


def _certificate(stack: Stack, *, chain: tuple[str, ...] = ("coffee.crt",), key: str) -> None:
    """Let the Ingress serve coffee.example.com with a certificate of the input."""
    ingress = stack.of("Ingress")[0]
    ingress["metadata"].setdefault("annotations", {}).pop("cert-manager.io/cluster-issuer", None)
    ingress["spec"]["tls"] = [{"hosts": ["coffee.example.com"], "secretName": "coffee-tls"}]
    ingress["spec"]["rules"][0]["host"] = "coffee.example.com"
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "coffee-tls"},
            "type": "kubernetes.io/tls",
            "stringData": {
                "tls.crt": "".join((_FOLDER / name).read_text() for name in chain),
                "tls.key": (_FOLDER / key).read_text(),
            },
        }
    )


_FOLDER = Path(__file__).parent / "certificates"


@mutation("certificate-of-another-key", "a certificate beside the key of another")
def _other_key(stack: Stack) -> None:
    _certificate(stack, key="other.key")


@mutation("certificate-expired", "a certificate that ends tomorrow")
def _soon(stack: Stack) -> None:
    _certificate(stack, chain=("coffee-for-a-day.crt",), key="coffee.key")


@mutation("certificate-chain-out-of-order", "the authority's certificate before the server's")
def _order(stack: Stack) -> None:
    _certificate(stack, chain=("authority.crt", "coffee.crt"), key="coffee.key")


@mutation("certificate-lacks-name", "a host that the certificate is not for")
def _host(stack: Stack) -> None:
    _certificate(stack, key="coffee.key")
    ingress = stack.of("Ingress")[0]["spec"]
    ingress["tls"][0]["hosts"] = ["shop.example.com"]
    ingress["rules"][0]["host"] = "shop.example.com"
