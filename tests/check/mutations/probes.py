"""Commands and probes that cannot do what they are meant to."""

from typing import Any

from tests.check.mutations.harness import Absent, Stack, mutation


def _serving(stack: Stack) -> dict[str, Any]:
    """Return the container of ``web`` with a probe of its port and no other."""
    container = stack.container("web")
    for name in ("readinessProbe", "livenessProbe", "startupProbe"):
        container.pop(name, None)
    port = container["ports"][0]["containerPort"]
    container["readinessProbe"] = {"httpGet": {"path": "/health", "port": port}}
    return container


@mutation("command-in-one-word", "a command line as the name of a program")
def _line(stack: Stack) -> None:
    stack.container("web")["command"] = ["npm run start"]


@mutation("command-begins-with-option", "arguments where the entrypoint was")
def _option(stack: Stack) -> None:
    stack.container("web")["command"] = ["--port=8080"]


@mutation("shell-words-without-shell", "two steps for one program")
def _steps(stack: Stack) -> None:
    stack.container("web")["command"] = ["npm", "run", "migrate", "&&", "npm", "start"]


@mutation("probe-of-compose", "a health check that was copied")
def _copied(stack: Stack) -> None:
    command = ["CMD-SHELL", "test -e /tmp/ready"]
    _serving(stack)["readinessProbe"] = {"exec": {"command": command}}


@mutation("probe-port-not-served", "a probe of the port before last")
def _port(stack: Stack) -> None:
    container = _serving(stack)
    port = str(container["ports"][0]["containerPort"])
    env = [one for one in container.get("env", []) if one["name"] != "PORT"]
    container["env"] = [*env, {"name": "PORT", "value": port}]
    container["readinessProbe"]["httpGet"]["port"] = 18999


@mutation("probe-of-other-scheme", "TLS to a plain port")
def _scheme(stack: Stack) -> None:
    container = _serving(stack)
    container["ports"].append({"name": "https", "containerPort": 8443})
    container["readinessProbe"]["httpGet"]["port"] = "https"


@mutation("probe-of-other-host", "a probe of the node", "pod-security-refuses-pods")
def _host(stack: Stack) -> None:
    _serving(stack)["readinessProbe"]["httpGet"]["host"] = "localhost"


@mutation("startup-window-short", "a server that is killed while it starts")
def _window(stack: Stack) -> None:
    container = _serving(stack)
    container["image"] = "jenkins/jenkins:2.528.1-lts"
    container["securityContext"]["readOnlyRootFilesystem"] = False
    port = container["ports"][0]["containerPort"]
    container["livenessProbe"] = {"tcpSocket": {"port": port}, "failureThreshold": 2}


@mutation("entrypoint-replaced", "a server that is started past its entrypoint")
def _entrypoint(stack: Stack) -> None:
    if "postgres" not in stack.container("postgres")["image"]:
        raise Absent("a server of another name")
    stack.container("postgres")["command"] = ["postgres", "-c", "max_connections=200"]
