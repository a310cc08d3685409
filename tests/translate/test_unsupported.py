"""What becomes of attributes without an intent: each has a fate and a reason."""

import pytest
from tests.translate.support import FILE, complaints, fates, node_of, rules, service, unaccounted

from mooring.accounting import Account, Entry, Ledger
from mooring.compose.nodes import Mapping, Plain, leaves, path_text
from mooring.translate import unsupported


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        pytest.param({"ulimits": {"nofile": {"soft": 1, "hard": 2}}}, "dropped", id="ulimits"),
        pytest.param({"logging": {"driver": "none", "options": {}}}, "dropped", id="logging"),
        pytest.param(
            {"extends": {"service": "base"}}, "carried", id="extends-of-a-base-that-says-nothing"
        ),
        pytest.param({"profiles": ["debug"]}, "carried", id="profiles"),
        pytest.param({"attach": False}, "dropped", id="attach"),
        pytest.param({"blkio_config": {"weight": 1}}, "dropped", id="weights-of-devices"),
        pytest.param(
            {"develop": {"watch": [{"path": ".", "action": "sync"}]}}, "dropped", id="develop"
        ),
        pytest.param({"x-note": {"a": [1, {}]}}, "dropped", id="an-extension"),
        pytest.param({"deploy": {"x-note": 1}}, "dropped", id="an-extension-below-deploy"),
        pytest.param({"deploy": {}}, "carried", id="an-empty-deploy"),
        pytest.param({"deploy": None}, "carried", id="no-deploy"),
        pytest.param({"cgroup": "private"}, "carried", id="a-cgroup-namespace-of-its-own"),
        pytest.param({"cgroup": "host"}, "dropped", id="the-machine-s-cgroup-namespace"),
        pytest.param({"oom_kill_disable": False}, "carried", id="what-is-not-asked-for"),
        pytest.param({"oom_score_adj": -500}, "dropped", id="the-order-of-killing"),
        pytest.param({"umask": None}, "carried", id="null"),
        pytest.param({"uts": "host"}, "dropped", id="the-machine-s-host-name"),
        pytest.param({"use_api_socket": False}, "carried", id="no-socket-asked-for"),
    ],
)
def test_fates_without_a_finding(attributes: dict[str, Plain], told: str) -> None:
    view = service(attributes)
    notes = unsupported.account(view)
    assert set(fates(view, notes).values()) == {told}
    assert rules(notes) == []
    assert complaints(notes) == []


def test_a_pod_on_the_network_of_its_node_has_its_host_name() -> None:
    view = service({"uts": "host", "network_mode": "host"})
    assert fates(view, unsupported.account(view))["uts"] == "carried"


@pytest.mark.parametrize(
    ("attributes", "told", "rule"),
    [
        pytest.param(
            {"provider": {"type": "cloud", "options": {"a": "b"}}},
            "refused",
            "service-of-a-provider",
            id="a-provider",
        ),
        pytest.param(
            {"use_api_socket": True}, "refused", "container-engine-api", id="the-engine-s-socket"
        ),
        pytest.param({"models": {"llm": None}}, "dropped", "model-not-served", id="a-model"),
    ],
)
def test_fates_with_a_finding(attributes: dict[str, Plain], told: str, rule: str) -> None:
    view = service(attributes)
    notes = unsupported.account(view)
    assert set(fates(view, notes).values()) == {told}
    assert rules(notes) == [rule]
    assert complaints(notes) == []


def test_what_others_translate_is_left_to_them() -> None:
    view = service({"image": "a", "command": ["b"], "deploy": {"replicas": 1}})
    assert unsupported.account(view) == ()
    assert unaccounted(view, ()) == ["image", "command[0]", "deploy.replicas"]


def test_every_reason_is_a_clause() -> None:
    assert [name for name, fate in unsupported.TABLE.items() if len(fate.reason.split()) < 4] == []


def test_every_finding_of_the_table_says_what_to_do() -> None:
    assert sorted(unsupported.RULED) == ["models", "provider", "use_api_socket"]
    for fate in (unsupported.TABLE[name] for name in unsupported.RULED):
        assert fate.message.format(service="web") != fate.message
        assert fate.remedy


@pytest.mark.parametrize(
    ("services", "told"),
    [
        pytest.param({}, 1, id="no-services"),
        pytest.param(None, 1, id="null"),
        pytest.param({"web": {"image": "a"}}, 0, id="each-service-has-its-own-account"),
    ],
)
def test_a_project_without_services(services: Plain, told: int) -> None:
    root = node_of({"services": services})
    assert isinstance(root, Mapping)
    assert len(unsupported.account_for_project(root)) == told


def test_the_project_beside_its_services() -> None:
    root = node_of(
        {
            "version": "3",
            "networks": {
                "default": {"ipam": {}, "name": "coffee_default"},
                "back": {
                    "name": "coffee_back",
                    "internal": True,
                    "driver": "bridge",
                    "ipam": {"config": [{"subnet": "172.20.0.0/16"}]},
                    "external": False,
                    "x-a": 1,
                },
                "plain": None,
            },
            "models": {"llm": {"model": "ai/x"}},
            "jobs": {"nightly": {"image": "a"}},
            "x-anchors": [{"a": 1}],
        }
    )
    assert isinstance(root, Mapping)
    notes = unsupported.account_for_project(root)
    ledger = Ledger(tuple(note for note in notes if isinstance(note, Entry)))
    told = {
        path_text(one.path): one.entry.outcome.value
        for one in ledger.accounts((path, leaf.position) for path, leaf in leaves(root))
        if isinstance(one, Account)
    }
    assert told == {
        "version": "dropped",
        "networks.default.ipam": "carried",
        "networks.default.name": "dropped",
        "networks.back.name": "dropped",
        "networks.back.internal": "approximated",
        "networks.back.driver": "dropped",
        "networks.back.ipam.config[0].subnet": "dropped",
        "networks.back.external": "carried",
        "networks.back.x-a": "dropped",
        "networks.plain": "carried",
        "models.llm.model": "dropped",
        "jobs.nightly.image": "dropped",
        "x-anchors[0].a": "dropped",
    }
    assert rules(notes) == ["job-not-translated"]
    assert complaints(notes) == []
    assert all(str(note.position).startswith(FILE) for note in notes if not isinstance(note, Entry))


def test_what_was_settled_in_an_extension_is_obeyed() -> None:
    view = service({"x-mooring": {"kind": "task"}, "x-other": 1})
    assert fates(view, unsupported.account(view)) == {
        "x-mooring.kind": "carried",
        "x-other": "dropped",
    }
