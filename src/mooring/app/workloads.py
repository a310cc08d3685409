"""
What runs in an application: workloads, which go on, and tasks, which end.

Both consist of containers that share one network identity; the first container is the one that
gave the workload its name.
"""

from enum import StrEnum

import msgspec

from mooring.app.configuration import DocumentMount, Setting
from mooring.app.dependencies import Dependency
from mooring.app.endpoints import Endpoint, HostEntry, NameResolution, NetworkAccess
from mooring.app.exposure import Exposure, TcpExposure
from mooring.app.health import Health, Hook
from mooring.app.placement import Placement
from mooring.app.process import Image, Process
from mooring.app.replicas import Member
from mooring.app.resources import Resources
from mooring.app.schedule import Schedule
from mooring.app.security import ContainerSecurity, WorkloadSecurity
from mooring.app.storage import StorageMount
from mooring.sources import Position


class Container(msgspec.Struct, frozen=True, kw_only=True):
    """
    One process with all that it is given; ``source_name`` is its name in the input.

    It serves while ``health`` is good, and is restarted when ``liveness`` fails.
    """

    name: str
    source_name: str
    image: Image
    process: Process
    settings: tuple[Setting, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    documents: tuple[DocumentMount, ...] = ()
    storage: tuple[StorageMount, ...] = ()
    health: Health | None = None
    liveness: Health | None = None
    after_start: tuple[Hook, ...] = ()
    before_stop: tuple[Hook, ...] = ()
    stop_signal: str | None = None
    resources: Resources = Resources()
    security: ContainerSecurity = ContainerSecurity()
    shared_memory: int | None = None
    position: Position | None = None


class InitialStep(msgspec.Struct, frozen=True, kw_only=True):
    """A container that runs to its end in every replica before the others start."""

    container: Container


class Scale(StrEnum):
    """How the number of replicas is decided."""

    REPLICAS = "replicas"
    EVERY_MACHINE = "every-machine"


class UpdatePolicy(msgspec.Struct, frozen=True, kw_only=True):
    """
    How replicas are replaced: ``at_once`` many (0: all), the new ones first or the old ones.

    A new replica counts as working ``settle_seconds`` after it serves.
    """

    at_once: int | None = None
    starts_new_first: bool = False
    settle_seconds: float | None = None


class Autoscaling(msgspec.Struct, frozen=True, kw_only=True):
    """
    Between ``least`` and ``most`` replicas, as many as keep to the percentages of what is promised.

    ``cpu`` and ``memory`` are percents; None where it is not measured.
    """

    least: int
    most: int
    cpu: int | None = None
    memory: int | None = None


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """
    What workloads and tasks have in common.

    ``name`` is a DNS label; ``source_name`` the name in the input.  ``other_names`` are further
    DNS names under which peers dial it.  ``networks`` are those it stands on: parts that share
    none were not meant to reach each other.  ``exposures`` and ``tcp_exposures`` are the ways to it
    from outside.  ``labels`` and ``annotations`` are written on every replica, those of the object
    on the part as a whole.  What is ``development_only`` has no place outside of development; what
    is not ``is_dialled`` needs no name.  ``allowed_rights`` over the machine it has everywhere;
    others that it asks for it has in development alone (see `mooring.app.rights`).  With
    ``reached_by`` only those services of its networks reach it; None: all.  One that
    ``stays_inside`` reaches nothing beyond its networks.
    """

    name: str
    source_name: str
    containers: tuple[Container, ...]
    initial_steps: tuple[InitialStep, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    other_names: tuple[str, ...] = ()
    network: NetworkAccess = NetworkAccess.OWN
    networks: tuple[str, ...] = ()
    exposures: tuple[Exposure, ...] = ()
    tcp_exposures: tuple[TcpExposure, ...] = ()
    hostname: str | None = None
    domain: str | None = None
    host_entries: tuple[HostEntry, ...] = ()
    name_resolution: NameResolution = NameResolution()
    placement: Placement = Placement()
    security: WorkloadSecurity = WorkloadSecurity()
    stop_seconds: float = 10.0
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    object_labels: dict[str, str] = {}
    object_annotations: dict[str, str] = {}
    development_only: bool = False
    is_dialled: bool = True
    allowed_rights: frozenset[str] = frozenset()
    reached_by: tuple[str, ...] | None = None
    stays_inside: bool = False
    position: Position | None = None


class Workload(Part, frozen=True, kw_only=True):
    """
    A part that goes on: restarted whenever it ends.

    With ``keeps_state`` each replica has a name of its own, and of every storage that is
    ``per_replica`` a copy of its own; replicas then start one after the other unless they
    ``start_together``.  One that ``dials_itself`` must find itself under its own name before it
    serves.  ``members`` are what the replicas were in the input, where they were parts of their
    own, in order; the ordinal of the first replica is ``first_number``.

    ``replicas`` is their number, ``replicas_in_production`` that where the end of one must not be
    an outage, if it differs; with ``autoscaling`` the number follows the load.
    """

    scale: Scale = Scale.REPLICAS
    replicas: int = 1
    replicas_in_production: int | None = None
    autoscaling: Autoscaling | None = None
    update: UpdatePolicy | None = None
    answers_by_address: bool = False
    dials_itself: bool = False
    keeps_state: bool = False
    start_together: bool = False
    members: tuple[Member, ...] = ()
    first_number: int = 0


class Task(Part, frozen=True, kw_only=True):
    """
    A part that runs to its end, in ``deadline_seconds`` at most, all tries together.

    It is tried ``retries`` more times after a failure (None: the platform's default).  With a
    ``schedule`` it runs again and again by the clock.  ``way_back`` is what its first container
    runs to undo what it did; None where nobody said how.
    """

    retries: int | None = None
    deadline_seconds: int | None = None
    completions: int = 1
    parallel: int = 1
    schedule: Schedule | None = None
    way_back: Process | None = None


def all_containers(part: Workload | Task) -> tuple[Container, ...]:
    """Return the containers of ``part``, those of its initial steps first."""
    return (*(step.container for step in part.initial_steps), *part.containers)
