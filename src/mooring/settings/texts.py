"""The texts that mooring.yaml takes: the form of each, in words and as a pattern."""

import msgspec

from mooring.settings.choices import NO_SCHEDULE, NO_STORAGE
from mooring.settings.forms import OneOf, Text

_DNS_NAME = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
_LABEL = r"[a-zA-Z0-9]([a-zA-Z0-9._-]*[a-zA-Z0-9])?"

RESOURCE = Text(
    pattern=rf"[a-z0-9]([a-z0-9.-]*[a-z0-9])?/{_LABEL}",
    description="the name of a resource that nodes offer",
    example="nvidia.com/gpu",
)
SIZE = Text(
    pattern=r"([1-9][0-9]*(\.[0-9]+)?|0\.[0-9]*[1-9][0-9]*)(Ki|Mi|Gi|Ti|Pi|Ei|k|M|G|T|P|E)",
    description="a number and a unit of Kubernetes",
    example="10Gi",
)
MEMORY = msgspec.structs.replace(SIZE, example="256Mi")
CPU = Text(
    pattern=r"[1-9][0-9]*m|(0|[1-9][0-9]*)\.[0-9]{1,3}|[1-9][0-9]*",
    description="a number of cores, or of thousandths of one with an m",
    example="250m",
    from_number=True,
    from_fraction=True,
)
AMOUNT = Text(
    pattern=rf"[1-9][0-9]*|{SIZE.pattern}",
    description="a number, with or without a unit of Kubernetes",
    example="2",
    from_number=True,
)
LABEL_KEY = Text(
    pattern=rf"([a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?{_LABEL}",
    description="the key of a label",
    example="topology.kubernetes.io/zone",
    longest=317,
)
LABEL_VALUE = Text(
    pattern=rf"({_LABEL})?",
    description="the value of a label",
    example="eu-central-1a",
    longest=63,
)
TAINT = Text(
    pattern=rf"{LABEL_KEY.pattern}(={LABEL_VALUE.pattern})?"
    r":(NoSchedule|NoExecute|PreferNoSchedule)",
    description="a key, a value after =, and an effect after :",
    example="dedicated=database:NoSchedule",
)
ARCHITECTURE = OneOf(("amd64", "arm64", "arm", "ppc64le", "riscv64", "s390x"))
OBJECT_NAME = Text(
    pattern=_DNS_NAME,
    description='lower-case letters, digits, "-" and "." inside, at most 253',
    example="fast-ssd",
    longest=253,
)


def _cron_field(number: str, words: str = "") -> str:
    """Return the pattern of one field of a cron line, whose ``number`` may be one of ``words``."""
    one = rf"({number}{f'|{words}' if words else ''})"
    part = rf"([*?]|{one}(-{one})?)(/[1-9][0-9]*)?"
    return rf"{part}(,{part})*"


def _names(words: str) -> str:
    """Return the pattern of one of ``words`` in whatever case."""
    return "|".join("".join(f"[{one}{one.upper()}]" for one in word) for word in words.split())


_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_DAYS = "sun mon tue wed thu fri sat"

CRON_LINE = Text(
    pattern=" +".join(
        (
            _cron_field("[0-5]?[0-9]"),
            _cron_field("2[0-3]|[01]?[0-9]"),
            _cron_field("3[01]|[12][0-9]|0?[1-9]"),
            _cron_field("1[0-2]|0?[1-9]", _names(_MONTHS)),
            _cron_field("[0-6]", _names(_DAYS)),
        )
    )
    + "|@(yearly|annually|monthly|weekly|daily|midnight|hourly)"
    + "|@every ([1-9][0-9]*h)?([1-9][0-9]*m)?(?<=[hm])",
    description="minute, hour, day of the month, month and weekday (0 to 6) as in a crontab, a "
    "word as @daily, or @every and a duration in hours and minutes",
    example="30 3 * * *",
)
TIME_ZONE = Text(
    pattern=r"(?!Local$)[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*",
    description="the name of a time zone",
    example="Europe/Berlin",
)
PROJECT = Text(
    pattern=r"[a-z0-9][a-z0-9_-]*",
    description="lower-case letters, digits, hyphens and underscores, a letter or digit first",
    example="shop",
)
FILE = Text(pattern=r"(?!-$)[^\n]+", description="the path of a file", example="compose.yaml")
PROFILE = Text(
    pattern=r"\*|[a-zA-Z0-9][a-zA-Z0-9_.-]*",
    description='the name of a profile, or "*" for all',
    example="debug",
)
REGISTRY = Text(
    pattern=r"[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?(:[0-9]+)?(/[a-z0-9._-]+)*",
    description="a host and a path, without https:// and without a slash at its end",
    example="registry.example.com/shop",
)
TAG = Text(
    pattern=r"[a-zA-Z0-9_][a-zA-Z0-9_.-]*",
    description='the tag of an image: letters, digits, "_", "." and "-"',
    example="1.4.2",
    longest=128,
    from_number=True,
)
IMAGE = Text(
    pattern=r"[a-zA-Z0-9][a-zA-Z0-9._/-]*(:[0-9]+/[a-z0-9._/-]+)?(:[a-zA-Z0-9_][a-zA-Z0-9_.-]*)?"
    r"(@sha256:[0-9a-f]{64})?",
    description="the reference of an image",
    example="registry.example.com/shop/api:1.4.2",
)
COMPOSE_NAME = Text(
    pattern=r"[a-zA-Z0-9._-]+",
    description='a name of the compose file: letters, digits, ".", "_" and "-"',
    example="api",
)
VARIABLE = Text(
    pattern=r"[^=\n]+", description='the name of a variable, without "="', example="API_KEY"
)
VARIABLE_VALUE = Text(
    pattern=r"[\s\S]*",
    description="a text",
    example="https://shop.example.com",
    from_number=True,
    from_fraction=True,
)
COMMAND = Text(pattern=r"[^\n]*\S[^\n]*", description="a command in one line", example="yarn start")
TARGET = Text(
    pattern=r"/[^\n]*",
    description='the path of a mount in the container, which begins with "/"',
    example="/var/lib/data",
)
USER = Text(
    pattern=r"[0-9]+(:[0-9]+)?",
    description="the numbers of a user and, after a colon, of a group",
    example="1000:1000",
    from_number=True,
)
REACHING = Text(
    pattern=r"\*|[a-zA-Z0-9._-]+",
    description='the name of a service of the compose file, or "*" for all',
    example="api",
)
CAPABILITY = Text(
    pattern=r"[A-Z][A-Z_]+(?<!ALL)",
    description="the name of a capability in capitals, without CAP_, and not ALL",
    example="NET_RAW",
)
DURATION = Text(
    pattern=r"([1-9][0-9]*h)?([1-9][0-9]*m)?([1-9][0-9]*s)?(?<=[hms])",
    description="a duration in hours, minutes and seconds",
    example="1h30m",
)
FAMILY = Text(
    pattern=r"[a-z0-9]+(-[a-z0-9]+)*",
    description="a name among the known images, or none",
    example="rabbitmq",
)
STORAGE = Text(
    pattern=rf"{NO_STORAGE}|{SIZE.pattern}",
    description=f"{NO_STORAGE}, or a number and a unit of Kubernetes",
    example="10Gi",
)
SCHEDULE = Text(
    pattern=rf"{NO_SCHEDULE}|{CRON_LINE.pattern}",
    description=f"{NO_SCHEDULE}, or {CRON_LINE.description}",
    example=CRON_LINE.example,
)
QUOTA = Text(
    pattern=r"[a-z][a-zA-Z0-9./-]*",
    description="the name of something that a quota counts",
    example="requests.memory",
)
QUOTA_AMOUNT = Text(
    pattern=rf"{CPU.pattern}|{SIZE.pattern}",
    description="an amount as Kubernetes writes it",
    example="16Gi",
    from_number=True,
    from_fraction=True,
)
DOMAIN = Text(
    pattern=_DNS_NAME,
    description='a domain: lower-case labels joined by "."',
    example="staging.example.com",
    longest=253,
)
HOST = Text(
    pattern=rf"(\*\.)?{_DNS_NAME}",
    description="a host, or a label below the environment's domain",
    example="app",
    longest=253,
)
OUTSIDE_HOST = Text(
    pattern=rf"{_DNS_NAME}|[0-9a-f]*:[0-9a-f:.]+",
    description="a name of the DNS in lower case, or an address",
    example="db.example.com",
    longest=253,
)
PATH = Text(
    pattern=r"/(?!.*//)(?!.*/\.\.?(/|$))[^\s?#*{}%]*",
    description='a path, which begins with "/"',
    example="/api",
)
PORT = Text(
    pattern=r"[1-9][0-9]{0,3}|[1-5][0-9]{4}|6([0-4][0-9]{3}|5([0-4][0-9]{2}|5([0-2][0-9]|3[0-5])))",
    description="the number of a port",
    example="5432",
    from_number=True,
)
LISTENING = Text(
    pattern=rf"({PORT.pattern})(/(tcp|udp|sctp))?",
    description="the number of a port, and its protocol where that is not TCP",
    example="53/udp",
    from_number=True,
)
ISSUER = Text(
    pattern=rf"(Issuer/|ClusterIssuer/)?{_DNS_NAME}",
    description="the name of a ClusterIssuer of cert-manager, or Issuer/ and a name",
    example="letsencrypt",
)
GATEWAY = Text(
    pattern=r"([a-z0-9]([a-z0-9-]*[a-z0-9])?/)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?",
    description="the name of a Gateway, after its namespace and a slash where that is another",
    example="infra/public",
)
NAME_SERVER = Text(
    pattern=r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:]+|\[[0-9a-f:]+\]",
    description="the name or the address of a name server",
    example="10.96.0.10",
)
