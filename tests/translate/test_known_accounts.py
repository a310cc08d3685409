"""Accounts of manuals and missing passwords are asked for, and have a place for the answer."""

from pathlib import Path

import pytest
from tests.translate.whole import container, decided, translation

from mooring.sensitive import Sensitive


def settings(made_of: dict[str, str | Sensitive[str]]) -> dict[str, str]:
    return {
        name: value.reveal() if isinstance(value, Sensitive) else value
        for name, value in made_of.items()
    }


@pytest.mark.parametrize(
    ("service", "added", "asked"),
    [
        pytest.param(
            "{image: 'grafana/grafana:11.2.0'}",
            {"GF_SECURITY_ADMIN_PASSWORD": "admin", "GF_SECURITY_ADMIN_USER": "admin"},
            ["GF_SECURITY_ADMIN_PASSWORD"],
            id="an-account-that-the-image-makes",
        ),
        pytest.param(
            "{image: 'minio/minio:RELEASE.2024-08-03T04-33-23Z', command: server /data}",
            {"MINIO_ROOT_PASSWORD": "minioadmin", "MINIO_ROOT_USER": "minioadmin"},
            ["MINIO_ROOT_PASSWORD"],
            id="with-the-usual-command-of-the-image",
        ),
        pytest.param(
            "{image: 'postgres:16'}",
            {"POSTGRES_PASSWORD": ""},
            ["POSTGRES_PASSWORD"],
            id="a-password-without-which-it-does-not-start",
        ),
        pytest.param(
            "{image: 'grafana/grafana:11.2.0', environment: {GF_SECURITY_ADMIN_PASSWORD: Xd8wLq0}}",
            {},
            [],
            id="not-where-it-is-given",
        ),
        pytest.param(
            "{image: 'grafana/grafana:11.2.0', environment: "
            "{GF_SECURITY_ADMIN_PASSWORD__FILE: /x, GF_SECURITY_ADMIN_PASSWORD_FILE: /x}}",
            {},
            [],
            id="nor-where-a-file-gives-it",
        ),
        pytest.param(
            "{image: 'minio/minio', command: server /data, environment: "
            "{MINIO_ACCESS_KEY: shop, MINIO_SECRET_KEY: Xd8wLq0Zt5}}",
            {"MINIO_ACCESS_KEY": "shop", "MINIO_SECRET_KEY": "Xd8wLq0Zt5"},
            [],
            id="nor-where-it-is-given-under-its-former-name",
        ),
        pytest.param(
            "{image: 'quay.io/oauth2-proxy/oauth2-proxy:v7.7.1', command: [--client-id=a, "
            "--client-secret=Xd8wLq0Zt5, --cookie-secret, Xd8wLq0Zt5aB1cD2]}",
            {
                "MOORING_CLIENT_SECRET": "Xd8wLq0Zt5",
                "MOORING_COOKIE_SECRET": "Xd8wLq0Zt5aB1cD2",
            },
            [],
            id="nor-where-an-option-of-the-command-gives-it",
        ),
        pytest.param(
            "{image: 'quay.io/oauth2-proxy/oauth2-proxy:v7.7.1', command: [--client-id=a, "
            "--client-secret=Xd8wLq0Zt5]}",
            {"MOORING_CLIENT_SECRET": "Xd8wLq0Zt5", "OAUTH2_PROXY_COOKIE_SECRET": ""},
            ["OAUTH2_PROXY_COOKIE_SECRET"],
            id="another-option-gives-another",
        ),
        pytest.param(
            "{image: 'postgres:16', environment: {POSTGRES_HOST_AUTH_METHOD: trust}}",
            {},
            [],
            id="nor-where-it-does-without",
        ),
        pytest.param(
            "{image: 'postgres:16', entrypoint: [sleep, '9']}",
            {},
            [],
            id="nor-where-another-program-runs",
        ),
        pytest.param(
            "{image: 'grafana/grafana:11.2.0', volumes: ['./g.ini:/etc/grafana/grafana.ini']}",
            {},
            [],
            id="nor-where-a-mounted-file-may-say-it",
        ),
    ],
)
def test_what_is_added_and_asked(
    tmp_path: Path, service: str, added: dict[str, str], asked: list[str]
) -> None:
    compose = f"services:\n  one: {service}\n"
    made = translation(tmp_path, compose, {"g.ini": "[security]\nadmin_password = sd8Lw\n"})
    found = {
        one.name: one.value
        for one in container(made, "one").settings
        if not one.name.endswith(("FILE", "METHOD", "PGDATA"))
    }
    given = {"GF_SECURITY_ADMIN_PASSWORD": "Xd8wLq0"}
    assert {n: v for n, v in settings(found).items() if given.get(n) != v} == added
    prefix = "services.one.environment."
    subjects = [one.subject for one in made.questions if one.subject.startswith(prefix)]
    assert [one.removeprefix(prefix) for one in subjects] == asked


def test_the_account_that_is_kept_is_a_decision(tmp_path: Path) -> None:
    made = translation(tmp_path, "services: {one: {image: 'grafana/grafana:11.2.0'}}")
    assert "GF_SECURITY_ADMIN_PASSWORD" in decided(made, "account")["services.one"]


def test_what_is_needed_and_no_secret_is_asked_for(tmp_path: Path) -> None:
    compose = """\
        services:
          one:
            image: mcr.microsoft.com/mssql/server:2022-latest
            environment: {MSSQL_SA_PASSWORD: dW8sLq0Zd1}
        """
    made = translation(tmp_path, compose)
    (asked,) = [one for one in made.questions if one.subject.endswith("ACCEPT_EULA")]
    assert "ACCEPT_EULA" in asked.answer
