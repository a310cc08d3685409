"""Which fields differ, and which are none of our business."""

from typing import Any

import pytest
from tests.deploy.objects import config, edited, live, made, secret, service, wanted, workload

from mooring.deploy.comparison import Change, differences, is_ours


def sent(manifest: Any) -> Any:
    """Return the manifest as it is sent."""
    (item,) = wanted(manifest).objects
    return item.manifest


def found(before: Any, after: Any) -> list[str]:
    """Return the fields that differ when ``after`` is wanted where ``before`` was applied."""
    return [one.field for one in differences(sent(after), live(sent(before)))]


WEB = workload("web", replicas=2)


@pytest.mark.parametrize(
    ("before", "after", "fields"),
    [
        pytest.param(WEB, WEB, [], id="nothing-differs"),
        pytest.param(
            workload("web"), workload("web", image="shop/web:2"),
            ["spec.template.spec.containers[web].image"], id="an-image",
        ),
        pytest.param(
            workload("web", replicas=2), workload("web"), ["spec.replicas"],
            id="a-field-that-is-no-longer-wanted",
        ),
        pytest.param(
            config(A="1", B="2"), config(A="1"), ["data.B"], id="a-key-that-is-no-longer-wanted",
        ),
        pytest.param(config(A="1"), config(A="2"), ["data.A"], id="a-value"),
        pytest.param(
            workload("web"),
            workload("web", pod={"containers": [
                {"name": "web", "image": "shop/web:1"}, {"name": "side", "image": "s:1"}]}),
            ["spec.template.spec.containers[side]"], id="one-more-container",
        ),
        pytest.param(
            workload("web", pod={"containers": [
                {"name": "a", "image": "a:1"}, {"name": "b", "image": "b:1"}]}),
            workload("web", pod={"containers": [{"name": "b", "image": "b:1"}]}),
            ["spec.template.spec.containers[a]"], id="one-container-less",
        ),
        pytest.param(
            workload("web", pod={"containers": [
                {"name": "a", "image": "a:1"}, {"name": "b", "image": "b:1"}]}),
            workload("web", pod={"containers": [
                {"name": "b", "image": "b:1"}, {"name": "a", "image": "a:1"}]}),
            [], id="the-order-of-what-has-a-name-means-nothing",
        ),
        pytest.param(
            workload("web", pod={"containers": [{"name": "w", "command": ["a", "b"]}]}),
            workload("web", pod={"containers": [{"name": "w", "command": ["b", "a"]}]}),
            ["spec.template.spec.containers[w].command"], id="the-order-of-words-does",
        ),
        pytest.param(
            workload("web", selector={"matchLabels": {"a": "b", "c": "d"}}),
            workload("web", selector={"matchLabels": {"a": "b"}}),
            ["spec.selector.matchLabels.c"], id="a-label-less-in-a-selector",
        ),
        pytest.param(
            workload("web"), workload("web", pod={"securityContext": {"runAsUser": 0}}),
            ["spec.template.spec.securityContext"], id="a-zero-that-absence-does-not-mean",
        ),
        pytest.param(
            workload("web", pod={"securityContext": {"fsGroup": 1}}),
            workload("web", pod={"securityContext": {"fsGroup": 1, "runAsUser": 0}}),
            ["spec.template.spec.securityContext.runAsUser"], id="a-zero-beside-another-field",
        ),
        pytest.param(
            workload("web"), workload("web", pod={"automountServiceAccountToken": False}),
            ["spec.template.spec.automountServiceAccountToken"],
            id="a-flag-whose-absence-means-true",
        ),
        pytest.param(
            service("web"), service("web", ports=[{"port": 80}, {"port": 443}]),
            ["spec.ports[443]"], id="one-more-port",
        ),
    ],
)  # fmt: skip
def test_what_differs(before: Any, after: Any, fields: list[str]) -> None:
    assert found(before, after) == fields


def _set(*path: str | int, value: Any) -> Any:
    def change(item: Any) -> None:
        for step in path[:-1]:
            item = item[step]
        item[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("manifest", "change", "fields"),
    [
        pytest.param(
            WEB, _set("spec", "replicas", value=5), [("spec.replicas", "kubectl-edit")],
            id="somebody-changed-a-field-of-ours",
        ),
        pytest.param(
            workload("web"), _set("spec", "replicas", value=5), [],
            id="somebody-set-a-field-that-we-leave-alone",
        ),
        pytest.param(
            workload("web"), _set("spec", "template", "spec", "dnsPolicy", value="ClusterFirst"),
            [], id="a-default-of-the-server",
        ),
        pytest.param(
            config(A="1"), _set("data", "B", value="2"), [], id="a-key-of-somebody-else",
        ),
        pytest.param(
            config(A="1"), lambda item: item["data"].pop("A"), [("data.A", "")],
            id="somebody-took-a-key-of-ours-away",
        ),
        pytest.param(
            made("Ingress", "web", "networking.k8s.io/v1", spec={"rules": [{"host": "a.example"}]}),
            _set("spec", "rules", 0, "host", value="b.example"),
            [("spec.rules", "kubectl-edit")], id="a-list-that-is-one-value",
        ),
    ],
)  # fmt: skip
def test_drift(manifest: Any, change: Any, fields: list[tuple[str, str]]) -> None:
    now = edited(live(sent(manifest)), change)
    assert [(one.field, one.holder) for one in differences(sent(manifest), now)] == fields


@pytest.mark.parametrize(
    ("manifest", "change"),
    [
        pytest.param(
            workload("web", pod={"containers": [
                {"name": "w", "resources": {"limits": {"cpu": "0.5", "memory": "1024Mi"}}}]}),
            _set("spec", "template", "spec", "containers", 0, "resources", "limits",
                 value={"cpu": "500m", "memory": "1Gi"}),
            id="amounts-in-other-units",
        ),
        pytest.param(
            workload("web", pod={"containers": [
                {"name": "w", "env": [{"name": "A", "value": ""}]}]}),
            lambda item: item["spec"]["template"]["spec"]["containers"][0]["env"][0].pop("value"),
            id="an-empty-value-that-the-server-leaves-out",
        ),
        pytest.param(
            workload("web", pod={"hostNetwork": False}),
            lambda item: item["spec"]["template"]["spec"].pop("hostNetwork"),
            id="a-flag-that-the-server-leaves-out-once-it-is-applied",
        ),
        pytest.param(
            made("Role", "r", "rbac.authorization.k8s.io/v1",
                 rules=[{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]),
            _set("rules", 0, "resourceNames", value=None),
            id="a-default-inside-of-a-list-that-is-one-value",
        ),
        pytest.param(
            service("web"), _set("spec", "ports", 0, "targetPort", value=80),
            id="a-default-inside-of-an-item",
        ),
    ],
)  # fmt: skip
def test_what_means_the_same(manifest: Any, change: Any) -> None:
    now = live(sent(manifest))
    change(now)
    assert differences(sent(manifest), now) == ()


def test_texts_of_secrets_are_compared_as_the_server_keeps_them() -> None:
    (one,) = differences(sent(secret(A="two-of-them")), live(sent(secret(A="one-of-them"))))
    assert (one.field, one.change) == ("data.A", Change.SET)


def test_an_object_of_somebody_else_is_not_ours() -> None:
    assert not is_ours(live(sent(config()), manager="kubectl"))
    assert is_ours(live(sent(config())))
    assert found(config(), config()) == []


def test_a_label_is_named_by_its_whole_key() -> None:
    before = made("ConfigMap", "settings", labels={"app.kubernetes.io/name": "x", "tier": "a"})
    after = made("ConfigMap", "settings", labels={"app.kubernetes.io/name": "y", "tier": "a"})
    assert found(before, after) == ['metadata.labels["app.kubernetes.io/name"]']
