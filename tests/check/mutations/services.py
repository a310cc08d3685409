"""Addresses that lead nowhere."""

from tests.check.mutations.harness import Stack, mutation


@mutation("host-unknown", "a host with the underscore that Compose allows")
def _underscore(stack: Stack) -> None:
    env = stack.container("web").setdefault("env", [])
    env.append({"name": "API_URL", "value": "http://order_api:8000"})


@mutation("service-port-unknown", "the port that Compose published on the machine")
def _published(stack: Stack) -> None:
    env = stack.container("web").setdefault("env", [])
    env.append({"name": "API_URL", "value": "http://api:18000"})


@mutation("localhost-of-a-peer", "the database on the machine itself")
def _localhost(stack: Stack) -> None:
    env = stack.container("web").setdefault("env", [])
    port = stack.one("Service", "redis")["spec"]["ports"][0]["port"]
    env.append({"name": "CACHE_URL", "value": f"tcp://localhost:{port}"})
