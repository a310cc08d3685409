"""The attributes of services and jobs beyond those of a container."""

from mooring.compose.grammar.common import (
    AMOUNT,
    DEVICE_REQUESTS,
    EXTRA_HOSTS,
    FLAG,
    HOOK,
    LIST_OR_MAPPING,
    MOUNTED_FILES,
    TEXT_OR_TEXTS,
    TEXTS,
    ULIMITS,
    UNIQUE_TEXTS,
    WHOLE,
)
from mooring.compose.grammar.container import CONTAINER
from mooring.compose.grammar.shapes import (
    BOOLEAN,
    COMPOSE_NAME,
    NULL,
    NUMBER,
    ONE_LINE,
    TEXT,
    Shape,
    choice,
    list_of,
    mapping_of,
    record,
    text_like,
)
from mooring.patterns import LazyPattern

BUILD = TEXT | record(
    {
        "additional_contexts": LIST_OR_MAPPING,
        "args": LIST_OR_MAPPING,
        "cache_from": TEXTS,
        "cache_to": TEXTS,
        "context": TEXT,
        "dockerfile": TEXT,
        "dockerfile_inline": TEXT,
        "entitlements": TEXTS,
        "extra_hosts": EXTRA_HOSTS,
        "isolation": TEXT,
        "labels": LIST_OR_MAPPING,
        "network": TEXT,
        "no_cache": FLAG,
        "no_cache_filter": TEXT_OR_TEXTS,
        "platforms": TEXTS,
        "privileged": FLAG,
        "provenance": FLAG,
        "pull": FLAG,
        "sbom": FLAG,
        "secrets": MOUNTED_FILES,
        "shm_size": WHOLE,
        "ssh": LIST_OR_MAPPING,
        "tags": TEXTS,
        "target": TEXT,
        "ulimits": ULIMITS,
    }
)

DEPENDS_ON = UNIQUE_TEXTS | mapping_of(
    record(
        {
            "condition": choice(
                "service_started", "service_healthy", "service_completed_successfully"
            ),
            "required": BOOLEAN,
            "restart": FLAG,
        },
        required=("condition",),
    ),
    names=COMPOSE_NAME,
)

HEALTHCHECK = record(
    {
        "disable": FLAG,
        "interval": TEXT,
        "retries": AMOUNT,
        "start_interval": TEXT,
        "start_period": TEXT,
        "test": TEXT | TEXTS,
        "timeout": TEXT,
    }
)

PORTS = list_of(
    NUMBER
    | TEXT
    | record(
        {
            "app_protocol": TEXT,
            "host_ip": TEXT,
            "mode": TEXT,
            "name": TEXT,
            "protocol": TEXT,
            "published": WHOLE,
            "target": WHOLE,
        }
    ),
    unique=True,
)

WORKLOAD: dict[str, Shape] = {
    "build": BUILD,
    "depends_on": DEPENDS_ON,
    "expose": list_of(TEXT | NUMBER, unique=True),
    "healthcheck": HEALTHCHECK,
    "ports": PORTS,
    "stdin_open": FLAG,
    "tty": FLAG,
}

_ROLLOUT = record(
    {
        "delay": TEXT,
        "failure_action": TEXT,
        "max_failure_ratio": AMOUNT,
        "monitor": TEXT,
        "order": choice("start-first", "stop-first"),
        "parallelism": WHOLE,
    }
)

DEPLOY = NULL | record(
    {
        "endpoint_mode": TEXT,
        "labels": LIST_OR_MAPPING,
        "mode": TEXT,
        "placement": record(
            {
                "constraints": TEXTS,
                "max_replicas_per_node": WHOLE,
                "preferences": list_of(record({"spread": TEXT})),
            }
        ),
        "replicas": WHOLE,
        "resources": record(
            {
                "limits": record({"cpus": AMOUNT, "memory": TEXT, "pids": WHOLE}),
                "reservations": record(
                    {
                        "cpus": AMOUNT,
                        "devices": DEVICE_REQUESTS,
                        "generic_resources": list_of(
                            record(
                                {"discrete_resource_spec": record({"kind": TEXT, "value": AMOUNT})}
                            )
                        ),
                        "memory": TEXT,
                    }
                ),
            }
        ),
        "restart_policy": record(
            {"condition": TEXT, "delay": TEXT, "max_attempts": WHOLE, "window": TEXT}
        ),
        "rollback_config": _ROLLOUT,
        "update_config": _ROLLOUT,
    }
)

DEVELOP = NULL | record(
    {
        "watch": list_of(
            record(
                {
                    "action": choice("rebuild", "sync", "restart", "sync+restart", "sync+exec"),
                    "exec": HOOK,
                    "ignore": TEXT_OR_TEXTS,
                    "include": TEXT_OR_TEXTS,
                    "initial_sync": BOOLEAN,
                    "path": TEXT,
                    "target": TEXT,
                },
                required=("path", "action"),
            )
        )
    }
)

_OPTION = TEXT | NUMBER | BOOLEAN
PROVIDER = record(
    {
        "options": mapping_of(_OPTION | list_of(_OPTION), names=ONE_LINE, open=True),
        "type": TEXT,
    },
    required=("type",),
)

# Unanchored, as in the specification: two good characters in a row are enough.
_CONTAINER_NAME = LazyPattern(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")

SERVICE = record(
    {
        **CONTAINER,
        **WORKLOAD,
        "attach": FLAG,
        "container_name": text_like(
            lambda text: _CONTAINER_NAME.search(text),
            example='two or more letters, digits, ".", "_" and "-"',
        ),
        "deploy": DEPLOY,
        "develop": DEVELOP,
        "extends": TEXT
        | record({"file": TEXT, "service": TEXT}, required=("service",), extensions=False),
        "external_links": UNIQUE_TEXTS,
        "links": UNIQUE_TEXTS,
        "post_start": list_of(HOOK),
        "pre_start": list_of(record({**CONTAINER, "per_replica": FLAG})),
        "pre_stop": list_of(HOOK),
        "profiles": UNIQUE_TEXTS,
        "provider": PROVIDER,
        "restart": TEXT,
        "scale": WHOLE,
    }
)

JOB = record(
    {
        **CONTAINER,
        **WORKLOAD,
        "profiles": UNIQUE_TEXTS,
        "triggers": record(
            {
                "manual": FLAG,
                "schedule": list_of(
                    TEXT
                    | record(
                        {
                            "concurrency": choice("forbid", "queue"),
                            "cron": TEXT,
                            "missed_fires": choice("one", "skip"),
                            "timezone": TEXT,
                        },
                        required=("cron",),
                    )
                ),
            },
            one_of_required=("manual", "schedule"),
        ),
    },
    required=("triggers",),
)
