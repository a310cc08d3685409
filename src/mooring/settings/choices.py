"""
The user's word on what Mooring would otherwise decide.

Each decision that an explanation shows names the key here that overrules it.
"""

from enum import StrEnum
from typing import Literal

import msgspec


class Kind(StrEnum):
    """What a service becomes: something that goes on, that ends, or that every node has one of."""

    WORKLOAD = "workload"
    TASK = "task"
    AGENT = "agent"


class Secrecy(StrEnum):
    """
    Whether a setting's value may stand in clear text.

    One of its ``own`` is a secret of this service alone, also where another has the same value, and
    has a key as a whole, also where it is an address with a password in it.  One that is ``shared``
    is that of all who ask this service for it, also where they are given another value.
    """

    SECRET = "secret"  # noqa: S105 - a word of mooring.yaml
    OWN = "own"
    SHARED = "shared"
    PLAIN = "plain"


EVERYBODY = "*"
"""All services that share a network with one."""


class Allowance(StrEnum):
    """A right over its node that a service may have in every environment."""

    PRIVILEGED = "privileged"
    HOST_PATH = "host-path"
    HOST_NETWORK = "host-network"
    HOST_PID = "host-pid"
    HOST_IPC = "host-ipc"
    RUNTIME_SOCKET = "runtime-socket"


class MountChoice(StrEnum):
    """
    What a bind mount is: files to ship, a place to write, the node's own path, or nothing.

    Of ``configuration`` the container may read the files; of ``copy`` it gets files of its own.
    """

    CONFIGURATION = "configuration"
    COPY = "copy"
    STORAGE = "storage"
    SCRATCH = "scratch"
    NODE = "node"
    DROP = "drop"


class Mode(StrEnum):
    """Whether an environment runs a service, finds it outside of the cluster, or has none."""

    DEPLOYED = "deployed"
    EXTERNAL = "external"
    NONE = "none"


class SslMode(StrEnum):
    """
    How much a client of PostgreSQL asks of a connection's encryption.

    Source: https://www.postgresql.org/docs/current/libpq-ssl.html
    """

    DISABLE = "disable"
    ALLOW = "allow"
    PREFER = "prefer"
    REQUIRE = "require"
    VERIFY_CA = "verify-ca"
    VERIFY_FULL = "verify-full"


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """
    Where a service outside of the cluster is: a name or an address, and a port in digits.

    Without ``port`` its ports are those on which it would listen here.  ``sslmode`` goes into the
    addresses of PostgreSQL.
    """

    host: str | None = None
    port: str | None = None
    sslmode: SslMode | None = None


class KernelChoice(StrEnum):
    """
    How a program gets what it needs of a node's kernel.

    The nodes have it, a privileged step sets it before each start, or the program does without.
    """

    NODE = "node"
    INIT = "init"
    AVOID = "avoid"


class Overlap(StrEnum):
    """What becomes of a run whose time comes while the last one of its service still goes on."""

    ALLOW = "allow"
    SKIP = "skip"
    REPLACE = "replace"


class ImageFileChoice(StrEnum):
    """What becomes of a file of the image that names what has another name in the cluster."""

    REWRITE = "rewrite"
    KEEP = "keep"


class ExposureChoice(msgspec.Struct, frozen=True, kw_only=True):
    """
    How a service is reached from outside; what is None stays as it was found.

    ``host`` is a whole name, or a label below the environment's domain.  Each path
    stands for itself and all below it.  ``certificate`` is the name of an existing Secret.
    ``port`` and ``tcp`` are in digits; a load balancer opens those of ``tcp`` as they are.
    """

    host: str | None = None
    paths: tuple[str, ...] = ()
    port: str | None = None
    tls: bool | None = None
    certificate: str | None = None
    long_lived: bool | None = None
    tcp: tuple[str, ...] = ()

    @property
    def speaks_of_http(self) -> bool:
        """Whether anything here asks for an exposure that may not have been found."""
        return self.host is not None or bool(self.paths) or self.port is not None


NOT_EXPOSED: Literal["none"] = "none"
"""The word for a service that is not reached from outside, whatever the input says."""


NO_SCHEDULE = "none"
"""The word for a job that no clock starts, whatever the input says."""

NO_STORAGE = "none"
"""The word for a data store that keeps nothing beyond its pods."""

EVERYWHERE = "*"
"""Stands for all environments where what is settled for a service may differ between them."""


class AmountChoices(msgspec.Struct, frozen=True, kw_only=True):
    """Amounts as Kubernetes quantities; None is left to Mooring."""

    cpu: str | None = None
    memory: str | None = None


class ResourceChoices(msgspec.Struct, frozen=True, kw_only=True):
    """What a service is promised, and what it may take."""

    requests: AmountChoices = AmountChoices()
    limits: AmountChoices = AmountChoices()


NO_CLUSTER = "none"
"""The word for a service that is a workload of its own, though it looks like a replica."""

NO_FAMILY = "none"
"""The word for a service whose program nobody is to know."""


class AutoscaleChoices(msgspec.Struct, frozen=True, kw_only=True):
    """
    Between which numbers of copies an autoscaler chooses, and to which percents it keeps.

    ``min`` None is the number of copies that there would be without it, ``cpu`` None is 80 where
    ``memory`` is None too.
    """

    min: int | None = None
    max: int = 5
    cpu: int | None = None
    memory: int | None = None


ANY_ARCHITECTURE = "any"
"""The word for a service that runs on nodes of every architecture."""


class ServiceChoices(msgspec.Struct, frozen=True, kw_only=True):
    """
    What was settled for one service; None and empty leave the decision to Mooring.

    ``user`` is ``uid`` or ``uid:gid`` in numbers.  ``devices`` counts devices by the resource
    that nodes offer (``nvidia.com/gpu: 2``), in place of what the input asks for; 0 means none.
    ``command`` is by environment, too, a text that is cut into words as Compose does.
    ``image_files`` are paths in the image.  ``ports`` are all on which it listens, as ``8080`` or
    ``53/udp``.
    ``exposure`` is `NOT_EXPOSED` for a service that stays inside.  ``storage`` is the size, as a
    Kubernetes quantity, of what a data store without a volume is given, or `NO_STORAGE`.
    ``environment`` has values of variables by name, and then by environment.
    ``resources``, ``replicas`` and ``autoscale`` are by environment, with `EVERYWHERE` for those
    that are not named.  ``family`` names the program that its image holds as the catalogue of
    images does, or is `NO_FAMILY`.  ``mode`` and ``connection`` are by environment, too.  Services
    with the same ``cluster`` are replicas of one workload of that name; `NO_CLUSTER` is none.
    ``architecture`` is that of the nodes on which it runs, or `ANY_ARCHITECTURE`.  ``kernel`` says
    how it gets what it needs of a node's kernel.

    ``read_only`` tells whether its container may write only to volumes and to what is known to need
    room, ``debugger`` whether its debugger may be reached outside of development.

    ``allow`` has the rights over its node that it may have; empty, it has to do without any.
    ``capabilities`` are those that it is given, in place of what the input asks for.

    ``reached_by`` names the services of its networks that may reach it, or is (`EVERYBODY`,).

    ``liveness`` tells whether its container is restarted when it is known to hang.

    A task is tried ``retries`` more times where it fails, for ``deadline`` in all, a duration;
    ``way_back`` is the command that undoes what it did.

    ``schedule`` is a cron line at whose times it runs, read in ``time_zone``, or `NO_SCHEDULE`;
    ``overlap`` says what becomes of a run while the last one goes on.
    """

    kind: Kind | None = None
    image: str | None = None
    user: str | None = None
    read_only: bool | None = None
    debugger: bool | None = None
    allow: tuple[Allowance, ...] | None = None
    capabilities: tuple[str, ...] | None = None
    reached_by: tuple[str, ...] | None = None
    liveness: bool | None = None
    retries: int | None = None
    deadline: str | None = None
    way_back: str | None = None
    schedule: str | None = None
    time_zone: str | None = None
    overlap: Overlap | None = None
    devices: dict[str, int] = {}
    settings: dict[str, Secrecy] = {}
    environment: dict[str, dict[str, str]] = {}
    mounts: dict[str, MountChoice] = {}
    command: dict[str, str] = {}
    ports: tuple[str, ...] = ()
    image_files: dict[str, ImageFileChoice] = {}
    exposure: ExposureChoice | Literal["none"] | None = None
    storage: str | None = None
    resources: dict[str, ResourceChoices] = {}
    family: str | None = None
    architecture: str | None = None
    replicas: dict[str, int] = {}
    autoscale: dict[str, AutoscaleChoices] = {}
    mode: dict[str, Mode] = {}
    connection: dict[str, Connection] = {}
    cluster: str | None = None
    kernel: KernelChoice | None = None

    def differs_in(self, environment: str) -> bool:
        """Tell whether something is settled that may be for ``environment`` alone."""
        named = (self.resources, self.mode, self.connection, self.command)
        return any(environment in each for each in named) or bool(self.replicas or self.autoscale)

    def variables_in(self, environment: str) -> dict[str, str]:
        """Return the values that ``environment`` gives variables, in place of the input's."""
        found = {
            name: values.get(environment, values.get(EVERYWHERE))
            for name, values in self.environment.items()
        }
        return {name: value for name, value in found.items() if value is not None}

    def connection_in(self, environment: str) -> Connection | None:
        """Return where ``environment`` finds the service outside; None where it runs it."""
        mode = self.mode.get(environment, self.mode.get(EVERYWHERE, Mode.DEPLOYED))
        if mode is not Mode.EXTERNAL:
            return None
        return self.connection.get(environment, self.connection.get(EVERYWHERE, Connection()))


class Sharing(StrEnum):
    """Whether services that mount one volume see what the others write, or have one each."""

    TOGETHER = "together"
    EACH = "each"


class VolumeChoices(msgspec.Struct, frozen=True, kw_only=True):
    """
    What was settled for one volume.

    ``size`` is a Kubernetes quantity; ``sharing`` counts where several services mount the volume.
    """

    size: str | None = None
    storage_class: str | None = None
    sharing: Sharing | None = None


_NOTHING_FOR_SERVICE = ServiceChoices()
_NOTHING_FOR_VOLUME = VolumeChoices()


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """All choices, by the names of the Compose project."""

    services: dict[str, ServiceChoices] = {}
    volumes: dict[str, VolumeChoices] = {}

    def service(self, name: str) -> ServiceChoices:
        """Return what was settled for the service ``name``."""
        return self.services.get(name, _NOTHING_FOR_SERVICE)

    def volume(self, name: str) -> VolumeChoices:
        """Return what was settled for the volume ``name``."""
        return self.volumes.get(name, _NOTHING_FOR_VOLUME)

    def differ_in(self, environment: str) -> bool:
        """Tell whether anything is settled that may be for ``environment`` alone."""
        return any(each.differs_in(environment) for each in self.services.values())

    def outside(self, environment: str) -> dict[str, Connection]:
        """Return the services that ``environment`` does not run, and where it finds each."""
        return {
            name: found
            for name, service in self.services.items()
            if service.mode and (found := service.connection_in(environment)) is not None
        }

    def variables(self, environment: str) -> dict[str, dict[str, str]]:
        """Return by service the values that ``environment`` gives variables."""
        return {
            name: found
            for name, service in self.services.items()
            if service.environment and (found := service.variables_in(environment))
        }

    def left_out(self, environment: str) -> frozenset[str]:
        """Return the services that ``environment`` goes without."""
        return frozenset(
            name
            for name, service in self.services.items()
            if service.mode.get(environment, service.mode.get(EVERYWHERE)) is Mode.NONE
        )

    def secrecy(self, service: str, setting: str) -> bool | None:
        """Return whether the setting was declared secret, or None where nothing was said."""
        chosen = self.service(service).settings.get(setting)
        return None if chosen is None else chosen is not Secrecy.PLAIN
