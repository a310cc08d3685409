"""Short ways to write the manifests of the tests."""

from typing import Any

Raw = dict[str, Any]


def thing(kind: str, name: str, api_version: str = "v1", **fields: Any) -> Raw:
    """Return an object; ``namespace``, ``labels`` and ``annotations`` go to its metadata."""
    metadata: Raw = {"name": name}
    for key in ("namespace", "labels", "annotations"):
        if key in fields:
            metadata[key] = fields.pop(key)
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **fields}


def container(name: str = "main", **fields: Any) -> Raw:
    """Return a container."""
    return {"name": name, "image": "example.com/app:1", **fields}


def pod_spec(*containers: Raw, **fields: Any) -> Raw:
    """Return the spec of a pod; one container where none is given."""
    return {"containers": list(containers) or [container()], **fields}


def pod(name: str = "app", spec: Raw | None = None, **fields: Any) -> Raw:
    """Return a Pod."""
    return thing("Pod", name, spec=spec or pod_spec(), **fields)


def workload(
    name: str = "app",
    spec: Raw | None = None,
    *,
    kind: str = "Deployment",
    labels: dict[str, str] | None = None,
    namespace: str | None = None,
    **owner_spec: Any,
) -> Raw:
    """Return a workload whose pods carry ``labels`` (``app: <name>``); the rest is its spec."""
    carried = {"app": name} if labels is None else labels
    template = {"metadata": {"labels": carried}, "spec": spec or pod_spec()}
    own: Raw = {**owner_spec}
    if kind == "CronJob":
        own |= {"schedule": "@daily", "jobTemplate": {"spec": {"template": template}}}
    else:
        own["template"] = template
        if kind != "Job":
            own.setdefault("selector", {"matchLabels": carried})
    api_version = "batch/v1" if kind in ("Job", "CronJob") else "apps/v1"
    fields = {"namespace": namespace} if namespace else {}
    return thing(kind, name, api_version, spec=own, **fields)


def service(name: str = "app", *ports: Raw, namespace: str | None = None, **spec: Any) -> Raw:
    """Return a Service that selects ``app: <name>`` unless told otherwise."""
    written = {"selector": {"app": name}, "ports": list(ports) or [{"port": 80}], **spec}
    fields = {"namespace": namespace} if namespace else {}
    return thing("Service", name, spec=written, **fields)


def policy(name: str = "policy", *, namespace: str | None = None, **spec: Any) -> Raw:
    """Return a NetworkPolicy."""
    fields = {"namespace": namespace} if namespace else {}
    return thing("NetworkPolicy", name, "networking.k8s.io/v1", spec=spec, **fields)


def namespace(name: str, **labels: str) -> Raw:
    """Return a Namespace."""
    return thing("Namespace", name, labels=labels)
