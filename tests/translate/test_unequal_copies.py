"""Copies of one secret that differ in the input: which one holds is asked, and may be said."""

from pathlib import Path

import pytest
from tests.translate.whole import container, decided, translation

from mooring.decisions import together
from mooring.generate.configuration import configuration
from mooring.generate.secret_keys import with_keys
from mooring.settings.choices import Choices, Secrecy, ServiceChoices
from mooring.translate.project import Translation

POSTGRES = (
    "{image: 'postgres:16', environment: {POSTGRES_USER: shop, POSTGRES_PASSWORD: kW8sLq0Zd1}}"
)
MINIO = (
    "{image: 'minio/minio:1', "
    "environment: {MINIO_ROOT_USER: boss, MINIO_ROOT_PASSWORD: kW8sLq0Zd1}}"
)
HASURA = (
    "{image: 'hasura/graphql-engine:v2.40.0', "
    "environment: {HASURA_GRAPHQL_ADMIN_SECRET: kW8sLq0Zd1}}"
)


def made_of(
    folder: Path, server: str, client: str, choices: dict[str, dict[str, Secrecy]] | None = None
) -> Translation:
    compose = f"""\
services:
  db: {server}
  app: {{image: "registry.example.com/app:1", environment: {client}}}
"""
    said = {name: ServiceChoices(settings=one) for name, one in (choices or {}).items()}
    return translation(folder, compose, choices=Choices(services=said))


def asked(made: Translation) -> dict[str, str]:
    return {one.subject: one.question for one in made.questions if "another value" in one.question}


DIFFERING = [
    pytest.param(
        POSTGRES,
        "{URL: 'postgres://shop:another8Xq@db/shop'}",
        "POSTGRES_PASSWORD",
        id="in-an-address",
    ),
    pytest.param(
        POSTGRES,
        "{DB_HOST: db, DB_USER: shop, DB_PASSWORD: another8Xq}",
        "POSTGRES_PASSWORD",
        id="beside-a-host-and-a-user",
    ),
    pytest.param(
        POSTGRES,
        "{DATABASE: 'db:5432', POSTGRES_PASSWORD: another8Xq}",
        "POSTGRES_PASSWORD",
        id="under-the-name-of-the-server",
    ),
    pytest.param(
        MINIO,
        "{S3_ENDPOINT: 'http://db:9000', S3_ACCESS_KEY: boss, S3_SECRET_KEY: another8Xq}",
        "MINIO_ROOT_PASSWORD",
        id="keys-of-a-store",
    ),
    pytest.param(
        HASURA,
        "{URL: 'http://db:8080', HASURA_GRAPHQL_ADMIN_SECRET: another8Xq}",
        "HASURA_GRAPHQL_ADMIN_SECRET",
        id="the-key-of-an-api",
    ),
    pytest.param(
        HASURA,
        "{URL: 'http://db:8080', HASURA_ADMIN_SECRET: another8Xq}",
        "HASURA_GRAPHQL_ADMIN_SECRET",
        id="what-its-clients-call-it",
    ),
]


@pytest.mark.parametrize(("server", "client", "name"), DIFFERING)
def test_which_one_holds_is_asked(tmp_path: Path, server: str, client: str, name: str) -> None:
    found = asked(made_of(tmp_path, server, client))
    assert list(found) == [f"services.db.environment.{name}"]
    (question,) = found.values()
    assert "app (" in question
    assert "compose.yaml:3" in question
    assert "another8Xq" not in question
    assert "kW8sLq0Zd1" not in question


@pytest.mark.parametrize(("server", "client", "name"), DIFFERING)
def test_one_that_is_shared_is_the_servers(
    tmp_path: Path, server: str, client: str, name: str
) -> None:
    made = made_of(tmp_path, server, client, {"db": {name: Secrecy.SHARED}})
    assert asked(made) == {}
    (secret,) = configuration(made.application).secrets
    assert secret.values[name].reveal() == "kW8sLq0Zd1"
    assert "another8Xq" not in {one.reveal() for one in secret.values.values()}
    assert f"its {name} is that of app" in decided(made, "secret")["services.db"]
    _, single = configuration(made.application).environment_of(container(made, "app"))
    keys = {one.value_from.secret_key_ref.key for one in single if one.value_from
            and one.value_from.secret_key_ref}  # fmt: skip
    assert name in keys


@pytest.mark.parametrize(
    ("server", "client"),
    [
        pytest.param(POSTGRES, "{URL: 'postgres://other:another8Xq@db/shop'}", id="another-user"),
        pytest.param(
            POSTGRES, "{URL: 'postgres://shop:another8Xq@elsewhere/shop'}", id="another-host"
        ),
        pytest.param(POSTGRES, "{URL: 'postgres://shop:kW8sLq0Zd1@db/shop'}", id="the-same"),
        pytest.param(
            "{image: 'postgres:16', environment: {POSTGRES_PASSWORD: 'kW8s@q0Zd1'}}",
            "{URL: 'postgres://postgres:kW8s%40q0Zd1@db/x'}",
            id="the-same-percent-encoded",
        ),
        pytest.param(POSTGRES, "{DB_HOST: db, DB_PASSWORD: another8Xq}", id="nobody-says-whose"),
        pytest.param(POSTGRES, "{POSTGRES_PASSWORD: another8Xq}", id="nobody-is-dialled"),
        pytest.param(
            POSTGRES,
            "{DB: db, POSTGRES_USER: other, POSTGRES_PASSWORD: another8Xq}",
            id="another-user-under-the-same-names",
        ),
    ],
)
def test_what_is_no_copy(tmp_path: Path, server: str, client: str) -> None:
    assert asked(made_of(tmp_path, server, client)) == {}


@pytest.mark.parametrize(
    "choices",
    [
        pytest.param({"db": {"POSTGRES_PASSWORD": Secrecy.OWN}}, id="at-the-server"),
        pytest.param({"app": {"URL": Secrecy.OWN}}, id="at-the-client"),
    ],
)
def test_the_user_may_leave_both(tmp_path: Path, choices: dict[str, dict[str, Secrecy]]) -> None:
    client = "{URL: 'postgres://shop:another8Xq@db/shop'}"
    made = made_of(tmp_path, POSTGRES, client, choices)
    assert asked(made) == {}
    (secret,) = configuration(made.application).secrets
    assert set(secret.values) == {"POSTGRES_PASSWORD", "URL"}


def test_two_servers_of_a_kind_are_no_copies_of_one_another(tmp_path: Path) -> None:
    other = POSTGRES.replace("kW8sLq0Zd1", "another8Xq").replace("}}", ", PEER: db}}")
    compose = f"services: {{db: {POSTGRES}, standby: {other}}}"
    assert asked(translation(tmp_path, compose)) == {}


def test_what_holds_a_password_that_its_address_cannot_is_encoded(tmp_path: Path) -> None:
    server = POSTGRES.replace("kW8sLq0Zd1", "'kW8s@q0Zd1'")
    client = "{URL: 'postgres://shop:another8Xq@db/shop'}"
    made = made_of(tmp_path, server, client, {"db": {"POSTGRES_PASSWORD": Secrecy.SHARED}})
    (secret,) = configuration(made.application).secrets
    assert secret.values["URL"].reveal() == "postgres://shop:kW8s%40q0Zd1@db/shop"


def test_a_placeholder_that_gave_way_is_asked_for_no_more(tmp_path: Path) -> None:
    client = "{URL: 'http://db:8080', HASURA_GRAPHQL_ADMIN_SECRET: changeme}"
    choices = {"db": {"HASURA_GRAPHQL_ADMIN_SECRET": Secrecy.SHARED}}
    made = made_of(tmp_path, HASURA, client, choices)
    answers = [
        one.answer
        for one, _ in together(with_keys(made.questions, made.application))
        if "ADMIN_SECRET" in one.answer
    ]
    assert answers == []
