"""Certificates that a program is told to read and that nobody has put into its folder."""

from pathlib import Path

import pytest
from tests.translate.whole import translation

SITE = """
server {
  listen 443 ssl;
  # ssl_certificate /certs/old.pem;
  ssl_certificate /certs/live/full.pem;
  ssl_certificate_key /certs/live/key.pem;
}
"""
FRONT = """
services:
  front:
    image: nginx:1.29
    volumes: ["./site.conf:/etc/nginx/conf.d/site.conf:ro", "./certs:/certs%s"]
"""


def asked(folder: Path, compose: str, files: dict[str, str] | None = None) -> list[str]:
    made = translation(folder, compose, {"site.conf": SITE, **(files or {})})
    return [one.question for one in made.questions if "told to read" in one.question]


def test_what_is_missing_is_asked_for_with_the_place_where_to_put_it(tmp_path: Path) -> None:
    made = translation(tmp_path, FRONT % ":ro", {"site.conf": SITE})
    (question,) = (one for one in made.questions if "told to read" in one.question)
    assert question.subject == "services.front.volumes"
    assert question.question == (
        "it is told to read /certs/live/full.pem and /certs/live/key.pem, and ./certs has no such "
        "files: it may not start without"
    )
    assert question.answer == (
        "put ./certs/live/full.pem and ./certs/live/key.pem there and convert again"
    )


WRITER = "  renew: {image: 'example.com/acme:1', volumes: ['./certs:/etc/certs']}\n"
APP = """
services:
  app:
    image: example.com/app:1
    command: serve --tls-cert /certs/app.crt
    environment: {TLS_KEY: /certs/app.key}
    volumes: ["./certs:/certs%s"]
"""


@pytest.mark.parametrize(
    ("compose", "files", "is_asked"),
    [
        pytest.param(FRONT % "", {}, True, id="a-proxy-makes-no-certificate-itself"),
        pytest.param(FRONT % ":ro" + WRITER, {}, False, id="another-service-makes-them"),
        pytest.param(APP % ":ro", {}, True, id="a-command-and-a-setting-name-them"),
        pytest.param(APP % "", {}, False, id="a-program-that-may-make-them-itself"),
        pytest.param(
            APP % ":ro", {"certs/app.crt": "x", "certs/app.key": "x"}, False, id="they-are-there"
        ),
    ],
)
def test_who_is_asked(compose: str, files: dict[str, str], is_asked: bool, tmp_path: Path) -> None:
    assert bool(asked(tmp_path, compose, files)) is is_asked
