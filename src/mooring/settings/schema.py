"""
The keys of mooring.yaml: what each settles, what may stand there, and which are still to come.

One table serves `reader`, which checks a file against it, and `json_schema`, which tells editors
the same.  A key that has a meaning in the design but is not obeyed yet has no value here; the
reader refuses it, because a choice that is read and then forgotten is worse than an error.
"""

from mooring.settings import texts
from mooring.settings.check_schema import CHECKS
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
    Sharing,
    SslMode,
)
from mooring.settings.cluster_schema import CLUSTER, RUNTIMES
from mooring.settings.environments import LEFT_OUT, Tier
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
    TruthOr,
    WordOr,
)
from mooring.settings.release_schema import RELEASE
from mooring.settings.value_forms import (
    ARCHITECTURE,
    CPU,
    MEMORY,
    OBJECT_NAME,
    RESOURCE,
    SIZE,
    TIME_ZONE,
)

_PROJECT_FILES = {
    "files": Field(
        about="The compose files of the project in load order, relative to the folder of this "
        "file; without it those that Compose finds in the project's directory.",
        value=ListOf(texts.FILE),
    ),
    "env_files": Field(
        about="Files of variables for interpolation, instead of the project's .env.",
        value=ListOf(texts.FILE),
    ),
    "profiles": Field(about="The compose profiles to switch on.", value=ListOf(texts.PROFILE)),
}

PROJECT = Record(
    {
        **_PROJECT_FILES,
        "directory": Field(
            about="The project's directory, relative to the folder of this file; without it that "
            "of its first file.",
            value=texts.FILE,
        ),
        "name": Field(
            about="Compose's name of the project, as in -p; without it what its files, its .env "
            "or its directory say.",
            value=texts.PROJECT,
        ),
    }
)

ENVIRONMENT = Record(
    {
        "tier": Field(
            about="How much the environment demands; without it the environment's name says so, "
            "where it is a usual one such as prod.",
            value=OneOf(tuple(Tier)),
        ),
        "files": Field(
            about="The compose files in load order, relative to the folder of this file; without "
            "it those that their names suggest for the environment, or that Compose finds itself.",
            value=ListOf(texts.FILE),
        ),
        "env_files": Field(
            about="Files of variables for interpolation, instead of .env.", value=ListOf(texts.FILE)
        ),
        "profiles": Field(about="The compose profiles to switch on.", value=ListOf(texts.PROFILE)),
        "projects": Field(
            about="What the environment has of several projects otherwise than projects says, or "
            "none: it goes without.",
            value=Named(names=LABEL, value=WordOr(word=LEFT_OUT, record=Record(_PROJECT_FILES))),
        ),
        "namespace": Field(
            about="The namespace of the objects; without it <project>-<environment>.", value=LABEL
        ),
        "registry": Field(
            about="What is put before the names of the images that the stack builds.",
            value=texts.REGISTRY,
        ),
        "tag": Field(
            about="The tag of the images that the stack builds, where the compose file names none.",
            value=texts.TAG,
        ),
        "pull_secret": Field(
            about="The Secret of the namespace, of the type kubernetes.io/dockerconfigjson, by "
            "which nodes log in to a private registry, or none: they need no login.",
            value=OBJECT_NAME,
        ),
        "cluster": Field(
            about="The cluster: one below clusters, or a built-in profile "
            "(kind, k3d, k3s, minikube, eks, gke, aks, generic).",
            value=LABEL,
        ),
        "domain": Field(
            about="The domain below which services are exposed: the base of a bare host such as "
            "app, and of hosts that hold no name of the public DNS.",
            value=texts.DOMAIN,
        ),
        "ingress_class": Field(
            about="The ingress class whose controller serves what is exposed; without it the "
            "cluster's default.",
            value=OBJECT_NAME,
        ),
        "ingress_namespace": Field(
            about="The namespace in which the ingress controller runs: in staging and production "
            "what is exposed by HTTP is reached from there alone.",
            value=LABEL,
        ),
        "metrics_namespace": Field(
            about="The namespace of who gathers metrics: in staging and production ports for "
            "metrics are reached from there as well.",
            value=LABEL,
        ),
        "quota": Field(
            about="Whether its namespace gets a ResourceQuota with what its objects need; or the "
            "amounts, which are raised to that.",
            value=TruthOr(Named(names=texts.QUOTA, value=texts.QUOTA_AMOUNT)),
        ),
        "issuer": Field(
            about="Who issues certificates: a ClusterIssuer of cert-manager by its name, or "
            "Issuer/ and the name of one in the namespace.",
            value=texts.ISSUER,
        ),
        "gateway": Field(
            about="The Gateway to which HTTPRoutes of the Gateway API are attached, in place of "
            "Ingresses: its name, or its namespace, a slash and its name.",
            value=texts.GATEWAY,
        ),
        "gateway_listeners": Field(
            about="The listeners of the Gateway; with both, HTTP is redirected to HTTPS.",
            value=Record(
                {
                    "http": Field(about="The listener for HTTP.", value=OBJECT_NAME),
                    "https": Field(about="The listener for HTTPS.", value=OBJECT_NAME),
                }
            ),
        ),
        "runtimes": Field(
            about="Container runtimes besides the usual one, by what the compose file calls each; "
            "those of its cluster, where not said here.",
            value=RUNTIMES,
        ),
        "name_server": Field(
            about="Where the cluster's DNS is asked by what looks names up itself, as nginx does; "
            "without it kube-dns.kube-system.svc.cluster.local.",
            value=texts.NAME_SERVER,
        ),
    }
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
            value=OBJECT_NAME,
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
        "cpu": Field(about="Cores.", value=CPU),
        "memory": Field(about="Memory.", value=MEMORY),
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
            value=OneOf((ANY_ARCHITECTURE, *ARCHITECTURE.words)),
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
            value=TIME_ZONE,
        ),
        "overlap": Field(
            about="What becomes of a run while the last one goes on: it is left out (skip), runs "
            "beside it (allow), or takes its place (replace).",
            value=OneOf(tuple(Overlap)),
        ),
        "devices": Field(
            about="How many devices of the nodes the service needs, instead of what the compose "
            "file asks for.",
            value=Named(names=RESOURCE, value=Count()),
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

VOLUME = Record(
    {
        "size": Field(about="How much the volume holds.", value=SIZE),
        "storage_class": Field(
            about="The storage class; without it the cluster's default.", value=OBJECT_NAME
        ),
        "sharing": Field(
            about="Whether the services that mount it share one volume (together), which takes "
            "storage for many nodes, or have one each.",
            value=OneOf(tuple(Sharing)),
        ),
    }
)

SETTINGS = Record(
    {
        "project": Field(about="The name of the project, as compose's name.", value=texts.PROJECT),
        "projects": Field(
            about="Several compose projects that become one application, each under a name that "
            "goes before what two of them have, as in backend-db.",
            value=Named(names=LABEL, value=PROJECT),
        ),
        "environments": Field(
            about="The environments into which the stack goes, in this order, where one of them is "
            "given a tier.  Otherwise these entries say more of the environments that the names of "
            "the files suggest, and the others stay.",
            value=Named(names=LABEL, value=ENVIRONMENT),
        ),
        "services": Field(
            about="What is settled for services of the compose files.",
            value=Named(names=texts.COMPOSE_NAME, value=SERVICE),
        ),
        "volumes": Field(
            about="What is settled for volumes of the compose files.",
            value=Named(names=texts.COMPOSE_NAME, value=VOLUME),
        ),
        "secrets": Field(
            about="Where secret values live.",
            instead="remove it; values go to secrets.env of each environment",
        ),
        "clusters": Field(
            about="What is known of clusters.", value=Named(names=LABEL, value=CLUSTER)
        ),
        "releases": Field(
            about="What goes up together with the stack, each with a history of its own: "
            "infrastructure, monitoring, applications.",
            value=Named(names=LABEL, value=RELEASE),
        ),
        "checks": Field(about="What `mooring check` shows, and what is allowed.", value=CHECKS),
    }
)
"""All of mooring.yaml."""
