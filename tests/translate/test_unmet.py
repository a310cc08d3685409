"""Addresses that nothing answers: development is warned, production is asked what is meant."""

from pathlib import Path

import pytest
from tests.translate.whole import translation

from mooring.settings.choices import Choices, Connection, Mode, ServiceChoices
from mooring.settings.environments import Environment, Tier
from mooring.translate.in_environment import in_environment
from mooring.translate.project import Translation

NOBODY = Choices()
RELAY = """\
services:
  api:
    image: example/api:1
    environment: {SMTP_HOST: relay, SMTP_PORT: "2525"}
  web: {image: example/web:1, ports: ["8080:3000"]}
"""
SETTLED = Choices(
    services={
        "relay": ServiceChoices(
            mode={"production": Mode.EXTERNAL},
            connection={"production": Connection(host="smtp.example.com")},
        )
    }
)


def _there(
    folder: Path,
    compose: str,
    files: dict[str, str] | None = None,
    *,
    tier: Tier = Tier.PRODUCTION,
    choices: Choices = NOBODY,
) -> Translation:
    made = translation(folder, compose, files, choices=choices)
    return in_environment(made, Environment(name=tier.value, tier=tier), choices)


def _asked(there: Translation) -> list[str]:
    return [
        f"{one.subject}: {one.question} -> {one.answer}"
        for one in there.questions
        if "dials" in one.question or "leads browsers" in one.question
    ]


_TOLD_IN_DEVELOPMENT = {
    "host-not-found",
    "port-not-open",
    "localhost-of-a-peer",
    "localhost-for-browsers",
}


def _api(*lines: str, web: str = 'ports: ["8080:3000"]') -> str:
    said = "".join(f"\n    {line}" for line in lines)
    return f"services:\n  api:\n    image: example/api:1{said}\n  web: {{image: shop, {web}}}\n"


@pytest.mark.parametrize(
    ("compose", "files", "asked"),
    [
        pytest.param(
            RELAY,
            {},
            "hosts.relay: SMTP_HOST of api dials relay:2525, and nothing here is called relay: "
            "which host goes by that name in production? -> services: {relay: {mode: {production: "
            "external}, connection: {production: {host: <host>}}}}, or another address: services: "
            "{api: {environment: {SMTP_HOST: {production: <host>}}}}",
            id="a-host-that-nobody-is",
        ),
        pytest.param(
            _api("env_file: .env.app"),
            {".env.app": "MAIL_URL=smtp://web_mail:25\n"},
            "hosts.web_mail: MAIL_URL of api dials web_mail:25, and nothing here is called "
            "web_mail: which host goes by that name in production? -> MAIL_URL=<value> in "
            ".env.app (for production alone services: {api: {environment: {MAIL_URL: "
            "{production: <url>}}}})",
            id="a-host-that-cannot-be-the-name-of-a-service",
        ),
        pytest.param(
            _api('environment: {WEB_URL: "http://wep:3000"}'),
            {},
            "hosts.wep: WEB_URL of api dials wep:3000, and nothing here is called wep: which host "
            'goes by that name in production?  Did you mean "web"? -> services: {wep: {mode: '
            "{production: external}, connection: {production: {host: <host>}}}}, or another "
            "address: services: {api: {environment: {WEB_URL: {production: <url>}}}}",
            id="a-slip-is-suspected",
        ),
        pytest.param(
            _api('environment: {WEB_URL: "http://web:8080/x"}'),
            {},
            "services.api.environment.WEB_URL: WEB_URL of api dials web:8080, a port of the "
            "machine: web itself listens on 3000: which address is meant in production?  Write "
            "web:3000: peers dial the container's port; browsers need the public one -> services: "
            "{api: {environment: {WEB_URL: {production: <url>}}}}",
            id="a-port-of-the-machine",
        ),
        pytest.param(
            _api('environment: {WEB_URL: "http://web"}', web="expose: [3000, 3001]"),
            {},
            "services.api.environment.WEB_URL: WEB_URL of api dials web (port 80, as http means "
            "it), and web listens on 3000, 3001: which address is meant in production?  Browsers "
            "need the public one -> services: {api: {environment: {WEB_URL: {production: "
            "<url>}}}} (or services: {web: {ports: [3000, 3001, 80]}} where it listens on 80, "
            "too)",
            id="the-port-that-a-scheme-means",
        ),
        pytest.param(
            _api('environment: {CACHE_URL: "redis://:h8Gf4aQ2zP@web:8080"}'),
            {},
            "services.api.environment.CACHE_URL: CACHE_URL of api dials web:8080, a port of the "
            "machine: web itself listens on 3000: which address is meant in production?  Write "
            "web:3000: peers dial the container's port -> CACHE_URL=<value> in "
            "environments/<environment>/secrets.env",
            id="an-address-with-a-password-goes-where-secrets-go",
        ),
        pytest.param(
            _api('environment: {PUBLIC_URL: "http://localhost:8080/x"}'),
            {},
            "services.api.environment.PUBLIC_URL: PUBLIC_URL of api leads browsers to "
            "localhost:8080, which is the author's machine: which address has it in production? -> "
            "services: {api: {environment: {PUBLIC_URL: {production: <url>}}}}",
            id="a-page-on-the-author-s-machine",
        ),
        pytest.param(
            _api('environment: {WEB_ADDR: "localhost:3000"}'),
            {},
            "services.api.environment.WEB_ADDR: WEB_ADDR of api dials localhost:3000, which in a "
            "container is the container itself; web listens there: which address is meant in "
            "production?  Write web:3000 -> services: {api: {environment: {WEB_ADDR: {production: "
            "<host>}}}}",
            id="a-peer-called-by-the-name-of-the-machine",
        ),
        pytest.param(
            _api(
                'environment: {DATABASE_URL: "postgres://app:${DB_PASSWORD}@db:5433/app"}',
                web='ports: ["8080:3000"]}\n  db: {image: "postgres:17", ports: ["5433:5432"], '
                'environment: {POSTGRES_USER: app, POSTGRES_PASSWORD: "${DB_PASSWORD}"}',
            ),
            {".env": "DB_PASSWORD=h8Gf4aQ2zPw7Lk\n"},
            "services.api.environment.DATABASE_URL: DATABASE_URL of api dials db:5433, a port of "
            "the machine: db itself listens on 5432: which address is meant in production?  Write "
            "db:5432: peers dial the container's port -> correct DATABASE_URL of api, in "
            "compose.yaml:4",
            id="an-address-that-is-composed-of-a-secret-has-no-key-of-its-own",
        ),
        pytest.param(
            _api("command: serve --db-host=dbb", web="expose: [3000]"),
            {},
            "hosts.dbb: the command of api dials dbb, and nothing here is called dbb: which host "
            "goes by that name in production? -> services: {dbb: {mode: {production: external}, "
            "connection: {production: {host: <host>}}}}, or another address: services: {api: "
            "{command: {production: <command>}}}",
            id="a-command",
        ),
    ],
)
def test_production_is_asked_what_is_meant(
    tmp_path: Path, compose: str, files: dict[str, str], asked: str
) -> None:
    there = _there(tmp_path, compose, files)
    assert _asked(there) == [asked]
    assert not [one for one in there.findings if one.rule in _TOLD_IN_DEVELOPMENT]


@pytest.mark.parametrize(
    ("tier", "rules"),
    [
        pytest.param(Tier.DEV, ["host-not-found"], id="development-is-warned"),
        pytest.param(Tier.STAGING, [], id="staging-is-asked-for-itself"),
    ],
)
def test_an_answer_counts_where_it_is_given(tmp_path: Path, tier: Tier, rules: list[str]) -> None:
    there = _there(tmp_path, RELAY, tier=tier, choices=SETTLED)
    assert [one.rule for one in there.findings if one.rule == "host-not-found"] == rules
    assert len(_asked(there)) == (tier is Tier.STAGING)


def test_services_that_read_one_line_are_asked_once(tmp_path: Path) -> None:
    compose = """
    services:
      api: {image: example/api:1, env_file: .env.app}
      web: {image: example/web:1, env_file: .env.app, expose: [3000]}
      worker: {image: example/worker:1, environment: {RELAY_HOST: relay}}
    """
    there = _there(tmp_path, compose, {".env.app": "MAIL_HOST=relay\nWEB_URL=http://web\n"})
    assert [one.split(": ", 1)[0] for one in _asked(there)] == ["variables.WEB_URL", "hosts.relay"]
    assert "(so does RELAY_HOST of worker)" in _asked(there)[1]
    assert _asked(there)[0].endswith(
        "-> WEB_URL=<value> in .env.app (or services: {web: {ports: [3000, 80]}} where it "
        "listens on 80, too)"
    )


def test_a_host_that_is_settled_has_a_name_in_the_cluster(tmp_path: Path) -> None:
    there = _there(tmp_path, RELAY, choices=SETTLED)
    assert _asked(there) == []
    (outside,) = there.application.outside
    assert (outside.name, outside.host) == ("relay", "smtp.example.com")
    assert [one.port for one in outside.endpoints] == [2525]
    (decision,) = [one for one in there.decisions if one.subject == "services.relay"]
    assert decision.overrule == ("services: {relay: {connection: {production: {host: <host>}}}}")


def test_what_only_development_runs_is_asked_nothing(tmp_path: Path) -> None:
    compose = """
    services:
      api: {image: "example/api:1"}
      mail: {image: "mailhog/mailhog:v1.0.1", environment: {MAIL_HOST: nobody}}
    """
    assert _asked(_there(tmp_path, compose)) == []


def test_the_name_of_a_container_that_nobody_wrote_is_not_proposed(tmp_path: Path) -> None:
    compose = """
    services:
      api: {image: "example/api:1", environment: {MAIL_HOST: shop-db}}
      db: {image: "example/db:1"}
    """
    (asked,) = _asked(_there(tmp_path, compose))  # shop-db-1 is what Compose calls a container
    assert "mean" not in asked
