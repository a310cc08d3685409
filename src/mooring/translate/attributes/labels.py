"""
What is written on a container: `labels`, `label_file`, `deploy.labels`, `annotations`.

## What it means
Names and values for other programs.  `labels` stand on the containers, `deploy.labels` on the
service as a whole; both are often addressed to a program that watches the Docker socket, as a
reverse proxy does.

## What it becomes
| Compose | Kubernetes |
|---|---|
| `labels` that Kubernetes allows | labels of the pods and of the workload |
| `labels` that it does not allow | annotations of the pods: a label's value is a short word |
| `deploy.labels` | the same, on the workload alone |
| `annotations` | annotations of the pods |

## What is lost
Labels for programs that read the Docker socket (`com.docker.*`, `diun.*` and others) say nothing in
a cluster and are left out.  Routes in Traefik's and Caddy's labels become Ingresses, the jobs of
Ofelia, Chadburn and swarm-cronjob CronJobs, and each such label is accounted for by what it becomes
there.  A label under a name of ours or of Kubernetes' own bookkeeping becomes an annotation.  A
secret value is refused: labels and annotations are readable by everybody.

## Example
    labels:
      team: payments                            # metadata.labels
      description: "takes payments, pays out"   # metadata.annotations
      diun.enable: "true"                       # left out

## References
- https://docs.docker.com/reference/compose-file/services/#labels
- https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
"""

import msgspec

from mooring.accounting import Path
from mooring.compose.nodes import Node, Scalar
from mooring.findings import Rule, Severity
from mooring.kube.names import is_annotation_key, is_label_key, is_label_value
from mooring.translate.exposure import caddy, traefik
from mooring.translate.notes import Note, Translated, approximated, carried, dropped, refused
from mooring.translate.scheduling import words as scheduling
from mooring.translate.secrecy import is_secret_setting
from mooring.translate.view import ServiceView, entries, field, text

ATTRIBUTES: tuple[str, ...] = ("labels", "label_file", "deploy.labels", "annotations")

SECRET_IN_LABEL = Rule(id="secret-in-label", severity=Severity.ERROR, since="0.1")

_NAMES = frozenset({"labels", "label_file", "deploy", "annotations"})
_RESERVED_PREFIXES = ("app.kubernetes.io/", "mooring.dev/")
_RESERVED = frozenset(
    {"pod-template-hash", "controller-revision-hash", "pod-template-generation", "job-name"}
)
_PROXY = "it is for a proxy that watches the Docker socket; mooring.yaml can say how it is reached"
_WATCHER = "it is addressed to a program that watches the Docker socket"
_ADDRESSED = {
    "haproxy": _PROXY,
    "nginx-proxy": _PROXY,
    "swag": _PROXY,
    "com.github.nginx-proxy": _PROXY,
    "com.github.jrcs.letsencrypt_nginx_proxy_companion": _PROXY,
    "com.docker": "it is Docker's own bookkeeping",
    "desktop.docker": "it is Docker's own bookkeeping",
    "com.centurylinklabs.watchtower": _WATCHER,
    "diun": _WATCHER,
    "wud": _WATCHER,
    "autoheal": _WATCHER,
    "sablier": _WATCHER,
    "tsdproxy": _WATCHER,
    "homepage": _WATCHER,
    "dozzle": _WATCHER,
}
"""Beginnings of names, up to a dot or an underscore, and why they have no effect in a cluster."""


class Labels(msgspec.Struct, frozen=True, kw_only=True):
    """
    What is written where.

    ``labels`` and ``annotations`` stand on every replica, and the labels on the workload too;
    those of the object stand on the workload alone.
    """

    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    object_labels: dict[str, str] = {}
    object_annotations: dict[str, str] = {}


_NOTHING = Translated(Labels())


def translate(service: ServiceView) -> Translated[Labels]:
    """Return what is written on the service's replicas and on its workload."""
    attributes = service.attributes.entries
    if _NAMES.isdisjoint(attributes):
        return _NOTHING
    deploy = service.get("deploy")
    of_object = field(deploy, "labels") if deploy is not None else None
    notes: list[Note] = []
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    object_labels: dict[str, str] = {}
    object_annotations: dict[str, str] = {}
    if "annotations" in attributes:
        _annotate(service, annotations, notes)
    if "labels" in attributes:
        path = service.path("labels")
        _write(service, path, service.get("labels"), labels, annotations, notes)
    if of_object is not None:
        path = service.path("deploy", "labels")
        _write(service, path, of_object, object_labels, object_annotations, notes)
    if "label_file" in attributes:
        to = "metadata.labels: the labels that the files hold"
        notes.append(carried(service.path("label_file"), to))
    if not notes:
        return _NOTHING
    return Translated(
        Labels(
            labels=labels,
            annotations=annotations,
            object_labels={**labels, **object_labels},
            object_annotations=object_annotations,
        ),
        tuple(notes),
    )


def _write(
    service: ServiceView,
    path: Path,
    node: Node | None,
    labels: dict[str, str],
    annotations: dict[str, str],
    notes: list[Note],
) -> None:
    """Sort the labels at ``path`` into those that Kubernetes allows and annotations."""
    notes.append(carried(path, "metadata.labels"))
    for name, value in entries(node):
        place = (*path, name)
        given = text(value) if isinstance(value, Scalar) else ""
        if name.lower().startswith(traefik.PREFIX) or caddy.is_label(name):
            continue  # Where the ways from outside are read, each such label is accounted for.
        if name.startswith(scheduling.PREFIXES):
            continue  # So is each of these where what runs by the clock is settled.
        addressed = _addressee(name)
        if addressed is not None:
            notes.append(dropped(place, addressed))
        elif _is_secret(service, place, name, value, notes):
            continue
        elif name in _RESERVED or name.startswith(_RESERVED_PREFIXES):
            annotations[name] = given
            reason = "labels under this name tell Kubernetes or Mooring what belongs together"
            notes.append(approximated(place, reason, "metadata.annotations"))
        elif is_label_key(name) and is_label_value(given):
            labels[name] = given
        elif is_annotation_key(name):
            annotations[name] = given
            reason = "a label's name and value are short words, so it is kept as an annotation"
            notes.append(approximated(place, reason, "metadata.annotations"))
        else:
            notes.append(dropped(place, "neither a label nor an annotation can have this name"))


def _annotate(service: ServiceView, annotations: dict[str, str], notes: list[Note]) -> None:
    path = service.path("annotations")
    notes.append(carried(path, "Pod.metadata.annotations"))
    for name, value in entries(service.get("annotations")):
        place = (*path, name)
        if _is_secret(service, place, name, value, notes):
            continue
        if is_annotation_key(name):
            annotations[name] = text(value) if isinstance(value, Scalar) else ""
        else:
            notes.append(dropped(place, "an annotation cannot have this name"))


def _addressee(name: str) -> str | None:
    """Return why a label has no effect in a cluster, or None where it may have one."""
    lower = name.lower()
    end = len(lower)
    while end > 0:
        found = _ADDRESSED.get(lower[:end])
        if found is not None:
            return found
        end = max(lower.rfind(".", 0, end), lower.rfind("_", 0, end))
    return None


def _is_secret(service: ServiceView, path: Path, name: str, value: Node, notes: list[Note]) -> bool:
    if not isinstance(value, Scalar):
        return False
    if not is_secret_setting(name, text(value), value.variables):
        return False
    notes.append(refused(path, "a secret may not stand where everybody can read it"))
    notes.append(
        SECRET_IN_LABEL.finding(
            value.position or service.position("labels"),
            f'service "{service.name}" writes a secret into the label {name}: it is left out',
            remedy="give the secret to the program that needs it as a secret of its own",
        )
    )
    return True
