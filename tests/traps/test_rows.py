"""
What becomes of single attributes, where no trap is about them.

The rows of the feature tables of issue 3: each asks for one place in the finished manifests.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.traps import road
from tests.traps.road import Walked, web

from mooring.errors import InputErrors

Walk = Callable[..., Walked]


@pytest.mark.parametrize(
    ("attributes", "subject", "path", "expected"),
    [
        pytest.param(
            ("pull_policy: always",), "container web", "imagePullPolicy", "Always", id="pull always"
        ),
        pytest.param(
            ("pull_policy: missing",),
            "container web",
            "imagePullPolicy",
            "IfNotPresent",
            id="pull what is missing",
        ),
        pytest.param(
            ("pull_policy: never",), "container web", "imagePullPolicy", "Never", id="pull never"
        ),
        pytest.param(
            ("pull_policy: daily",), "container web", "imagePullPolicy", "Always", id="pull daily"
        ),
        pytest.param((), "container web", "imagePullPolicy", None, id="pull as the cluster does"),
        pytest.param(
            ("working_dir: /srv",), "container web", "workingDir", "/srv", id="working directory"
        ),
        pytest.param(("stdin_open: true",), "container web", "stdin", True, id="stdin"),
        pytest.param(("tty: true",), "container web", "tty", True, id="terminal"),
        pytest.param(
            ("hostname: Web.example.com",), "pod web", "hostname", "web", id="hostname in one label"
        ),
        pytest.param(("domainname: shop",), "pod web", "subdomain", "shop", id="domain"),
        pytest.param(
            ("stop_grace_period: 1m30s",),
            "pod web",
            "terminationGracePeriodSeconds",
            90,
            id="grace period",
        ),
        pytest.param(
            ("deploy: {replicas: 3}",), "Deployment web", "spec.replicas", 3, id="replicas"
        ),
        pytest.param(("scale: 2",), "Deployment web", "spec.replicas", 2, id="scale"),
        pytest.param(("scale: 0",), "Deployment web", "spec.replicas", 0, id="none stays none"),
        pytest.param(
            ("deploy: {mode: global, replicas: 3}",),
            "DaemonSet web",
            "spec.replicas",
            None,
            id="one on every node has no number",
        ),
        pytest.param(
            ("deploy: {mode: replicated-job, replicas: 3}",),
            "Job web",
            "spec.completions",
            3,
            id="a job that has to end several times",
        ),
        pytest.param(
            ("deploy: {endpoint_mode: dnsrr}", "expose: [80]"),
            "Service web",
            "spec.clusterIP",
            "None",
            id="found by the addresses of its pods",
        ),
        pytest.param(
            ("deploy: {placement: {constraints: [node.labels.disk==ssd]}}",),
            "pod web",
            "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"
            ".nodeSelectorTerms",
            [{"matchExpressions": [{"key": "disk", "operator": "In", "values": ["ssd"]}]}],
            id="nodes by label",
        ),
        pytest.param(
            ("deploy: {placement: {constraints: [node.role==manager]}}",),
            "pod web",
            "affinity",
            None,
            id="a manager is no kind of node",
        ),
        pytest.param(
            ("deploy: {placement: {preferences: [{spread: node.labels.zone}]}}",),
            "pod web",
            "topologySpreadConstraints[0].topologyKey",
            "zone",
            id="spread over a label",
        ),
        pytest.param(
            ("deploy: {placement: {max_replicas_per_node: 1}}",),
            "pod web",
            "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]"
            ".topologyKey",
            "kubernetes.io/hostname",
            id="one on a node",
        ),
        pytest.param(
            ("deploy: {update_config: {delay: 10s, monitor: 30s}}",),
            "Deployment web",
            "spec.minReadySeconds",
            30,
            id="time to settle",
        ),
        pytest.param(
            ("deploy: {replicas: 4, update_config: {parallelism: 0}}",),
            "Deployment web",
            "spec.strategy.rollingUpdate.maxUnavailable",
            4,
            id="all at once",
        ),
        pytest.param(
            ("deploy: {labels: {team: a}}",),
            "Deployment web",
            "metadata.labels.team",
            "a",
            id="labels of the service stand on the workload",
        ),
        pytest.param(
            ("deploy: {labels: {team: a}}",),
            "Deployment web",
            "spec.template.metadata.labels.team",
            None,
            id="and not on its pods",
        ),
        pytest.param(
            ("annotations: {note: 'two words'}",),
            "Deployment web",
            "spec.template.metadata.annotations.note",
            "two words",
            id="annotations",
        ),
        pytest.param(
            ("post_start: [{command: [a, 'b c']}, {command: d e}]",),
            "container web",
            "lifecycle.postStart.exec.command",
            ["/bin/sh", "-c", "'a' 'b c' && 'd' 'e'"],
            id="several hooks run one after the other",
        ),
        pytest.param(
            ("pre_start: [{command: [prepare]}]",),
            "pod web",
            "initContainers[0].args",
            ["prepare"],
            id="a step before the start",
        ),
        pytest.param(
            ("storage_opt: {size: 10G}",),
            "container web",
            "resources.limits.ephemeral-storage",
            "10Gi",
            id="space on the disk",
        ),
        pytest.param(
            ("cpu_shares: 512",), "container web", "resources.requests.cpu", "500m", id="shares"
        ),
        pytest.param(
            ("cpu_quota: 50000", "cpu_period: 100000"),
            "container web",
            "resources.limits.cpu",
            "500m",
            id="quota",
        ),
        pytest.param(
            ("links: ['other:far']",), "Service far", "spec.selector", None, id="a link leads away"
        ),
    ],
)
def test_rows(
    walk: Walk, attributes: tuple[str, ...], subject: str, path: str, expected: object
) -> None:
    other = "  other: {image: 'other:1'}\n" if "links" in str(attributes) else ""
    walked = walk(web(*attributes) + other)
    if other:
        assert walked.at(subject, path) == walked.at("Service other", path) != expected
    else:
        assert walked.at(subject, path) == expected


@pytest.mark.parametrize(
    ("attribute", "fate"),
    [
        pytest.param("attach: false", "dropped", id="attach"),
        pytest.param("logging: {driver: none}", "dropped", id="logging"),
        pytest.param("mac_address: 02:42:ac:11:00:02", "dropped", id="mac-address"),
        pytest.param("oom_score_adj: 500", "dropped", id="oom-score"),
        pytest.param("mem_swappiness: 10", "dropped", id="swappiness"),
        pytest.param("cgroup_parent: m", "dropped", id="cgroup-parent"),
        pytest.param("uts: host", "dropped", id="uts"),
        pytest.param("pids_limit: 100", "dropped", id="pids"),
        pytest.param("external_links: [redis]", "dropped", id="external-links"),
        pytest.param("stop_signal: SIGINT", "dropped", id="stop-signal"),
        pytest.param("use_api_socket: true", "refused", id="the-socket-of-the-engine"),
        pytest.param("x-note: a", "dropped", id="an-extension"),
    ],
)
def test_what_a_cluster_does_not_have(walk: Walk, attribute: str, fate: str) -> None:
    walked = walk(web(attribute))
    path = f"services.web.{attribute.partition(':')[0]}"
    assert walked.fate(path) == fate
    assert len(walked.reason(path).split()) > 3


def test_version_says_nothing(walk: Walk) -> None:
    walked = walk("version: '3.8'\n" + web())
    assert walked.rules == ["obsolete-version"]


def test_profiles_choose(walk: Walk) -> None:
    compose = """
    services:
      web: {image: "app:1"}
      tools: {image: "tools:1", profiles: [tools]}
    """
    assert walk(compose).of_kind("Deployment") == ["web"]
    assert walk(compose, profiles=("tools",)).of_kind("Deployment") == ["web", "tools"]


def test_the_name_of_the_project(walk: Walk) -> None:
    walked = walk("name: my_shop\n" + web())
    assert walked.of_kind("Namespace") == ["my-shop-dev"]
    assert walked.at("Deployment web", 'metadata.labels."app.kubernetes.io/instance"') == "my-shop"


def test_two_services_of_one_build(walk: Walk) -> None:
    """Row same build.context: one image, built once, and two workloads that run it."""
    walked = walk(
        """
        services:
          api: {build: ./app}
          worker: {build: ./app, command: [work]}
        """,
        {"app/Dockerfile": "FROM alpine:3.20\n"},
    )
    images = [walked.at(f"container {name}", "image") for name in ("api", "worker")]
    assert images == ["shop-api", "shop-api"]
    assert walked.of_kind("Deployment") == ["api", "worker"]
    assert [one.subject for one in walked.questions] == [
        "services.api.image",
        "services.worker.image",
    ]


REGISTRY = (
    "environments: {dev: {registry: registry.example.com/team, tag: 1.4.2, pull_secret: none}}\n"
)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        pytest.param(
            ("build: .",), "registry.example.com/team/shop-web:1.4.2", id="a name of Compose"
        ),
        pytest.param(
            ("build: .", "image: 'me/web:1'"), "registry.example.com/team/me/web:1", id="a name"
        ),
        pytest.param(
            ("build: .", "image: 'ghcr.io/me/web:1'"),
            "ghcr.io/me/web:1",
            id="a registry of its own",
        ),
        pytest.param(
            ("build: .", "image: 'localhost:5000/web:1'"),
            "registry.example.com/team/web:1",
            id="a registry that no node reaches",
        ),
        pytest.param(("image: 'me/web:1'",), "me/web:1", id="an image that is not built here"),
    ],
)
def test_built_images_are_in_the_registry(
    walk: Walk, attributes: tuple[str, ...], expected: str
) -> None:
    walked = walk(
        web(*attributes, image=""), {"Dockerfile": "FROM alpine:3.20\n", "mooring.yaml": REGISTRY}
    )
    assert walked.at("container web", "image") == expected
    assert walked.questions == ()


@pytest.mark.parametrize(
    ("base", "over", "subject", "path", "expected"),
    [
        pytest.param(
            "command: [a, b]",
            "command: [c]",
            "container web",
            "args",
            ["c"],
            id="merge: a command is replaced",
        ),
        pytest.param(
            "environment: {A: 1, B: 1}",
            "environment: [B=2, C=2]",
            "ConfigMap web-env",
            "data",
            {"A": "1", "B": "2", "C": "2"},
            id="merge: variables by name, a list into a mapping",
        ),
        pytest.param(
            "expose: [80]",
            "expose: [80, 81]",
            "Service web",
            "spec.ports[1].port",
            81,
            id="merge: what is exposed, each once",
        ),
        pytest.param(
            "volumes: ['one:/x']",
            "volumes: ['two:/x']",
            "pod web",
            "volumes",
            [{"name": "two", "persistentVolumeClaim": {"claimName": "two"}}],
            id="merge: mounts by their target",
        ),
        pytest.param(
            "environment: {A: 1}",
            "environment: !reset null",
            "container web",
            "envFrom",
            None,
            id="merge: what is reset is gone",
        ),
        pytest.param(
            "cap_add: [NET_ADMIN]",
            "cap_add: !override [SYS_TIME]",
            "container web",
            "securityContext.capabilities.add",
            ["SYS_TIME"],
            id="merge: what overrides stands alone",
        ),
    ],
)
def test_merged_files(
    walk: Walk, base: str, over: str, subject: str, path: str, expected: object
) -> None:
    walked = walk(
        web(base) + "volumes: {one: {}, two: {}}\n",
        {"over.yaml": web(over, image="")},
        load=("compose.yaml", "over.yaml"),
    )
    assert walked.at(subject, path) == expected


def test_a_dependency_on_a_service_that_is_off_is_refused(walk: Walk) -> None:
    with pytest.raises(InputErrors, match="tools"):
        walk(web("depends_on: [tools]") + "  tools: {image: 'a:1', profiles: [tools]}\n")


def test_an_anchor_and_an_extension(walk: Walk) -> None:
    walked = walk(
        """
        x-common: &common {restart: always, environment: &env {A: 1}}
        services:
          web:
            <<: *common
            image: app:1
            environment: {<<: *env, B: 2}
        """
    )
    assert walked.at("ConfigMap web-env", "data") == {"A": "1", "B": "2"}


def test_an_extended_service_of_another_file(walk: Walk) -> None:
    walked = walk(
        web("extends: {file: base/compose.yaml, service: app}", image=""),
        {
            "base/compose.yaml": web("env_file: app.env", image="app:2").replace("web:", "app:"),
            "base/app.env": "A=from-base\n",
        },
    )
    assert walked.at("container web", "image") == "app:2"
    assert walked.at("ConfigMap web-env", "data") == {"A": "from-base"}


def test_every_trap_and_fault_has_a_case() -> None:
    """The tables of these modules name their traps and faults: none is missing."""
    source = "\n".join(
        path.read_text(encoding="utf-8") for path in Path(road.__file__).parent.glob("test_*.py")
    )
    named = {
        (kind.lower(), int(number))
        for kind, number in re.findall(r"(?i)\b(trap|fault) (\d+):", source)
    }
    wanted = {("trap", number) for number in range(1, 31)}
    wanted |= {("fault", number) for number in range(1, 16)}
    assert sorted(wanted - named) == []
    assert sorted(named - wanted) == []
