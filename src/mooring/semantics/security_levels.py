"""
The levels of the Pod Security Standards, and what a namespace asks for by its labels.

Source: https://kubernetes.io/docs/concepts/security/pod-security-admission/
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

OLDEST, NEWEST = 25, 36
"""The minor versions of Kubernetes 1.x between which the standards are known."""


class Level(StrEnum):
    """How strict a standard is."""

    PRIVILEGED = "privileged"
    BASELINE = "baseline"
    RESTRICTED = "restricted"


class Standard(msgspec.Struct, frozen=True, gc=False):
    """A level in one version, 1.``minor``."""

    level: Level
    minor: int = NEWEST


class Standards(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    What a namespace asks of its pods.

    Only ``enforce`` refuses pods; workloads are accepted with a warning and make no pods.
    ``invalid`` are the labels whose values the API server does not know.
    """

    enforce: Standard = Standard(Level.PRIVILEGED)
    warn: Standard = Standard(Level.PRIVILEGED)
    audit: Standard = Standard(Level.PRIVILEGED)
    invalid: tuple[str, ...] = ()


def standards(labels: Mapping[str, str]) -> Standards:
    """
    Return what the labels of a namespace ask for.

    As in the API server an unknown level to enforce is read as *restricted*, one to warn or audit
    as *privileged*; an unknown version is the newest; and what is enforced is also warned of,
    unless the labels say otherwise.
    """
    invalid: list[str] = []
    found: dict[str, Standard] = {}
    for mode in ("enforce", "warn", "audit"):
        level, minor = Level.PRIVILEGED, NEWEST
        label = f"pod-security.kubernetes.io/{mode}"
        if label in labels:
            known = labels[label] in _LEVELS
            level = _LEVELS.get(
                labels[label], Level.RESTRICTED if mode == "enforce" else Level.PRIVILEGED
            )
            invalid += [] if known else [label]
        if f"{label}-version" in labels:
            read = _minor(labels[f"{label}-version"])
            minor = NEWEST if read is None else read
            invalid += [] if read is not None else [f"{label}-version"]
        found[mode] = Standard(level, minor)
    enforce, warn = found["enforce"], found["warn"]
    label = "pod-security.kubernetes.io/enforce"
    if label in labels and label not in invalid and "pod-security.kubernetes.io/warn" not in labels:
        own_version = "pod-security.kubernetes.io/warn-version" in labels
        warn = Standard(enforce.level, warn.minor if own_version else enforce.minor)
    return Standards(enforce=enforce, warn=warn, audit=found["audit"], invalid=tuple(invalid))


_LEVELS: dict[str, Level] = {level.value: level for level in Level}


def _minor(version: str) -> int | None:
    if version == "latest":
        return NEWEST
    minor = version.removeprefix("v1.")
    known = version.startswith("v1.") and minor.isascii() and minor.isdigit()
    return min(max(int(minor), OLDEST), NEWEST) if known else None
