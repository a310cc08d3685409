"""HTTPRoutes: hosts, paths, redirects and times at a Gateway, in the form that its API has."""

from typing import Any

import jsonschema_rs
import pytest

from mooring.app.application import Application
from mooring.app.endpoints import Endpoint, NetworkAccess
from mooring.app.exposure import Exposure, PathMatch
from mooring.app.process import Image, Process
from mooring.app.workloads import Container, Workload
from mooring.generate.http_routes import http_routes
from mooring.kube.manifest import manifest
from mooring.settings.environments import Environment, Gateway, GatewayListeners, Tier

UNKNOWN = GatewayListeners()
BOTH = GatewayListeners(http="web", https="secure")

_NAME = {"type": "string", "pattern": r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", "maxLength": 253}
_PATH = {"type": "string", "pattern": "^/", "maxLength": 1024}
_MODIFIER = {
    "oneOf": [
        {
            "properties": {"type": {"const": "ReplacePrefixMatch"}, "replacePrefixMatch": _PATH},
            "required": ["type", "replacePrefixMatch"],
            "additionalProperties": False,
        },
        {
            "properties": {"type": {"const": "ReplaceFullPath"}, "replaceFullPath": _PATH},
            "required": ["type", "replaceFullPath"],
            "additionalProperties": False,
        },
    ]
}
_FILTER = {
    "oneOf": [
        {
            "properties": {
                "type": {"const": "RequestRedirect"},
                "requestRedirect": {
                    "properties": {
                        "scheme": {"enum": ["http", "https"]},
                        "statusCode": {"enum": [301, 302]},
                    },
                    "additionalProperties": False,
                },
            },
            "required": ["type", "requestRedirect"],
            "additionalProperties": False,
        },
        {
            "properties": {
                "type": {"const": "URLRewrite"},
                "urlRewrite": {"properties": {"path": _MODIFIER}, "additionalProperties": False},
            },
            "required": ["type", "urlRewrite"],
            "additionalProperties": False,
        },
    ]
}
_RULE = {
    "type": "object",
    "properties": {
        "matches": {
            "type": "array",
            "maxItems": 8,
            "items": {
                "properties": {
                    "path": {
                        "properties": {"type": {"enum": ["PathPrefix", "Exact"]}, "value": _PATH},
                        "required": ["type", "value"],
                        "additionalProperties": False,
                    }
                },
                "additionalProperties": False,
            },
        },
        "filters": {"type": "array", "maxItems": 16, "items": _FILTER},
        "backendRefs": {
            "type": "array",
            "items": {
                "properties": {"name": _NAME, "port": {"type": "integer", "maximum": 65535}},
                "required": ["name", "port"],
                "additionalProperties": False,
            },
        },
        "timeouts": {
            "properties": {
                "request": {"type": "string", "pattern": r"^([0-9]{1,5}(h|m|s|ms)){1,4}$"}
            },
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
}
SCHEMA = jsonschema_rs.validator_for(
    {
        "type": "object",
        "properties": {
            "apiVersion": {"const": "gateway.networking.k8s.io/v1"},
            "kind": {"const": "HTTPRoute"},
            "metadata": {"type": "object", "properties": {"name": _NAME}, "required": ["name"]},
            "spec": {
                "type": "object",
                "properties": {
                    "parentRefs": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "properties": {"name": _NAME, "namespace": _NAME, "sectionName": _NAME},
                            "required": ["name"],
                            "additionalProperties": False,
                        },
                    },
                    "hostnames": {"type": "array", "maxItems": 16, "items": {"type": "string"}},
                    "rules": {"type": "array", "minItems": 1, "maxItems": 16, "items": _RULE},
                },
                "required": ["parentRefs", "rules"],
                "additionalProperties": False,
            },
        },
        "required": ["apiVersion", "kind", "metadata", "spec"],
        "additionalProperties": False,
    }
)
"""What of the API (v1, its standard channel) our routes use."""


def _part(name: str, *exposures: Exposure, network: NetworkAccess = NetworkAccess.OWN) -> Workload:
    container = Container(
        name=name,
        source_name=name,
        image=Image(reference="a:1"),
        process=Process(),
        endpoints=(Endpoint(port=80),),
    )
    return Workload(
        name=name, source_name=name, containers=(container,), exposures=exposures, network=network
    )


def made(
    *parts: Workload, listeners: GatewayListeners = UNKNOWN, namespace: str | None = None
) -> list[dict[str, Any]]:
    """Return the routes of ``parts`` as manifests that have the form of the API."""
    around = Environment(name="live", tier=Tier.PRODUCTION, gateway_listeners=listeners)
    gateway = Gateway(name="public", namespace=namespace)
    found = [
        manifest(one) for one in http_routes(Application(name="shop", parts=parts), around, gateway)
    ]
    for one in found:
        SCHEMA.validate(one)
    assert len({one["metadata"]["name"] for one in found}) == len(found)
    return found


def shown(routes: list[dict[str, Any]]) -> list[str]:
    """Return each rule as a line: name and listener, hosts, paths, where it leads, how long."""
    lines = []
    for route in routes:
        spec = route["spec"]
        section = spec["parentRefs"][0].get("sectionName", "*")
        hosts = ",".join(spec.get("hostnames", ["*"]))
        for rule in spec["rules"]:
            paths = ",".join(
                ("=" if one["path"]["type"] == "Exact" else "") + one["path"]["value"]
                for one in rule["matches"]
            )
            to = [f"{one['name']}:{one['port']}" for one in rule.get("backendRefs", ())]
            for each in rule.get("filters", ()):
                if each["type"] == "RequestRedirect":
                    to.append(each["requestRedirect"]["scheme"])
                else:
                    path = each["urlRewrite"]["path"]
                    to.append(path.get("replacePrefixMatch", path.get("replaceFullPath")))
            lasts = f" for {rule['timeouts']['request']}" if "timeouts" in rule else ""
            lines.append(
                f"{route['metadata']['name']}@{section} {hosts} {paths} -> {' '.join(to)}{lasts}"
            )
    return lines


WAY = Exposure(port=80, hosts=("a.com",), encrypted=True, redirects=True)
API = PathMatch("/api")


@pytest.mark.parametrize(
    ("exposures", "listeners", "expected"),
    [
        pytest.param(
            [WAY], GatewayListeners(), ["web@* a.com / -> web:80"], id="listeners-are-not-known"
        ),
        pytest.param(
            [WAY],
            BOTH,
            ["web@secure a.com / -> web:80", "web-to-https@web a.com / -> https"],
            id="a-redirect-needs-both-listeners",
        ),
        pytest.param(
            [Exposure(port=80, hosts=("a.com",))], BOTH, ["web@web a.com / -> web:80"], id="plain"
        ),
        pytest.param(
            [Exposure(port=80)], GatewayListeners(), ["web@* * / -> web:80"], id="every-host"
        ),
        pytest.param(
            [Exposure(port=80, paths=(API, PathMatch("/x", exact=True)))],
            GatewayListeners(),
            ["web@* * /api,=/x -> web:80"],
            id="paths",
        ),
        pytest.param(
            [Exposure(port=80, long_lived=True)],
            GatewayListeners(),
            ["web@* * / -> web:80 for 3600s"],
            id="connections-that-last",
        ),
        pytest.param(
            [
                Exposure(
                    port=80,
                    paths=(API, PathMatch("/api/x", exact=True)),
                    stripped_prefix="/api",
                )
            ],
            GatewayListeners(),
            ["web@* * /api -> web:80 /", "web@* * =/api/x -> web:80 /x"],
            id="a-prefix-that-is-cut",
        ),
        pytest.param(
            [Exposure(port=80, hosts=("a.com",)), Exposure(port=81, hosts=("b.com",))],
            GatewayListeners(),
            ["web@* a.com / -> web:80", "web-b-com@* b.com / -> web:81"],
            id="hosts-of-their-own",
        ),
    ],
)
def test_routes(
    exposures: list[Exposure], listeners: GatewayListeners, expected: list[str]
) -> None:
    assert shown(made(_part("web", *exposures), listeners=listeners)) == expected


def test_more_rules_than_a_route_holds_are_several_routes() -> None:
    ways = [
        Exposure(port=80, paths=(PathMatch(f"/a{number}"),), stripped_prefix=f"/a{number}")
        for number in range(20)
    ]
    routes = made(_part("web", *ways))
    assert [len(one["spec"]["rules"]) for one in routes] == [16, 4]


def test_more_paths_than_a_rule_holds_are_several_rules() -> None:
    paths = tuple(PathMatch(f"/a{number}") for number in range(10))
    (route,) = made(_part("web", Exposure(port=80, paths=paths)))
    assert [len(one["matches"]) for one in route["spec"]["rules"]] == [8, 2]


def test_the_gateway_of_another_namespace() -> None:
    (route,) = made(_part("web", Exposure(port=80)), namespace="infra")
    assert route["spec"]["parentRefs"] == [{"name": "public", "namespace": "infra"}]


def test_who_has_no_way_has_no_route() -> None:
    closed = _part("off", Exposure(port=80), network=NetworkAccess.NONE)
    assert made(_part("web"), closed) == []
