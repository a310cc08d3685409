"""The options that commands on a cluster have in common."""

from mooring.cli.deploying.inputs import OUTPUT
from mooring.cli.options import Option, output_format

ENVIRONMENT = ("env",)
"""The argument: which environment."""

WHERE = (
    Option(
        ("--release",),
        "release",
        repeats=True,
        metavar="NAME",
        help="One of the releases of mooring.yaml instead of all; may be repeated.",
    ),
    Option(
        ("-k", "--kustomize"),
        "kustomization",
        metavar="DIR",
        help="A kustomization, or a folder of manifests, instead of the converted tree.",
    ),
    Option(
        ("--manifests",),
        "paths",
        repeats=True,
        metavar="FILE",
        help="Files or folders of manifests instead of the converted tree; - for standard input.",
    ),
    Option(
        ("-o", "--output"),
        "output",
        metavar="DIR",
        default=OUTPUT,
        help="Where `mooring convert` wrote the tree.",
    ),
    Option(
        ("-n", "--namespace"),
        "namespace",
        metavar="NAME",
        help="Where objects go that name no namespace.",
    ),
    Option(
        ("--context",),
        "context",
        metavar="NAME",
        help="The context of the kubeconfig, instead of its current one.",
    ),
)
"""What is deployed, and where."""

YES = Option(("-y", "--yes"), "yes", is_flag=True, help="Do not ask.")

WAIT_FOR_LEASE = Option(
    ("--wait-for-lease",),
    "wait_for_lease",
    metavar="SECONDS",
    default="45",
    help="How long to wait while somebody else deploys.",
)

EVIDENCE = Option(
    ("--evidence",),
    "evidence",
    metavar="PLACE",
    help="A folder, or a .tar.gz, for what tells why a deployment failed: events, pods, logs, plan "
    "and journal, secrets masked.",
)

LIMITS = (
    Option(
        ("--timeout",),
        "timeout",
        metavar="SECONDS",
        default="1800",
        help="How long all of it may take.",
    ),
    Option(
        ("--quiet-timeout",),
        "quiet_timeout",
        metavar="SECONDS",
        default="300",
        help="How long nothing may move at an object that is not ready.",
    ),
    Option(
        ("--hold",),
        "hold",
        metavar="SECONDS",
        default="5",
        help="How long everything has to stay ready at the end.",
    ),
    Option(
        ("--restarts",),
        "restarts",
        metavar="N",
        default="3",
        help="How often a container may crash; four times as often while what it needs starts.",
    ),
)

ALLOWED = (
    Option(("--no-prune",), "no_prune", is_flag=True, help="Delete nothing."),
    Option(
        ("--prune-limit",),
        "prune_limit",
        metavar="N",
        help="How many objects may be deleted, instead of 10 or 30 %.",
    ),
    Option(
        ("--prune-protected",),
        "prune_protected",
        is_flag=True,
        help="Delete also claims, volumes, namespaces and definitions that are no longer wanted.",
    ),
    Option(
        ("--allow-data-loss",),
        "allow_data_loss",
        is_flag=True,
        help="Make objects anew even where data goes with them.",
    ),
    Option(
        ("--take-over",),
        "take_over",
        is_flag=True,
        help="Take objects over that belong to another deployment.",
    ),
)

FORMAT = output_format("text", "json")
