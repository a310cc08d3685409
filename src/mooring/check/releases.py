"""
The namespace of a release, where Helm wrote it into some of its objects only.

Charts disagree on whether an object names its namespace: what a chart renders has it in the
objects of one subchart and not in those of the next.  All of them go to one, because Helm puts
what names none into the namespace of the release.

Source: https://helm.sh/docs/chart_best_practices/templates/
"""

from collections.abc import Iterable

from mooring.manifests.entries import Entry
from mooring.semantics import fields

_SIGN = b"# Source: "
_OF_THE_SYSTEM = frozenset({"kube-system", "kube-public", "kube-node-lease"})


def namespace(entries: Iterable[Entry]) -> str | None:
    """Return the one namespace that objects of Helm name, None where there is none or several."""
    found: set[str] = set()
    for entry in entries:
        if not _is_rendered(entry):
            return None
        named = fields.text(fields.at(entry.manifest, "metadata", "namespace"))
        if named is not None and named not in _OF_THE_SYSTEM:
            found.add(named)
    return found.pop() if len(found) == 1 else None


def _is_rendered(entry: Entry) -> bool:
    if entry.document is not None and _SIGN in entry.document.content[:400]:
        return True
    labels = fields.labels(fields.at(entry.manifest, "metadata", "labels"))
    return labels.get("app.kubernetes.io/managed-by") == "Helm" or "helm.sh/chart" in labels
