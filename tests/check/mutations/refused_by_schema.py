"""Faults that pass the schema and that the API server refuses, and certificates nobody makes."""

from typing import Any

from tests.check.mutations.harness import Stack, mutation


@mutation("service-invalid", "a Service that is headless and a load balancer")
def _headless(stack: Stack) -> None:
    stack.one("Service", "web")["spec"].update(type="LoadBalancer", clusterIP="None")


@mutation("ingress-invalid", "a host with its scheme")
def _host(stack: Stack) -> None:
    rule = stack.of("Ingress")[0]["spec"]["rules"][0]
    rule["host"] = f"https://{rule['host']}"


def _peer(stack: Stack) -> dict[str, Any]:
    policy = next(one for one in stack.of("NetworkPolicy") if one["spec"].get("ingress"))
    peer: dict[str, Any] = {"ipBlock": {"cidr": "10.0.0.0/8"}}
    policy["spec"]["ingress"].append({"from": [peer], "ports": [{"port": 4711, "protocol": "TCP"}]})
    return peer


@mutation("policy-invalid", "a block of addresses that selects pods")
def _block(stack: Stack) -> None:
    _peer(stack)["podSelector"] = {}


@mutation("policy-invalid", "an exception that is no part of the block")
def _exception(stack: Stack) -> None:
    _peer(stack)["ipBlock"]["except"] = ["192.168.0.0/16"]


@mutation("config-key-invalid", "a key with the folder of its file")
def _key(stack: Stack) -> None:
    data = {"conf.d/site.conf": "listen 80;"}
    stack.add({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": data})


@mutation("secret-lacks-key-of-type", "a key of SSH under the name of its file")
def _ssh(stack: Stack) -> None:
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "deploy-key"},
            "type": "kubernetes.io/ssh-auth",
            "stringData": {"id_ed25519": "q8Wn4vRt7yLx2Kcm"},
        }
    )


@mutation("issuer-missing", "an Issuer that is asked for as one of the cluster")
def _issuer(stack: Stack) -> None:
    annotations = stack.of("Ingress")[0]["metadata"]["annotations"]
    stack.add(
        {
            "apiVersion": "cert-manager.io/v1",
            "kind": "Issuer",
            "metadata": {"name": annotations["cert-manager.io/cluster-issuer"]},
            "spec": {"ca": {"secretName": "authority"}},
        }
    )


@mutation("gateway-missing", "a Gateway of another namespace")
def _gateway(stack: Stack) -> None:
    group = "gateway.networking.k8s.io/v1"
    everywhere = {"namespaces": {"from": "All"}}
    listener = {"name": "http", "port": 80, "protocol": "HTTP", "allowedRoutes": everywhere}
    port = stack.one("Service", "api")["spec"]["ports"][0]["port"]
    backend = {"name": stack.one("Service", "api")["metadata"]["name"], "port": port}
    stack.add({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "edge"}})
    stack.add(
        {
            "apiVersion": group,
            "kind": "Gateway",
            "metadata": {"name": "public", "namespace": "edge"},
            "spec": {"gatewayClassName": "cilium", "listeners": [listener]},
        }
    )
    stack.add(
        {
            "apiVersion": group,
            "kind": "HTTPRoute",
            "metadata": {"name": "api"},
            "spec": {"parentRefs": [{"name": "public"}], "rules": [{"backendRefs": [backend]}]},
        }
    )


@mutation("certificate-never-asked-for", "an issuer without anything to certify")
def _nothing(stack: Stack) -> None:
    stack.of("Ingress")[0]["spec"].pop("tls")


@mutation("certificate-asked-for-twice", "one Secret for the certificates of two")
def _twice(stack: Stack) -> None:
    ingress = stack.of("Ingress")[0]
    stack.add(
        {
            "apiVersion": "cert-manager.io/v1",
            "kind": "Certificate",
            "metadata": {"name": "other"},
            "spec": {
                "secretName": ingress["spec"]["tls"][0]["secretName"],
                "dnsNames": ["other.example.com"],
                "issuerRef": {"name": "letsencrypt", "kind": "ClusterIssuer"},
            },
        }
    )


@mutation("endpoints-of-another-port", "endpoints whose port has no name")
def _unnamed(stack: Stack) -> None:
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "legacy"},
            "spec": {"ports": [{"name": "sql", "port": 5432}]},
        }
    )
    stack.add(
        {
            "apiVersion": "discovery.k8s.io/v1",
            "kind": "EndpointSlice",
            "metadata": {"name": "legacy-1", "labels": {"kubernetes.io/service-name": "legacy"}},
            "addressType": "IPv4",
            "ports": [{"port": 5432}],
            "endpoints": [{"addresses": ["192.0.2.10"]}],
        }
    )


@mutation("listener-without-certificate", "a listener for HTTPS without a certificate")
def _listener(stack: Stack) -> None:
    stack.add(
        {
            "apiVersion": "gateway.networking.k8s.io/v1",
            "kind": "Gateway",
            "metadata": {"name": "public"},
            "spec": {
                "gatewayClassName": "cilium",
                "listeners": [{"name": "https", "port": 443, "protocol": "HTTPS"}],
            },
        }
    )
