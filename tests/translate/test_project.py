"""From a project to the application that it means: what services have to do with one another."""

import re
from pathlib import Path

import pytest
from tests.integration import stacks
from tests.integration.stacks import Stack
from tests.translate.whole import container, decided, part, rules, translation

from mooring import pipeline
from mooring.app.dependencies import Condition
from mooring.app.workloads import Task, Workload
from mooring.decisions import Decision
from mooring.settings import reader
from mooring.settings.choices import Choices, Kind, ServiceChoices


def test_parts_stand_in_the_order_of_the_file(tmp_path: Path) -> None:
    made = translation(
        tmp_path,
        """
        services:
          web: {image: "a:1"}
          my_db: {image: "b:1"}
          side: {image: "c:1", network_mode: "service:web"}
          migrate: {image: "d:1", command: [x], restart: "no"}
        """,
    )
    parts = made.application.parts
    assert [one.name for one in parts] == ["web", "my-db", "migrate"]
    assert [type(one) for one in parts] == [Workload, Workload, Task]
    assert [one.source_name for one in parts] == ["web", "my_db", "migrate"]
    assert [one.name for one in parts[0].containers] == ["web", "side"]
    assert made.application.name == "shop"


@pytest.mark.parametrize(
    ("compose", "told"),
    [
        pytest.param("volumes: {a: {}}", ["no-services"], id="none"),
        pytest.param(
            'services: {web: {image: "a:1", profiles: [web]}}', ["no-services"], id="none-is-active"
        ),
        pytest.param('services: {web: {image: "a:1"}}', [], id="one"),
    ],
)
def test_a_project_of_which_nothing_is_made_is_told_of(
    compose: str, told: list[str], tmp_path: Path
) -> None:
    assert rules(translation(tmp_path, compose)) == told


def test_a_provider_runs_elsewhere(tmp_path: Path) -> None:
    made = translation(
        tmp_path,
        """
        services:
          db: {provider: {type: cloud}}
          web: {image: "a:1", depends_on: [db]}
        """,
    )
    assert [one.name for one in made.application.parts] == ["web"]
    assert "service-of-a-provider" in rules(made)


POD = """
services:
  web:
    image: a:1
    labels: {team: a}
    group_add: ["1"]
    stop_grace_period: 5s
    networks: [front]
    depends_on: {db: {condition: service_started}}
  side:
    image: b:1
    pid: service:web
    labels: {team: b, more: c}
    group_add: ["2"]
    stop_grace_period: 30s
    networks: [back]
    dns: 10.0.0.1
    platform: linux/arm64
    extra_hosts: ["a=10.0.0.2"]
    sysctls: {net.ipv4.tcp_syncookies: "1"}
    depends_on: {db: {condition: service_healthy}}
  db: {image: "c:1", networks: [front, back]}
networks: {front: {}, back: {}}
"""


def test_a_pod_has_what_all_its_services_want(tmp_path: Path) -> None:
    made = translation(tmp_path, POD)
    web = part(made, "web")
    assert web.labels == {"team": "a", "more": "c"}
    assert web.security.extra_groups == (1, 2)
    assert web.security.kernel_settings == {"net.ipv4.tcp_syncookies": "1"}
    assert web.security.shares_processes
    assert web.stop_seconds == 30
    assert web.networks == ("front", "back")
    assert web.name_resolution.servers == ("10.0.0.1",)
    assert web.placement.architecture == "arm64"
    assert [entry.name for entry in web.host_entries] == ["a"]
    assert [(one.on, one.condition) for one in web.dependencies] == [("db", Condition.HEALTHY)]
    assert web.other_names == ("side",)


@pytest.mark.parametrize(
    ("side", "is_told"),
    [
        pytest.param("command: [run], restart: 'no'", True, id="it-ends"),
        pytest.param("deploy: {replicas: 3}", True, id="it-wants-more-replicas"),
        pytest.param("restart: always", False, id="it-lives-as-its-pod"),
    ],
)
def test_a_life_of_its_own_is_not_had_in_the_pod_of_another(
    tmp_path: Path, side: str, is_told: bool
) -> None:
    made = translation(
        tmp_path,
        f"""
        services:
          web: {{image: "a:1"}}
          side: {{image: "b:1", network_mode: "service:web", {side}}}
        """,
    )
    assert ("life-of-another-pod" in rules(made)) is is_told


SHARED = """
services:
  a: {{image: "a:1", volumes: ["data:/a"]{more}}}
  b: {{image: "b:1", {b}}}
volumes: {{data: {{}}}}
"""


@pytest.mark.parametrize(
    ("more", "b", "is_shared"),
    [
        pytest.param("", "volumes: ['data:/b']", True, id="two-services"),
        pytest.param("", "tmpfs: /x", False, id="one-service"),
        pytest.param(", deploy: {replicas: 2}", "tmpfs: /x", True, id="two-replicas"),
        pytest.param(", deploy: {mode: global}", "tmpfs: /x", True, id="one-on-every-node"),
        pytest.param(
            "", "volumes: ['data:/b'], network_mode: 'service:a'", False, id="two-in-one-pod"
        ),
        pytest.param("", "volumes_from: [a]", True, id="a-volume-that-is-lent"),
        pytest.param(
            "", "pre_start: [{command: [x], volumes: ['data:/b']}]", True, id="a-step-of-another"
        ),
    ],
)
def test_who_shares_a_volume(tmp_path: Path, more: str, b: str, is_shared: bool) -> None:
    made = translation(tmp_path, SHARED.format(more=more, b=b))
    (storage,) = [one for one in made.application.storages if one.source_name == "data"]
    assert storage.used_by_many is is_shared
    assert list(decided(made, "access")) == (["volumes.data"] if is_shared else [])


def test_a_folder_that_two_services_bind_is_one_storage(tmp_path: Path) -> None:
    made = translation(
        tmp_path,
        """
        services:
          a: {image: "a:1", volumes: ["./uploads:/a"]}
          b: {image: "b:1", volumes: ["./uploads:/b"]}
        """,
    )
    assert [one.name for one in made.application.storages] == ["uploads"]
    assert list(decided(made, "access")) == ["services.a"]


def test_names_that_two_storages_want(tmp_path: Path) -> None:
    made = translation(
        tmp_path,
        """
        services:
          a: {image: "a:1", volumes: ["data:/a", "./data:/b", "Data:/c"]}
        volumes: {data: {}, Data: {}}
        """,
    )
    names = [one.name for one in made.application.storages]
    assert len(set(names)) == 3
    assert "data" in names
    mounted = [mount.storage for mount in container(made, "a").storage]
    assert sorted(mounted) == sorted(names)


@pytest.mark.parametrize(
    ("settled", "count"),
    [
        pytest.param([], 1, id="nothing-is-settled"),
        pytest.param(["registry", "tag", "pull_secret"], 0, id="everything-is"),
    ],
)
def test_where_images_are_pushed(tmp_path: Path, settled: list[str], count: int) -> None:
    made = translation(
        tmp_path,
        "services: {web: {build: .}}",
        {"Dockerfile": "FROM a\n"},
        settled_images=frozenset(settled),
    )
    assert len(made.questions) == count


def test_who_goes_on_by_mooring_yaml_has_no_end(tmp_path: Path) -> None:
    choices = Choices(services={"seed": ServiceChoices(kind=Kind.WORKLOAD)})
    made = translation(
        tmp_path,
        """
        services:
          seed: {image: "a:1"}
          web:
            image: b:1
            depends_on: {seed: {condition: service_completed_successfully}}
        """,
        choices=choices,
    )
    assert isinstance(part(made, "seed"), Workload)
    (dependency,) = part(made, "web").dependencies
    assert dependency.condition is Condition.STARTED


@pytest.mark.parametrize(
    ("use", "asked"),
    [
        pytest.param("environment: {A: '${GONE}'}", True, id="in-a-setting"),
        pytest.param("command: 'x ${GONE}'", True, id="in-a-command"),
        pytest.param("ports: ['80${GONE}']", True, id="in-a-port"),
        pytest.param("volumes: ['x${GONE}:/x']", True, id="in-a-mount"),
        pytest.param("healthcheck: {test: 'x ${GONE}'}", True, id="in-a-check"),
        pytest.param("build: {context: '.${GONE}'}", True, id="in-a-build"),
        pytest.param("environment: {A: '${GONE:-x}'}", False, id="a-default"),
        pytest.param("environment: {A: '${GONE:+x}'}", False, id="only-whether-it-is-there"),
        pytest.param("profiles: [off], environment: {A: '${GONE}'}", False, id="in-a-service-off"),
        pytest.param("x-note: '${GONE}'", False, id="in-a-note-to-others"),
    ],
)
def test_variables_without_a_value(tmp_path: Path, use: str, asked: bool) -> None:
    made = translation(
        tmp_path,
        f"services: {{web: {{image: 'a:1', {use}}}, other: {{image: 'b:1'}}}}\nvolumes: {{x: }}",
    )
    subjects = [one.subject for one in made.questions if one.subject.startswith("variables.")]
    assert subjects == (["variables.GONE"] if asked else [])


_PLACEHOLDERS = {
    "<uid>": "1000",
    "<host>": "a.example.com",
    "<class>": "nginx",
    "<name>": "a",
    "<one for many nodes>": "shared",
}
_SAID_ELSEWHERE = re.compile(
    r"services\.\S+\.\w+ in the Compose file|another name in the Compose file"
    r"|the value that names the port|nocopy: true at the volume in the Compose file"
    r"|healthcheck: \{disable: true\} at the service in the Compose file"
    r"|environment: \{\w+: \.\.\.\} at the service in the Compose file"
    r"|localhost in place of the name"
    r"|a Service of type LoadBalancer in the environment's patches"
)


def _is_obeyed(overrule: str) -> bool:
    """Tell whether mooring.yaml takes ``overrule``, its blanks filled in, or the input does."""
    if _SAID_ELSEWHERE.fullmatch(overrule):
        return True
    text = re.sub(r"([\w<>]+)(\|[\w<>]+)+", r"\1", overrule)
    for blank, value in _PLACEHOLDERS.items():
        text = text.replace(blank, value)
    settled = reader.read(text.encode(), "mooring.yaml", directory="/")
    return settled != reader.read(b"", "mooring.yaml", directory="/")


_UNSETTLED = {"ports", "state", "health"}
"""What the catalogue of images says of a program, which nothing overrules yet."""


def _complaints(decisions: tuple[Decision, ...]) -> list[str]:
    return [
        f"{one.subject} {one.topic}: {one.overrule!r}"
        for one in decisions
        if not one.evidence
        or (not one.overrule and one.topic not in _UNSETTLED)
        or (one.overrule and not _is_obeyed(one.overrule))
    ]


@pytest.mark.corpus
@pytest.mark.parametrize("stack", stacks.parameters(stacks.corpus()))
def test_every_decision_of_a_real_stack_can_be_overruled(stack: Stack, tmp_path: Path) -> None:
    request = pipeline.Request(load=stack.copied(tmp_path), only="dev")
    for environment in pipeline.stack(request).environments:
        assert _complaints(environment.translation.decisions) == []


@pytest.mark.parametrize("stack", stacks.parameters(stacks.examples()))
def test_every_decision_of_an_example_can_be_overruled(stack: Stack, tmp_path: Path) -> None:
    for environment in pipeline.stack(pipeline.Request(load=stack.copied(tmp_path))).environments:
        assert _complaints(environment.translation.decisions) == []
