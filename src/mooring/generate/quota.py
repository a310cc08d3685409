"""
The ResourceQuota of an environment, where mooring.yaml asks for one.

A quota that is too small does not refuse a Deployment: its pods never come, and an event says why
in a place where nobody looks.  So it is computed from the objects that it must admit: everything
at the top of its scale, with the pods that updates add, those that are still ending meanwhile, and
all tasks.  Amounts that the user names are raised to that, and it is told.

Source: https://kubernetes.io/docs/concepts/policy/resource-quotas/
"""

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from mooring.app.application import Application
from mooring.findings import Finding, Rule, Severity
from mooring.generate.identity import metadata
from mooring.kube import quantity
from mooring.kube.objects.policy import ResourceQuota, ResourceQuotaSpec
from mooring.semantics import quotas
from mooring.semantics.objects import ManifestSet

RAISED = Rule(id="quota-raised", severity=Severity.WARNING, since="0.1")
LEFT_OUT = Rule(id="quota-entry-left-out", severity=Severity.ERROR, since="0.1")

USUAL = (
    *("requests.cpu", "requests.memory", "limits.memory", "pods"),
    *("persistentvolumeclaims", "requests.storage"),
)
"""What a quota counts where nobody says what."""


class Made(NamedTuple):
    """A quota, None where it would hold nothing, and what is to be said of it."""

    quota: ResourceQuota | None
    findings: tuple[Finding, ...]


def quota(
    application: Application,
    objects: ManifestSet,
    said: Mapping[str, str],
    *,
    namespace: str,
    nodes: int = 1,
) -> Made:
    """
    Return the quota of ``namespace`` that admits ``objects``.

    ``said`` are the amounts that the user names; without any, what is usual is counted.  ``nodes``
    is how many a DaemonSet is for.
    """
    needed = quotas.needed(objects, said or USUAL, namespace=namespace, nodes=nodes)
    unasked = {each.resource: each for each in quotas.unasked_for(objects, said, namespace)}
    findings: list[Finding] = []
    hard: dict[str, str] = {}
    for name in said or USUAL:
        if name in unasked:
            pods = unasked[name]
            findings.append(
                LEFT_OUT.finding(
                    pods.pod,
                    f"a quota of {name} would refuse the pods of {pods.pod.name}, whose containers "
                    f"do not set {name}",
                    remedy=f"remove {name} from the quota, or set it for every service",
                )
            )
            continue
        least = needed.get(name, Decimal(0))
        wanted = quantity.parse(said[name]) if name in said else least
        if wanted < least:
            findings.append(
                RAISED.finding(
                    None,
                    f"the quota of {namespace} allows {quantity.shown(name, wanted)} of {name}, "
                    f"and its objects need {quantity.shown(name, least)} while updates and tasks "
                    "run: it is written with that",
                    remedy=f"raise {name} below quota in mooring.yaml, or lower what services ask "
                    "for",
                )
            )
        if said or least:
            hard[name] = quantity.shown(name, _readable(name, max(wanted, least)))
    if not hard:
        return Made(None, tuple(findings))
    made = ResourceQuota(
        metadata=metadata(application.name, application), spec=ResourceQuotaSpec(hard=hard)
    )
    return Made(made, tuple(findings))


_MEBIBYTE = Decimal(1024**2)


def _readable(name: str, size: Decimal) -> Decimal:
    """Return bytes rounded up to whole MiB; other amounts as they are."""
    if not name.endswith(("memory", "storage")):
        return size
    return (size / _MEBIBYTE).to_integral_value(ROUND_CEILING) * _MEBIBYTE
