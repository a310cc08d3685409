"""Who dials what only development runs: outside of it somebody has to say what takes its place."""

from pathlib import Path

import pytest
from tests.translate.whole import translation

from mooring.settings.choices import Choices, Connection, Mode, ServiceChoices
from mooring.settings.environments import Environment, Tier
from mooring.translate.in_environment import in_environment

MAILING = """\
services:
  api:
    image: example/api:1
    environment: {SMTP_HOST: mail, SMTP_PORT: "1025"}
  worker:
    image: example/worker:1
    environment: {SMTP_URL: "smtp://mail:1025", API_URL: "http://api:8000"}
  mail:
    image: mailhog/mailhog:v1.0.1
"""
SILENT = MAILING.replace("SMTP_HOST: mail", "GREETING: hello").replace("smtp://mail", "smtp://m.io")
SETTLED = Choices(
    services={
        "mail": ServiceChoices(
            mode={"production": Mode.EXTERNAL},
            connection={"production": Connection(host="smtp.example.com")},
        )
    }
)


@pytest.mark.parametrize(
    ("compose", "tier", "choices", "asked"),
    [
        pytest.param(
            MAILING,
            Tier.PRODUCTION,
            Choices(),
            [
                "services.mail.mode: it is for development alone, and api, worker dial it: "
                "which server takes its place in production?"
            ],
            id="two-dial-the-mail-catcher",
        ),
        pytest.param(SILENT, Tier.PRODUCTION, Choices(), [], id="nobody-dials-it"),
        pytest.param(MAILING, Tier.DEV, Choices(), [], id="in-development-it-runs"),
        pytest.param(MAILING, Tier.PRODUCTION, SETTLED, [], id="it-is-said-where-the-server-is"),
    ],
)
def test_what_takes_the_place_of_a_service_of_development(
    tmp_path: Path, compose: str, tier: Tier, choices: Choices, asked: list[str]
) -> None:
    made = translation(tmp_path, compose, choices=choices)
    there = in_environment(made, Environment(name=tier.value, tier=tier), choices)
    assert [
        f"{one.subject}: {one.question}"
        for one in there.questions
        if one.subject.endswith((".mode", ".connection"))
    ] == asked
