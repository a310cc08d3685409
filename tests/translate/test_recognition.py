"""Programs in images of which nothing is known: what shows them, and what does not."""

from pathlib import Path

import pytest
from tests.translate.whole import container, decided, rules, translation

from mooring.images import catalogue
from mooring.settings.choices import Choices, ServiceChoices


def compose(service: str) -> str:
    return f'services:\n  box: {service}\n  web: {{image: "example.com/web:1"}}\n'


@pytest.mark.parametrize(
    ("service", "program"),
    [
        pytest.param('{build: ./gone, ports: ["15672:15672"], '
                     'healthcheck: {test: "rabbitmq-diagnostics -q ping"}}',
                     "RabbitMQ", id="a-check-and-a-port"),
        pytest.param('{build: ./gone, environment: [OPENSEARCH_JAVA_OPTS=-Xmx1g], '
                     'volumes: ["data:/usr/share/opensearch/data"]}',
                     "OpenSearch", id="a-setting-and-a-folder"),
        pytest.param('{image: "registry.example.com/db:1", environment: {MYSQL_ROOT_PASSWORD: x}, '
                     'volumes: ["data:/var/lib/mysql"]}',
                     "MySQL", id="the-setting-tells-two-of-one-folder-apart"),
        pytest.param('{image: "registry.example.com/db:1", command: [mongod, --replSet, a], '
                     'volumes: ["data:/data/db"]}', "MongoDB", id="a-command-and-a-folder"),
        pytest.param('{image: "registry.example.com/app:1", environment: {POSTGRES_PASSWORD: x}, '
                     'healthcheck: {test: "pg_isready -h db"}}',
                     None, id="a-client-has-settings-and-a-check-as-well"),
        pytest.param('{image: "registry.example.com/app:1", environment: {POSTGRES_PASSWORD: x}}',
                     None, id="one-kind-of-mark"),
        pytest.param('{image: "registry.example.com/app:1", ports: ["9200:9200"], expose: [9300]}',
                     None, id="two-ports-are-one-kind"),
        pytest.param('{image: "registry.example.com/db:1", ports: ["3306:3306"], '
                     'volumes: ["data:/var/lib/mysql"]}', None, id="as-much-of-another-family"),
        pytest.param('{image: "registry.example.com/app:1", env_file: [all.env], '
                     'ports: ["27017:27017"]}', None, id="settings-for-everybody-in-a-file"),
        pytest.param('{image: "registry.example.com/pooler:1", ports: ["5432:5432"], environment: '
                     '{POSTGRES_PASSWORD: x, DATABASE_URL: "ecto://admin:x@db:5432/shop"}}',
                     None, id="a-pooler-dials-the-server-before-which-it-stands"),
        pytest.param('{image: "registry.example.com/db:1", ports: ["5432:5432"], environment: '
                     '{POSTGRES_PASSWORD: x, SELF: "postgres://admin:x@box:5432/shop"}}',
                     "PostgreSQL", id="a-server-may-speak-of-itself"),
        pytest.param('{image: "registry.example.com/db:1", volumes: ["data:/var/lib/postgresql"], '
                     'environment: {POSTGRES_PASSWORD: x, PRIMARY: "first:5432"}}',
                     "PostgreSQL", id="a-replica-dials-its-primary-and-has-the-folder"),
    ],
)  # fmt: skip
def test_what_shows_a_program(service: str, program: str | None, tmp_path: Path) -> None:
    files = {"all.env": "MONGO_INITDB_ROOT_PASSWORD=x\n"}
    made = translation(tmp_path, f"{compose(service)}volumes: {{data: {{}}}}\n", files)
    told = decided(made, "program").get("services.box", "")
    assert bool(told) is (program is not None)
    assert (program or "") in told


def test_the_user_of_an_image_is_not_guessed_from_its_program(tmp_path: Path) -> None:
    service = (
        '{image: "registry.example.com/db:1", environment: {POSTGRES_PASSWORD: x}, '
        'volumes: ["data:/var/lib/postgresql/data"]}'
    )
    made = translation(tmp_path, f"{compose(service)}volumes: {{data: {{}}}}\n")
    assert "PostgreSQL" in decided(made, "program")["services.box"]
    rights = container(made, "box").security
    assert rights.native_user is None
    assert rights.storage_group is None
    assert not rights.read_only_root
    assert "runs as its image says" in decided(made, "user")["services.box"]


def test_a_dockerfile_that_names_the_base_needs_no_marks(tmp_path: Path) -> None:
    files = {"mq/Dockerfile": "FROM rabbitmq:4-management\nCOPY rabbitmq.conf /etc/rabbitmq/\n"}
    made = translation(tmp_path, compose("{build: ./mq}"), files)
    assert decided(made, "program") == {}
    assert 5672 in {one.port for one in container(made, "box").endpoints}


MARKED = '{build: ./gone, ports: ["15672:15672"], healthcheck: {test: "rabbitmq-diagnostics ping"}}'


@pytest.mark.parametrize(
    ("service", "family", "ports"),
    [
        pytest.param(MARKED, "none", [15672], id="none-knows-nothing"),
        pytest.param("{build: ./gone}", "nats", [4222], id="a-family-needs-no-marks"),
        pytest.param('{image: "postgres:16"}', "none", [], id="none-forgets-a-known-image"),
        pytest.param('{image: "postgres:16"}', "postgres", [5432], id="the-same-changes-nothing"),
    ],
)
def test_the_settings_have_the_last_word(
    service: str, family: str, ports: list[int], tmp_path: Path
) -> None:
    choices = Choices(services={"box": ServiceChoices(family=family)})
    made = translation(tmp_path, compose(service), choices=choices)
    assert [one.port for one in container(made, "box").endpoints] == ports
    assert decided(made, "program") == {}


def test_an_unknown_family_is_told(tmp_path: Path) -> None:
    choices = Choices(services={"box": ServiceChoices(family="rabitmq")})
    made = translation(tmp_path, compose("{build: ./gone}"), choices=choices)
    assert "no-such-family" in rules(made)
    (finding,) = (one for one in made.findings if one.rule == "no-such-family")
    assert finding.remedy == 'did you mean "rabbitmq"?'


@pytest.mark.parametrize("family", sorted(catalogue.marks()))
def test_marks_are_of_two_kinds_at_least(family: str) -> None:
    for marks in catalogue.marks()[family]:
        kinds = (marks.settings, marks.paths, marks.programs, marks.ports)
        assert sum(map(bool, kinds)) > 1
        assert marks.paths or marks.ports
