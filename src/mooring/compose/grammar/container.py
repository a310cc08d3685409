"""The attributes of everything that runs a container: services, jobs and ``pre_start`` hooks."""

from mooring.compose.grammar.common import (
    AMOUNT,
    COMMAND,
    DRIVER_OPTIONS,
    ENV_FILE,
    EXTRA_HOSTS,
    FLAG,
    LIST_OR_MAPPING,
    MOUNTED_FILES,
    NATURAL,
    OPEN_DEVICE_REQUESTS,
    TEXT_OR_TEXTS,
    TEXTS,
    ULIMITS,
    UNIQUE_TEXTS,
    WHOLE,
)
from mooring.compose.grammar.shapes import (
    BOOLEAN,
    COMPOSE_NAME,
    NULL,
    NUMBER,
    ONE_LINE,
    TEXT,
    Entries,
    Shape,
    choice,
    integer,
    list_of,
    mapping_of,
    record,
    text_like,
)
from mooring.patterns import LazyPattern

_BANDWIDTH = list_of(record({"path": TEXT, "rate": WHOLE}, extensions=False))

BLKIO = record(
    {
        "device_read_bps": _BANDWIDTH,
        "device_read_iops": _BANDWIDTH,
        "device_write_bps": _BANDWIDTH,
        "device_write_iops": _BANDWIDTH,
        "weight": WHOLE,
        "weight_device": list_of(record({"path": TEXT, "weight": WHOLE}, extensions=False)),
    },
    extensions=False,
)

DEVICES = list_of(
    TEXT | record({"source": TEXT, "target": TEXT, "permissions": TEXT}, required=("source",))
)

NETWORKS = UNIQUE_TEXTS | mapping_of(
    NULL
    | record(
        {
            "aliases": UNIQUE_TEXTS,
            "interface_name": TEXT,
            "ipv4_address": TEXT,
            "ipv6_address": TEXT,
            "link_local_ips": UNIQUE_TEXTS,
            "mac_address": TEXT,
            "driver_opts": DRIVER_OPTIONS,
            "priority": NUMBER,
            "gw_priority": NUMBER,
            "use_service_name_alias": FLAG,
        }
    ),
    names=COMPOSE_NAME,
)

MODELS = UNIQUE_TEXTS | mapping_of(
    NULL | record({"endpoint_var": TEXT, "model_var": TEXT}), names=COMPOSE_NAME, open=True
)

VOLUMES = list_of(
    TEXT
    | record(
        {
            "type": choice("bind", "volume", "tmpfs", "cluster", "npipe", "image"),
            "source": TEXT,
            "target": TEXT,
            "read_only": FLAG,
            "consistency": TEXT,
            "bind": record(
                {
                    "propagation": TEXT,
                    "create_host_path": FLAG,
                    "recursive": choice("enabled", "disabled", "writable", "readonly"),
                    "selinux": choice("z", "Z"),
                }
            ),
            "volume": record({"labels": LIST_OR_MAPPING, "nocopy": FLAG, "subpath": TEXT}),
            "tmpfs": record({"size": NATURAL | TEXT, "mode": AMOUNT}),
            "image": record({"subpath": TEXT}),
        },
        required=("type",),
    ),
    unique=True,
)

_PULL_POLICY = LazyPattern(
    r"(always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+)"
)

PULL_POLICY = text_like(
    lambda text: _PULL_POLICY.fullmatch(text),
    example='"always", "missing", "never", "build", "daily" or "every_12h"',
)

CONTAINER: dict[str, Shape] = {
    "annotations": LIST_OR_MAPPING,
    "blkio_config": BLKIO,
    "cap_add": UNIQUE_TEXTS,
    "cap_drop": UNIQUE_TEXTS,
    "cgroup": choice("host", "private"),
    "cgroup_parent": TEXT,
    "command": COMMAND,
    "configs": MOUNTED_FILES,
    "cpu_count": NATURAL | TEXT,
    "cpu_percent": integer(0, 100) | TEXT,
    "cpu_period": AMOUNT,
    "cpu_quota": AMOUNT,
    "cpu_rt_period": AMOUNT,
    "cpu_rt_runtime": AMOUNT,
    "cpu_shares": AMOUNT,
    "cpus": AMOUNT,
    "cpuset": TEXT,
    "credential_spec": record({"config": TEXT, "file": TEXT, "registry": TEXT}),
    "device_cgroup_rules": UNIQUE_TEXTS,
    "devices": DEVICES,
    "dns": TEXT_OR_TEXTS,
    "dns_opt": UNIQUE_TEXTS,
    "dns_search": TEXT_OR_TEXTS,
    "domainname": TEXT,
    "entrypoint": COMMAND,
    "env_file": ENV_FILE,
    "environment": LIST_OR_MAPPING,
    "extra_hosts": EXTRA_HOSTS,
    "gpus": choice("all") | OPEN_DEVICE_REQUESTS,
    "group_add": list_of(TEXT | NUMBER, unique=True),
    "hostname": TEXT,
    "image": TEXT,
    "init": FLAG,
    "ipc": TEXT,
    "isolation": TEXT,
    "label_file": TEXT | TEXTS,
    "labels": LIST_OR_MAPPING,
    "logging": record(
        {
            "driver": TEXT,
            "options": mapping_of(TEXT | NUMBER | NULL, names=ONE_LINE, open=True),
        }
    ),
    "mac_address": TEXT,
    "mem_limit": AMOUNT,
    "mem_reservation": WHOLE,
    "mem_swappiness": WHOLE,
    "memswap_limit": AMOUNT,
    "models": MODELS,
    "network_mode": TEXT,
    "networks": NETWORKS,
    "oom_kill_disable": FLAG,
    "oom_score_adj": integer(-1000, 1000) | TEXT,
    "pid": TEXT | NULL,
    "pids_limit": AMOUNT,
    "platform": TEXT,
    "privileged": FLAG,
    "pull_policy": PULL_POLICY,
    "pull_refresh_after": TEXT,
    "read_only": FLAG,
    "runtime": TEXT,
    "secrets": MOUNTED_FILES,
    "security_opt": UNIQUE_TEXTS,
    "shm_size": AMOUNT,
    "stop_grace_period": TEXT,
    "stop_signal": TEXT,
    "storage_opt": Shape(entries=Entries(open=True)),
    "sysctls": LIST_OR_MAPPING,
    "tmpfs": TEXT_OR_TEXTS,
    "ulimits": ULIMITS,
    "umask": integer(0, 4294967295) | TEXT | NULL,
    "use_api_socket": BOOLEAN,
    "user": TEXT,
    "userns_mode": TEXT,
    "uts": TEXT,
    "volumes": VOLUMES,
    "volumes_from": UNIQUE_TEXTS,
    "working_dir": TEXT,
}
