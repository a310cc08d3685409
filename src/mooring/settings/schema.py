"""
The keys of mooring.yaml: what each settles, what may stand there, and which are still to come.

One table serves `reader`, which checks a file against it, and `json_schema`, which tells editors
the same.  A key that has a meaning in the design but is not obeyed yet has no value here; the
reader refuses it, because a choice that is read and then forgotten is worse than an error.
"""

from mooring.settings import texts
from mooring.settings.check_schema import CHECKS
from mooring.settings.choices import Sharing
from mooring.settings.cluster_schema import CLUSTER, RUNTIMES
from mooring.settings.environments import LEFT_OUT, Tier
from mooring.settings.forms import LABEL, Field, ListOf, Named, OneOf, Record, TruthOr, WordOr
from mooring.settings.release_schema import RELEASE
from mooring.settings.service_schema import SERVICE

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
            value=texts.OBJECT_NAME,
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
            value=texts.OBJECT_NAME,
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
                    "http": Field(about="The listener for HTTP.", value=texts.OBJECT_NAME),
                    "https": Field(about="The listener for HTTPS.", value=texts.OBJECT_NAME),
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

VOLUME = Record(
    {
        "size": Field(about="How much the volume holds.", value=texts.SIZE),
        "storage_class": Field(
            about="The storage class; without it the cluster's default.", value=texts.OBJECT_NAME
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
