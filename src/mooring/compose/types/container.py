"""Types of everything that runs a container: services, jobs and hooks."""

from mooring.compose.attributes import command, gpus, hosts, key_values, mounted_files, ulimits
from mooring.compose.nodes import Mapping, Node, Scalar
from mooring.compose.rewriting import added
from mooring.compose.values import (
    Reader,
    any_boolean,
    any_duration,
    any_natural,
    any_size,
    any_text,
    boolean,
    integer,
    list_of,
    mapping_of,
    natural,
    number,
    record,
    size,
    text,
    text_list,
    unless_true,
)

_NULL = Scalar(None)
_EMPTY_TEXT = Scalar("")
_NOT_CREATED: dict[str, Node] = {"create_host_path": Scalar(False)}


def _hook_bind(node: Node) -> Node | None:
    """In a hook a bind creates no directory, unless it says so."""
    made = _BIND(node)
    if not isinstance(made, Mapping) or not isinstance(node, Mapping):
        return made
    return made if "create_host_path" in node.entries else added(made, _NOT_CREATED)


HOOK_FIELDS: dict[str, Reader] = {
    "command": command.typed,
    "user": text,
    "privileged": boolean,
    "working_dir": text,
    "environment": key_values.variables,
}
HOOK = record(HOOK_FIELDS, {"command": _NULL})

_RATES = list_of(
    record({"path": any_text, "rate": any_size}, {"path": _EMPTY_TEXT, "rate": Scalar("0")})
)
_WEIGHTS = list_of(
    record({"path": any_text, "weight": any_natural}, {"path": _EMPTY_TEXT, "weight": Scalar(0)})
)

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

CONTAINER: dict[str, Reader] = {
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
    "configs": mounted_files.typed,
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
    "gpus": gpus.typed,
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
    "secrets": mounted_files.typed,
    "security_opt": text_list,
    "shm_size": size,
    "stop_grace_period": any_duration,
    "stop_signal": text,
    "storage_opt": key_values.strict_texts,
    "sysctls": key_values.texts,
    "tmpfs": text_list,
    "ulimits": ulimits.typed,
    "umask": any_natural,
    "use_api_socket": boolean,
    "user": text,
    "userns_mode": text,
    "uts": text,
    "volumes": list_of(record(_MOUNT)),
    "volumes_from": text_list,
    "working_dir": text,
}
NO_COMMAND: dict[str, Node] = {"command": _NULL, "entrypoint": _NULL}

HOOK_CONTAINER = record(
    {
        **CONTAINER,
        "per_replica": boolean,
        "volumes": list_of(record({**_MOUNT, "bind": _hook_bind})),
    },
    NO_COMMAND,
)
