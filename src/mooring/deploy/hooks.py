"""
Hooks of Helm and Argo CD in charts that were rendered: when each is meant to be made.

`helm template` prints all hooks, also those that clean up before a release is uninstalled.  Here a
deployment goes up; what is meant for its end, for going back or for a test is no part of it.  What
belongs to the installation alone, as a generated password or first data, is made once.

Sources: https://helm.sh/docs/topics/charts_hooks/#the-available-hooks,
https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/#how-do-i-configure-phases
"""

from mooring.semantics import fields
from mooring.semantics.fields import Manifest

HELM, WEIGHT, ARGO = "helm.sh/hook", "helm.sh/hook-weight", "argocd.argoproj.io/hook"
BEFORE = frozenset({"pre-install", "pre-upgrade", "PreSync"})
AFTER = frozenset({"post-install", "post-upgrade", "PostSync"})
_GOING_UP = BEFORE | AFTER | {"crd-install", "Sync"}
_UPGRADE = frozenset({"pre-upgrade", "post-upgrade"})
_INSTALLATION = frozenset({"pre-install", "post-install"})


def events(manifest: Manifest) -> frozenset[str]:
    """Return the events for which ``manifest`` is a hook; none for what is no hook."""
    notes = fields.labels(fields.at(manifest, "metadata", "annotations"))
    written = f"{notes.get(HELM, '')},{notes.get(ARGO, '')}"
    return frozenset(word.strip() for word in written.split(",") if word.strip())


def of_something_else(manifest: Manifest) -> frozenset[str]:
    """Return the events of a hook that is not meant for going up; none for all that is."""
    found = events(manifest)
    return frozenset() if found & _GOING_UP else found


def of_upgrades_alone(manifest: Manifest) -> frozenset[str]:
    """Return the events of a hook that no first installation has; none for all else."""
    found = events(manifest)
    return found if found & _UPGRADE and not (found & _GOING_UP) - _UPGRADE else frozenset()


def is_made_once(manifest: Manifest) -> bool:
    """Tell whether it is a hook of the installation that no later change makes again."""
    found = events(manifest)
    return bool(found & _INSTALLATION) and not found & (_UPGRADE | {"PreSync", "PostSync", "Sync"})
