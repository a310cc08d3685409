"""
A change of settings that no pod takes notice of.

## What it does
Finds workloads whose variables, or files mounted by `subPath`, come from ConfigMaps and Secrets of
the input, and whose pods do not change with them: no annotation of the template holds a checksum,
no hash is in the name, no controller that reloads is asked, and the object is not immutable.

## Why it matters
After `kubectl apply` of a changed ConfigMap everything looks new and runs with the old settings,
until a pod is replaced for another reason, at another time.

## Example
    envFrom: [{configMapRef: {name: settings}}]       # and no checksum/settings annotation

Let kustomize generate the ConfigMap, or put its checksum into an annotation of the template.

## References
- https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically
- https://helm.sh/docs/howto/charts_tips_and_tricks/#automatically-roll-deployments
"""

from collections.abc import Iterator

from mooring.check import mounts
from mooring.check.bundle import Bundle
from mooring.check.pods import Pod
from mooring.findings import Finding, Rule, Severity
from mooring.kube.labels import MANAGED_BY
from mooring.patterns import LazyPattern
from mooring.semantics import fields, kinds

RULE = Rule(
    id="config-change-without-rollout", severity=Severity.INFO, since="0.1", group="configuration"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each workload, at the first object that it does not follow."""
    for pod in bundle.pods:
        if pod.kind not in _ROLLED_OUT or _is_followed(bundle, pod):
            continue
        for kind, name, field in _read_once(pod):
            item = bundle.objects.find(kind, name, pod.namespace)
            if item is None or item.manifest.get("immutable") is True or _HASHED.search(name):
                continue
            # What Mooring makes gets a hash, or a checksum beside it, when it is rendered.
            if bundle.is_closed and item.labels.get(MANAGED_BY) == "mooring":
                continue
            yield RULE.finding(
                pod.owner,
                f"its pods keep running with the old settings when {item.ref} changes",
                field=field,
                remedy="put a checksum of it into an annotation of the template",
            )
            break


_ROLLED_OUT = (kinds.DEPLOYMENT, kinds.STATEFUL_SET, kinds.DAEMON_SET)
_HASHED = LazyPattern(r"-[2456789bcdfghkmt]{10}$")
_RELOADERS = ("reloader.stakater.com", "wave.pusher.com", "configmap.reloader", "secret.reloader",
              "keel.sh", "k8s-sidecar")  # fmt: skip


def _is_followed(bundle: Bundle, pod: Pod) -> bool:
    """Tell whether something makes the pods change with their settings."""
    if any("checksum" in key or "hash" in key for key in pod.template.annotations):
        return True
    item = bundle.objects.get(pod.owner)
    own = item.annotations if item is not None else {}
    return any(word in key for key in (*own, *pod.template.annotations) for word in _RELOADERS)


def _read_once(pod: Pod) -> Iterator[tuple[kinds.GroupKind, str, str]]:
    """Yield what the pods read at their start alone: kind, name, and the field that says so."""
    for container in pod.lasting_containers:
        for index, source in fields.mappings(container.raw.get("envFrom")):
            for word, kind in (("configMapRef", kinds.CONFIG_MAP), ("secretRef", kinds.SECRET)):
                if name := fields.text(fields.at(source, word, "name")):
                    yield kind, name, f"{container.path}.envFrom[{index}]"
        for index, entry in fields.mappings(container.raw.get("env")):
            for word, kind in (
                ("configMapKeyRef", kinds.CONFIG_MAP),
                ("secretKeyRef", kinds.SECRET),
            ):
                if name := fields.text(fields.at(entry, "valueFrom", word, "name")):
                    yield kind, name, f"{container.path}.env[{index}]"
        for mount in mounts.of(container):
            if mount.sub_path is not None and mount.name is not None:
                if mount.kind == "configMap":
                    yield kinds.CONFIG_MAP, mount.name, mount.field
                elif mount.kind == "secret":
                    yield kinds.SECRET, mount.name, mount.field
