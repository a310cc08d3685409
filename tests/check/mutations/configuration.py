"""Secrets, variables, images and probes as they are mistaken by hand."""

import base64

from tests.check.mutations.harness import Manifest, Stack, mutation


def _secret(stack: Stack) -> Manifest:
    return next(one for one in stack.of("Secret") if one.get("stringData"))


def _env(stack: Stack) -> list[Manifest]:
    env: list[Manifest] = stack.container("web").setdefault("env", [])
    return env


@mutation("secret-not-base64", "a plain text under data")
def _plain(stack: Stack) -> None:
    _secret(stack).setdefault("data", {})["more"] = "plain text!"


@mutation("secret-encoded-twice", "a text that was encoded by hand")
def _twice(stack: Stack) -> None:
    encoded = base64.b64encode(b"vR4x9TqLw2").decode()
    _secret(stack)["stringData"]["more"] = encoded


@mutation("secret-ends-with-newline", "a value that echo wrote")
def _newline(stack: Stack) -> None:
    key = stack.secret_variable()["valueFrom"]["secretKeyRef"]["key"]
    _secret(stack)["stringData"][key] += "\n"


@mutation("placeholder-as-secret", "a value that nobody gave")
def _placeholder(stack: Stack) -> None:
    _secret(stack)["stringData"]["more"] = "changeme"


@mutation("default-password", "the password of the manual")
def _default(stack: Stack) -> None:
    _secret(stack)["stringData"]["DB_PASSWORD"] = "postgres"


@mutation("secret-in-clear", "a password as a literal")
def _literal(stack: Stack) -> None:
    _env(stack).append({"name": "SMTP_PASSWORD", "value": "vR4x9TqLw2"})


@mutation("ciphertext-in-secret", "a value that is still encrypted")
def _ciphertext(stack: Stack) -> None:
    _secret(stack)["stringData"]["more"] = "ENC[AES256_GCM,data:Tr7o=,iv:1=,tag:k=,type:str]"


@mutation("token-key-too-short", "a key of ten letters", "secret-in-clear")
def _token(stack: Stack) -> None:
    value = '{"type":"HS256","key":"vR4x9TqLw2"}'
    _env(stack).append({"name": "JWT_SECRET", "value": value})


@mutation("variable-used-before-defined", "a variable above the one that it needs")
def _order(stack: Stack) -> None:
    _env(stack).extend(
        [{"name": "GREETING", "value": "hello $(WHOM)"}, {"name": "WHOM", "value": "you"}]
    )


@mutation("variable-undefined", "a flag of a variable that is gone")
def _undefined(stack: Stack) -> None:
    stack.container("web").setdefault("args", []).append("--level=$(LOG_LEVEL_OF_WEB)")


@mutation("variable-without-shell", "a shell's variable where none runs")
def _no_shell(stack: Stack) -> None:
    container = stack.container("web")
    container["command"] = ["/server"]
    container["args"] = ["--level=$LEVEL"]
    _env(stack).append({"name": "LEVEL", "value": "info"})


@mutation("image-reference-malformed", "an image in capitals")
def _capitals(stack: Stack) -> None:
    stack.container("web")["image"] = "registry.example.com/Coffee/Web:1.4.0"


@mutation("image-moved", "an image of a registry that is closed")
def _closed(stack: Stack) -> None:
    stack.container("web")["image"] = "k8s.gcr.io/web:1.4.0"


@mutation(
    "liveness-asks-dependencies", "a liveness probe of another host", "pod-security-refuses-pods"
)
def _liveness(stack: Stack) -> None:
    stack.container("web")["livenessProbe"] = {
        "httpGet": {"path": "/", "port": 8080, "host": "db.example.com"}
    }


@mutation("probe-timeout-short", "a second for a slow client")
def _timeout(stack: Stack) -> None:
    stack.container("redis")["readinessProbe"] = {
        "exec": {"command": ["rabbitmq-diagnostics", "ping"]}
    }


@mutation("config-too-large", "a model in a ConfigMap")
def _large(stack: Stack) -> None:
    stack.of("ConfigMap")[0].setdefault("data", {})["model"] = "x" * 1_100_000


@mutation("secret-in-file", "a password in a script")
def _script(stack: Stack) -> None:
    address = "postgres://keeper:7c9e6679742540de@backup.example.com:5432/coffee"
    data = stack.one("ConfigMap", "web-env")["data"]
    data["backup.sh"] = f"#!/bin/sh\npg_dump {address} > /tmp/all.sql\n"
