"""Types of services and jobs beyond those of a container."""

from mooring.compose.attributes import build, gpus, healthcheck, key_values
from mooring.compose.nodes import Mapping, Node, Scalar
from mooring.compose.types.container import CONTAINER, HOOK, HOOK_CONTAINER, NO_COMMAND
from mooring.compose.values import (
    Reader,
    any_boolean,
    any_duration,
    any_integer,
    any_natural,
    any_text,
    boolean,
    duration,
    integer,
    list_of,
    mapping_of,
    natural,
    number,
    printed_list,
    record,
    size,
    text,
    text_list,
)

_NULL = Scalar(None)
_EMPTY = Mapping({})
_EMPTY_TEXT = Scalar("")


def service(node: Node) -> Node | None:
    """Return a service whose scale and replicas, where only one is said, are both said."""
    made = _SERVICE(node)
    if not isinstance(made, Mapping):
        return made
    scale, deploy = made.get("scale"), made.get("deploy")
    if scale is None or not isinstance(deploy, Mapping) or "replicas" in deploy.entries:
        return made
    # Both say how many containers run; where one is silent it means the other.
    scaled = Mapping({**deploy.entries, "replicas": scale}, deploy.position, deploy.keys)
    return Mapping({**made.entries, "deploy": scaled}, made.position, made.keys)


def _options(node: Node) -> Node | None:
    """Options of a provider may be given several times: each is a list."""
    if not isinstance(node, Mapping):
        return None
    entries: dict[str, Node] = {}
    for name, value in node.entries.items():
        made = printed_list(value)
        if made is not None:
            entries[name] = made
    return Mapping(entries, node.position, node.keys) if entries else None


_WORKLOAD: dict[str, Reader] = {
    **CONTAINER,
    "build": build.typed,
    "depends_on": mapping_of(
        record(
            {"condition": text, "restart": boolean, "required": any_boolean},
            {"required": Scalar(False)},
        )
    ),
    "expose": printed_list,
    "healthcheck": record(
        {
            "disable": boolean,
            "interval": any_duration,
            "retries": any_natural,
            "start_interval": any_duration,
            "start_period": any_duration,
            "test": healthcheck.typed_test,
            "timeout": any_duration,
        }
    ),
    "ports": list_of(
        record(
            {
                "app_protocol": text,
                "host_ip": text,
                "mode": text,
                "name": text,
                "protocol": text,
                "published": text,
                "target": natural,
            }
        )
    ),
    "profiles": text_list,
    "stdin_open": boolean,
    "tty": boolean,
}

_ROLLOUT = record(
    {
        "delay": duration,
        "failure_action": text,
        "max_failure_ratio": number,
        "monitor": duration,
        "order": text,
        "parallelism": any_natural,
    }
)

_RESOURCE: dict[str, Reader] = {
    "cpus": number,
    "memory": size,
    "pids": integer,
    "devices": gpus.typed,
    "generic_resources": list_of(
        record(
            {
                "discrete_resource_spec": record(
                    {"kind": any_text, "value": any_integer},
                    {"kind": _EMPTY_TEXT, "value": Scalar(0)},
                )
            }
        )
    ),
}

_DEPLOY = record(
    {
        "endpoint_mode": text,
        "labels": key_values.texts,
        "mode": text,
        "placement": record(
            {
                "constraints": text_list,
                "max_replicas_per_node": natural,
                "preferences": list_of(record({"spread": text})),
            }
        ),
        "replicas": any_integer,
        "resources": record({"limits": record(_RESOURCE), "reservations": record(_RESOURCE)}),
        "restart_policy": record(
            {
                "condition": text,
                "delay": any_duration,
                "max_attempts": any_natural,
                "window": any_duration,
            }
        ),
        "rollback_config": _ROLLOUT,
        "update_config": _ROLLOUT,
    },
    {"placement": _EMPTY, "resources": _EMPTY},
)

_DEVELOP = record(
    {
        "watch": list_of(
            record(
                {
                    "action": any_text,
                    "exec": HOOK,
                    "ignore": text_list,
                    "include": text_list,
                    "initial_sync": boolean,
                    "path": any_text,
                    "target": text,
                },
                {"action": _EMPTY_TEXT, "exec": Mapping({"command": _NULL}), "path": _EMPTY_TEXT},
            )
        )
    }
)

_SERVICE = record(
    {
        **_WORKLOAD,
        "attach": any_boolean,
        "container_name": text,
        "deploy": _DEPLOY,
        "develop": _DEVELOP,
        "extends": record({"file": text, "service": text}),
        "external_links": text_list,
        "links": text_list,
        "post_start": list_of(HOOK),
        "pre_start": list_of(HOOK_CONTAINER),
        "pre_stop": list_of(HOOK),
        "provider": record({"options": _options, "type": text}),
        "restart": text,
        "scale": any_integer,
    },
    NO_COMMAND,
)

JOB = record(
    {
        **_WORKLOAD,
        "triggers": record(
            {
                "manual": any_boolean,
                "schedule": list_of(
                    record(
                        {"cron": text, "concurrency": text, "missed_fires": text, "timezone": text}
                    )
                ),
            }
        ),
    },
    NO_COMMAND,
)
