"""
Objects that are made apart from the rest: hooks of Helm and of Argo CD.

A hook before an installation is made, and waited for, before what is no hook; so it sees nothing of
the same input but hooks of the same event and a lower weight.

Sources: https://helm.sh/docs/topics/charts_hooks/,
https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
"""

from mooring.semantics.objects import Item

HELM, HELM_WEIGHT = "helm.sh/hook", "helm.sh/hook-weight"
ARGO, ARGO_WAVE = "argocd.argoproj.io/hook", "argocd.argoproj.io/sync-wave"
BEFORE_INSTALL, BEFORE_SYNC = "pre-install", "PreSync"


def of(item: Item) -> frozenset[str]:
    """Return the events before or after which ``item`` is made; none for what is no hook."""
    if not item.metadata.get("annotations"):
        return frozenset()
    annotations = item.annotations
    written = f"{annotations.get(HELM, '')},{annotations.get(ARGO, '')}"
    return frozenset(word.strip() for word in written.split(",") if word.strip())


def before_all(item: Item) -> str | None:
    """Return the event where ``item`` is made before the rest of a first installation."""
    found = of(item)
    return next((one for one in (BEFORE_INSTALL, BEFORE_SYNC) if one in found), None)


def weight(item: Item) -> int:
    """Return the number by which hooks of one event follow one another: the lower the earlier."""
    written = item.annotations.get(HELM_WEIGHT) or item.annotations.get(ARGO_WAVE) or "0"
    return int(written) if written.lstrip("-").isdigit() else 0


def is_there_before(needed: Item, item: Item) -> bool:
    """Tell whether ``needed`` is made before the hook ``item`` of a first installation."""
    event = before_all(item)
    return event is not None and event in of(needed) and weight(needed) <= weight(item)
