"""Faults at the edge of the cluster: load balancers, Ingresses, Gateways, certificates."""

from typing import Any

from tests.check.mutations.harness import Stack, mutation

_NGINX = "nginx.ingress.kubernetes.io/"


def _nginx(stack: Stack, **annotations: str) -> dict[str, Any]:
    """Let ingress-nginx serve the Ingress, with these annotations; return the first path."""
    ingress = stack.of("Ingress")[0]
    ingress["spec"]["ingressClassName"] = "nginx"
    for name, value in annotations.items():
        ingress["metadata"]["annotations"][f"{_NGINX}{name.replace('_', '-')}"] = value
    path: dict[str, Any] = ingress["spec"]["rules"][0]["http"]["paths"][0]
    return path


@mutation("load-balancer-without-provider", "a load balancer in a cluster that makes none")
def _load_balancer(stack: Stack) -> None:
    stack.one("Service", "web")["spec"]["type"] = "LoadBalancer"
    stack.cluster = "{profile: kind, metrics: true}"


@mutation("policies-without-enforcer", "policies in a cluster whose network heeds none")
def _painted(stack: Stack) -> None:
    stack.cluster = "{profile: minikube, metrics: true}"


@mutation("port-protocol-mismatch", "a Service that speaks UDP to its pods")
def _udp(stack: Stack) -> None:
    port = stack.one("Service", "order-worker")["spec"]["ports"][0]
    port.update(protocol="UDP", targetPort=9100)


@mutation(
    "target-port-not-served", "a Service that leads to another port", "policy-cuts-dependency"
)
def _old_port(stack: Stack) -> None:
    stack.one("Service", "api")["spec"]["ports"][0]["targetPort"] = 4711


@mutation("ingress-class-missing", "a class with two letters in each other's place")
def _class(stack: Stack) -> None:
    stack.of("Ingress")[0]["spec"]["ingressClassName"] = "ngnix"


@mutation("ingress-without-class", "a class of the input that is not the default one")
def _no_class(stack: Stack) -> None:
    stack.add(
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "IngressClass",
            "metadata": {"name": "nginx"},
            "spec": {"controller": "k8s.io/ingress-nginx"},
        }
    )


@mutation("annotation-of-another-controller", "a time-out that Traefik does not know")
def _other(stack: Stack) -> None:
    _nginx(stack, proxy_read_timeout="3600")
    stack.of("Ingress")[0]["spec"]["ingressClassName"] = "traefik"


@mutation("ingress-annotation-unknown", "a time-out of a name that there is not")
def _unknown(stack: Stack) -> None:
    _nginx(stack, proxy_read_timeouts="3600")


@mutation("ingress-annotation-invalid", "a time-out with a unit")
def _unit(stack: Stack) -> None:
    _nginx(stack, proxy_read_timeout="3600s")


@mutation("rewrite-loses-path", "a rewrite of everything to the root")
def _rewrite(stack: Stack) -> None:
    path = _nginx(stack, rewrite_target="/")
    path["path"] = "/api"
    stack.of("Ingress")[0]["spec"]["rules"][0]["http"]["paths"][:] = [path]


@mutation("pattern-as-plain-path", "a star in a path of the type Prefix")
def _star(stack: Stack) -> None:
    _nginx(stack)["path"] = "/api/*"


@mutation("backend-protocol-mismatch", "an Ingress that speaks TLS to a plain port")
def _tls(stack: Stack) -> None:
    stack.one("Service", "web")["spec"]["ports"][0]["name"] = "http"
    stack.one("Service", "api")["spec"]["ports"][0]["name"] = "http"
    _nginx(stack, backend_protocol="HTTPS")


@mutation("websocket-cut-short", "a path of WebSockets without a long time-out")
def _websocket(stack: Stack) -> None:
    _nginx(stack)["path"] = "/ws"


@mutation("api-path-without-route", "the route of the API is gone")
def _api(stack: Stack) -> None:
    rule = stack.of("Ingress")[0]["spec"]["rules"][0]
    rule["http"]["paths"][:] = [one for one in rule["http"]["paths"] if one["path"] == "/"]
    container = stack.container(rule["http"]["paths"][0]["backend"]["service"]["name"])
    address = {"name": "PUBLIC_API_URL", "value": f"https://{rule['host']}/api"}
    container.setdefault("env", []).append(address)


@mutation("acme-for-private-name", "a public certificate for a name of the house")
def _private(stack: Stack) -> None:
    ingress = stack.of("Ingress")[0]["spec"]
    ingress["tls"][0]["hosts"] = ["coffee.local"]
    ingress["rules"][0]["host"] = "coffee.local"


def _gateway(stack: Stack, **more: Any) -> dict[str, Any]:
    """Add a Gateway elsewhere and a route of the API to it; return the route's spec."""
    listener = {"name": "http", "port": 80, "protocol": "HTTP", **more}
    spec: dict[str, Any] = {
        "parentRefs": [{"name": "public", "namespace": "edge"}],
        "hostnames": ["api.coffee.example.com"],
        "rules": [{"backendRefs": [{"name": "api", "port": 8000}]}],
    }
    group = "gateway.networking.k8s.io/v1"
    stack.add(
        {
            "apiVersion": group,
            "kind": "Gateway",
            "metadata": {"name": "public", "namespace": "edge"},
            "spec": {"gatewayClassName": "cilium", "listeners": [listener]},
        }
    )
    stack.add({"apiVersion": group, "kind": "HTTPRoute", "metadata": {"name": "api"}, "spec": spec})
    stack.add({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "edge"}})
    return spec


@mutation("route-refused-by-gateway", "a route from a namespace that the listener does not allow")
def _refused(stack: Stack) -> None:
    _gateway(stack)


@mutation("gateway-reference-without-grant", "a backend of another namespace")
def _no_grant(stack: Stack) -> None:
    spec = _gateway(stack, allowedRoutes={"namespaces": {"from": "All"}})
    spec["rules"][0]["backendRefs"] = [{"name": "menu", "namespace": "edge", "port": 80}]
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "menu", "namespace": "edge"},
            "spec": {"ports": [{"port": 80}]},
        }
    )


@mutation("address-as-external-name", "an alias for an address")
def _address(stack: Stack) -> None:
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "legacy"},
            "spec": {"type": "ExternalName", "externalName": "192.0.2.10"},
        }
    )


@mutation("policy-rules-not-heeded", "rules of a direction that the types leave out")
def _unheeded(stack: Stack) -> None:
    policy = next(one for one in stack.of("NetworkPolicy") if not one["spec"].get("egress"))["spec"]
    policy["policyTypes"] = ["Ingress"]
    policy["egress"] = [{"ports": [{"port": 443, "protocol": "TCP"}]}]


@mutation("policy-for-everybody", "a list of peers that is empty")
def _everybody(stack: Stack) -> None:
    policy = next(one for one in stack.of("NetworkPolicy") if one["spec"].get("ingress"))
    policy["spec"]["ingress"].append({"from": [], "ports": [{"port": 4711, "protocol": "TCP"}]})
