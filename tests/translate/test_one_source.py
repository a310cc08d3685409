"""One password under two names has one key, and two passwords with one value have two."""

import textwrap
from pathlib import Path

import pytest
from tests.translate.whole import container, decided, translation

from mooring.decisions import together
from mooring.generate.context import context
from mooring.generate.secret_keys import with_keys
from mooring.settings.choices import Choices, Secrecy, ServiceChoices
from mooring.settings.environments import Environment, Tier
from mooring.translate.project import Translation

PRODUCTION = Environment(name="production", tier=Tier.PRODUCTION)

STACK = """\
services:
  db:
    image: {image}
    environment: {server}
  app:
    image: registry.example.com/app:1
    environment: {client}
"""


def made_of(
    folder: Path, client: str, server: str, *, image: str, choices: Choices | None = None
) -> Translation:
    compose = textwrap.dedent(STACK).format(image=image, server=server, client=client)
    return translation(folder, compose, choices=choices or Choices())


def keys(made: Translation) -> dict[str, str]:
    """Return the keys of the secrets of the application by the variables of `app`."""
    found = context(made.application, PRODUCTION).configuration.setting_keys
    return {name: key for (owner, name), key in found.items() if owner == "app"}


POSTGRES = "{POSTGRES_PASSWORD: kW8sLq0Zd1, POSTGRES_USER: shop}"
MYSQL = "{MYSQL_USER: shop, MYSQL_PASSWORD: kW8sLq0Zd1, MYSQL_ROOT_PASSWORD: kW8sLq0Zd1}"


@pytest.mark.parametrize(
    ("client", "name"),
    [
        pytest.param("{DB_HOST: db, DB_PASSWORD: kW8sLq0Zd1}", "DB_PASSWORD", id="db-host"),
        pytest.param(
            "{GITEA__database__HOST: 'db:5432', GITEA__database__PASSWD: kW8sLq0Zd1}",
            "GITEA__database__PASSWD",
            id="words-with-two-underscores",
        ),
        pytest.param("{PGHOST: db, PGPASSWORD: kW8sLq0Zd1}", "PGPASSWORD", id="one-word"),
        pytest.param(
            "{KC_DB_URL_HOST: db, KC_DB_PASSWORD: kW8sLq0Zd1}", "KC_DB_PASSWORD", id="two-words"
        ),
        pytest.param("{POSTGRES_SEEDS: db, POSTGRES_PWD: kW8sLq0Zd1}", "POSTGRES_PWD", id="seeds"),
        pytest.param(
            "{SPRING_DATASOURCE_URL: 'jdbc:postgresql://db/x', SPRING_DATASOURCE_PASSWORD: "
            "kW8sLq0Zd1}",
            "SPRING_DATASOURCE_PASSWORD",
            id="an-address",
        ),
    ],
)
def test_the_password_of_whom_a_program_dials_has_its_key(
    tmp_path: Path, client: str, name: str
) -> None:
    made = made_of(tmp_path, client, POSTGRES, image="postgres:16")
    assert keys(made) == {name: "POSTGRES_PASSWORD"}
    assert name in decided(made, "secret")["services.app"]


@pytest.mark.parametrize(
    ("client", "name"),
    [
        pytest.param(
            "{DB_HOST: db, ADMIN_PASSWORD: kW8sLq0Zd1}", "ADMIN_PASSWORD", id="of-another-name"
        ),
        pytest.param("{DB_PASSWORD: kW8sLq0Zd1}", "DB_PASSWORD", id="without-a-host"),
        pytest.param(
            "{DB_HOST: elsewhere, DB_PASSWORD: kW8sLq0Zd1}", "DB_PASSWORD", id="of-another-host"
        ),
        pytest.param("{DB_HOST: db, DB_PASSWORD: another8Xq}", "DB_PASSWORD", id="another-value"),
    ],
)
def test_the_same_value_alone_is_no_reason(tmp_path: Path, client: str, name: str) -> None:
    made = made_of(tmp_path, client, POSTGRES, image="postgres:16")
    assert keys(made) == {name: name}


@pytest.mark.parametrize(
    ("user", "key"),
    [
        pytest.param("shop", "MYSQL_PASSWORD", id="that-of-the-user"),
        pytest.param("root", "MYSQL_ROOT_PASSWORD", id="that-of-root"),
    ],
)
def test_of_two_passwords_it_is_that_of_the_user(tmp_path: Path, user: str, key: str) -> None:
    client = f"{{DB_HOST: db, DB_USER: {user}, DB_PASSWORD: kW8sLq0Zd1}}"
    assert keys(made_of(tmp_path, client, MYSQL, image="mysql:8.4")) == {"DB_PASSWORD": key}


def test_the_user_may_keep_them_apart(tmp_path: Path) -> None:
    choices = Choices(services={"app": ServiceChoices(settings={"DB_PASSWORD": Secrecy.OWN})})
    client = "{DB_HOST: db, DB_PASSWORD: kW8sLq0Zd1}"
    made = made_of(tmp_path, client, POSTGRES, image="postgres:16", choices=choices)
    assert keys(made) == {"DB_PASSWORD": "DB_PASSWORD"}


def test_what_both_need_is_asked_once(tmp_path: Path) -> None:
    made = made_of(
        tmp_path,
        "{DB_HOST: db, DB_PASSWORD: changeme}",
        "{POSTGRES_PASSWORD: changeme}",
        image="postgres:16",
    )
    asked = together(with_keys(made.questions, made.application))
    secrets = [one for one, _ in asked if "secrets.env" in one.answer]
    assert [one.answer.partition("=")[0] for one in secrets] == ["POSTGRES_PASSWORD"]
    assert [one.subject for one in secrets] == ["services.db.environment.POSTGRES_PASSWORD"]


def test_the_question_is_that_of_whose_key_it_is(tmp_path: Path) -> None:
    compose = """\
        services:
          app: {image: "app:1", environment: {DB_HOST: db, DB_PASSWORD: changeme}}
          db: {image: "postgres:16", environment: {POSTGRES_PASSWORD: changeme}}
        """
    made = translation(tmp_path, compose)
    asked = [
        (one.subject, others)
        for one, others in together(with_keys(made.questions, made.application))
        if "secrets.env" in one.answer
    ]
    assert asked == [("services.db.environment.POSTGRES_PASSWORD", " (and of app)")]


def test_two_databases_keep_their_passwords_apart(tmp_path: Path) -> None:
    compose = """\
        services:
          one: {image: "postgres:16", environment: {POSTGRES_PASSWORD: kW8sLq0Zd1}}
          two: {image: "postgres:16", environment: {POSTGRES_PASSWORD: another8Xq}}
          app:
            image: registry.example.com/app:1
            environment: {A_HOST: one, A_PASSWORD: kW8sLq0Zd1, B_HOST: two, B_PASSWORD: another8Xq}
        """
    made = translation(tmp_path, compose)
    assert keys(made) == {"A_PASSWORD": "POSTGRES_PASSWORD", "B_PASSWORD": "TWO_POSTGRES_PASSWORD"}
    assert len(container(made, "app").settings) == 4


def test_what_a_variable_flowed_into_is_one_secret(tmp_path: Path) -> None:
    compose = """\
        services:
          one: {image: "one:1", environment: {API_TOKEN: "${TOKEN}"}}
          app: {image: "two:1", environment: {ONE_TOKEN: "${TOKEN}", X_TOKEN: qR7tYp2LmZ}}
        """
    made = translation(tmp_path, compose, {".env": "TOKEN=qR7tYp2LmZ"})
    assert keys(made) == {"ONE_TOKEN": "API_TOKEN", "X_TOKEN": "X_TOKEN"}
    assert "ONE_TOKEN" in decided(made, "secret")["services.app"]


def test_a_copy_under_another_name_of_the_same_file_is_one_secret(tmp_path: Path) -> None:
    compose = """\
        services:
          app: {image: "two:1", env_file: app.env}
        """
    made = translation(tmp_path, compose, {"app.env": "A_TOKEN=x\nB_TOKEN=${A_TOKEN}\n"})
    assert keys(made) == {"A_TOKEN": "A_TOKEN", "B_TOKEN": "A_TOKEN"}


def test_a_variable_and_the_env_file_that_gives_it_are_one_secret(tmp_path: Path) -> None:
    stack = """
        services:
          app: {image: "one:1", env_file: .env}
          db: {image: "postgres:16", environment: {POSTGRES_PASSWORD: "${DB_PASSWORD}"}}
        """
    made = translation(tmp_path, stack, {".env": "DB_PASSWORD=kW8sLq0Zd1\n"})
    assert keys(made) == {"DB_PASSWORD": "POSTGRES_PASSWORD"}
    files = {".env": "DB_PASSWORD=kW8sLq0Zd1\n", "app.env": "DB_PASSWORD=other-one\n"}
    apart = stack.replace("env_file: .env", "env_file: app.env")
    other = translation(tmp_path / "other", apart, files)
    assert keys(other) == {"DB_PASSWORD": "DB_PASSWORD"}


def test_two_accounts_of_a_server_keep_their_passwords(tmp_path: Path) -> None:
    server = "{MYSQL_USER: shop, MYSQL_PASSWORD: '${PW}', MYSQL_ROOT_PASSWORD: '${PW}'}"
    compose = f"services: {{db: {{image: 'mysql:8.4', environment: {server}}}}}"
    made = translation(tmp_path, compose, {".env": "PW=kW8sLq0Zd1"})
    found = context(made.application, PRODUCTION).configuration.setting_keys
    assert set(found.values()) == {"MYSQL_PASSWORD", "MYSQL_ROOT_PASSWORD"}


def test_what_a_server_holds_besides_is_no_account(tmp_path: Path) -> None:
    client = "{S3_ENDPOINT: 'http://db:9000', S3_SECRET_KEY: kW8sLq0Zd1}"
    server = "{A_SECRET: kW8sLq0Zd1, MINIO_ROOT_PASSWORD: kW8sLq0Zd1}"
    made = made_of(tmp_path, client, server, image="minio/minio:1")
    assert keys(made) == {"S3_SECRET_KEY": "MINIO_ROOT_PASSWORD"}


def test_what_a_variable_flowed_into_may_be_kept_apart(tmp_path: Path) -> None:
    compose = """\
        services:
          one: {image: "one:1", environment: {API_TOKEN: "${TOKEN}"}}
          app: {image: "two:1", environment: {ONE_TOKEN: "${TOKEN}"}}
        """
    choices = Choices(services={"app": ServiceChoices(settings={"ONE_TOKEN": Secrecy.OWN})})
    made = translation(tmp_path, compose, {".env": "TOKEN=qR7tYp2LmZ"}, choices=choices)
    assert keys(made) == {"ONE_TOKEN": "ONE_TOKEN"}
    assert "services.app" not in decided(made, "secret")
