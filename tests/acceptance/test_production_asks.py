"""
What nobody but the user can know of hosts, ports and runtimes is asked, and the answers suffice.

The stacks are ours.  Every answer is the line that the question itself prints; with it nothing is
left that `mooring check` calls an error.
"""

from pathlib import Path

import pytest
from tests.acceptance import answers, checked_corpus

from mooring.check import catalogue, engine
from mooring.check.selection import Profile, Selection
from mooring.compose.discovery import LoadRequest

WEB = """\
services:
  web:
    image: example/web:1.0.0@sha256:%s
    user: "1000"
    ports: ["8080:3000"]
    healthcheck: {test: [CMD, /healthy]}
""" % ("0" * 64)


def _api(*lines: str) -> str:
    digest = "1" * 64
    said = "".join(f"\n    {line}" for line in lines)
    return f'{WEB}  api:\n    image: example/api:1.0.0@sha256:{digest}\n    user: "1000"{said}\n'


@pytest.mark.parametrize(
    ("compose", "files", "asked"),
    [
        pytest.param(
            _api('environment: {SMTP_HOST: relay, SMTP_PORT: "2525"}'),
            {},
            ["services: {relay: {mode: {production: external}"],
            id="a-host-in-a-setting",
        ),
        pytest.param(
            _api("command: serve --db-host=records"),
            {},
            ["services: {records: {mode: {production: external}"],
            id="a-host-in-a-command",
        ),
        pytest.param(
            _api("env_file: app.env"),
            {"app.env": "MAIL_URL=smtp://mail_relay:25\n"},
            ["MAIL_URL=<value> in app.env"],
            id="a-host-that-no-service-can-be",
        ),
        pytest.param(
            _api('environment: {FRONTEND_URL: "http://web"}'),
            {},
            ["services: {api: {environment: {FRONTEND_URL: {production: <url>}}}}"],
            id="an-address-without-its-port",
        ),
        pytest.param(
            _api("env_file: app.env"),
            {"app.env": "WEB_URL=http://web:8080\n"},
            ["WEB_URL=<value> in app.env"],
            id="a-port-of-the-machine",
        ),
        pytest.param(
            _api('environment: {CACHE_URL: "redis://:h8Gf4aQ2zPw7Lk@web:8080"}'),
            {},
            ["CACHE_URL=<value> in environments/<environment>/secrets.env"],
            id="a-port-in-an-address-with-a-password",
        ),
        pytest.param(
            _api("runtime: runsc"),
            {},
            ["environments: {production: {runtimes: {runsc: {class: <class>}}}}"],
            id="a-runtime",
        ),
    ],
)
def test_what_is_asked_of_production_suffices(
    tmp_path: Path, compose: str, files: dict[str, str], asked: list[str]
) -> None:
    for name, content in {"compose.yaml": compose, **files}.items():
        (tmp_path / name).write_text(content)
    load = LoadRequest(directory=str(tmp_path), environment={"HOME": str(tmp_path)})
    done = answers.answered(load, only="production")
    given = [answer for _, answer in done.answers]
    for beginning in asked:
        assert any(answer.startswith(beginning) for answer in given), given
    bundle = checked_corpus.deployed(done)
    judged = engine.judge(bundle, catalogue.checks(), Selection(profile=Profile.ERRORS))
    assert [f"{one.rule}: {one.message}" for one in judged.findings] == []
