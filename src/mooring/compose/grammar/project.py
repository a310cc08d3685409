"""The top level of a Compose file, and what it declares beside services."""

from mooring.compose.grammar.common import (
    DRIVER_OPTIONS,
    FLAG,
    LIST_OR_MAPPING,
    TEXT_OR_TEXTS,
    TEXTS,
)
from mooring.compose.grammar.shapes import (
    COMPOSE_NAME,
    INTEGER,
    NULL,
    ONE_LINE,
    TEXT,
    Entries,
    Shape,
    list_of,
    mapping_of,
    record,
)
from mooring.compose.grammar.workload import JOB, SERVICE

_EXTERNAL = FLAG | record({"name": TEXT})
_OPEN_EXTERNAL = FLAG | record({"name": TEXT}, open=True)
"""As secrets and configs have it: other names beside ``name`` are not refused."""

NETWORK = NULL | record(
    {
        "attachable": FLAG,
        "driver": TEXT,
        "driver_opts": DRIVER_OPTIONS,
        "enable_ipv4": FLAG,
        "enable_ipv6": FLAG,
        "external": _EXTERNAL,
        "internal": FLAG,
        "ipam": record(
            {
                "config": list_of(
                    record(
                        {
                            "aux_addresses": mapping_of(TEXT, names=ONE_LINE),
                            "gateway": TEXT,
                            "ip_range": TEXT,
                            "subnet": TEXT,
                        }
                    )
                ),
                "driver": TEXT,
                "options": mapping_of(TEXT, names=ONE_LINE),
            }
        ),
        "labels": LIST_OR_MAPPING,
        "name": TEXT,
    }
)

VOLUME = NULL | record(
    {
        "driver": TEXT,
        "driver_opts": DRIVER_OPTIONS,
        "external": _EXTERNAL,
        "labels": LIST_OR_MAPPING,
        "name": TEXT,
    }
)

SECRET = record(
    {
        "driver": TEXT,
        "driver_opts": DRIVER_OPTIONS,
        "environment": TEXT,
        "external": _OPEN_EXTERNAL,
        "file": TEXT,
        "labels": LIST_OR_MAPPING,
        "name": TEXT,
        "template_driver": TEXT,
    }
)

CONFIG = record(
    {
        "content": TEXT,
        "environment": TEXT,
        "external": _OPEN_EXTERNAL,
        "file": TEXT,
        "labels": LIST_OR_MAPPING,
        "name": TEXT,
        "template_driver": TEXT,
    }
)

MODEL = record(
    {"context_size": INTEGER, "model": TEXT, "name": TEXT, "runtime_flags": TEXTS},
    required=("model",),
)

INCLUDE = list_of(
    TEXT
    | record(
        {"env_file": TEXT_OR_TEXTS, "path": TEXT_OR_TEXTS, "project_directory": TEXT},
        extensions=False,
    )
)

PROJECT = Shape(
    entries=Entries(
        fields={
            "configs": mapping_of(CONFIG, names=COMPOSE_NAME),
            "include": INCLUDE,
            "jobs": mapping_of(JOB, names=COMPOSE_NAME),
            "models": mapping_of(MODEL, names=COMPOSE_NAME),
            "name": TEXT,
            "networks": mapping_of(NETWORK, names=COMPOSE_NAME),
            "secrets": mapping_of(SECRET, names=COMPOSE_NAME),
            "services": mapping_of(SERVICE, names=COMPOSE_NAME),
            "version": TEXT,
            "volumes": mapping_of(VOLUME, names=COMPOSE_NAME),
        },
        extensions=True,
    )
)
