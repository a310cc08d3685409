"""Shapes that several attributes of the Compose Specification share."""

from mooring.compose.grammar.shapes import (
    BOOLEAN,
    INTEGER,
    LOWER_CASE_NAME,
    NOT_EMPTY,
    NULL,
    NUMBER,
    ONE_LINE,
    TEXT,
    integer,
    list_of,
    mapping_of,
    record,
)

TEXTS = list_of(TEXT)
UNIQUE_TEXTS = list_of(TEXT, unique=True)
TEXT_OR_TEXTS = TEXT | UNIQUE_TEXTS
FLAG = BOOLEAN | TEXT
"""A boolean, or a text that interpolation makes one."""
WHOLE = INTEGER | TEXT
AMOUNT = NUMBER | TEXT

LIST_OR_MAPPING = UNIQUE_TEXTS | mapping_of(TEXT | NUMBER | BOOLEAN | NULL, names=NOT_EMPTY)
"""``KEY=value`` texts, or a mapping; a null value is taken from the environment."""

COMMAND = NULL | TEXT | TEXTS
ENV_FILE = TEXT | list_of(
    TEXT
    | record({"path": TEXT, "format": TEXT, "required": FLAG}, required=("path",), extensions=False)
)
EXTRA_HOSTS = UNIQUE_TEXTS | mapping_of(TEXT | TEXTS, names=NOT_EMPTY)
DRIVER_OPTIONS = mapping_of(TEXT | NUMBER, names=ONE_LINE, open=True)

MOUNTED_FILES = list_of(
    TEXT | record({"source": TEXT, "target": TEXT, "uid": TEXT, "gid": TEXT, "mode": AMOUNT})
)
"""Configs and secrets as a container sees them."""

ULIMITS = mapping_of(
    WHOLE | record({"hard": WHOLE, "soft": WHOLE}, required=("soft", "hard")),
    names=LOWER_CASE_NAME,
    open=True,
)

_DEVICE_REQUEST = {
    "capabilities": UNIQUE_TEXTS,
    "count": WHOLE,
    "device_ids": UNIQUE_TEXTS,
    "driver": TEXT,
    "options": LIST_OR_MAPPING,
}
DEVICE_REQUESTS = list_of(record(_DEVICE_REQUEST, required=("capabilities",)))
OPEN_DEVICE_REQUESTS = list_of(record(_DEVICE_REQUEST, open=True))
"""As ``gpus`` has them: nothing is required, nothing else is refused."""

HOOK = record(
    {
        "command": COMMAND,
        "user": TEXT,
        "privileged": FLAG,
        "working_dir": TEXT,
        "environment": LIST_OR_MAPPING,
    },
    required=("command",),
)

NATURAL = integer(0)
