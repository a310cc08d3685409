"""What may stand below ``clusters`` of mooring.yaml."""

import msgspec

from mooring.settings.clusters import MODES, PROFILE_NAMES
from mooring.settings.forms import LABEL, Count, Field, ListOf, Named, OneOf, Record, Text, Truth
from mooring.settings.texts import (
    AMOUNT,
    ARCHITECTURE,
    CPU,
    LABEL_KEY,
    LABEL_VALUE,
    MEMORY,
    OBJECT_NAME,
    RESOURCE,
    TAINT,
)

NODE = Record(
    {
        "name": Field(about="What the pool of nodes is called.", value=LABEL),
        "count": Field(about="How many nodes are like that, 1 if not said.", value=Count(least=1)),
        "cpu": Field(about="The cores that pods can have of each.", value=CPU),
        "memory": Field(about="The memory that pods can have of each.", value=MEMORY),
        "arch": Field(about="Their architecture, amd64 if not said.", value=ARCHITECTURE),
        "pods": Field(about="How many pods each takes, 110 if not said.", value=Count(least=1)),
        "labels": Field(
            about="The labels that they carry.", value=Named(names=LABEL_KEY, value=LABEL_VALUE)
        ),
        "taints": Field(about="The taints that keep pods away.", value=ListOf(TAINT)),
        "resources": Field(
            about="What else each has, as GPUs.", value=Named(names=RESOURCE, value=AMOUNT)
        ),
    },
    required=("cpu", "memory"),
)

_RUNTIME = Text(
    pattern=r"[a-zA-Z0-9/][a-zA-Z0-9._/-]*",
    description="the name of a runtime, as the compose file has it",
    example="io.containerd.wasmedge.v1",
)

RUNTIMES = Named(
    names=_RUNTIME,
    value=Record(
        {
            "class": Field(
                about="The RuntimeClass by which pods get it.",
                value=msgspec.structs.replace(OBJECT_NAME, example="gvisor"),
            ),
            "handler": Field(
                about="What the container runtime of the nodes calls it; with it the RuntimeClass "
                "is made, without it the cluster has that already.",
                value=msgspec.structs.replace(LABEL, example="runsc"),
            ),
        },
        required=("class",),
    ),
)
"""Container runtimes besides the usual one, by the names that they have in Compose files."""

CLUSTER = Record(
    {
        "profile": Field(
            about="What it began as; if not said, the profile of its own name, or generic.",
            value=OneOf(PROFILE_NAMES),
        ),
        "nodes": Field(about="Its nodes, pool by pool.", value=ListOf(NODE)),
        "arch": Field(
            about="The architectures of its nodes, where these are not listed.",
            value=ListOf(ARCHITECTURE),
        ),
        "storage": Field(
            about="Its storage classes, with the access modes of each.",
            value=Named(names=OBJECT_NAME, value=ListOf(OneOf(MODES))),
        ),
        "default_storage_class": Field(
            about="The class of claims that name none.", value=OBJECT_NAME
        ),
        "ingress_class": Field(about="The ingress class to use.", value=OBJECT_NAME),
        "ingress_namespace": Field(
            about="The namespace in which the controller of that class runs.", value=LABEL
        ),
        "load_balancers": Field(
            about="Whether Services of type LoadBalancer get an address.", value=Truth()
        ),
        "network_policies": Field(
            about="Whether something enforces NetworkPolicies.", value=Truth()
        ),
        "metrics": Field(about="Whether it has the metrics API.", value=Truth()),
        "runtimes": Field(
            about="Its further container runtimes, by what the compose file calls each.",
            value=RUNTIMES,
        ),
    }
)
