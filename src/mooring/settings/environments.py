"""
The environments into which a stack goes: which Compose files each reads, and how strict it is.

Where mooring.yaml does not name them, `suggestion` finds them in the names of files.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from mooring.settings.clusters import Cluster, RuntimeClass


class Tier(StrEnum):
    """How much an environment demands."""

    DEV = "dev"
    STAGING = "staging"
    PRODUCTION = "production"


LEFT_OUT: Literal["none"] = "none"
"""The word for a project that an environment goes without."""


class ProjectFiles(msgspec.Struct, frozen=True, kw_only=True):
    """
    One of several Compose projects: ``name`` is what the user calls it.

    ``files`` are its Compose files in load order; without them ``directory`` is where Compose looks
    for one.  Without ``directory`` it is the folder of the first file.  ``project`` is Compose's
    name of it, where the files and the folder do not say it.  Paths are absolute, or relative to
    where the command runs.
    """

    name: str
    files: tuple[str, ...] = ()
    directory: str = ""
    env_files: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    project: str = ""


class ProjectChange(msgspec.Struct, frozen=True, kw_only=True):
    """What an environment says of a project: its files there, and so on; empty says nothing."""

    files: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()


class ImageSource(msgspec.Struct, frozen=True, kw_only=True):
    """
    Where the nodes of an environment find images.

    ``registry`` is put before the names of those that the stack builds, ``tag`` behind those
    without one; ``pull_secret`` names the Secret by which nodes log in to a private registry,
    `NO_SECRET` where they need none.  None: it is not settled.
    """

    registry: str | None = None
    tag: str | None = None
    pull_secret: str | None = None

    @property
    def settled(self) -> frozenset[str]:
        """The names of what is settled."""
        return frozenset(name for name in self.__struct_fields__ if getattr(self, name) is not None)


NO_SECRET: Literal["none"] = "none"  # noqa: S105 - a word of mooring.yaml
"""The word for nodes that pull every image without a Secret."""


class Gateway(msgspec.Struct, frozen=True, kw_only=True):
    """A Gateway of the cluster, in ``namespace`` (None: that of the stack)."""

    name: str
    namespace: str | None = None


class GatewayListeners(msgspec.Struct, frozen=True, kw_only=True):
    """The names of a Gateway's listeners for HTTP and for HTTPS; None: not known."""

    http: str | None = None
    https: str | None = None


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """
    One environment.

    ``files`` are the Compose files in load order; empty means: those that Compose finds itself.
    ``namespace`` None means ``<project>-<name>``.  Services are exposed below ``domain``, by the
    ingress controller of ``ingress_class`` (None: the cluster's default), with certificates
    of cert-manager's ``issuer``: the name of a ClusterIssuer, or ``Issuer/<name>``.  ``projects``
    are the Compose projects that it is made of, where it is made of several.  ``cluster`` is what
    is known of the cluster that it goes to; None: nothing.  With ``gateway`` services are exposed
    by HTTPRoutes of the Gateway API, and not by Ingresses.  What looks names up itself asks
    ``name_server``.  ``quota`` are the amounts that its namespace may take, by the names of quotas:
    empty is what it needs, None no quota.  HTTP from outside comes from pods of
    ``ingress_namespace``, and who gathers metrics runs in ``metrics_namespace``, where these are
    known.  ``runtimes`` are the classes of container runtimes, by what Compose calls each.
    """

    name: str
    tier: Tier
    files: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    namespace: str | None = None
    images: ImageSource = ImageSource()
    domain: str | None = None
    ingress_class: str | None = None
    issuer: str | None = None
    gateway: Gateway | None = None
    gateway_listeners: GatewayListeners = GatewayListeners()
    name_server: str | None = None
    projects: tuple[ProjectFiles, ...] = ()
    cluster: "Cluster | None" = None
    quota: dict[str, str] | None = None
    ingress_namespace: str | None = None
    metrics_namespace: str | None = None
    runtimes: "dict[str, RuntimeClass]" = {}

    @property
    def outside(self) -> tuple[object, ...]:
        """What decides how an application is reached here: environments alike in it are alike."""
        is_dev = self.tier is Tier.DEV
        gateway = (self.gateway, self.gateway_listeners)
        return (is_dev, self.domain, self.ingress_class, self.issuer, *gateway)

    def namespace_of(self, application: str) -> str:
        """Return the namespace of ``application`` here: the one that was set, or of both names."""
        if self.namespace is not None:
            return self.namespace
        from mooring.kube.names import label

        return label(f"{application}-{self.name}")


ENVIRONMENTS_BY_WORD = {
    **dict.fromkeys(("dev", "devel", "develop", "development", "local", "debug"), "dev"),
    **dict.fromkeys(("test", "tests", "testing"), "test"),
    "qa": "qa",
    "uat": "uat",
    **dict.fromkeys(("preprod", "pre-prod", "preproduction", "pre-production"), "preprod"),
    **dict.fromkeys(("stage", "staging", "stg"), "staging"),
    **dict.fromkeys(("prod", "prd", "production", "live"), "production"),
}
"""The words that teams put into the names of files, profiles and folders -> the environment."""

TIERS_BY_ENVIRONMENT = {
    "dev": Tier.DEV,
    "test": Tier.DEV,
    "qa": Tier.STAGING,
    "uat": Tier.STAGING,
    "preprod": Tier.STAGING,
    "staging": Tier.STAGING,
    "production": Tier.PRODUCTION,
}
"""How much each usual environment demands, the least strict first."""


def tier_of(name: str) -> Tier | None:
    """Return the tier that ``name`` means, or None for an environment that may be of any."""
    usual = ENVIRONMENTS_BY_WORD.get(name)
    return Tier(usual) if usual in set(Tier) else None


MAIN_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
"""The names of the main Compose file, in the order in which Compose prefers them."""

FOLDERS = frozenset(
    {
        "compose", "config", "deploy", "deployment", "deployments", "docker", ".docker",
        "docker-compose", "env", "environment", "environments", "envs", "infra", "ops",
    }
)  # fmt: skip
"""Folders beside the project's files in which teams keep those of environments."""


def is_usual(names: Iterable[str], main: bytes) -> bool:
    """
    Tell whether nothing but the main file, with the content ``main``, says something here.

    ``names`` are those in its folder.  Nearly all folders are usual, and looking closer is not
    free; a folder that only looks unusual costs no more than that.
    """
    return b"profiles" not in main and not any(
        ("compose" in name and name not in MAIN_NAMES)
        or (".env" in name and name != ".env")
        or name in FOLDERS
        or name in ENVIRONMENTS_BY_WORD
        for name in map(str.lower, names)
    )
