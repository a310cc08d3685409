"""As whom a container runs, when Compose does not say."""

from pathlib import Path

import pytest
from tests.translate.whole import container, decided, translation

from mooring.translate.process_user import ANYBODY

MADE = "FROM debian:12\nRUN useradd -u 1234 app\nUSER app\n"


@pytest.mark.parametrize(
    ("service", "dockerfile", "user"),
    [
        pytest.param("{image: 'postgres:16'}", "", 999, id="any-user-so-its-own"),
        pytest.param("{image: 'postgres:16-alpine'}", "", 70, id="of-the-variant"),
        pytest.param("{image: 'redis:7'}", "", 999, id="its-own-user-at-once"),
        pytest.param("{image: 'mongo:8'}", "", 999, id="a-store"),
        pytest.param("{image: 'nginx:1.27'}", "", 101, id="a-server"),
        pytest.param("{image: 'grafana/grafana:11.0.0'}", "", 472, id="no-root-as-it-comes"),
        pytest.param("{image: 'minio/minio'}", "", ANYBODY, id="any-user"),
        pytest.param("{image: 'python:3.12'}", "", None, id="a-base-for-others"),
        pytest.param("{image: 'gitea/gitea:1.22'}", "", None, id="only-root"),
        pytest.param("{image: 'portainer/portainer-ce'}", "", None, id="not-known-to-do-without"),
        pytest.param("{image: 'example.com/x:1'}", "", None, id="not-known"),
        pytest.param("{image: 'redis:7', command: sh -c 'chown redis /x; redis-server'}", "", None,
                     id="its-command-does-the-work-of-root"),
        pytest.param("{image: 'redis:7', command: sh -c 'redis-server --save 60 1'}", "", 999,
                     id="a-shell-alone-needs-no-root"),
        pytest.param("{build: .}", MADE, 1234, id="a-user-that-the-dockerfile-makes"),
        pytest.param("{build: .}", "FROM node:20\nUSER node\n", 1000, id="a-user-of-the-base"),
        pytest.param("{build: .}", "FROM mcr.microsoft.com/dotnet/aspnet:8.0\nUSER $APP_UID\n",
                     1654, id="a-variable-of-the-base"),
        pytest.param("{build: .}", "FROM example\nUSER app\n", None, id="a-user-that-is-not-known"),
        pytest.param("{build: .}", "FROM node:20\nUSER root\n", None, id="root"),
        pytest.param("{build: .}", "FROM nginx:1.27\nCOPY a /a\n", 101, id="the-base-s-program"),
        pytest.param("{build: .}", "FROM example\nUSER 1500:1600\n", 1500, id="a-number"),
        pytest.param("{build: .}", "FROM golang:1.25 AS b\nFROM gcr.io/distroless/static:nonroot\n"
                     'COPY --from=b /a /a\nENTRYPOINT ["/a"]\n', 65532, id="the-base-s-own-user"),
        pytest.param("{build: .}", 'FROM gcr.io/distroless/static:latest\nENTRYPOINT ["/a"]\n',
                     None, id="a-base-of-root"),
        pytest.param("{build: .}", 'FROM grafana/grafana:11.0.0\nENTRYPOINT ["/a"]\n', 472,
                     id="of-another-program-too"),
    ],
)  # fmt: skip
def test_the_user(tmp_path: Path, service: str, dockerfile: str, user: int | None) -> None:
    files = {"Dockerfile": dockerfile, "a": "x"} if dockerfile else {}
    made = translation(tmp_path, f"services: {{app: {service}}}", files)
    rights = container(made, "app").security
    assert rights.native_user == user
    assert ("level baseline" in decided(made, "user").get("services.app", "")) is (user is None)


@pytest.mark.parametrize(
    ("user", "numbers"),
    [
        pytest.param("app", (1234, None), id="a-user-that-the-dockerfile-makes"),
        pytest.param("app:app", (1234, 1234), id="with-its-group"),
        pytest.param("other", (None, None), id="another"),
    ],
)
def test_a_name_in_the_compose_file(
    tmp_path: Path, user: str, numbers: tuple[int | None, int | None]
) -> None:
    made = translation(
        tmp_path, f"services: {{app: {{build: ., user: '{user}'}}}}", {"Dockerfile": MADE}
    )
    rights = container(made, "app").security
    assert (rights.user, rights.group) == numbers
