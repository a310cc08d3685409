"""What a workload shares with its machine and among its processes."""

import pytest
from tests.translate.support import complaints, fates, rules, service

from mooring.app.security import WorkloadSecurity
from mooring.compose.nodes import Plain
from mooring.translate.attributes import namespaces


@pytest.mark.parametrize(
    ("attributes", "expected", "fate"),
    [
        pytest.param({}, WorkloadSecurity(), None, id="nothing-said"),
        pytest.param(
            {"group_add": ["44", "1000", "44"]},
            WorkloadSecurity(extra_groups=(44, 1000)),
            "carried",
            id="groups-by-number",
        ),
        pytest.param({"group_add": []}, WorkloadSecurity(), "carried", id="no-groups"),
        pytest.param(
            {"sysctls": {"net.ipv4.ip_unprivileged_port_start": "0"}},
            WorkloadSecurity(kernel_settings={"net.ipv4.ip_unprivileged_port_start": "0"}),
            "carried",
            id="a-safe-sysctl",
        ),
        pytest.param(
            {"pid": "host"},
            WorkloadSecurity(shares_machine_processes=True),
            "carried",
            id="the-processes-of-the-machine",
        ),
        pytest.param(
            {"ipc": "host"},
            WorkloadSecurity(shares_machine_ipc=True),
            "carried",
            id="the-memory-of-the-machine",
        ),
        pytest.param(
            {"pid": "service:db"},
            WorkloadSecurity(shares_processes=True),
            "carried",
            id="the-processes-of-a-service",
        ),
        pytest.param(
            {"ipc": "service:db"}, WorkloadSecurity(), "carried", id="the-memory-of-a-service"
        ),
        pytest.param({"ipc": "shareable"}, WorkloadSecurity(), "carried", id="shareable-memory"),
        pytest.param({"ipc": "none"}, WorkloadSecurity(), "approximated", id="no-shared-memory"),
        pytest.param(
            {"userns_mode": "host"},
            WorkloadSecurity(own_user_namespace=False),
            "carried",
            id="the-users-of-the-machine",
        ),
        pytest.param(
            {"userns_mode": "keep-id"}, WorkloadSecurity(), "dropped", id="another-mapping-of-users"
        ),
        pytest.param(
            {"init": True},
            WorkloadSecurity(shares_processes=True),
            "approximated",
            id="an-init-process",
        ),
        pytest.param({"init": False}, WorkloadSecurity(), "carried", id="no-init-process"),
        pytest.param(
            {"init": True, "pid": "host"},
            WorkloadSecurity(shares_machine_processes=True),
            "carried",
            id="the-api-refuses-two-ways-to-share-processes",
        ),
    ],
)
def test_what_is_shared(
    attributes: dict[str, Plain], expected: WorkloadSecurity, fate: str | None
) -> None:
    view = service(attributes)
    translated = namespaces.translate(view)
    assert translated.value == expected
    assert set(fates(view, translated.notes).values()) == ({fate} if fate else set())
    assert rules(translated.notes) == []
    assert complaints(translated.notes) == []


@pytest.mark.parametrize(
    ("attributes", "fate", "rule"),
    [
        pytest.param({"group_add": ["docker"]}, "dropped", "group-not-known", id="a-group-by-name"),
        pytest.param(
            {"sysctls": {"net.ipv4.conf.all.src_valid_mark": "1"}},
            "carried",
            "unsafe-sysctl",
            id="a-sysctl-that-a-kubelet-refuses",
        ),
        pytest.param(
            {"sysctls": {"vm.max_map_count": "262144"}},
            "dropped",
            "sysctl-of-node",
            id="a-sysctl-of-the-machine",
        ),
        pytest.param(
            {"pid": "container:x"},
            "dropped",
            "namespace-not-shared",
            id="processes-of-a-container",
        ),
        pytest.param(
            {"ipc": "container:x"}, "dropped", "namespace-not-shared", id="memory-of-a-container"
        ),
    ],
)
def test_what_a_pod_cannot_have_is_found(
    attributes: dict[str, Plain], fate: str, rule: str
) -> None:
    view = service(attributes)
    translated = namespaces.translate(view)
    assert set(fates(view, translated.notes).values()) == {fate}
    assert rules(translated.notes) == [rule]
    assert complaints(translated.notes) == []


@pytest.mark.parametrize(
    ("attributes", "kept"),
    [
        pytest.param(
            {"network_mode": "host", "sysctls": {"net.ipv4.tcp_syncookies": "0"}},
            {},
            id="of-the-network",
        ),
        pytest.param(
            {"ipc": "host", "sysctls": {"kernel.shmmax": "1", "net.ipv4.tcp_syncookies": "0"}},
            {"net.ipv4.tcp_syncookies": "0"},
            id="of-the-shared-memory-alone",
        ),
    ],
)
def test_settings_of_a_namespace_that_is_the_machine_s_are_left_out(
    attributes: dict[str, Plain], kept: dict[str, str]
) -> None:
    view = service(attributes)
    translated = namespaces.translate(view)
    assert translated.value.kernel_settings == kept
    lost = {path for path, fate in fates(view, translated.notes).items() if fate == "lost"}
    assert lost <= {"network_mode"}
