"""What may stand below a service under ``services`` of mooring.yaml."""

from mooring.settings import texts
from mooring.settings.choices import (
    ANY_ARCHITECTURE,
    NOT_EXPOSED,
    Allowance,
    ImageFileChoice,
    KernelChoice,
    Kind,
    Mode,
    MountChoice,
    Overlap,
    Secrecy,
    SslMode,
)
from mooring.settings.forms import (
    LABEL,
    ByEnvironment,
    Count,
    Field,
    ListOf,
    Named,
    OneOf,
    Record,
    Truth,
    WordOr,
)

EXPOSURE = Record(
    {
        "host": Field(
            about="The host under which the service is reached; a bare label stands below the "
            "environment's domain.",
            value=texts.HOST,
        ),
        "paths": Field(
            about="The paths that go to the service, each with all below it.",
            value=ListOf(texts.PATH),
        ),
        "port": Field(about="The port of the service that is reached.", value=texts.PORT),
        "tls": Field(about="Whether it is reached by HTTPS.", value=Truth()),
        "certificate": Field(
            about="The Secret of the namespace that holds the certificate, where none is issued.",
            value=texts.OBJECT_NAME,
        ),
        "long_lived": Field(
            about="Whether connections stay open for long, as WebSockets do.", value=Truth()
        ),
        "tcp": Field(
            about="Ports that a load balancer opens to the outside as they are, without HTTP.",
            value=ListOf(texts.PORT),
        ),
    }
)

AMOUNTS = Record(
    {
        "cpu": Field(about="Cores.", value=texts.CPU),
        "memory": Field(about="Memory.", value=texts.MEMORY),
    }
)

RESOURCES = Record(
    {
        "requests": Field(about="What each container of it is promised.", value=AMOUNTS),
        "limits": Field(
            about="What each may take: above it CPU is throttled, and memory gets it killed.",
            value=AMOUNTS,
        ),
    }
)

AUTOSCALE = Record(
    {
        "min": Field(about="The least number of copies.", value=Count(least=1)),
        "max": Field(about="The largest number of copies, 5 if not said.", value=Count(least=1)),
        "cpu": Field(
            about="The percentage of the requested CPU to keep to, 80 if not said.",
            value=Count(least=1),
        ),
        "memory": Field(
            about="The percentage of the requested memory to keep to.", value=Count(least=1)
        ),
    }
)

CONNECTION = Record(
    {
        "host": Field(about="Its name or its address.", value=texts.OUTSIDE_HOST),
        "port": Field(
            about="Its port, where it is another one than in the compose file.", value=texts.PORT
        ),
        "sslmode": Field(
            about="How much clients of PostgreSQL ask of the encryption: it goes into the "
            "addresses of the service in settings.",
            value=OneOf(tuple(SslMode)),
        ),
    }
)

SERVICE = Record(
    {
        "kind": Field(
            about="Whether the service goes on (workload), ends (task) or looks after the node, on "
            "each of which one runs (agent).",
            value=OneOf(tuple(Kind)),
        ),
        "image": Field(about="The image to run, instead of the compose file's.", value=texts.IMAGE),
        "family": Field(
            about="Which program the image holds, by its name among the known images, or none: "
            "nothing is known of it.",
            value=texts.FAMILY,
        ),
        "kernel": Field(
            about="How the service gets what it needs of a node's kernel and does not start "
            "without: the nodes have it (node), a privileged step sets it before each start "
            "(init), or it is set up to do without (avoid).",
            value=OneOf(tuple(KernelChoice)),
        ),
        "cluster": Field(
            about="The cluster of which the service is one of several equal members, by the name "
            "that its pods are to have; or none: it stays apart.",
            value=LABEL,
        ),
        "architecture": Field(
            about="The architecture of the nodes on which the service runs, or any.",
            value=OneOf((ANY_ARCHITECTURE, *texts.ARCHITECTURE.words)),
        ),
        "user": Field(
            about="The user, and the group, as whom the service runs, as numbers.", value=texts.USER
        ),
        "debugger": Field(
            about="Whether the port of the service's debugger is open outside of development.",
            value=Truth(),
        ),
        "read_only": Field(
            about="Whether the container may write only to its volumes, to /tmp and to what its "
            "image is known to need.",
            value=Truth(),
        ),
        "allow": Field(
            about="Which rights over its node the service has outside of development too; with an "
            "empty list it does without.",
            value=ListOf(OneOf(tuple(Allowance))),
        ),
        "capabilities": Field(
            about="The capabilities that the service is given, instead of those that the compose "
            "file adds.",
            value=ListOf(texts.CAPABILITY),
        ),
        "reached_by": Field(
            about="The services of its networks that may reach the service, in staging and "
            "production; * for all of them.",
            value=ListOf(texts.REACHING),
        ),
        "liveness": Field(
            about="Whether the container is restarted when its image is known to tell that it "
            "hangs.",
            value=Truth(),
        ),
        "retries": Field(about="How often a task is tried again where it fails.", value=Count()),
        "deadline": Field(
            about="How long a task may take, all tries together.", value=texts.DURATION
        ),
        "way_back": Field(
            about="What a task runs, instead of its command, to undo what it did: by `mooring "
            "rollback`, before an older version comes up.",
            value=texts.COMMAND,
        ),
        "schedule": Field(
            about="When the service runs, which then is a task: a cron line, as 30 3 * * *, a word "
            "as @daily, or @every and a duration; none where a job of the compose file is not to "
            "run.",
            value=texts.SCHEDULE,
        ),
        "time_zone": Field(
            about="The time zone in which the schedule is read, Etc/UTC if not said.",
            value=texts.TIME_ZONE,
        ),
        "overlap": Field(
            about="What becomes of a run while the last one goes on: it is left out (skip), runs "
            "beside it (allow), or takes its place (replace).",
            value=OneOf(tuple(Overlap)),
        ),
        "devices": Field(
            about="How many devices of the nodes the service needs, instead of what the compose "
            "file asks for.",
            value=Named(names=texts.RESOURCE, value=Count()),
        ),
        "settings": Field(
            about="Whether the value of an environment variable is a secret; with own, one of this "
            "service alone, where another service has the same value; with shared, one of all who "
            "ask this service for it, where they have another.",
            value=Named(names=texts.VARIABLE, value=OneOf(tuple(Secrecy))),
        ),
        "environment": Field(
            about="The value of an environment variable, in place of the compose file's; a secret "
            "does not belong here.",
            value=Named(names=texts.VARIABLE, value=ByEnvironment(texts.VARIABLE_VALUE)),
        ),
        "mounts": Field(
            about="What a mount is, by its path in the container: configuration to ship, a copy "
            "of it that the container may change, storage, scratch, the node's own path, or "
            "nothing (drop).",
            value=Named(names=texts.TARGET, value=OneOf(tuple(MountChoice))),
        ),
        "storage": Field(
            about="How much a data store keeps for which the compose file has no volume, or none: "
            "nothing of it outlives its pods.",
            value=texts.STORAGE,
        ),
        "command": Field(
            about="What the service runs instead of the compose file's command; its words are cut "
            "as Compose does.",
            value=ByEnvironment(texts.COMMAND),
        ),
        "image_files": Field(
            about="What becomes of a file of the image that names what has another name in the "
            "cluster, by its path there: a rewritten one is mounted over it, or it is kept.",
            value=Named(names=texts.TARGET, value=OneOf(tuple(ImageFileChoice))),
        ),
        "ports": Field(
            about="All ports on which the service listens, in place of what was found.",
            value=ListOf(texts.LISTENING),
        ),
        "resources": Field(
            about="What the service asks of a node, instead of what is derived.",
            value=ByEnvironment(RESOURCES),
        ),
        "replicas": Field(about="How many copies run.", value=ByEnvironment(Count())),
        "autoscale": Field(
            about="Between which numbers of copies an autoscaler chooses.",
            value=ByEnvironment(AUTOSCALE),
        ),
        "exposure": Field(
            about="How the service is reached from outside, or none: it is not.",
            value=WordOr(word=NOT_EXPOSED, record=EXPOSURE),
        ),
        "mode": Field(
            about="Whether the environment runs the service (deployed), finds it outside of "
            "the cluster (external): then its name leads there, and its storage is not made; or "
            "goes without it (none).",
            value=ByEnvironment(OneOf(tuple(Mode))),
        ),
        "connection": Field(
            about="Where a service is that is external.", value=ByEnvironment(CONNECTION)
        ),
    }
)

BY_ENVIRONMENT = frozenset(
    name for name, field in SERVICE.fields.items() if isinstance(field.value, ByEnvironment)
)
"""The keys of a service whose values may differ between environments."""
