"""Every container gets requests and limits that fit together, and it is said whence they come."""

from pathlib import Path

import pytest
from tests.translate.whole import container, decided, part, rules, translation

from mooring.app.resources import Resources
from mooring.kube import quantity
from mooring.settings.choices import AmountChoices, Choices, ResourceChoices, ServiceChoices
from mooring.translate.project import Translation

JAVA = "FROM eclipse-temurin:21-jre\nCMD [java, -jar, app.jar]\n"


def shown(resources: Resources) -> dict[str, str]:
    """Return requests and limits as they will be written; what there is none of is left out."""
    cpu = {"cpu": resources.cpu_request, "cpu limit": resources.cpu_limit}
    memory = {"memory": resources.memory_request, "memory limit": resources.memory_limit}
    return {
        **{name: quantity.cpu(cores) for name, cores in cpu.items() if cores is not None},
        **{name: quantity.memory(size) for name, size in memory.items() if size is not None},
    }


def made(
    folder: Path, service: str, *, choices: Choices | None = None, **files: str
) -> Translation:
    """Return what a stack with the one service ``app`` means."""
    return translation(
        folder,
        f"services:\n  app: {service}\n",
        {name.replace("_", "."): content for name, content in files.items()},
        choices=choices or Choices(),
    )


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        pytest.param(
            "{image: example.com/app, ports: ['80']}",
            {"cpu": "100m", "memory": "128Mi", "memory limit": "512Mi"},
            id="an-unknown-program-gets-what-is-usual-and-no-limit-of-cpu",
        ),
        pytest.param(
            "{image: postgres:17}",
            {"cpu": "250m", "memory": "256Mi", "memory limit": "1Gi"},
            id="the-catalogue-knows-the-image",
        ),
        pytest.param(
            "{image: 'keycloak/keycloak:22.0'}",
            {"cpu": "100m", "memory": "768Mi", "memory limit": "1Gi"},
            id="the-catalogue-knows-the-version",
        ),
        pytest.param(
            "{image: 'keycloak/keycloak:26.0'}",
            {"cpu": "100m", "memory": "1Gi", "memory limit": "2Gi"},
            id="and-another-version",
        ),
        pytest.param(
            "{image: example.com/app, deploy: {resources: {limits: {cpus: '0.5', memory: 50M}}}}",
            {"cpu": "100m", "cpu limit": "500m", "memory": "25Mi", "memory limit": "50Mi"},
            id="a-limit-of-the-compose-file-is-kept-and-half-of-it-promised",
        ),
        pytest.param(
            "{image: 'postgres:17', mem_limit: 128m, cpus: 0.1}",
            {"cpu": "100m", "cpu limit": "100m", "memory": "128Mi", "memory limit": "128Mi"},
            id="no-request-is-above-a-limit-of-the-compose-file",
        ),
        pytest.param(
            "{image: example.com/app, mem_reservation: 1g}",
            {"cpu": "100m", "memory": "1Gi", "memory limit": "2Gi"},
            id="a-limit-is-twice-a-large-promise",
        ),
        pytest.param(
            "{image: example.com/app, mem_reservation: 64m}",
            {"cpu": "100m", "memory": "64Mi", "memory limit": "512Mi"},
            id="a-small-promise-changes-no-limit",
        ),
        pytest.param(
            "{image: example.com/app, cpu_shares: 512}",
            {"cpu": "500m", "memory": "128Mi", "memory limit": "512Mi"},
            id="cpu-of-the-compose-file",
        ),
        pytest.param(
            "{image: 'opensearchproject/opensearch:2', environment: "
            "{OPENSEARCH_JAVA_OPTS: -Xms8192m -Xmx8192m}}",
            {"cpu": "500m", "memory": "8Gi", "memory limit": "16Gi"},
            id="a-limit-has-room-for-the-heap-that-the-stack-sets",
        ),
        pytest.param(
            "{image: 'opensearchproject/opensearch:2', environment: "
            "{OPENSEARCH_JAVA_OPTS: -Xms512m -Xmx512m}}",
            {"cpu": "500m", "memory": "1Gi", "memory limit": "2Gi"},
            id="a-small-heap-changes-nothing",
        ),
        pytest.param(
            "{image: example.com/app, command: node --max-old-space-size=700 a.js}",
            {"cpu": "100m", "memory": "700Mi", "memory limit": "960Mi"},
            id="derived-limits-are-round",
        ),
        pytest.param(
            "{image: example.com/app, shm_size: 1g}",
            {"cpu": "100m", "memory": "128Mi", "memory limit": "1536Mi"},
            id="shared-memory-counts",
        ),
        pytest.param(
            "{image: example.com/app, tmpfs: ['/tmp:size=256m', '/run:size=64m']}",
            {"cpu": "100m", "memory": "128Mi", "memory limit": "832Mi"},
            id="files-in-memory-count",
        ),
        pytest.param(
            "{image: example.com/app, tmpfs: ['/tmp:size=16m']}",
            {"cpu": "100m", "memory": "128Mi", "memory limit": "512Mi"},
            id="few-files-in-memory-fit-in",
        ),
        pytest.param(
            "{image: 'postgres:17', restart: 'no', command: psql -f /seed.sql, deploy: "
            "{mode: replicated-job}}",
            {"cpu": "100m", "memory": "128Mi", "memory limit": "512Mi"},
            id="a-task-is-not-the-program-that-its-image-is-known-for",
        ),
        pytest.param(
            "{image: 'apache/airflow:2.10.3', entrypoint: /bin/bash, command: "
            "[-c, 'exec /entrypoint airflow version'], deploy: {mode: replicated-job}}",
            {"cpu": "100m", "memory": "128Mi", "memory limit": "2Gi"},
            id="a-task-may-load-as-much-as-the-program",
        ),
        pytest.param(
            "{image: example.com/app, gpus: all}",
            {"cpu": "100m", "memory": "1Gi", "memory limit": "8Gi"},
            id="a-model-goes-through-memory",
        ),
    ],
)
def test_amounts(tmp_path: Path, service: str, expected: dict[str, str]) -> None:
    found = container(made(tmp_path, service), "app").resources
    assert shown(found) == expected


@pytest.mark.parametrize(
    ("dockerfile", "memory", "limit"),
    [
        pytest.param(JAVA, "512Mi", "1Gi", id="java"),
        pytest.param("FROM node:22\nCMD node a.js\n", "128Mi", "512Mi", id="node"),
        pytest.param("FROM golang:1.23\nCMD /app\n", "64Mi", "256Mi", id="go"),
        pytest.param(
            "FROM eclipse-temurin:21-jre\nENV JAVA_OPTS=-Xmx2g\nCMD java $JAVA_OPTS -jar a.jar\n",
            "2Gi",
            "2816Mi",
            id="a-heap-that-the-dockerfile-sets",
        ),
        pytest.param("FROM nginx:1.27\nCOPY . /x\n", "32Mi", "128Mi", id="a-known-program"),
    ],
)
def test_a_base_image_tells_the_language(
    tmp_path: Path, dockerfile: str, memory: str, limit: str
) -> None:
    found = shown(container(made(tmp_path, "{build: .}", Dockerfile=dockerfile), "app").resources)
    assert (found["memory"], found["memory limit"]) == (memory, limit)


@pytest.mark.parametrize(
    ("service", "chosen", "expected", "findings"),
    [
        pytest.param(
            "{image: 'postgres:17'}",
            ResourceChoices(
                requests=AmountChoices(cpu="1", memory="2Gi"), limits=AmountChoices(memory="4Gi")
            ),
            {"cpu": "1", "memory": "2Gi", "memory limit": "4Gi"},
            [],
            id="all-of-it",
        ),
        pytest.param(
            "{image: 'postgres:17'}",
            ResourceChoices(limits=AmountChoices(cpu="0.5", memory="128Mi")),
            {"cpu": "250m", "cpu limit": "500m", "memory": "128Mi", "memory limit": "128Mi"},
            [],
            id="a-low-limit-cuts-the-usual-request",
        ),
        pytest.param(
            "{image: 'postgres:17'}",
            ResourceChoices(requests=AmountChoices(memory="2Gi")),
            {"cpu": "250m", "memory": "2Gi", "memory limit": "4Gi"},
            [],
            id="a-high-request-raises-the-usual-limit",
        ),
        pytest.param(
            "{image: 'postgres:17', mem_limit: 512m}",
            ResourceChoices(requests=AmountChoices(memory="1Gi")),
            {"cpu": "250m", "memory": "512Mi", "memory limit": "512Mi"},
            ["request-above-limit"],
            id="a-request-above-the-limit-of-the-compose-file-is-cut-and-told",
        ),
    ],
)
def test_choices(
    tmp_path: Path,
    service: str,
    chosen: ResourceChoices,
    expected: dict[str, str],
    findings: list[str],
) -> None:
    choices = Choices(services={"app": ServiceChoices(resources={"*": chosen})})
    result = made(tmp_path, service, choices=choices)
    assert shown(container(result, "app").resources) == expected
    assert rules(result) == findings


@pytest.mark.parametrize(
    ("service", "statements"),
    [
        pytest.param(
            "{image: example.com/app, expose: ['80']}",
            ["nothing says how much, and what serves usually needs that much"],
            id="nobody-says",
        ),
        pytest.param(
            "{image: example.com/app, mem_limit: 64m}",
            [
                "the Compose file sets a limit of 64Mi memory",
                "nothing says how much it always needs, so half of that is kept free",
            ],
            id="the-limit-is-said",
        ),
        pytest.param(
            "{image: 'opensearchproject/opensearch:2', environment: "
            "{OPENSEARCH_JAVA_OPTS: -Xmx8g}}",
            [
                "a small opensearch needs that much (https://docs.opensearch.org/latest/"
                "install-and-configure/install-opensearch/index/)",
                "-Xmx8g should be at most 50 % of the limit",
            ],
            id="the-heap-is-said",
        ),
    ],
)
def test_a_decision_says_whence_the_numbers_come(
    tmp_path: Path, service: str, statements: list[str]
) -> None:
    decisions = [one for one in made(tmp_path, service).decisions if one.topic == "resources"]
    assert [[each.statement for each in one.evidence] for one in decisions] == [statements]


def test_a_decision_names_the_line_that_overrules_it(tmp_path: Path) -> None:
    (decision,) = (
        one
        for one in made(tmp_path, "{image: 'redis:7', cpus: 0.5}").decisions
        if one.topic == "resources"
    )
    assert decision.choice == (
        "asks for 100m CPU and 128Mi memory, and may take 500m CPU and 256Mi memory"
    )
    assert decision.overrule == (
        "services: {app: {resources: {requests: {cpu: 100m, memory: 128Mi}, "
        "limits: {cpu: 500m, memory: 256Mi}}}}"
    )


def test_who_says_everything_is_not_guessed_for(tmp_path: Path) -> None:
    service = (
        "{image: a, deploy: {resources: {limits: {memory: 1g}, "
        "reservations: {cpus: '0.1', memory: 1g}}}}"
    )
    assert decided(made(tmp_path, service), "resources") == {}


@pytest.mark.parametrize(
    ("service", "found"),
    [
        pytest.param(
            "{image: 'valkey/valkey:8', command: valkey-server --maxmemory 128mb, mem_limit: 128m}",
            [
                (
                    "memory-setting-above-limit",
                    'service "app" is told --maxmemory 128mb with a limit of memory of 128Mi: it '
                    "is killed before it has taken all",
                    "set a limit of 192Mi, or tell it to take at most 96 MiB",
                )
            ],
            id="all-of-the-limit",
        ),
        pytest.param(
            "{image: 'apache/kafka:3.9.0', environment: {KAFKA_HEAP_OPTS: -Xmx128m}, "
            "mem_limit: 192m}",
            [
                (
                    "memory-setting-near-limit",
                    'service "app" is told -Xmx128m with a limit of memory of 192Mi: 66 % of it, '
                    "where 50 % leaves room for the rest",
                    "set a limit of 256Mi, or tell it to take at most 96 MiB",
                )
            ],
            id="more-than-a-sane-share",
        ),
        pytest.param(
            "{image: a, environment: {GOMEMLIMIT: 50MiB}, mem_limit: 64m}", [], id="a-sane-share"
        ),
        pytest.param(
            "{image: a, environment: {GOMEMLIMIT: 50MiB}, tmpfs: ['/t:size=32m'], mem_limit: 64m}",
            [
                (
                    "memory-setting-above-limit",
                    'service "app" is told GOMEMLIMIT=50MiB, with 32Mi of files in memory, with a '
                    "limit of memory of 64Mi: it is killed before it has taken all",
                    "set a limit of 96Mi, or tell it to take at most 28 MiB",
                )
            ],
            id="with-files-in-memory",
        ),
    ],
)
def test_what_contradicts_itself_is_told_with_numbers(
    tmp_path: Path, service: str, found: list[tuple[str, str, str]]
) -> None:
    told = [
        (finding.rule, finding.message, finding.remedy)
        for finding in made(tmp_path, service).findings
        if finding.rule.startswith("memory-setting")
    ]
    assert told == found


def test_a_file_of_settings_is_read(tmp_path: Path) -> None:
    service = (
        "{image: 'redis:7', command: redis-server /redis.conf, mem_limit: 64m, "
        "volumes: ['./redis_conf:/redis.conf']}"
    ).replace("_conf", ".conf")
    found = made(tmp_path, service, redis_conf="# maxmemory 1gb\nmaxmemory 60mb\n")
    assert "memory-setting-near-limit" in rules(found)


def test_steps_before_a_container_ask_for_no_more_than_it(tmp_path: Path) -> None:
    steps = "[{command: [migrate]}, {command: [seed], mem_limit: 64m}]"
    service = f"{{image: 'postgres:17', mem_limit: 512m, pre_start: {steps}}}"
    made_of_it = part(made(tmp_path, service), "app")
    assert [shown(step.container.resources) for step in made_of_it.initial_steps] == [
        {"cpu": "250m", "memory": "256Mi", "memory limit": "512Mi"},
        {"cpu": "250m", "memory": "64Mi", "memory limit": "64Mi"},
    ]
