"""
The environments into which a stack goes: which Compose files each reads, and how strict it is.

Teams name their files after environments (``compose.production.yaml``,
``docker-compose.dev.yml``); where they do, those files make the environments.  Where they do
not, the same files serve all three tiers.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec


class Tier(StrEnum):
    """How much an environment demands."""

    DEV = "dev"
    STAGING = "staging"
    PRODUCTION = "production"


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """
    One environment.

    ``files`` are the Compose files in load order; empty means: those that Compose finds itself.
    ``namespace`` None means ``<project>-<name>``.  ``registry`` is put before the names of images
    that the stack builds, ``tag`` behind those without one.  Services are exposed below ``domain``,
    by the ingress controller of ``ingress_class`` (None: the cluster's default), with certificates
    of cert-manager's ``issuer``: the name of a ClusterIssuer, or ``Issuer/<name>``.
    """

    name: str
    tier: Tier
    files: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    namespace: str | None = None
    registry: str | None = None
    tag: str | None = None
    domain: str | None = None
    ingress_class: str | None = None
    issuer: str | None = None

    @property
    def outside(self) -> tuple[bool, str | None, str | None, str | None]:
        """What decides how an application is reached here: environments alike in it are alike."""
        return (self.tier is Tier.DEV, self.domain, self.ingress_class, self.issuer)


TIERS_BY_WORD = {
    "dev": Tier.DEV,
    "develop": Tier.DEV,
    "development": Tier.DEV,
    "local": Tier.DEV,
    "override": Tier.DEV,
    "stage": Tier.STAGING,
    "staging": Tier.STAGING,
    "prod": Tier.PRODUCTION,
    "production": Tier.PRODUCTION,
}
"""What the word between "compose" and ".yaml" in a file's name says of its tier."""

MAIN_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
"""The names of the main Compose file, in the order in which Compose prefers them."""


def environments_for(
    files: tuple[str, ...] = (), *, directory_listing: Iterable[str] = ()
) -> tuple[Environment, ...]:
    """
    Return the environments of a project: dev, staging and production, in this order.

    ``files`` were named on the command line: all environments read them, as Compose would.
    Otherwise ``directory_listing``, the names in the project's directory, decides: the main file
    serves all, an override file (which Compose adds by itself, and teams use for development)
    goes to dev only where staging or production have a file of their own, and each environment's
    file goes to its environment.
    """
    if files:
        return tuple(Environment(name=tier.value, tier=tier, files=files) for tier in Tier)
    names = set(directory_listing)
    main = next((name for name in MAIN_NAMES if name in names), None)
    by_tier = _files_by_tier(sorted(names))
    if main is None:
        return tuple(Environment(name=tier.value, tier=tier) for tier in Tier)
    has_strict_files = any(by_tier.get(tier) for tier in (Tier.STAGING, Tier.PRODUCTION))
    environments = []
    for tier in Tier:
        own = by_tier.get(tier, ())
        if tier is not Tier.DEV and not has_strict_files:
            own = by_tier.get(Tier.DEV, ()) if _is_override_only(by_tier) else ()
        if tier is Tier.STAGING and not own and has_strict_files:
            own = by_tier.get(Tier.PRODUCTION, ())
        environments.append(
            Environment(name=tier.value, tier=tier, files=(main, *own) if own else (main,))
        )
    return tuple(environments)


def _files_by_tier(names: Iterable[str]) -> dict[Tier, tuple[str, ...]]:
    found: dict[Tier, tuple[str, ...]] = {}
    for name in names:
        stem, _, extension = name.rpartition(".")
        if extension not in {"yaml", "yml"}:
            continue
        base, separator, word = stem.partition(".")
        tier = TIERS_BY_WORD.get(word)
        if separator and base in {"compose", "docker-compose"} and tier is not None:
            found[tier] = (*found.get(tier, ()), name)
    return found


def _is_override_only(by_tier: dict[Tier, tuple[str, ...]]) -> bool:
    return bool(by_tier) and all(".override." in name for name in by_tier.get(Tier.DEV, ()))
