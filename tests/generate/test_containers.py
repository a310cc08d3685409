"""One container: what runs, with which environment, rights and resources."""

from decimal import Decimal

import pytest
from tests.generate.support import around, plain, workload
from tests.generate.support import container as wanted

from mooring.app.endpoints import Endpoint
from mooring.app.health import Health, Hook
from mooring.app.process import Image, Process, Pull
from mooring.app.resources import Device, Resources
from mooring.app.security import ContainerSecurity
from mooring.app.workloads import Container
from mooring.generate.containers import container
from mooring.generate.ports import port_names

ROOT = ContainerSecurity(user=0)


def made(one: Container, *, is_initial: bool = False) -> dict[str, object]:
    part = workload(one.name, one)
    result = container(
        one, around(part), mounts=(), port_names=port_names(part), is_initial=is_initial
    )
    return plain(result)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param(
            {"process": Process(entrypoint=("a", "$(b)"), arguments=("$$",))},
            {"command": ["a", "$$(b)"], "args": ["$$$"]},
            id="words-are-literal",
        ),
        pytest.param(
            {
                "process": Process(
                    working_directory="/srv", keeps_stdin_open=True, has_terminal=True
                )
            },
            {"workingDir": "/srv", "stdin": True, "tty": True},
            id="folder-stdin-and-terminal",
        ),
        pytest.param(
            {"image": Image(reference="a:1", pull=Pull.NEVER)},
            {"imagePullPolicy": "Never"},
            id="never-pulled",
        ),
        pytest.param(
            {"resources": Resources(cpu_limit=Decimal("0.25"), memory_request=64 * 1024**2)},
            {"resources": {"limits": {"cpu": "250m"}, "requests": {"memory": "64Mi"}}},
            id="limits-and-promises",
        ),
        pytest.param(
            {"resources": Resources(devices=(Device(resource="nvidia.com/gpu", count=2),))},
            {
                "resources": {
                    "limits": {"nvidia.com/gpu": "2"},
                    "requests": {"nvidia.com/gpu": "2"},
                }
            },
            id="devices-on-both-sides",
        ),
        pytest.param(
            {"after_start": (Hook(command=("a", "b c")),)},
            {"lifecycle": {"postStart": {"exec": {"command": ["a", "b c"]}}}},
            id="one-hook-as-it-is",
        ),
        pytest.param(
            {"before_stop": (Hook(command=("a", "it's")), Hook(command=("b",)))},
            {
                "lifecycle": {
                    "preStop": {"exec": {"command": ["/bin/sh", "-c", "'a' 'it'\\''s' && 'b'"]}}
                }
            },
            id="several-hooks-in-a-shell",
        ),
        pytest.param(
            {"endpoints": (Endpoint(port=80, name="http"),)},
            {"ports": [{"name": "http", "containerPort": 80}]},
            id="ports",
        ),
    ],
)
def test_fields(fields: dict[str, object], expected: dict[str, object]) -> None:
    found = made(wanted(**fields))
    assert {key: found.get(key) for key in expected} == expected


@pytest.mark.parametrize(
    ("security", "expected"),
    [
        pytest.param(
            ContainerSecurity(user=7, group=8),
            {"runAsUser": 7, "runAsGroup": 8, "runAsNonRoot": True},
            id="a-user-that-is-not-root",
        ),
        pytest.param(ROOT, {"runAsUser": 0, "runAsNonRoot": None}, id="root"),
        pytest.param(
            ContainerSecurity(user=0, added_capabilities=("NET_ADMIN",)),
            {"capabilities": {"add": ["NET_ADMIN"]}},
            id="capabilities",
        ),
        pytest.param(
            ContainerSecurity(privileged=True, may_gain_privileges=False),
            {"privileged": True, "allowPrivilegeEscalation": None},
            id="who-is-privileged-may-gain-privileges",
        ),
        pytest.param(
            ContainerSecurity(seccomp="unconfined", apparmor="docker-default"),
            {
                "seccompProfile": {"type": "Unconfined"},
                "appArmorProfile": {"type": "RuntimeDefault"},
            },
            id="profiles-of-the-runtime",
        ),
        pytest.param(
            ContainerSecurity(seccomp="mine.json", apparmor="mine"),
            {
                "seccompProfile": {"type": "Localhost", "localhostProfile": "mine.json"},
                "appArmorProfile": {"type": "Localhost", "localhostProfile": "mine"},
            },
            id="profiles-of-the-node",
        ),
        pytest.param(
            ContainerSecurity(selinux={"type": "spc_t", "level": "s0"}),
            {"seLinuxOptions": {"type": "spc_t", "level": "s0"}},
            id="selinux",
        ),
        pytest.param(
            ContainerSecurity(read_only_root=True), {"readOnlyRootFilesystem": True}, id="read-only"
        ),
    ],
)
def test_security(security: ContainerSecurity, expected: dict[str, object]) -> None:
    context = made(wanted(security=security))["securityContext"]
    assert isinstance(context, dict)
    assert {key: context.get(key) for key in expected} == expected


def test_an_initial_container_has_neither_ports_nor_probes_nor_hooks() -> None:
    one = wanted(
        endpoints=(Endpoint(port=80),),
        health=Health(command=("check",), start_period=5),
        after_start=(Hook(command=("a",)),),
    )
    assert {"ports", "readinessProbe", "startupProbe", "lifecycle"} <= made(one).keys()
    assert {"ports", "readinessProbe", "startupProbe", "lifecycle"}.isdisjoint(
        made(one, is_initial=True)
    )


def test_nothing_is_said_of_what_nobody_asked_for() -> None:
    assert made(wanted()).keys() <= {"name", "image", "securityContext"}
