"""What a container may use and is promised, in Docker's units."""

from decimal import Decimal

import pytest
from tests.translate.support import complaints, fates, rules, service, topics, unaccounted

from mooring.app.resources import Device, Resources
from mooring.compose.nodes import Plain
from mooring.settings.choices import Choices, ServiceChoices
from mooring.translate.attributes import resources, shm_size

NO_CHOICES = Choices()


def deployed(**parts: Plain) -> dict[str, Plain]:
    return {"deploy": {"resources": dict(parts)}}


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        pytest.param({}, Resources(), id="nothing-said"),
        pytest.param(deployed(), Resources(), id="an-empty-mapping-asks-for-nothing"),
        pytest.param(
            deployed(limits={"cpus": 0.5, "memory": "52428800"}),
            Resources(cpu_limit=Decimal("0.5"), memory_limit=52428800),
            id="limits-in-cores-and-bytes",
        ),
        pytest.param(
            deployed(reservations={"cpus": "0.25", "memory": "1024"}),
            Resources(cpu_request=Decimal("0.25"), memory_request=1024),
            id="reservations-are-requests",
        ),
        pytest.param(
            {"mem_limit": "536870912", "mem_reservation": "268435456", "cpus": 1.5},
            Resources(memory_limit=536870912, memory_request=268435456, cpu_limit=Decimal("1.5")),
            id="the-short-forms",
        ),
        pytest.param(
            {"cpu_quota": 50000, "cpu_period": 25000},
            Resources(cpu_limit=Decimal("2")),
            id="quota-over-period",
        ),
        pytest.param(
            {"cpu_quota": 50000}, Resources(cpu_limit=Decimal("0.5")), id="the-period-s-default"
        ),
        pytest.param({"cpu_quota": -1}, Resources(), id="no-quota"),
        pytest.param(
            {"cpu_shares": 512}, Resources(cpu_request=Decimal("0.5")), id="shares-of-a-core"
        ),
        pytest.param(
            {"cpu_shares": 2048, "cpus": 0.5},
            Resources(cpu_limit=Decimal("0.5"), cpu_request=Decimal("0.5")),
            id="shares-never-promise-more-than-the-limit",
        ),
        pytest.param(
            {"cpus": 0.1234567}, Resources(cpu_limit=Decimal("0.124")), id="thousandths-round-up"
        ),
        pytest.param({"mem_limit": "0", "cpus": 0}, Resources(), id="nought-is-no-limit"),
        pytest.param({"mem_limit": "-1"}, Resources(), id="minus-one-is-no-limit"),
        pytest.param(
            {"cpu_count": 2}, Resources(cpu_limit=Decimal("2")), id="processors-of-windows"
        ),
        pytest.param(
            {"storage_opt": {"size": "10G"}},
            Resources(disk_limit=10 * 1024**3),
            id="the-size-of-the-writable-layer",
        ),
    ],
)
def test_amounts(attributes: dict[str, Plain], expected: Resources) -> None:
    view = service(attributes)
    translated = resources.translate(view, NO_CHOICES)
    assert translated.value == expected
    assert complaints(translated.notes) == []


@pytest.mark.parametrize(
    ("attributes", "expected", "at"),
    [
        pytest.param(
            deployed(limits={"memory": "100"}, reservations={"memory": "200"}),
            Resources(memory_limit=100, memory_request=100),
            "deploy.resources.reservations.memory",
            id="memory",
        ),
        pytest.param(
            deployed(reservations={"cpus": 2}, limits={"cpus": 1}),
            Resources(cpu_limit=Decimal(1), cpu_request=Decimal(1)),
            "deploy.resources.reservations.cpus",
            id="processors",
        ),
        pytest.param(
            {"mem_limit": "100", "deploy": {"resources": {"reservations": {"memory": "200"}}}},
            Resources(memory_limit=100, memory_request=100),
            "deploy.resources.reservations.memory",
            id="a-limit-that-stands-elsewhere",
        ),
        pytest.param(
            {"mem_reservation": "200", "mem_limit": "100"},
            Resources(memory_limit=100, memory_request=100),
            "mem_reservation",
            id="the-short-forms",
        ),
    ],
)
def test_a_promise_above_its_limit_is_cut(
    attributes: dict[str, Plain], expected: Resources, at: str
) -> None:
    view = service(attributes)
    translated = resources.translate(view, NO_CHOICES)
    assert translated.value == expected
    assert fates(view, translated.notes)[at] == "approximated"
    assert rules(translated.notes) == ["request-above-limit"]
    assert complaints(translated.notes) == []


@pytest.mark.parametrize(
    ("attributes", "devices"),
    [
        pytest.param({"gpus": [{"count": 2}]}, {"nvidia.com/gpu": 2}, id="gpus-by-number"),
        pytest.param({"gpus": [{"count": -1}]}, {"nvidia.com/gpu": 1}, id="all-gpus-become-one"),
        pytest.param(
            {"gpus": [{"count": 1, "driver": "amd"}]}, {"amd.com/gpu": 1}, id="the-driver-decides"
        ),
        pytest.param(
            {"gpus": [{"device_ids": ["0", "3"]}]}, {"nvidia.com/gpu": 2}, id="ids-are-counted"
        ),
        pytest.param(
            deployed(reservations={"devices": [{"capabilities": ["gpu"], "count": 1}]}),
            {"nvidia.com/gpu": 1},
            id="a-reserved-gpu",
        ),
        pytest.param(
            {
                "gpus": [{"count": 1}],
                **deployed(reservations={"devices": [{"capabilities": ["gpu"], "count": 2}]}),
            },
            {"nvidia.com/gpu": 3},
            id="several-reservations-add-up",
        ),
        pytest.param(
            deployed(reservations={"devices": [{"capabilities": ["tpu"], "count": 4}]}),
            {"google.com/tpu": 4},
            id="another-kind-of-device",
        ),
        pytest.param(
            deployed(
                reservations={
                    "devices": [{"driver": "cdi", "device_ids": ["vendor.com/net=a"]}],
                }
            ),
            {"vendor.com/net": 1},
            id="a-device-by-its-cdi-name",
        ),
        pytest.param(
            {"devices": [{"source": "nvidia.com/gpu=0", "target": "nvidia.com/gpu=0"}]},
            {"nvidia.com/gpu": 1},
            id="a-cdi-name-among-devices",
        ),
        pytest.param(
            deployed(
                reservations={
                    "generic_resources": [
                        {"discrete_resource_spec": {"kind": "NVIDIA-GPU", "value": 2}},
                        {"discrete_resource_spec": {"kind": "example.com/ssd", "value": 3}},
                    ]
                }
            ),
            {"nvidia.com/gpu": 2, "example.com/ssd": 3},
            id="generic-resources",
        ),
    ],
)
def test_devices(attributes: dict[str, Plain], devices: dict[str, int]) -> None:
    view = service(attributes)
    translated = resources.translate(view, NO_CHOICES)
    found = {device.resource: device.count for device in translated.value.devices}
    assert found == devices
    assert unaccounted(view, translated.notes) == []
    assert rules(translated.notes) == []
    assert complaints(translated.notes) == []


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        pytest.param(
            {"nvidia.com/gpu": 4}, (Device(resource="nvidia.com/gpu", count=4),), id="more"
        ),
        pytest.param({"nvidia.com/gpu": 0}, (), id="none"),
        pytest.param(
            {"amd.com/gpu": 1},
            (Device(resource="nvidia.com/gpu", count=1), Device(resource="amd.com/gpu", count=1)),
            id="another-beside-it",
        ),
    ],
)
def test_mooring_yaml_counts_devices(chosen: dict[str, int], expected: tuple[Device, ...]) -> None:
    choices = Choices(services={"web": ServiceChoices(devices=chosen)})
    translated = resources.translate(service({"gpus": [{"count": -1}]}), choices)
    assert translated.value.devices == expected
    assert topics(translated.notes) == ["devices"]


@pytest.mark.parametrize(
    ("attributes", "rule"),
    [
        pytest.param(
            {"devices": [{"source": "/dev/kvm", "target": "/dev/kvm", "permissions": "rwm"}]},
            "device-left-out",
            id="a-path-of-the-machine",
        ),
        pytest.param(
            {
                "privileged": True,
                "devices": [{"source": "/dev/ttyUSB0", "target": "/dev/modem"}],
            },
            "device-left-out",
            id="another-path-in-a-privileged-container",
        ),
        pytest.param(
            deployed(reservations={"devices": [{"capabilities": ["fpga"], "count": 1}]}),
            "device-without-resource",
            id="a-capability-that-nobody-knows",
        ),
        pytest.param(
            deployed(
                reservations={
                    "generic_resources": [{"discrete_resource_spec": {"kind": "SSD", "value": 1}}]
                }
            ),
            "device-without-resource",
            id="a-generic-resource-without-a-domain",
        ),
    ],
)
def test_a_device_that_a_cluster_does_not_have_is_found(
    attributes: dict[str, Plain], rule: str
) -> None:
    view = service(attributes)
    translated = resources.translate(view, NO_CHOICES)
    assert translated.value.devices == ()
    assert rules(translated.notes) == [rule]
    assert "dropped" in fates(view, translated.notes).values()
    assert complaints(translated.notes) == []


def test_a_privileged_container_sees_the_devices_of_its_node() -> None:
    view = service({"privileged": True, "devices": [{"source": "/dev/snd", "target": "/dev/snd"}]})
    translated = resources.translate(view, NO_CHOICES)
    assert rules(translated.notes) == []
    assert fates(view, translated.notes)["devices[0].source"] == "carried"


def test_every_leaf_has_its_fate() -> None:
    view = service(
        {
            "deploy": {
                "resources": {
                    "limits": {"cpus": 1, "memory": "100", "pids": 50, "x-why": "because"},
                    "reservations": {
                        "cpus": 0.5,
                        "devices": [
                            {
                                "capabilities": ["gpu"],
                                "driver": "nvidia",
                                "device_ids": ["0"],
                                "options": {"virtualization": "false"},
                            }
                        ],
                    },
                    "x-note": 1,
                }
            },
            "cpu_shares": 100,
            "cpu_period": 1000,
            "cpu_percent": 20,
            "pids_limit": 50,
            "storage_opt": {"size": "1G", "other": "x"},
            "devices": [],
            "gpus": [],
        }
    )
    translated = resources.translate(view, NO_CHOICES)
    place = "deploy.resources.reservations.devices[0]"
    assert fates(view, translated.notes) == {
        "deploy.resources.limits.cpus": "carried",
        "deploy.resources.limits.memory": "carried",
        "deploy.resources.limits.pids": "dropped",
        "deploy.resources.limits.x-why": "dropped",
        "deploy.resources.reservations.cpus": "carried",
        f"{place}.capabilities[0]": "carried",
        f"{place}.driver": "carried",
        f"{place}.device_ids[0]": "approximated",
        f"{place}.options.virtualization": "dropped",
        "deploy.resources.x-note": "dropped",
        "cpu_shares": "dropped",
        "cpu_period": "dropped",
        "cpu_percent": "dropped",
        "pids_limit": "dropped",
        "storage_opt.size": "approximated",
        "storage_opt.other": "dropped",
        "devices": "carried",
        "gpus": "carried",
    }
    assert complaints(translated.notes) == []


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        pytest.param("268435456", 268435456, id="bytes"),
        pytest.param("0", None, id="nought-leaves-the-runtime-s"),
    ],
)
def test_shared_memory(size: str, expected: int | None) -> None:
    view = service({"shm_size": size})
    translated = shm_size.translate(view)
    assert translated.value == expected
    assert unaccounted(view, translated.notes) == []
    assert shm_size.translate(service({})).value is None
