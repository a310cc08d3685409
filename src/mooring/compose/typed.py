"""
The values of the finished model, typed as Docker Compose prints them.

Here everything gets the one form in which later rooms meet it: durations as ``1m30s``, sizes as
texts of bytes, commands as lists of words, labels and variables as mappings.  What says nothing (an
empty list, a zero, a false) is left out where Docker Compose leaves it out, and what it always
prints (``command: null``) is there.

Source: the types of compose-go and how they print as JSON.
"""

from mooring.compose.attributes import command, healthcheck, hosts, key_values
from mooring.compose.faults import Faults, with_paths
from mooring.compose.grammar.project import PROJECT
from mooring.compose.grammar.shapes import Shape
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.compose.rewriting import added
from mooring.compose.values import (
    Reader,
    any_boolean,
    any_duration,
    any_integer,
    any_natural,
    any_size,
    any_text,
    boolean,
    duration,
    file_mode,
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
    unless_true,
    wrong,
)
from mooring.errors import InputError

_NULL = Scalar(None)
_EMPTY_TEXT = Scalar("")
_EMPTY = Mapping({})


def typed(root: Mapping, *, keep_extensions: bool = False) -> Mapping:
    """
    Return the normalized ``root`` in the form that ``docker compose config`` prints as JSON.

    ``keep_extensions`` keeps ``x-*`` below the top level, which that form leaves out.

    Raises:
        InputErrors: values that cannot be read as their type (a duration, a size).
    """
    try:
        made = _PROJECT(root)
    except (InputError, Faults) as raised:
        raise with_paths(raised) from None
    assert isinstance(made, Mapping)
    return made if keep_extensions else without_extensions(made)


def printed(root: Mapping) -> Mapping:
    """
    Return the typed ``root`` as ``docker compose config`` prints it.

    Extensions below the top level are left out, and the entries of ``blkio_config`` have the
    capital letters with which Docker Compose prints them.
    """
    made = without_extensions(root)
    entries = dict(made.entries)
    for kind in ("services", "jobs"):
        containers = made.get(kind)
        if isinstance(containers, Mapping):
            entries[kind] = Mapping(
                {name: _with_capitals(one) for name, one in containers.entries.items()},
                containers.position,
                containers.keys,
            )
    return Mapping(entries, made.position, made.keys)


def without_extensions(root: Mapping) -> Mapping:
    """Return the typed ``root`` without the ``x-*`` below its top level."""
    entries: dict[str, Node] = {}
    assert PROJECT.entries is not None
    for name, value in root.entries.items():
        shape = PROJECT.entries.fields.get(name)
        entries[name] = value if shape is None else _without_extensions(value, shape)
    return Mapping(entries, root.position, root.keys)


def _without_extensions(node: Node, shape: Shape) -> Node:
    if isinstance(node, Sequence) and shape.items is not None:
        items = tuple(_without_extensions(item, shape.items.shape) for item in node.items)
        return Sequence(items, node.position)
    known = shape.entries
    if not isinstance(node, Mapping) or known is None:
        return node
    entries: dict[str, Node] = {}
    for name, value in node.entries.items():
        below = known.fields.get(name) or known.values
        if below is not None:
            entries[name] = _without_extensions(value, below)
        elif not known.extensions or not name.startswith("x-"):
            entries[name] = value
    return Mapping(entries, node.position, node.keys)


def _with_capitals(container: Node) -> Node:
    if not isinstance(container, Mapping):
        return container
    changed: dict[str, Node] = {}
    limits, hooks = container.get("blkio_config"), container.get("pre_start")
    if isinstance(limits, Mapping):
        renamed = {name: _capitalized(value) for name, value in limits.entries.items()}
        changed["blkio_config"] = Mapping(renamed, limits.position, limits.keys)
    if isinstance(hooks, Sequence):
        changed["pre_start"] = Sequence(tuple(map(_with_capitals, hooks.items)), hooks.position)
    if not changed:
        return container
    return Mapping({**container.entries, **changed}, container.position, container.keys)


def _capitalized(node: Node) -> Node:
    """The entries of a list of limits with capital letters; a single limit as it is."""
    if isinstance(node, Sequence):
        return Sequence(tuple(map(_capitalized, node.items)), node.position)
    if isinstance(node, Mapping):
        entries = {name.capitalize(): value for name, value in node.entries.items()}
        return Mapping(entries, node.position)
    return node


def _limit(node: Node) -> Node:
    """A limit is one number, or a mapping of soft and hard; a zero says nothing."""
    if isinstance(node, Mapping):
        made = _SOFT_AND_HARD(node)
        assert made is not None
        return made
    if isinstance(node, Scalar) and type(node.value) is int:
        return node if node.value else Mapping({}, node.position)
    raise wrong(node, "is not an integer", "write a number without a fraction")


def _whole_limit(node: Node) -> Node | None:
    if isinstance(node, Scalar) and type(node.value) is int:
        return node if node.value else None
    raise wrong(node, "is not an integer", "write a number without a fraction")


def _count(node: Node) -> Node | None:
    """``all`` is minus one."""
    if isinstance(node, Scalar) and isinstance(node.value, str):
        if node.value.lower() == "all":
            return Scalar(-1, node.position, node.variables)
        return integer(node)
    if isinstance(node, Scalar) and type(node.value) is int:
        return node if node.value else None
    raise wrong(node, "is no number of devices", 'write a number, or "all"')


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


def _keys(node: Node) -> Node | None:
    """Ssh keys as ``name=path`` texts; the agent's has no path."""
    keys = key_values.variables(node)
    if not isinstance(keys, Mapping):
        return None
    items = []
    for name, path in sorted(keys.entries.items()):
        assert isinstance(path, Scalar)
        key = name if path.value is None else f"{name}={path.value}"
        items.append(Scalar(key, path.position, path.variables))
    return Sequence(tuple(items), node.position)


def _hook_bind(node: Node) -> Node | None:
    """In a hook a bind creates no directory, unless it says so."""
    made = _BIND(node)
    if not isinstance(made, Mapping) or not isinstance(node, Mapping):
        return made
    return made if "create_host_path" in node.entries else added(made, _NOT_CREATED)


def _service(node: Node) -> Node | None:
    made = _SERVICE(node)
    if not isinstance(made, Mapping):
        return made
    scale, deploy = made.get("scale"), made.get("deploy")
    if scale is None or not isinstance(deploy, Mapping) or "replicas" in deploy.entries:
        return made
    # Both say how many containers run; where one is silent it means the other.
    scaled = Mapping({**deploy.entries, "replicas": scale}, deploy.position, deploy.keys)
    return Mapping({**made.entries, "deploy": scaled}, made.position, made.keys)


def _file_object(node: Node) -> Node | None:
    """A config taken from the environment is printed by the name of its variable."""
    made = _FILE_OBJECT(node)
    if isinstance(made, Mapping) and "environment" in made.entries and "content" in made.entries:
        entries = {name: value for name, value in made.entries.items() if name != "content"}
        return Mapping(entries, made.position, made.keys)
    return made


_SOFT_AND_HARD = record({"soft": _whole_limit, "hard": _whole_limit})
_LIMITS = mapping_of(_limit)

_MOUNTED_FILES = list_of(
    record({"source": text, "target": text, "uid": text, "gid": text, "mode": file_mode})
)

_DEVICE_REQUESTS = list_of(
    record(
        {
            "capabilities": text_list,
            "driver": text,
            "count": _count,
            "device_ids": text_list,
            "options": key_values.texts,
        }
    )
)

_HOOK_FIELDS: dict[str, Reader] = {
    "command": command.typed,
    "user": text,
    "privileged": boolean,
    "working_dir": text,
    "environment": key_values.variables,
}
_HOOK = record(_HOOK_FIELDS, {"command": _NULL})

_RATES = list_of(
    record({"path": any_text, "rate": any_size}, {"path": _EMPTY_TEXT, "rate": Scalar("0")})
)
_WEIGHTS = list_of(
    record({"path": any_text, "weight": any_natural}, {"path": _EMPTY_TEXT, "weight": Scalar(0)})
)

_NOT_CREATED: dict[str, Node] = {"create_host_path": Scalar(False)}
_BIND = record(
    {
        "selinux": text,
        "propagation": text,
        "create_host_path": unless_true,
        "recursive": text,
    }
)
_MOUNT: dict[str, Reader] = {
    "type": text,
    "source": text,
    "target": text,
    "read_only": boolean,
    "consistency": text,
    "bind": _BIND,
    "volume": record({"labels": key_values.texts, "nocopy": boolean, "subpath": text}),
    "tmpfs": record({"size": size, "mode": natural}),
    "image": record({"subpath": text}),
}

_CONTAINER: dict[str, Reader] = {
    "annotations": key_values.texts,
    "blkio_config": record(
        {
            "weight": natural,
            "weight_device": _WEIGHTS,
            "device_read_bps": _RATES,
            "device_read_iops": _RATES,
            "device_write_bps": _RATES,
            "device_write_iops": _RATES,
        }
    ),
    "cap_add": text_list,
    "cap_drop": text_list,
    "cgroup": text,
    "cgroup_parent": text,
    "command": command.typed,
    "configs": _MOUNTED_FILES,
    "cpu_count": integer,
    "cpu_percent": number,
    "cpu_period": integer,
    "cpu_quota": integer,
    "cpu_rt_period": integer,
    "cpu_rt_runtime": integer,
    "cpu_shares": integer,
    "cpus": number,
    "cpuset": text,
    "credential_spec": record({"config": text, "file": text, "registry": text}),
    "device_cgroup_rules": text_list,
    "devices": list_of(record({"source": text, "target": text, "permissions": text})),
    "dns": text_list,
    "dns_opt": text_list,
    "dns_search": text_list,
    "domainname": text,
    "entrypoint": command.typed,
    "env_file": list_of(record({"path": text, "required": unless_true, "format": text})),
    "environment": key_values.variables,
    "extra_hosts": hosts.typed,
    "gpus": _DEVICE_REQUESTS,
    "group_add": text_list,
    "hostname": text,
    "image": text,
    "init": any_boolean,
    "ipc": text,
    "isolation": text,
    "label_file": text_list,
    "labels": key_values.texts,
    "logging": record({"driver": text, "options": key_values.texts}),
    "mac_address": text,
    "mem_limit": size,
    "mem_reservation": size,
    "mem_swappiness": size,
    "memswap_limit": size,
    "models": mapping_of(record({"endpoint_var": text, "model_var": text}), null=True),
    "network_mode": text,
    "networks": mapping_of(
        record(
            {
                "aliases": text_list,
                "driver_opts": key_values.texts,
                "gw_priority": integer,
                "interface_name": text,
                "ipv4_address": text,
                "ipv6_address": text,
                "link_local_ips": text_list,
                "mac_address": text,
                "priority": integer,
                "use_service_name_alias": any_boolean,
            }
        ),
        null=True,
    ),
    "oom_kill_disable": boolean,
    "oom_score_adj": integer,
    "pid": text,
    "pids_limit": integer,
    "platform": text,
    "privileged": boolean,
    "pull_policy": text,
    "pull_refresh_after": text,
    "read_only": boolean,
    "runtime": text,
    "secrets": _MOUNTED_FILES,
    "security_opt": text_list,
    "shm_size": size,
    "stop_grace_period": any_duration,
    "stop_signal": text,
    "storage_opt": key_values.strict_texts,
    "sysctls": key_values.texts,
    "tmpfs": text_list,
    "ulimits": _LIMITS,
    "umask": any_natural,
    "use_api_socket": boolean,
    "user": text,
    "userns_mode": text,
    "uts": text,
    "volumes": list_of(record(_MOUNT)),
    "volumes_from": text_list,
    "working_dir": text,
}
_NO_COMMAND: dict[str, Node] = {"command": _NULL, "entrypoint": _NULL}

_HOOK_CONTAINER = record(
    {
        **_CONTAINER,
        "per_replica": boolean,
        "volumes": list_of(record({**_MOUNT, "bind": _hook_bind})),
    },
    _NO_COMMAND,
)

_BUILD = record(
    {
        "additional_contexts": key_values.texts,
        "args": key_values.variables,
        "cache_from": text_list,
        "cache_to": text_list,
        "context": text,
        "dockerfile": text,
        "dockerfile_inline": text,
        "entitlements": text_list,
        "extra_hosts": hosts.typed,
        "isolation": text,
        "labels": key_values.texts,
        "network": text,
        "no_cache": boolean,
        "no_cache_filter": text_list,
        "platforms": text_list,
        "privileged": boolean,
        "provenance": text,
        "pull": boolean,
        "sbom": text,
        "secrets": _MOUNTED_FILES,
        "shm_size": size,
        "ssh": _keys,
        "tags": text_list,
        "target": text,
        "ulimits": _LIMITS,
    }
)

_WORKLOAD: dict[str, Reader] = {
    **_CONTAINER,
    "build": _BUILD,
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
    "devices": _DEVICE_REQUESTS,
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
                    "exec": _HOOK,
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
        "post_start": list_of(_HOOK),
        "pre_start": list_of(_HOOK_CONTAINER),
        "pre_stop": list_of(_HOOK),
        "provider": record({"options": _options, "type": text}),
        "restart": text,
        "scale": any_integer,
    },
    _NO_COMMAND,
)

_JOB = record(
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
    _NO_COMMAND,
)

_NETWORK = record(
    {
        "attachable": boolean,
        "driver": text,
        "driver_opts": key_values.texts,
        "enable_ipv4": any_boolean,
        "enable_ipv6": any_boolean,
        "external": boolean,
        "internal": boolean,
        "ipam": record(
            {
                "config": list_of(
                    record(
                        {
                            "aux_addresses": key_values.texts,
                            "gateway": text,
                            "ip_range": text,
                            "subnet": text,
                        }
                    )
                ),
                "driver": text,
                "options": key_values.texts,
            }
        ),
        "labels": key_values.texts,
        "name": text,
    },
    {"ipam": _EMPTY},
)

_VOLUME = record(
    {
        "driver": text,
        "driver_opts": key_values.texts,
        "external": boolean,
        "labels": key_values.texts,
        "name": text,
    }
)

_FILE_OBJECT = record(
    {
        "content": text,
        "driver": text,
        "driver_opts": key_values.strict_texts,
        "environment": text,
        "external": boolean,
        "file": text,
        "labels": key_values.texts,
        "name": text,
        "template_driver": text,
    }
)

_MODEL = record({"context_size": integer, "model": text, "name": text, "runtime_flags": text_list})

_PROJECT = record(
    {
        "configs": mapping_of(_file_object),
        "jobs": mapping_of(_JOB),
        "models": mapping_of(_MODEL),
        "name": text,
        "networks": mapping_of(_NETWORK),
        "secrets": mapping_of(_file_object),
        "services": mapping_of(_service),
        "volumes": mapping_of(_VOLUME),
    },
    {"services": _EMPTY},
)
