"""
Volumes in which a developer keeps installed packages, beside the sources that he mounts.

`bundle:/usr/local/bundle` next to `.:/app` saves an installation whenever the image is built anew.
Docker fills such a volume with what the image has there; a claim starts empty, and hides the
packages without which the program does not start.  The image has its own, so the volume is left
out together with the mount of the sources, unless the command installs packages at each start.
"""

import posixpath

from mooring.compose.nodes import Node
from mooring.decisions import Decision, Evidence
from mooring.patterns import LazyPattern
from mooring.translate.view import ServiceView, field, text, texts

_FOLDERS = frozenset(
    {
        *("/usr/local/bundle", "/bundle", "/bundler", "/gems", "/rubygems"),
        *("/go/pkg", "/go/pkg/mod", "/root/.cache/go-build", "/usr/local/cargo/registry"),
        *("/root/.cache/pip", "/root/.npm", "/root/.m2", "/root/.gradle", "/home/gradle/.gradle"),
    }
)
_NAMES = frozenset({"node_modules", "bower_components", ".venv", "venv", "site-packages"})
_SETTINGS = ("BUNDLE_PATH", "GEM_HOME", "VIRTUAL_ENV", "GOMODCACHE")
_INSTALLS = LazyPattern(
    r"\b(?:bundle|bundler|npm|yarn|pnpm|pip3?|pipenv|poetry|uv|composer)\s+(?:\S+\s+)?"
    r"(?:install|ci|i|sync)\b|\byarn\s*(?:&&|;|$)|\bgo\s+mod\s+download\b"
)


def is_for_packages(service: ServiceView, node: Node) -> bool:
    """Tell whether the volume ``node`` holds packages that the image of ``service`` has as well."""
    kind, target = field(node, "type"), field(node, "target")
    if target is None or (kind is not None and text(kind) != "volume"):
        return False
    if service.get("build") is None and not service.builder:
        return False
    path = posixpath.normpath(text(target))
    is_known = path in _FOLDERS or posixpath.basename(path) in _NAMES or path in _told(service)
    words = " ".join((*texts(service.get("entrypoint")), *texts(service.get("command"))))
    return is_known and _INSTALLS.search(words) is None


def _told(service: ServiceView) -> frozenset[str]:
    """Return the folders that settings of the service or its Dockerfile name for packages."""
    facts = service.image_facts
    found = {
        one.value.rstrip("/")
        for name in _SETTINGS
        if facts is not None and (one := facts.environment.get(name)) is not None
    }
    for name in _SETTINGS:
        entry = service.environment.get(name)
        if entry is not None and entry.value:
            found.add(entry.value.rstrip("/"))
    return frozenset(found)


def without_packages(service: ServiceView, node: Node) -> Decision:
    """Return the decision that leaves the volume ``node`` out."""
    target = field(node, "target")
    path = posixpath.normpath(text(target)) if target is not None else "/"
    return Decision(
        subject=f"services.{service.name}",
        topic="mount",
        choice=f"the volume at {path} is left out: the packages in the image are seen there",
        evidence=(
            Evidence("a claim starts empty and would hide them", node.position),
            Evidence("the sources that are mounted beside it are left out as well"),
        ),
        overrule=f"services: {{{service.name}: {{mounts: {{{path}: storage}}}}}}",
    )
