"""
A volume over files of the image.

## What it does
Finds empty volumes (an emptyDir, a claim) over directories in which the image has what it needs:
those of a known image, the programs of the system (`/bin`, `/usr`, `/lib`), the modules of a
program (`node_modules`, `.venv`) and its own directory (`/app`); and ConfigMaps over a directory of
files that their own text names and that the image alone has (`mime.types` of NGINX).  A volume that
an init container or a sidecar fills is none, and a claim may have been filled by hand.

## Why it matters
Docker copies what the image has into a new volume, Kubernetes does not: the program, its modules or
its settings are not there, and the container ends at once.

## Example
    volumeMounts: [{name: modules, mountPath: /app/node_modules}]
    volumes: [{name: modules, emptyDir: {}}]

Leave the volume out, mount single files by subPath, or copy the files by an init container.

## References
- https://kubernetes.io/docs/concepts/storage/volumes/#using-subpath
- https://docs.docker.com/engine/storage/volumes/#populate-a-volume-using-a-container
"""

from collections.abc import Iterator

from mooring.check import environment, mounts
from mooring.check.bundle import Bundle
from mooring.check.mounts import CLAIM, Mount
from mooring.check.pods import Container
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.images.facts import Role
from mooring.patterns import LazyPattern
from mooring.semantics import kinds

RULE = Rule(
    id="mount-hides-image-files", severity=Severity.ERROR, since="0.1", group="configuration"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each mount that hides what the program needs."""
    for container in bundle.containers:
        if not container.goes_on or not container.mounts:
            continue
        every = tuple(mounts.of(container))
        for mount in every:
            if mount.sub_path is not None:
                continue
            if mount.kind in ("emptyDir", CLAIM):
                told = _under_empty(container, mount)
                if told is None or mounts.is_filled_before(container, mount.volume):
                    continue
                message, severity, confidence = told
            elif mount.kind == "configMap":
                hidden = _named_and_hidden(bundle, container, mount, every)
                if hidden is None:
                    continue
                message = f"{mount.shown} is mounted over {mount.path}, and names {hidden}, which "
                message += "is of the image and hidden by it"
                severity, confidence = None, None
            else:
                continue
            yield RULE.finding(
                container.owner,
                message,
                field=mount.field,
                remedy="mount single files by subPath"
                if mount.kind == "configMap"
                else "leave the volume out, or copy the files into it by an init container",
                severity=severity,
                confidence=confidence,
            )


def _under_empty(
    container: Container, mount: Mount
) -> tuple[str, Severity | None, Confidence | None] | None:
    """Return what an empty volume hides, how bad that is and how certain."""
    path = mount.path
    by_hand = mount.kind == CLAIM
    known = container.known
    if known is not None:
        for place in known.family.writable:
            if place.filled and place.with_mount is None and place.path == path:
                told = f"{known.family.name} has files in {path} ({place.purpose}), and an empty "
                told += "volume is mounted over them"
                severity = None if place.fatal and not by_hand else Severity.WARNING
                return told, severity, Confidence.MEDIUM if by_hand else None
    if path in _OF_THE_SYSTEM:
        told = f"an empty volume is mounted over {path} of the container {container.name}, where "
        told += "the programs of the image are"
        return told, None, None
    last = path.rpartition("/")[2]
    if last in _MODULES:
        if _INSTALLS.search(container.words):
            return None
        told = f"an empty volume is mounted over {path} of the container {container.name}, where "
        told += "the image has the modules of its program"
        if by_hand:
            return told, Severity.WARNING, Confidence.MEDIUM
        return told, None, None
    is_code = known is None or known.family.role is Role.TOOL
    if path in _OF_PROGRAMS and is_code and not _INSTALLS.search(container.words):
        told = f"an empty volume is mounted over {path} of the container {container.name}, where "
        told += "images have their program"
        return told, Severity.WARNING, Confidence.MEDIUM
    return None


_OF_THE_SYSTEM = frozenset(
    {"/", "/bin", "/sbin", "/lib", "/lib64", "/usr", "/usr/bin", "/usr/sbin", "/usr/lib"}
)
_MODULES = frozenset({"node_modules", ".venv", "site-packages"})
_OF_PROGRAMS = frozenset(
    {"/app", "/usr/src/app", "/code", "/opt/app", "/srv/app", "/application", "/home/node/app"}
)
_INSTALLS = LazyPattern(
    r"\b(?:npm|yarn|pnpm|bun|pip3?|uv|poetry|composer|bundle|git)\b.*\b(?:ci|i|install|sync|clone)\b|\byarn\b"
)


def _named_and_hidden(
    bundle: Bundle, container: Container, mount: Mount, every: tuple[Mount, ...]
) -> str | None:
    """Return a file that the ConfigMap's text names beside itself and does not hold."""
    known = container.known
    wanted = _BESIDE.get(known.family.name) if known is not None else None
    if wanted is None or mount.name is None or mount.path != wanted[0]:
        return None
    item = bundle.objects.find(kinds.CONFIG_MAP, mount.name, container.pod.namespace)
    if item is None:
        return None
    texts = {key: text for key, text, _ in environment.texts(item)}
    chosen = mount.files
    held = set(texts) if chosen is None else set(chosen)
    read = texts if chosen is None else {key: texts.get(key, "") for key in chosen.values()}
    mounted = {one.path for one in every}
    for text in read.values():
        for line in text.splitlines():
            found = _INCLUDE.match(line)
            if found is None:
                continue
            file = found[1].removeprefix(f"{wanted[0]}/")
            if file in wanted[1] and file not in held and f"{wanted[0]}/{file}" not in mounted:
                return file
    return None


_OF_NGINX = (
    "/etc/nginx",
    frozenset({"mime.types", "fastcgi_params", "fastcgi.conf", "uwsgi_params", "scgi_params"}),
)
_BESIDE = {"nginx": _OF_NGINX, "nginx-unprivileged": _OF_NGINX}
"""Directories of settings with the files that the image has there and settings include."""
_INCLUDE = LazyPattern(r"\s*include\s+[\"']?([\w./-]+)[\"']?\s*;")
