"""Traps 20, 25, 26 and 28: what a container may do and use."""

from collections.abc import Callable

import pytest
from tests.traps.road import Walked, web

from mooring.errors import InputErrors

Walk = Callable[..., Walked]
DATA = "volumes: ['data:/data']"
TOP = "volumes: {data: {}}\n"

HARDENED = {"allowPrivilegeEscalation", "capabilities", "runAsNonRoot", "seccompProfile"}
"""What is set on every container where nobody asked for anything else."""


def asked_for(walked: Walked, *, keys: object) -> object:
    """Return the container's rights: ``keys``, and whatever goes beyond the hardening."""
    context = walked.at("container web", "securityContext")
    assert isinstance(context, dict)
    named = set(keys) if isinstance(keys, dict) else set()
    kept = {name: value for name, value in context.items() if name in named}
    kept |= {name: value for name, value in context.items() if name not in HARDENED}
    return kept or None


@pytest.mark.parametrize(
    ("user", "expected", "group"),
    [
        pytest.param(
            "'1000:2000'",
            {"runAsUser": 1000, "runAsGroup": 2000, "runAsNonRoot": True},
            2000,
            id="trap 20: numbers are taken, and a claim belongs to the group",
        ),
        pytest.param(
            "'1000'",
            {"runAsUser": 1000, "runAsNonRoot": True},
            1000,
            id="trap 20: without a group it stays 0, and a claim is still writable",
        ),
        pytest.param("root", {"runAsUser": 0}, None, id="trap 20: root is not said to be nobody"),
        pytest.param("'0:0'", {"runAsUser": 0, "runAsGroup": 0}, None, id="trap 20: nor is 0"),
        pytest.param("app", None, None, id="trap 20: only the image knows the number of a name"),
    ],
)
def test_users(walk: Walk, user: str, expected: object, group: int | None) -> None:
    walked = walk(web(f"user: {user}", DATA) + TOP)
    assert asked_for(walked, keys=expected) == expected
    assert walked.at("pod web", "securityContext.fsGroup") == group
    assert ("user-not-known" in walked.rules) is (expected is None)


def test_the_user_of_the_dockerfile_writes_to_its_claim(walk: Walk) -> None:
    """Trap 20: a new claim belongs to root, and this user could not write to it."""
    walked = walk(
        web("build: .", DATA) + TOP, {"Dockerfile": "FROM alpine:3.20\nUSER 10001:10002\n"}
    )
    assert walked.at("pod web", "securityContext") == {
        "fsGroup": 10002,
        "fsGroupChangePolicy": "OnRootMismatch",
    }
    assert asked_for(walked, keys=None) == {"runAsUser": 10001}


def test_a_user_without_a_claim_needs_no_group(walk: Walk) -> None:
    walked = walk(web("user: '1000'", "volumes: [/scratch]"))
    assert walked.at("pod web", "securityContext") is None


@pytest.mark.parametrize(
    ("attributes", "limits", "requests"),
    [
        pytest.param(
            ("mem_limit: 512m",),
            {"memory": "512Mi"},
            {},
            id="trap 25: m is a mebibyte, and no thousandth of a byte",
        ),
        pytest.param(
            ("deploy: {resources: {limits: {memory: 50M, cpus: '0.1'}}}",),
            {"memory": "50Mi", "cpu": "100m"},
            {},
            id="trap 25: M counts by 1024, and a tenth of a core is exact",
        ),
        pytest.param(
            ("cpus: 1.5", "mem_reservation: 1g", "mem_limit: 2g"),
            {"cpu": "1500m", "memory": "2Gi"},
            {"memory": "1Gi"},
            id="trap 25: the short keys mean the same",
        ),
        pytest.param(
            ("deploy: {resources: {limits: {memory: 1G}, reservations: {memory: 2G}}}",),
            {"memory": "1Gi"},
            {"memory": "1Gi"},
            id="trap 25: a promise above the limit is cut, as the API would refuse it",
        ),
        pytest.param(
            ("cpus: 0.0001",),
            {"cpu": "1m"},
            {},
            id="trap 25: less than a thousandth of a core is one",
        ),
    ],
)
def test_amounts(
    walk: Walk,
    attributes: tuple[str, ...],
    limits: dict[str, str],
    requests: dict[str, str],
) -> None:
    walked = walk(web(*attributes))
    # What is usual stands beside what was said.
    assert limits.items() <= walked.at("container web", "resources.limits").items()
    assert requests.items() <= walked.at("container web", "resources.requests").items()


@pytest.mark.parametrize(
    "attributes",
    [
        pytest.param(
            ("cpus: 1", "deploy: {resources: {limits: {cpus: '2'}}}"),
            id="trap 25: two different numbers of cores are refused",
        ),
        pytest.param(
            ("mem_limit: 1g", "deploy: {resources: {limits: {memory: 2g}}}"),
            id="trap 25: two different limits of memory are refused",
        ),
    ],
)
def test_contradictions_are_refused(walk: Walk, attributes: tuple[str, ...]) -> None:
    with pytest.raises(InputErrors):
        walk(web(*attributes))


@pytest.mark.parametrize(
    ("attributes", "count"),
    [
        pytest.param(
            ("gpus: [{count: 2}]",), "2", id="trap 26: a number of GPUs, as limit and as request"
        ),
        pytest.param(("gpus: all",), "1", id="trap 26: all of a machine is one, openly"),
        pytest.param(
            ("deploy: {resources: {reservations: {devices: "
             "[{driver: nvidia, device_ids: ['0', '3'], capabilities: [gpu]}]}}}",),
            "2",
            id="trap 26: ids become their number",
        ),
        pytest.param(
            ("deploy: {resources: {reservations: {devices: "
             "[{count: 1, capabilities: [gpu]}, {count: 2, capabilities: [gpu]}]}}}",),
            "3",
            id="trap 26: several reservations add up",
        ),
    ],
)  # fmt: skip
def test_devices(walk: Walk, attributes: tuple[str, ...], count: str) -> None:
    walked = walk(web(*attributes))
    for kind in ("limits", "requests"):
        assert walked.at("container web", f"resources.{kind}")["nvidia.com/gpu"] == count
    assert (walked.decided("services.web", "devices") != []) is ("all" in attributes[0])


@pytest.mark.parametrize(
    ("attributes", "path", "expected", "rules"),
    [
        pytest.param(
            ("sysctls: {net.ipv4.tcp_syncookies: 1}",),
            "securityContext.sysctls",
            [{"name": "net.ipv4.tcp_syncookies", "value": "1"}],
            [],
            id="trap 28: a safe kernel parameter is one of the pod",
        ),
        pytest.param(
            ("sysctls: [net.core.somaxconn=1024]",),
            "securityContext.sysctls",
            [{"name": "net.core.somaxconn", "value": "1024"}],
            ["unsafe-sysctl"],
            id="trap 28: of another the kubelet has to be told",
        ),
        pytest.param(
            ("sysctls: {vm.max_map_count: 262144}",),
            "securityContext",
            None,
            ["sysctl-of-node"],
            id="trap 28: one of the whole node is not given to a pod",
        ),
        pytest.param(("pid: host",), "hostPID", True, ["right-refused"],
                     id="trap 28: the processes of the node"),
        pytest.param(("ipc: host",), "hostIPC", True, ["right-refused"],
                     id="trap 28: the memory of the node"),
        pytest.param(
            ("group_add: ['33', mail]",),
            "securityContext.supplementalGroups",
            [33],
            ["group-not-known"],
            id="a group by number; a name only the image knows",
        ),
        pytest.param(
            ("userns_mode: host",), "hostUsers", True, [], id="the user namespace of the node"
        ),
        pytest.param(("init: true",), "shareProcessNamespace", True, [], id="init reaps children"),
        pytest.param(("runtime: runsc",), "runtimeClassName", "runsc", ["runtime-class-needed"],
                     id="a runtime is a RuntimeClass"),
    ],
)  # fmt: skip
def test_pods(
    walk: Walk, attributes: tuple[str, ...], path: str, expected: object, rules: list[str]
) -> None:
    walked = walk(web(*attributes))
    assert walked.at("pod web", path) == expected
    assert walked.rules == rules


def test_ulimits_are_dropped_with_a_reason(walk: Walk) -> None:
    walked = walk(web("ulimits: {nofile: 65536, memlock: {soft: -1, hard: -1}}"))
    assert walked.fate("services.web.ulimits") == "dropped"
    assert walked.at("pod web", "securityContext") is None


@pytest.mark.parametrize(
    ("attributes", "context"),
    [
        pytest.param(
            ("cap_add: [CAP_NET_ADMIN, sys_ptrace]", "cap_drop: [ALL]"),
            {"capabilities": {"add": ["NET_ADMIN", "SYS_PTRACE"], "drop": ["ALL"]}},
            id="row capabilities: without the prefix",
        ),
        pytest.param(("cap_add: [ALL]",), None, id="row cap_add ALL: never all"),
        pytest.param(("privileged: true",), {"privileged": True}, id="row privileged"),
        pytest.param(("read_only: true",), {"readOnlyRootFilesystem": True}, id="row read_only"),
        pytest.param(
            ("security_opt: ['no-new-privileges:true', 'seccomp=unconfined']",),
            {"allowPrivilegeEscalation": False, "seccompProfile": {"type": "Unconfined"}},
            id="row security_opt: a colon or an equals sign",
        ),
    ],
)
def test_security_contexts(walk: Walk, attributes: tuple[str, ...], context: object) -> None:
    assert asked_for(walk(web(*attributes)), keys=context) == context
