"""Which settings are secret (by name, content, descent), and which secrets are placeholders."""

import pytest

from mooring.compose.environment import EnvValue
from mooring.translate import secrecy


@pytest.mark.parametrize(
    "name",
    [
        "POSTGRES_PASSWORD",
        "MYSQL_ROOT_PASSWORD",
        "PGPASSWORD",
        "DB_PASS",
        "SECRET_KEY_BASE",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "JWT_KEY",
        "HASURA_GRAPHQL_ADMIN_SECRET",
        "githubToken",
        "API_KEY",
        "RABBITMQ_ERLANG_COOKIE",
        "smtp.password",
        "DBPASS",
        "REDIS_AUTH",
        "VAULT_ENC_KEY",
        "PG_META_CRYPTO_KEY",
    ],
)
def test_a_name_that_speaks_of_a_secret_makes_one(name: str) -> None:
    assert secrecy.is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("MONKEY", id="a-word-that-only-ends-in-key"),
        pytest.param("TOKENIZER_MODEL", id="a-word-that-only-begins-with-token"),
        pytest.param("POSTGRES_PASSWORD_FILE", id="a-path-to-a-secret"),
        pytest.param("PASSWORD_MIN_LENGTH", id="a-rule-about-passwords"),
        pytest.param("JWT_TOKEN_TTL", id="a-lifetime-of-tokens"),
        pytest.param("SECRETS_LETSENCRYPT_EMAIL", id="an-address-kept-among-secrets"),
        pytest.param("JWT_PUBLIC_KEY", id="a-public-key"),
        pytest.param("ALLOW_EMPTY_PASSWORD", id="a-switch"),
        pytest.param("PRIMARY_KEY", id="a-key-of-a-table"),
        pytest.param("CACHE_BYPASS", id="a-word-that-only-ends-in-pass"),
        pytest.param("SMTP_AUTH", id="a-method-of-authentication"),
        pytest.param("KEYCLOAK_REALM", id="a-product-called-key"),
        pytest.param("LOG_LEVEL", id="an-ordinary-setting"),
    ],
)
def test_a_name_about_something_else_makes_none(name: str) -> None:
    assert not secrecy.is_secret_name(name)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("postgres://app:s3cr3t@db:5432/app", id="a-url-with-a-password"),
        pytest.param("redis://:s3cr3t@cache:6379/0", id="a-url-with-a-password-and-no-user"),
        pytest.param("host=db user=app password=s3cr3t", id="a-dsn-with-a-password"),
        pytest.param("jdbc:postgresql://db/app?user=a&password=b", id="a-jdbc-url"),
        pytest.param("-----BEGIN RSA PRIVATE KEY-----\nMIIE", id="a-private-key"),
        pytest.param('{"type":"HS256","key":"0123456789abcdef"}', id="json-with-a-key"),
        pytest.param("ghp_" + "a1B2" * 9, id="a-github-token"),
    ],
)
def test_content_in_the_form_of_a_credential_is_secret(value: str) -> None:
    assert secrecy.is_secret_content(value)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("postgres://db:5432/app", id="a-url-without-user"),
        pytest.param("http://user@host/path", id="a-url-with-a-user-only"),
        pytest.param("a@b.example", id="a-mail-address"),
        pytest.param("12:34:56@7", id="a-time"),
        pytest.param('{"level": "info"}', id="json-without-secrets"),
        pytest.param("true", id="a-switch"),
    ],
)
def test_ordinary_content_is_not_secret(value: str) -> None:
    assert not secrecy.is_secret_content(value)


def test_a_text_made_of_a_secret_variable_is_secret() -> None:
    assert secrecy.is_secret_setting("DATABASE", "x-abc-y", ("DB_PASSWORD",))
    assert not secrecy.is_secret_setting("DATABASE", "x-abc-y", ("DB_NAME",))


def test_a_switch_is_no_secret_whatever_it_is_called() -> None:
    assert not secrecy.is_secret_setting("USES_SECRET", "true")


@pytest.mark.parametrize(
    ("value", "is_secret"),
    [
        pytest.param("certs/es01/es01.key", False, id="a-path-inside-of-the-image"),
        pytest.param("/run/tls/server.pem", False, id="a-whole-path"),
        pytest.param("server.key", True, id="a-word-that-may-be-anything"),
        pytest.param("a b/c.key", True, id="words"),
    ],
)
def test_the_path_of_a_key_is_no_secret(value: str, is_secret: bool) -> None:
    assert secrecy.is_secret_setting("HTTP_SSL_KEY", value) is is_secret


@pytest.mark.parametrize(
    "value",
    [
        "",
        "  ",
        "changeme",
        "CHANGE_ME_PLEASE",
        "<password>",
        "xxxx",
        "postgres",
        "REPLACE_WITH_X",
        "changePassword",
        "change-encryption-key",
        "CHANGE_SECRET",
    ],
)
def test_what_nobody_can_mean_is_a_placeholder(value: str) -> None:
    assert secrecy.is_placeholder(value)


@pytest.mark.parametrize(
    "value",
    [
        "Vq8#kd92mmZ",
        "f3a9c1d2e4b5",
        "correct horse battery",
        "exchangeKeyPassword9",
        "postgres://postgres:Vq8kd92mmZ@db/app",
    ],
)
def test_a_real_secret_is_no_placeholder(value: str) -> None:
    assert not secrecy.is_placeholder(value)


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("amqp://guest:guest@rabbit:5672/", id="the-account-of-a-manual"),
        pytest.param("postgres://shop:shop@db/shop", id="a-password-that-is-the-user"),
        pytest.param("mysql://app:secret@db/app", id="a-word-that-everybody-tries"),
    ],
)
def test_an_address_is_as_known_as_the_password_in_it(address: str) -> None:
    assert secrecy.is_placeholder(address)


@pytest.mark.parametrize(
    ("beside", "is_known"),
    [
        pytest.param({"POSTGRES_USER": "airflow"}, True, id="it-is-that-of-the-user"),
        pytest.param({"MARIADB_DATABASE": "airflow"}, True, id="it-is-that-of-the-database"),
        pytest.param({"POSTGRES_USER": "scheduler"}, False, id="the-user-is-called-otherwise"),
        pytest.param({"APP_NAME": "airflow"}, False, id="only-the-program-is-called-so"),
        pytest.param({"POSTGRES_USER": None}, False, id="the-user-has-no-value"),
    ],
)
def test_a_password_that_repeats_the_name_of_its_user_is_one_that_everybody_tries(
    beside: dict[str, str | None], is_known: bool
) -> None:
    environment = {"POSTGRES_PASSWORD": "airflow", **beside}
    entries = {name: EnvValue(value=value) for name, value in environment.items()}
    found = secrecy.is_name_of_its_user("POSTGRES_PASSWORD", "airflow", entries)
    assert found is is_known


def test_a_mounted_file_with_a_credential_inside_is_secret() -> None:
    assert secrecy.is_secret_file("app.ini", b"[db]\nurl = postgres://a:b@c/d\n")
    assert secrecy.is_secret_file("tls/server.key", b"x")
    assert not secrecy.is_secret_file("nginx.conf", b"listen 80;\n")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        pytest.param("docker/.env", "DATABASE_PASSWORD=superset", id="a-file-of-variables"),
        pytest.param("app.env", "export API_KEY='k'", id="an-exported-variable"),
        pytest.param("config.yml", "system.secret-key: a1b2 # changed", id="an-entry-of-yaml"),
        pytest.param("users.yaml", "  - password: hunter2", id="an-entry-of-a-list"),
        pytest.param("my.cnf", "password = hunter2", id="an-entry-of-ini"),
    ],
)
def test_a_file_of_settings_that_gives_a_secret_is_secret(name: str, line: str) -> None:
    assert secrecy.is_secret_file(name, f"a: b\n{line}\n".encode())


@pytest.mark.parametrize(
    ("name", "line"),
    [
        pytest.param(".env", "DATABASE_PASSWORD=", id="an-empty-value"),
        pytest.param("config.yml", "password: ${DB_PASSWORD}", id="a-variable"),
        pytest.param("config.yml", "password: /run/secrets/db", id="a-path"),
        pytest.param("config.yml", "password:", id="a-section"),
        pytest.param("config.yml", "use_token: true", id="a-switch"),
        pytest.param("config.yml", "# password: x", id="a-comment"),
        pytest.param("app.py", "token = ask()", id="a-program"),
        pytest.param("nginx.conf", "proxy_pass http://web:80;", id="another-language"),
    ],
)
def test_a_file_of_settings_without_a_secret_is_not_secret(name: str, line: str) -> None:
    assert not secrecy.is_secret_file(name, f"a: b\n{line}\n".encode())


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        pytest.param("SENTRY_DSN", "", True, id="nobody-is-told-of-errors"),
        pytest.param("SLACK_WEBHOOK_TOKEN", " ", True, id="nobody-is-told"),
        pytest.param("SENTRY_DSN", "https://k@sentry.io/1", False, id="somebody-is"),
        pytest.param("DB_PASSWORD", "", False, id="a-password-is-missing"),
    ],
)
def test_an_empty_key_may_switch_something_off(name: str, value: str, expected: bool) -> None:
    assert secrecy.is_switched_off(name, value) is expected
