"""
How pods log in to the registries of their images: the Secrets that they name, and what is in these.

A pod names Secrets itself, or has those of its ServiceAccount.  Nodes may log in by a role of
theirs or a credential provider, which no manifest shows.

Sources: https://kubernetes.io/docs/concepts/containers/images/#config-json,
https://kubernetes.io/docs/tasks/administer-cluster/kubelet-credential-provider/
"""

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from mooring.check import environment
from mooring.check.bundle import Bundle
from mooring.check.pods import Pod
from mooring.images.references import DOCKER_HUB, Reference
from mooring.semantics import fields, kinds
from mooring.semantics.objects import Item


class Login(NamedTuple):
    """An entry of a pull secret: ``place`` as its key says it, without scheme, and who logs in."""

    place: str
    user: str | None

    def fits(self, image: Reference) -> bool:
        """Return whether the kubelet tries it for ``image``: host by host, path by prefix."""
        host, _, path = self.place.partition("/")
        if host in _HUB:
            return image.registry == DOCKER_HUB
        return _fits(host, image.registry) and (
            path in ("", "v1/", "v2/", "v1", "v2")
            or f"{image.repository}/".startswith(f"{path.rstrip('/')}/")
        )


_HUB = frozenset({DOCKER_HUB, "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"})


def _fits(pattern: str, registry: str) -> bool:
    """Return whether a host, which may have ``*`` for a part, is that of ``registry``."""
    if "*" not in pattern:
        return pattern.removesuffix(":443") == registry.removesuffix(":443")
    wanted, given = pattern.split("."), registry.split(".")
    return len(wanted) == len(given) and all(map(fnmatchcase, given, wanted))


def logins(item: Item) -> tuple[Login, ...] | None:
    """Return what a pull secret holds; None where it is none, or cannot be read."""
    key = _KEYS.get(str(item.manifest.get("type")))
    text = next((text for name, text, _ in environment.texts(item) if name == key), None)
    if text is None:
        return None
    try:
        said = json.loads(text)
    except ValueError:
        return None
    auths = fields.mapping(fields.at(said, "auths") if key == _NEW else said)
    return tuple(
        Login(place.partition("://")[2] or place, _user(fields.mapping(one)))
        for place, one in auths.items()
    )


_NEW = ".dockerconfigjson"
_KEYS = {"kubernetes.io/dockerconfigjson": _NEW, "kubernetes.io/dockercfg": ".dockercfg"}


def _user(entry: fields.Manifest) -> str | None:
    named = fields.text(entry.get("username"))
    if named is not None:
        return named
    joined = environment.decoded_text(fields.text(entry.get("auth")) or "")
    return joined.partition(":")[0] or None if joined else None


class Named(NamedTuple):
    """A pull secret that pods have: its name, and the field of the pod or None of its account."""

    name: str
    field: str | None


def named(bundle: Bundle, pod: Pod) -> tuple[Named, ...]:
    """Return the pull secrets of ``pod``, and without any those of its ServiceAccount."""
    own = tuple(_names(pod.spec, fields.below(pod.path, "imagePullSecrets")))
    if own:
        return own
    account = bundle.objects.find(
        kinds.SERVICE_ACCOUNT, pod.template.service_account, pod.namespace
    )
    return tuple(Named(one.name, None) for one in _names(account.manifest, "")) if account else ()


def _names(holder: fields.Manifest, path: str) -> Iterator[Named]:
    for index, one in fields.mappings(holder.get("imagePullSecrets")):
        if name := fields.text(one.get("name")):
            yield Named(name, f"{path}[{index}]")


def is_of_a_cloud(registry: str) -> bool:
    """Return whether nodes of the registry's own cloud log in by what they are."""
    return registry.endswith(
        (".amazonaws.com", ".amazonaws.com.cn", ".azurecr.io", "gcr.io", "-docker.pkg.dev")
    )


def is_public(registry: str) -> bool:
    """Return whether most of what the registry holds is for everybody."""
    return registry in _PUBLIC or registry.endswith((".k8s.io", ".elastic.co", ".fluentbit.io"))


_PUBLIC = frozenset(
    {
        *(DOCKER_HUB, "quay.io", "ghcr.io", "lscr.io", "public.ecr.aws", "mcr.microsoft.com"),
        *("gcr.io", "k8s.gcr.io", "mirror.gcr.io", "codeberg.org", "nvcr.io", "xpkg.upbound.io"),
        *("registry.access.redhat.com", "container-registry.oracle.com", "docker.io", "ttl.sh"),
        *("public.registry.harness.io", "registry.opensource.zalan.do", "cr.weaviate.io"),
        *("cr.fluentbit.io", "docker.n8n.io", "docker.redpanda.com", "docker.getoutline.com"),
        *("docker.dragonflydb.io", "code.forgejo.org", "data.forgejo.org", "gitea.com"),
        *("docker.gitea.com", "registry.k8s.io", "icr.io", "registry.suse.com", "dhi.io"),
        *("registry.opensuse.org", "registry.fedoraproject.org", "reg.kyverno.io"),
        *("cgr.dev", "registry.developers.crunchydata.com", "docker.osgeo.org"),
    }
)
