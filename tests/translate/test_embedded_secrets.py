"""An address is composed of the password in it, which is set once."""

from pathlib import Path

import pytest
from tests.translate.whole import container, decided, translation

from mooring.decisions import together
from mooring.generate.configuration import configuration
from mooring.generate.secret_keys import with_keys
from mooring.settings.choices import Choices, Secrecy, ServiceChoices
from mooring.translate.project import Translation

DB = "{image: 'postgres:16', environment: {POSTGRES_USER: shop, POSTGRES_PASSWORD: kW8sLq0Zd1}}"


def made_of(folder: Path, client: str, server: str = DB, **further: str) -> Translation:
    others = "".join(f"  {name}: {text}\n" for name, text in further.items())
    compose = f"""\
services:
  db: {server}
  app: {{image: "registry.example.com/app:1", environment: {client}}}
{others}"""
    return translation(folder, compose)


def variables(made: Translation, name: str = "app") -> dict[str, str]:
    """Return what the pod gives `app`: the texts, and the keys of those from the Secret."""
    _, single = configuration(made.application).environment_of(container(made, name))
    found: dict[str, str] = {}
    for one in single:
        reference = one.value_from.secret_key_ref if one.value_from is not None else None
        found[one.name] = one.value or (f"key {reference.key}" if reference is not None else "")
    return found


def secrets(made: Translation) -> dict[str, str | bytes]:
    (secret,) = configuration(made.application).secrets
    return {key: value.reveal() for key, value in secret.values.items()}


@pytest.mark.parametrize(
    ("address", "composed"),
    [
        pytest.param(
            "postgres://shop:kW8sLq0Zd1@db/shop",
            "postgres://shop:$(MOORING_POSTGRES_PASSWORD)@db/shop",
            id="a-url",
        ),
        pytest.param(
            "host=db password=kW8sLq0Zd1 dbname=x",
            "host=db password=$(MOORING_POSTGRES_PASSWORD) dbname=x",
            id="keywords",
        ),
        pytest.param(
            "jdbc:postgresql://db/x?user=shop&password=kW8sLq0Zd1",
            "jdbc:postgresql://db/x?user=shop&password=$(MOORING_POSTGRES_PASSWORD)",
            id="a-query",
        ),
    ],
)
def test_the_password_of_whom_it_dials_stands_in_an_address(
    tmp_path: Path, address: str, composed: str
) -> None:
    made = made_of(tmp_path, f"{{DATABASE_URL: '{address}'}}")
    assert variables(made) == {
        "MOORING_POSTGRES_PASSWORD": "key POSTGRES_PASSWORD",
        "DATABASE_URL": composed,
    }
    assert secrets(made) == {"POSTGRES_PASSWORD": "kW8sLq0Zd1"}
    assert "DATABASE_URL" in decided(made, "secret")["services.app"]


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("postgres://shop:another8Xq@db/shop", id="another-password"),
        pytest.param("postgres://shop:kW8sLq0Zd1@elsewhere/shop", id="another-host"),
        pytest.param("postgres://<user>:kW8sLq0Zd1@db/shop", id="an-open-user"),
        pytest.param(
            "postgres://shop:kW8sLq0Zd1@db/shop?apikey=x&sslpassword=hunter2", id="more-secrets"
        ),
    ],
)
def test_other_addresses_stay_whole(tmp_path: Path, address: str) -> None:
    made = made_of(tmp_path, f"{{DATABASE_URL: '{address}'}}")
    assert variables(made) == {"DATABASE_URL": "key DATABASE_URL"}


def test_an_encoded_password_stays(tmp_path: Path) -> None:
    server = "{image: 'postgres:16', environment: {POSTGRES_PASSWORD: 'kW8s@q0Zd1'}}"
    made = made_of(tmp_path, "{URL: 'postgres://postgres:kW8s%40q0Zd1@db/x'}", server)
    assert variables(made) == {"URL": "key URL"}
    assert decided(made, "secret")["services.app"] == (
        "the password in its URL is the POSTGRES_PASSWORD of db, percent-encoded: "
        "who sets one of them has to set both"
    )


def test_the_variable_that_the_program_has_anyway_is_put_in(tmp_path: Path) -> None:
    made = made_of(
        tmp_path,
        "{DB_HOST: db, DB_PASSWORD: kW8sLq0Zd1, URL: 'postgres://shop:kW8sLq0Zd1@db/shop'}",
    )
    assert variables(made) == {
        "DB_PASSWORD": "key POSTGRES_PASSWORD",
        "URL": "postgres://shop:$(DB_PASSWORD)@db/shop",
    }


def test_the_password_in_a_command_is_one_too(tmp_path: Path) -> None:
    made = made_of(
        tmp_path,
        "{REDIS_URL: 'redis://:hunter2hunter@cache:6379'}",
        cache="{image: 'redis:7', command: redis-server --requirepass hunter2hunter}",
    )
    assert variables(made)["REDIS_URL"] == "redis://:$(MOORING_REQUIREPASS)@cache:6379"
    assert secrets(made) == {"POSTGRES_PASSWORD": "kW8sLq0Zd1", "REQUIREPASS": "hunter2hunter"}


def test_of_several_alike_it_is_that_of_the_account(tmp_path: Path) -> None:
    server = (
        "{image: 'postgres:16', environment: {ADMIN_TOKEN: same8Xq1, POSTGRES_PASSWORD: same8Xq1}}"
    )
    made = made_of(tmp_path, "{URL: 'postgres://postgres:same8Xq1@db/x'}", server)
    assert variables(made)["MOORING_POSTGRES_PASSWORD"] == "key POSTGRES_PASSWORD"


@pytest.mark.parametrize(
    ("client", "name", "composed"),
    [
        pytest.param(
            """{JWT_KEY: vR4x9TqLw2, JWT: '{"type":"HS256","key":"vR4x9TqLw2"}'}""",
            "JWT",
            '{"type":"HS256","key":"$(JWT_KEY)"}',
            id="the-key-of-tokens",
        ),
        pytest.param(
            """{JWT_KEY: vR4x9TqLw2, JWT_SECRET: '{"type":"HS256","key":"vR4x9TqLw2"}'}""",
            "JWT_SECRET",
            '{"type":"HS256","key":"$(JWT_KEY)"}',
            id="under-a-name-of-a-secret",
        ),
        pytest.param(
            "{PW_SECRET: vR4x9TqLw2, URL: 'amqp://app:vR4x9TqLw2@mq.example.com'}",
            "URL",
            "amqp://app:$(PW_SECRET)@mq.example.com",
            id="no-accident",
        ),
        pytest.param(
            "{MQ_HOST: mq.example.com, MQ_PASSWORD: app, URL: 'amqp://app:app@mq.example.com'}",
            "URL",
            "amqp://app:$(MQ_PASSWORD)@mq.example.com",
            id="of-the-same-host",
        ),
    ],
)
def test_the_same_secret_beside_it_is_put_in(
    tmp_path: Path, client: str, name: str, composed: str
) -> None:
    assert variables(made_of(tmp_path, client))[name] == composed


def test_a_word_that_everybody_takes_is_no_bond(tmp_path: Path) -> None:
    made = made_of(tmp_path, "{SMTP_PASSWORD: changeme, URL: 'amqp://app:changeme@mq.example.com'}")
    assert variables(made) == {"SMTP_PASSWORD": "key SMTP_PASSWORD", "URL": "key URL"}


def test_a_variable_that_flowed_into_it_is_one(tmp_path: Path) -> None:
    compose = """\
        services:
          app: {image: "registry.example.com/app:1", env_file: app.env}
        """
    files = {
        "app.env": "PW=app\nDB_PW=${PW}\nURL=amqp://app:${DB_PW}@mq.example.com\nCOPY=${URL}\n"
    }
    made = translation(tmp_path, compose, files)
    assert variables(made) == {
        "DB_PW": "key PW",
        "PW": "key PW",
        "COPY": "amqp://app:$(DB_PW)@mq.example.com",
        "URL": "amqp://app:$(DB_PW)@mq.example.com",
    }


@pytest.mark.parametrize("chosen", [Secrecy.OWN, Secrecy.SECRET])
def test_the_user_may_keep_it_whole(tmp_path: Path, chosen: Secrecy) -> None:
    choices = Choices(services={"app": ServiceChoices(settings={"URL": chosen})})
    compose = f"""\
services:
  db: {DB}
  app: {{image: app:1, environment: {{URL: 'postgres://shop:kW8sLq0Zd1@db/shop'}}}}
"""
    made = translation(tmp_path, compose, choices=choices)
    assert variables(made) == {"URL": "key URL"}


def test_one_question_stands_for_a_password_and_its_addresses(tmp_path: Path) -> None:
    made = made_of(
        tmp_path,
        "{DB_HOST: db, DB_PASSWORD: changeme, URL: 'postgres://shop:changeme@db/x'}",
        "{image: 'postgres:16', environment: {POSTGRES_PASSWORD: changeme}}",
        worker="{image: 'w:1', environment: {DATABASE_URL: 'postgres://shop:changeme@db/x'}}",
    )
    asked = [
        (one.answer.partition("=")[0], others)
        for one, others in together(with_keys(made.questions, made.application))
        if "secrets.env" in one.answer
    ]
    assert asked == [("POSTGRES_PASSWORD", " (and of app, worker)")]


def test_what_is_too_short_is_asked_under_the_name_that_has_a_key(tmp_path: Path) -> None:
    made = made_of(
        tmp_path, """{JWT_KEY: vR4x9TqLw2, JWT: '{"type":"HS256","key":"vR4x9TqLw2"}'}"""
    )
    asked = [one for one in with_keys(made.questions, made.application) if "bytes" in one.question]
    assert [one.answer.partition("=")[0] for one in asked] == ["JWT_KEY"]


def test_who_gives_a_new_key_anyway_is_asked_once(tmp_path: Path) -> None:
    compose = """\
        services:
          app: {image: "registry.example.com/app:1", env_file: app.env}
        """
    files = {"app.env": 'JWT_KEY=changeme\nJWT={"type":"HS256","key":"${JWT_KEY}"}\n'}
    made = translation(tmp_path, compose, files)
    asked = [
        one
        for one, _ in together(with_keys(made.questions, made.application))
        if "JWT" in one.answer
    ]
    assert [one.answer.partition("=")[0] for one in asked] == ["JWT_KEY"]


def test_the_database_may_be_outside(tmp_path: Path) -> None:
    made = made_of(tmp_path, "{URL: 'postgres://shop:kW8sLq0Zd1@db/shop'}")
    gone = [part for part in made.application.parts if part.name == "db"]
    left = made.application.without(gone)
    _, single = configuration(left).environment_of(container(made, "app"))
    assert [one.value for one in single if one.value] == [
        "postgres://shop:$(MOORING_POSTGRES_PASSWORD)@db/shop"
    ]
    (secret,) = configuration(left).secrets
    assert {key: one.reveal() for key, one in secret.values.items()} == {
        "POSTGRES_PASSWORD": "kW8sLq0Zd1"
    }


def test_a_renamed_host_stays_renamed(tmp_path: Path) -> None:
    compose = f"""\
services:
  my_db: {DB}
  app: {{image: app:1, environment: {{URL: 'postgres://shop:kW8sLq0Zd1@my_db/shop'}}}}
"""
    made = translation(tmp_path, compose)
    assert variables(made)["URL"] == "postgres://shop:$(MOORING_POSTGRES_PASSWORD)@my-db/shop"


FILES = """\
services:
  db:
    image: "postgres:16"
    environment: {POSTGRES_PASSWORD_FILE: /run/secrets/db-password}
    secrets: [db-password]
  app: {image: "app:1", environment: %s}
secrets: {db-password: {file: pw.txt}}
"""


@pytest.mark.parametrize(
    ("client", "given"),
    [
        pytest.param(
            "{URL: 'postgres://postgres:changeme@db/x'}",
            {
                "MOORING_db_password": "key db-password",
                "URL": "postgres://postgres:$(MOORING_db_password)@db/x",
            },
            id="in-an-address",
        ),
        pytest.param(
            "{DB_HOST: db, DB_PASSWORD: changeme}",
            {"DB_PASSWORD": "key db-password"},
            id="beside-a-host",
        ),
    ],
)
def test_a_server_may_read_its_password_from_a_file(
    tmp_path: Path, client: str, given: dict[str, str]
) -> None:
    made = translation(tmp_path, FILES % client, {"pw.txt": "changeme\n"})
    assert variables(made) == given
    assert secrets(made) == {"db-password": "changeme"}
    asked = together(with_keys(made.questions, made.application))
    answers = [one.answer for one, _ in asked if "secrets.env" in one.answer]
    assert set(answers) == {"db-password=<value> in environments/<environment>/secrets.env"}


@pytest.mark.parametrize(
    ("name", "password", "key"),
    [
        pytest.param("PW_SECRET", "${REDIS_PASSWORD}", "REQUIREPASS", id="what-flows-into-both"),
        pytest.param("SMTP_PASSWORD", "changeme", "SMTP_PASSWORD", id="not-the-same-word"),
    ],
)
def test_what_flows_into_an_address_and_beside_it_is_one(
    tmp_path: Path, name: str, password: str, key: str
) -> None:
    compose = f"""\
services:
  cache: {{image: 'redis:7', command: 'redis-server --requirepass ${{REDIS_PASSWORD}}'}}
  app:
    image: app:1
    environment: {{URL: 'redis://:${{REDIS_PASSWORD}}@cache/0', {name}: '{password}'}}
"""
    made = translation(tmp_path, compose, {".env": "REDIS_PASSWORD=changeme\n"})
    assert variables(made)[name] == f"key {key}"
