"""
Why an object changes, in the words of who wrote the stack: "compose.yaml:41 changed the image".

Source: an object's own ``mooring.dev/origin``, and which of its fields differ.
"""

from collections.abc import Iterable

from mooring.deploy.comparison import Change, Difference

_WORDS = {
    "image": "the image",
    "replicas": "the number of replicas",
    "command": "the command",
    "args": "the arguments",
    "resources": "the resources",
    "readinessProbe": "the readiness probe",
    "livenessProbe": "the liveness probe",
    "startupProbe": "the startup probe",
    "ports": "the ports",
    "volumes": "what is mounted",
    "volumeMounts": "what is mounted",
    "envFrom": "the configuration",
    "checksum/config": "the configuration",
    "data": "the content",
    "binaryData": "the content",
    "labels": "labels",
    "annotations": "annotations",
    "rules": "the rules",
    "schedule": "the schedule",
    "securityContext": "the security context",
    "volumeClaimTemplates": "the storage",
    "storage": "the amount of storage",
    "selector": "the selector",
}
_MOST = 3


def of_change(
    origin: str, found: Iterable[Difference], *, is_drift: bool, is_ours: bool, kind: str
) -> str:
    """Return why an object differs from what is wanted."""
    differences = tuple(found)
    if is_drift:
        holders = sorted({one.holder for one in differences if one.holder})
        who = ", ".join(holders) or "somebody"
        return f"drift: {who} changed {told(differences)}"
    if not is_ours:
        return f"it is there and was not applied by mooring: {told(differences)} would change"
    return f"{origin or 'the manifest'} changed {told(differences)}"


def of_additions(found: Iterable[Difference]) -> str:
    """Return who has set what beside our fields; nothing where nobody has."""
    added = tuple(found)
    who = ", ".join(sorted({one.holder for one in added}))
    what = [_variable(one.path) or one.field for one in added]
    return f"{who} added {_listed(what)}, which stays" if added else ""


def told(differences: Iterable[Difference]) -> str:
    """Return what ``differences`` are about, each thing once."""
    names: list[str] = []
    for one in differences:
        name = _name(one)
        if name not in names:
            names.append(name)
    return _listed(names)


def _listed(names: list[str]) -> str:
    shown = names[:_MOST]
    if len(names) > _MOST:
        shown.append(f"{len(names) - _MOST} more")
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def _name(one: Difference) -> str:
    if variable := _variable(one.path):
        return variable
    for step in reversed(one.path):
        if step in _WORDS:
            return _WORDS[step]
    verb = "" if one.change is Change.SET else "that it has "
    return f"{verb}{one.field}"


def _variable(path: tuple[str, ...]) -> str:
    if "env" in path and path.index("env") + 1 < len(path):
        return f"the variable {path[path.index('env') + 1].strip('[]')}"
    return ""
