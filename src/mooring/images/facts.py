"""
The facts about one family of images, as its file in ``catalogue/`` states them.

A fact may hold only for some versions: ``versions`` is a range over the number at the start of a
tag (``>=18``, ``<2.0``, ``>=7.0 <7.4``); absent, it holds for all.  Each fact names its source, a
key of ``sources``, so that it can be checked and outdated.  What is not known is absent, never
guessed.
"""

from enum import StrEnum

import msgspec


class Role(StrEnum):
    """What a container of the image is to its stack."""

    DATABASE = "database"
    CACHE = "cache"
    BROKER = "broker"
    SEARCH = "search"
    OBJECT_STORE = "object-store"
    PROXY = "proxy"
    WEB = "web"
    WORKER = "worker"
    TOOL = "tool"
    DEV_ONLY = "dev-only"


class NodeAgent(StrEnum):
    """When an image looks after the machine on which it runs: always, or with its files given."""

    ALWAYS = "always"
    WITH_ITS_FILES = "with-its-files"


class Fact(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What all facts say: where it stands and for which versions it holds."""

    source: str
    versions: str | None = None


class Port(Fact, frozen=True, kw_only=True):
    """
    A port on which the image listens as it comes.

    ``application`` is the protocol spoken there (http, grpc, postgresql, redis, amqp ...);
    ``setting`` names the variable that moves the port; ``when`` says under which condition it is
    open at all, in words.  ``internal`` ports are for other members of the same cluster.
    """

    port: int
    name: str
    protocol: str = "tcp"
    application: str | None = None
    setting: str | None = None
    when: str | None = None
    internal: bool = False


class DataPath(Fact, frozen=True, kw_only=True):
    """
    A directory whose content must survive the container.

    ``sub_directory`` is needed where the program refuses a volume's root (``lost+found``): mount
    the volume at ``path`` and set ``setting`` to the path below it, or mount by ``subPath``;
    ``owned`` tells that it wants to be the owner of the directory, which root is of a volume.
    ``holds`` is what is lost with it, in words.  As the image comes, the data lies there, unless
    ``when`` says in words under which condition; with ``if_set`` it does once ``setting`` names the
    path.
    """

    path: str
    holds: str
    sub_directory: str | None = None
    owned: bool = False
    setting: str | None = None
    if_set: bool = False
    when: str | None = None


class User(Fact, frozen=True, kw_only=True):
    """
    As whom the process runs.

    ``uid`` 0 means root as the image comes; ``drops_to`` is the user that the entrypoint changes
    to when started as root; ``direct`` tells that it may as well be started as that user at once.
    ``any_uid`` tells that an arbitrary user works; ``variant`` names the tag's suffix for which
    this holds (alpine), where they differ.
    """

    uid: int
    gid: int
    drops_to: int | None = None
    direct: bool = False
    any_uid: bool = False
    variant: str | None = None


class WritablePath(Fact, frozen=True, kw_only=True):
    """
    A path, beside data, that the process writes to: room that a read-only root must leave.

    ``filled`` tells that the image has files there which an empty volume would hide: they must be
    copied into it first.  ``with_mount`` is a path: only where something is mounted there, or below
    it, does the process write.  ``fatal`` tells that it writes at each start, and does not start
    where it cannot.
    """

    path: str
    purpose: str
    filled: bool = False
    fatal: bool = False
    with_mount: str | None = None


class OwnFile(Fact, frozen=True, kw_only=True):
    """
    A file that the process takes only as its own, or rewrites: a mounted one has to be a copy.

    It is at ``path``, or where the command's ``option`` or the variable ``setting`` says, or it is
    one of the words of a command that holds ``word``.  ``mode`` holds permissions in octal digits.
    """

    purpose: str
    path: str | None = None
    option: str | None = None
    setting: str | None = None
    word: str | None = None
    mode: str | None = None


class Probe(Fact, frozen=True, kw_only=True):
    """
    How to ask a container of the image whether it serves.

    Exactly one of ``exec`` (only programs that the image holds), ``http`` (a path on ``port``),
    ``tcp`` and ``grpc`` (on ``port``).  ``purpose`` is readiness, liveness or startup; times are
    seconds.  ``same_as`` are commands, as people write them, that ask the same.
    """

    purpose: str
    exec: tuple[str, ...] = ()
    http: str | None = None
    tcp: bool = False
    grpc: bool = False
    port: int | None = None
    scheme: str | None = None
    timeout: int = 5
    period: int = 10
    failures: int = 3
    startup_window: int | None = None
    same_as: tuple[str, ...] = ()


class RequiredSetting(Fact, frozen=True, kw_only=True):
    """
    A variable without which the image does not start as meant; ``unless`` names substitutes.
    """

    name: str
    unless: tuple[str, ...] = ()
    secret: bool = False


class RenamedSetting(Fact, frozen=True, kw_only=True):
    """A variable that has another name, or none (``to`` absent), in the versions of this fact."""

    name: str
    to: str | None = None


class FileSettings(Fact, frozen=True, kw_only=True):
    """Variables of which ``<NAME><suffix>`` may name a file that holds the value."""

    suffix: str = "_FILE"
    names: tuple[str, ...] = ()


class DefaultCredential(Fact, frozen=True, kw_only=True):
    """A user and password with which the image starts when nobody sets others."""

    user: str
    password: str
    change_with: tuple[str, ...] = ()


class Memory(Fact, frozen=True, kw_only=True):
    """
    How the program takes memory.

    ``setting`` (a variable or ``--flag``) bounds the heap or cache; ``default`` is what it takes
    without, in words or as a share of the container's limit; ``share`` is the largest share of
    the limit that is sane; ``typical_request`` and ``typical_limit`` are Kubernetes quantities
    for a small installation.  With less than ``least`` it does not start; ``default_heap`` is the
    heap that it takes, whatever its limit, where nothing is set.
    """

    setting: str | None = None
    example: str | None = None
    default: str | None = None
    share: float | None = None
    typical_request: str | None = None
    typical_limit: str | None = None
    least: str | None = None
    default_heap: str | None = None


class Cluster(Fact, frozen=True, kw_only=True):
    """
    How several containers of the image form one system.

    ``quorum`` tells that a majority must be up; ``parallel`` that members must start together
    (podManagementPolicy Parallel); ``publishes_unready`` that members must find one another
    before they are ready (publishNotReadyAddresses); ``peers_setting`` is the variable or flag
    that lists the others; ``signs`` are variables or arguments by which a member is recognised.

    These are variables and options as well: ``names_cluster`` have the same value in all members
    of one cluster and of no other; ``name_settings`` hold the name that a member gives itself,
    ``names_settings`` list the members by such names, ``number_settings`` hold its number; and
    ``bind_settings`` say on which addresses it listens, for which ``bind_all`` are the words that
    say all.  ``gives`` are settings that each member must have where its pods are replicas;
    ``{host}`` in them is the pod's own DNS name.
    """

    quorum: bool = False
    parallel: bool = False
    publishes_unready: bool = False
    peers_setting: str | None = None
    signs: tuple[str, ...] = ()
    names_cluster: tuple[str, ...] = ()
    name_settings: tuple[str, ...] = ()
    names_settings: tuple[str, ...] = ()
    number_settings: tuple[str, ...] = ()
    bind_settings: tuple[str, ...] = ()
    bind_all: tuple[str, ...] = ()
    gives: dict[str, str] = {}
    note: str | None = None


class Marks(Fact, frozen=True, kw_only=True):
    """
    By what a service shows that it runs the program, where nobody knows its image.

    ``settings`` are variables that the image reads, ``paths`` folders of it that are mounted over,
    ``programs`` those that its commands and checks call, ``ports`` where it listens.  One kind of
    mark alone shows nothing: clients have the variables as well.
    """

    settings: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()


class KernelNeed(Fact, frozen=True, kw_only=True):
    """
    A kernel setting or limit of the node that the program needs; ``avoid_with`` does without.

    With ``fatal`` it does not start without it.  The need arises with the settings ``when`` (none:
    always) and does not with those of ``unless``; ``avoid`` are settings by which it does without.
    """

    setting: str
    least: str
    avoid_with: str | None = None
    fatal: bool = False
    when: dict[str, str] = {}
    unless: dict[str, str] = {}
    avoid: dict[str, str] = {}


class Stop(Fact, frozen=True, kw_only=True):
    """How it stops without loss: the image's signal and the seconds it may take."""

    signal: str
    grace_seconds: int


class LogSignature(Fact, frozen=True, kw_only=True):
    """A regular expression over a log line, what it means and what to do."""

    pattern: str
    meaning: str
    remedy: str


class Trap(Fact, frozen=True, kw_only=True):
    """Something that breaks in a cluster or between versions, in a sentence, and the way out."""

    trap: str
    remedy: str


class Moved(Fact, frozen=True, kw_only=True):
    """
    A repository of the family from which the image can no longer be pulled.

    ``to`` is where the same image lies under the same tags; None where nowhere.  ``since`` is the
    day, as 2026-09-11.
    """

    repository: str
    since: str
    to: str | None = None


class ImageFamily(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """
    One family: the repositories that hold it and what is known of it.

    ``repositories`` are normalised names without registry for Docker Hub (``postgres``,
    ``bitnami/postgresql``), with it otherwise (``quay.io/keycloak/keycloak``).  ``stateful``
    tells that its data must survive; ``needs_root`` that it cannot run as another user as it
    comes; ``node_agent`` when it looks after the node on which it runs, and belongs on each;
    ``read_only`` that its own program writes to ``data``, ``writable`` and /tmp alone.
    ``accounts`` are users that images built on it may name, with their numbers.
    ``architectures`` is empty where unknown.  ``version_prefix`` is what stands before the version
    that the facts speak of, in tags that do not start with it (pg for ``latest-pg17``).
    ``data_named_by_host`` tells that its data stands under the host's name, and that a container of
    another name starts empty.
    """

    name: str
    summary: str
    repositories: tuple[str, ...]
    role: Role
    stateful: bool
    sources: dict[str, str]
    replicable: bool | None = None
    data_named_by_host: bool = False
    dev_only: bool = False
    needs_root: bool = False
    architectures: tuple[str, ...] = ()
    has_shell: bool | None = None
    read_only: bool = False
    node_agent: NodeAgent | None = None
    accounts: dict[str, int] = {}
    version_prefix: str | None = None
    moved: tuple[Moved, ...] = ()
    ports: tuple[Port, ...] = ()
    data: tuple[DataPath, ...] = ()
    users: tuple[User, ...] = ()
    writable: tuple[WritablePath, ...] = ()
    own_files: tuple[OwnFile, ...] = ()
    probes: tuple[Probe, ...] = ()
    required: tuple[RequiredSetting, ...] = ()
    renamed: tuple[RenamedSetting, ...] = ()
    file_settings: tuple[FileSettings, ...] = ()
    default_credentials: tuple[DefaultCredential, ...] = ()
    memory: tuple[Memory, ...] = ()
    cluster: tuple[Cluster, ...] = ()
    kernel: tuple[KernelNeed, ...] = ()
    stop: tuple[Stop, ...] = ()
    capabilities: tuple[str, ...] = ()
    log_signatures: tuple[LogSignature, ...] = ()
    traps: tuple[Trap, ...] = ()
    marks: tuple[Marks, ...] = ()


FACTS: dict[str, type[Fact]] = {
    "moved": Moved,
    "ports": Port,
    "data": DataPath,
    "users": User,
    "writable": WritablePath,
    "own_files": OwnFile,
    "probes": Probe,
    "required": RequiredSetting,
    "renamed": RenamedSetting,
    "file_settings": FileSettings,
    "default_credentials": DefaultCredential,
    "memory": Memory,
    "cluster": Cluster,
    "kernel": KernelNeed,
    "stop": Stop,
    "log_signatures": LogSignature,
    "traps": Trap,
    "marks": Marks,
}
"""What the facts are in each field of a family that has facts."""
