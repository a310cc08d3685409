"""Objects for the tests of deployments, wanted and live."""

import copy
from typing import Any

from tests.fake_api import applying

from mooring.deploy.desired import Desired, desired
from mooring.refs import ObjectRef

Manifest = dict[str, Any]
NAMESPACE = "shop-dev"
RBAC = "rbac.authorization.k8s.io/v1"


def made(kind: str, name: str, api_version: str = "v1", **more: Any) -> Manifest:
    """Return a manifest; ``annotations`` and ``labels`` go into its metadata."""
    metadata: Manifest = {"name": name}
    for key in ("annotations", "labels", "namespace"):
        if key in more:
            metadata[key] = more.pop(key)
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **more}


def namespace(name: str = NAMESPACE) -> Manifest:
    """Return a Namespace."""
    return made("Namespace", name)


def config(name: str = "settings", **data: str) -> Manifest:
    """Return a ConfigMap."""
    return made("ConfigMap", name, data=data or {"LEVEL": "info"})


def secret(name: str = "passwords", **values: str) -> Manifest:
    """Return a Secret, its values as texts."""
    return made("Secret", name, stringData=values or {"PASSWORD": "hunter2-and-more"})


def workload(
    name: str,
    kind: str = "Deployment",
    *,
    image: str = "shop/web:1",
    depends_on: str = "",
    pod: Manifest | None = None,
    annotations: dict[str, str] | None = None,
    **spec: Any,
) -> Manifest:
    """Return a workload of one container."""
    notes = {**(annotations or {})}
    if depends_on:
        notes["mooring.dev/depends-on"] = depends_on
    labels = {"app.kubernetes.io/name": name}
    template = {
        "metadata": {"labels": labels},
        "spec": {"containers": [{"name": name, "image": image}], **(pod or {})},
    }
    if kind == "Job":
        template["spec"]["restartPolicy"] = "Never"
        return made(kind, name, "batch/v1", annotations=notes, spec={"template": template, **spec})
    found = {"selector": {"matchLabels": labels}, "template": template, **spec}
    if kind == "StatefulSet":
        found.setdefault("serviceName", name)
    return made(kind, name, "apps/v1", annotations=notes, spec=found)


def service(name: str, **spec: Any) -> Manifest:
    """Return a Service to the workload of that name."""
    return made(
        "Service",
        name,
        spec={"selector": {"app.kubernetes.io/name": name}, "ports": [{"port": 80}], **spec},
    )


def surroundings(settings: str, space: str | None = None) -> list[Manifest]:
    """
    Return what stands around workloads: a Secret, rights, a policy, a ConfigMap for each letter.

    ``space`` is the namespace of the account that has the rights; None: that of the rest.
    """
    account = {"kind": "ServiceAccount", "name": "shop"}
    return [
        secret(),
        made("ServiceAccount", "shop"),
        made("Role", "reads", RBAC, rules=[]),
        made(
            "RoleBinding",
            "reads",
            RBAC,
            roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "reads"},
            subjects=[account | ({"namespace": space} if space else {})],
        ),
        made("NetworkPolicy", "deny", "networking.k8s.io/v1", spec={"podSelector": {}}),
        *(config(f"settings-{letter}") for letter in settings),
    ]


def published(name: str) -> list[Manifest]:
    """Return an Ingress to the Service ``name``, and a budget of the workload of that name."""
    return [
        made(
            "Ingress",
            name,
            "networking.k8s.io/v1",
            spec={"defaultBackend": {"service": {"name": name, "port": {"number": 80}}}},
        ),
        made(
            "PodDisruptionBudget",
            name,
            "policy/v1",
            spec={"selector": {"matchLabels": {"app.kubernetes.io/name": name}}},
        ),
    ]


def selecting_otherwise(manifest: Manifest) -> Manifest:
    """Return a workload with a further label to select its pods by: it has to be made anew."""
    spec = manifest["spec"]
    labels = {**spec["selector"]["matchLabels"], "tier": "back"}
    template = {**spec["template"], "metadata": {"labels": labels}}
    return {**manifest, "spec": {**spec, "selector": {"matchLabels": labels}, "template": template}}


def wanted(*manifests: Manifest, environment: str = "dev") -> Desired:
    """Return what is wanted in the environment of the project ``shop``."""
    return desired(manifests, project="shop", environment=environment, namespace=NAMESPACE)


def ref(kind: str, name: str, api_version: str = "v1") -> ObjectRef:
    """Return the ref of an object in the namespace of the tests."""
    return ObjectRef(api_version, kind, name, None if kind == "Namespace" else NAMESPACE)


def live(manifest: Any, *, manager: str = "mooring", uid: str = "uid-1", **more: Any) -> Manifest:
    """Return ``manifest`` as a server has it after ``manager`` applied it."""
    found = applying.applied(
        None, copy.deepcopy(dict(manifest)), manager, force=True, now="2026-01-01T00:00:00Z"
    )
    found["metadata"].update({"uid": uid, "resourceVersion": "1", "generation": 1})
    found.update(more)
    return found


def edited(found: Manifest, change: Any, *, manager: str = "kubectl-edit") -> Manifest:
    """Return ``found`` after ``manager`` changed it in place."""
    after = copy.deepcopy(found)
    change(after)
    return applying.updated(found, after, manager, "2026-01-02T00:00:00Z")
