"""
How a tree is brought into a cluster, step by step, for somebody who sees it for the first time.

What has to be there before is told by what the objects ask for: an ingress controller where there
is an Ingress, a storage class where something is kept.
"""

from collections.abc import Iterable, Iterator, Sequence

from mooring.kube.objects.meta import KubeObject
from mooring.kube.objects.network import Ingress
from mooring.kube.objects.storage import PersistentVolumeClaim
from mooring.kube.objects.workloads import StatefulSet
from mooring.render.environments import EnvironmentObjects

_SECRETS = {
    "kustomize": """\
1. Fill in the secrets: `environments/<name>/secrets.env` (and `secrets/`) holds their values, which
   git ignores; `secrets.env.example` names the keys.  On a fresh clone the values are missing.""",
    "plain": """\
1. Fill in the secrets: their values stand in files that git ignores; the examples beside them name
   the keys.  On a fresh clone the values are missing.""",
}
_LOOK = {
    "kustomize": "kubectl kustomize environments/{environment}",
    "plain": "cat {environment}/*.yaml",
}
_APPLY = {
    "kustomize": "kubectl apply -k environments/{environment}",
    "plain": "kubectl apply -R -f {environment}/",
}
_LAYOUT = {
    "kustomize": """\
`base/` holds what all environments share, `environments/<name>/` what differs.  Your own changes
belong into `environments/<name>/patches/`: the next conversion leaves that folder alone, and
refuses to overwrite other files that you edited.""",
    "plain": """\
Each folder holds the finished manifests of one environment.  The next conversion refuses to
overwrite files that you edited.""",
}


_UP = """\
   In the folder of the Compose files `mooring up {environment}` does 2 and 3 instead: each part in
   its turn, and it says what is wrong where one does not come up."""


def section(environments: Sequence[EnvironmentObjects], format_name: str) -> list[str]:
    """Return the lines of the README on applying ``environments``, in the form ``format_name``."""
    first, last = environments[0], environments[-1]
    lines = ["## Apply", ""]
    needed = list(_needed(last.objects))
    if needed:
        lines += [f"The cluster needs {_listed(needed)}.", ""]
    lines += [_SECRETS[format_name], f"2. Look at what {first.name} gets, and apply it:", ""]
    lines.append("       " + _LOOK[format_name].format(environment=first.name))
    lines.append("       " + _APPLY[format_name].format(environment=first.name))
    lines += [
        "",
        "3. See whether it runs.  Pods wait up to ten minutes for what they depend on.",
        "",
    ]
    lines.append(f"       kubectl --namespace {first.namespace} get pods --watch")
    lines += ["", _UP.format(environment=first.name), ""]
    if last is not first:
        lines += [f"4. Do the same for {last.name} once nothing is open.", ""]
    return [*lines, _LAYOUT[format_name], ""]


def _needed(objects: Iterable[KubeObject]) -> Iterator[str]:
    """Yield what has to be in a cluster for ``objects`` to work."""
    objects = tuple(objects)
    ingresses = [item for item in objects if isinstance(item, Ingress)]
    if ingresses:
        classes = sorted({one.spec.ingress_class_name or "" for one in ingresses})
        named = f" of the class `{classes[0]}`" if len(classes) == 1 and classes[0] else ""
        yield f"an ingress controller{named}"
    if any(
        key.startswith("cert-manager.io/") for one in ingresses for key in one.metadata.annotations
    ):
        yield "cert-manager"
    if any(_keeps(item) for item in objects):
        yield "a default storage class"
    if any(item.kind == "NetworkPolicy" for item in objects):
        yield "a network that enforces NetworkPolicies (any other ignores them)"
    if any(item.kind == "HorizontalPodAutoscaler" for item in objects):
        yield "the metrics API"


def _keeps(item: KubeObject) -> bool:
    """Tell whether ``item`` asks for storage of the default class."""
    if isinstance(item, PersistentVolumeClaim):
        return item.spec.storage_class_name is None
    if isinstance(item, StatefulSet):
        return any(
            claim.spec.storage_class_name is None for claim in item.spec.volume_claim_templates
        )
    return False


def _listed(things: Sequence[str]) -> str:
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"
