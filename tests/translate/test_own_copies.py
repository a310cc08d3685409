"""Files of which a container needs a copy of its own, because it owns or changes them."""

from pathlib import Path

import pytest
from tests.translate.whole import container, decided, translation

from mooring.app.configuration import DocumentMount
from mooring.settings.choices import Choices, MountChoice, ServiceChoices

KEY = {"rs.key": "secretsecretsecret"}


def mounts(made: object, name: str = "app") -> dict[str, DocumentMount]:
    return {one.path: one for one in container(made, name).documents}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("service", "files", "copied"),
    [
        pytest.param(
            "{image: 'mongo:8', command: [--replSet, a, --keyFile, /k], volumes: ['./rs.key:/k']}",
            KEY,
            {"/k": 0o400},
            id="the-key-file-that-a-mongod-is-told-of",
        ),
        pytest.param(
            "{image: 'mongo:8', command: '--replSet a --keyFile=/k', volumes: ['./rs.key:/k:ro']}",
            KEY,
            {"/k": 0o400},
            id="in-one-word-and-read-only",
        ),
        pytest.param(
            "{image: 'mongo:8', command: [--replSet, a], volumes: ['./rs.key:/k:ro']}",
            KEY,
            {},
            id="a-key-file-that-nobody-names",
        ),
        pytest.param(
            "{image: 'rabbitmq:4', volumes: ['./cookie:/var/lib/rabbitmq/.erlang.cookie']}",
            {"cookie": "secret"},
            {"/var/lib/rabbitmq/.erlang.cookie": 0o400},
            id="the-cookie-of-a-broker",
        ),
        pytest.param(
            "{image: 'redis:7', command: redis-sentinel /etc/s.conf,"
            " volumes: ['./s.conf:/etc/s.conf']}",
            {"s.conf": "port 26379"},
            {"/etc/s.conf": None},
            id="a-sentinel-writes-to-its-settings",
        ),
        pytest.param(
            "{image: 'redis:7', command: redis-server /etc/s.conf,"
            " volumes: ['./s.conf:/etc/s.conf']}",
            {"s.conf": "port 6379"},
            {},
            id="a-server-does-not",
        ),
        pytest.param(
            "{image: 'example.com/app:1', volumes: ['./conf:/app/conf']}",
            {"conf/template.yaml": "a: b"},
            {"/app/conf": None},
            id="a-writable-folder-of-an-unknown-image",
        ),
        pytest.param(
            "{image: 'example.com/app:1', volumes: ['./conf:/app/conf:ro']}",
            {"conf/template.yaml": "a: b"},
            {},
            id="a-folder-that-may-only-be-read",
        ),
        pytest.param(
            "{image: 'example.com/app:1', volumes: ['./app.yaml:/app/app.yaml']}",
            {"app.yaml": "a: b"},
            {},
            id="a-file-of-an-unknown-image-is-read",
        ),
        pytest.param(
            "{image: 'nginx:1.27', volumes: ['./site:/usr/share/nginx/html']}",
            {"site/index.html": "hi"},
            {},
            id="a-folder-that-a-known-image-only-reads",
        ),
        pytest.param(
            "{image: 'nginx:1.27', volumes: ['./conf:/etc/nginx/conf.d']}",
            {"conf/a.conf": "x"},
            {"/etc/nginx/conf.d": None},
            id="a-folder-to-which-a-known-image-writes",
        ),
        pytest.param(
            "{image: 'example.com/app:1', command: sh -c 'sed -i s/a/b/ /app/a.ini && exec app',"
            " volumes: ['./a.ini:/app/a.ini']}",
            {"a.ini": "a"},
            {"/app/a.ini": None},
            id="a-command-that-edits-it",
        ),
        pytest.param(
            "{image: 'example.com/app:1', command: sh -c 'envsubst < /app/t > /app/a.ini; app',"
            " volumes: ['./a.ini:/app/a.ini', './t:/app/t']}",
            {"a.ini": "a", "t": "b"},
            {"/app/a.ini": None},
            id="a-command-that-writes-it",
        ),
        pytest.param(
            "{image: 'example.com/app:1', command: sh -c 'cat /app/a.ini | app',"
            " volumes: ['./a.ini:/app/a.ini']}",
            {"a.ini": "a"},
            {},
            id="a-command-that-reads-it",
        ),
        pytest.param(
            "{image: 'example.com/app:1', entrypoint: /start.sh,"
            " volumes: ['./start.sh:/start.sh', './id:/app/id']}",
            {"start.sh": "#!/bin/sh\nchmod 600 /app/id\nexec app", "id": "key"},
            {"/app/id": None},
            id="a-mounted-script-that-closes-it",
        ),
        pytest.param(
            "{build: ., volumes: ['./id:/app/id:ro']}",
            {
                "Dockerfile": 'FROM debian\nCOPY docker/ /usr/bin/\nENTRYPOINT ["start.sh"]\n',
                "docker/start.sh": '#!/bin/sh\ncp /tmp/x "/app/id"\nexec app',
                "id": "key",
            },
            {"/app/id": None},
            id="the-script-of-the-image-that-replaces-it",
        ),
    ],
)
def test_what_is_copied(
    tmp_path: Path, service: str, files: dict[str, str], copied: dict[str, int | None]
) -> None:
    made = translation(tmp_path, f"services: {{app: {service}}}", files)
    found = {path: one.mode for path, one in mounts(made).items() if one.own_copy}
    assert found == copied
    assert ("services.app" in decided(made, "copy")) is bool(copied)


@pytest.mark.parametrize(
    ("choice", "is_copied"),
    [
        pytest.param(MountChoice.CONFIGURATION, False, id="the-user-says-that-it-is-only-read"),
        pytest.param(MountChoice.COPY, True, id="the-user-says-that-it-is-written"),
    ],
)
@pytest.mark.parametrize("image", ["example.com/app:1", "nginx:1.27"])
def test_the_word_of_the_user_counts(
    tmp_path: Path, image: str, choice: MountChoice, is_copied: bool
) -> None:
    choices = Choices(services={"app": ServiceChoices(mounts={"/srv": choice})})
    compose = f"services: {{app: {{image: '{image}', volumes: ['./conf:/srv']}}}}"
    made = translation(tmp_path, compose, {"conf/a": "x"}, choices=choices)
    assert mounts(made)["/srv"].own_copy is is_copied
    assert decided(made, "copy") == {}


def test_a_secret_that_is_a_key_file(tmp_path: Path) -> None:
    compose = """
    services:
      app: {image: "mongo:8", command: [--keyFile, /run/secrets/key], secrets: [key]}
    secrets: {key: {file: ./rs.key}}
    """
    made = translation(tmp_path, compose, KEY)
    mount = mounts(made)["/run/secrets/key"]
    assert (mount.own_copy, mount.mode) == (True, 0o400)
