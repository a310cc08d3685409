"""Forms of values that stand below several keys of mooring.yaml: amounts, names, labels."""

import msgspec

from mooring.settings.forms import OneOf, Text

RESOURCE = Text(
    pattern=r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?/[a-zA-Z0-9]([a-zA-Z0-9._-]*[a-zA-Z0-9])?",
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
    pattern=r"([a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?[a-zA-Z0-9]([a-zA-Z0-9._-]*[a-zA-Z0-9])?",
    description="the key of a label",
    example="topology.kubernetes.io/zone",
    longest=317,
)
LABEL_VALUE = Text(
    pattern=r"([a-zA-Z0-9]([a-zA-Z0-9._-]*[a-zA-Z0-9])?)?",
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
    pattern=r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*",
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
