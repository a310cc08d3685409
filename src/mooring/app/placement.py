"""On which machines a workload may run."""

from enum import StrEnum

import msgspec


class Comparison(StrEnum):
    """How a machine's label is compared."""

    IS = "is"
    IS_NOT = "is-not"


class Requirement(msgspec.Struct, frozen=True, kw_only=True):
    """A machine must, or must not, carry this label with this value."""

    label: str
    comparison: Comparison
    value: str


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """
    Requirements, spread and crowding; empty means anywhere.

    ``spread_over`` names labels of machines over whose values replicas are spread evenly.
    ``runtime`` is another container runtime than the platform's own, by its name there.
    """

    requirements: tuple[Requirement, ...] = ()
    spread_over: tuple[str, ...] = ()
    most_per_machine: int | None = None
    operating_system: str | None = None
    architecture: str | None = None
    runtime: str | None = None
