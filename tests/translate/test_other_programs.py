"""Containers of a database's image in which no database runs."""

from pathlib import Path

import pytest
from tests.translate.whole import container, decided, part, translation

from mooring.app.workloads import Workload
from mooring.settings.choices import Choices, ServiceChoices


@pytest.mark.parametrize(
    ("service", "runs_another"),
    [
        pytest.param('image: "mongo:7", command: [bash, -c, "until mongosh; do sleep 1; done"]',
                     True, id="a-script-that-asks-the-server"),
        pytest.param('image: "mongo:7", entrypoint: [/bin/sh, -c], command: ["mongosh --eval x"]',
                     True, id="a-script-of-an-entrypoint"),
        pytest.param('image: "elasticsearch:8", command: [bash, -ec, "bin/elasticsearch-certutil"]',
                     True, id="a-tool-called-like-the-server"),
        pytest.param('image: "redis:7", command: redis-cli monitor', True, id="a-client"),
        pytest.param('image: "mongo:7", command: [bash, -c, "sleep 1; exec mongod --replSet a"]',
                     False, id="a-script-that-starts-the-server"),
        pytest.param('image: "rabbitmq:4", command: [sh, -c, "a; exec docker-entrypoint.sh b"]',
                     False, id="a-script-that-goes-on-to-the-entrypoint"),
        pytest.param('image: "mongo:7", command: [bash, /init.sh]', False, id="a-file-not-seen"),
        pytest.param('image: "mongo:7", command: --replSet rs0', False, id="options"),
        pytest.param('image: "redis:7", command: redis-server --save ""', False, id="the-server"),
        pytest.param('image: "minio/minio", command: server /data', False, id="its-own-word"),
        pytest.param('image: "node:22", command: [sh, -c, "npm start"]', False,
                     id="an-interpreter-runs-what-it-is-told"),
        pytest.param('image: "nextcloud:30-fpm", entrypoint: /cron.sh', True,
                     id="another-file-of-an-application"),
        pytest.param('image: "nextcloud:30-fpm", entrypoint: [/entrypoint.sh, php-fpm]', False,
                     id="its-own-entrypoint"),
        pytest.param('image: "nextcloud:30-fpm", entrypoint: /own/first.sh, volumes: ["./:/own"]',
                     False, id="a-script-of-the-team"),
        pytest.param('image: "nginx:1.29", entrypoint: [/usr/sbin/nginx, -g, "daemon off;"]', False,
                     id="the-program-by-its-path"),
        pytest.param('image: "nginx:1.29", entrypoint: [/bin/sh, -c, "envsubst; exec nginx"]',
                     False, id="a-shell-before-an-application"),
        pytest.param('image: "node:22", entrypoint: /app/worker', False,
                     id="an-interpreter-runs-any-file"),
        pytest.param('image: "mongo:7"', False, id="nothing-said"),
    ],
)  # fmt: skip
def test_what_runs(service: str, runs_another: bool, tmp_path: Path) -> None:
    text = f"services:\n  box: {{{service}, restart: always}}\n"
    made = translation(tmp_path, text)
    told = decided(made, "program").get("services.box", "")
    assert bool(told) is runs_another
    if runs_another:
        box = part(made, "box")
        assert isinstance(box, Workload)
        assert not box.keeps_state
        assert container(made, "box").endpoints == ()
        assert container(made, "box").health is None


def test_the_settings_have_the_last_word(tmp_path: Path) -> None:
    text = 'services:\n  box: {image: "mongo:7", command: [sh, -c, /start-it], restart: always}\n'
    choices = Choices(services={"box": ServiceChoices(family="mongo")})
    made = translation(tmp_path, text, choices=choices)
    assert [one.port for one in container(made, "box").endpoints] == [27017]
    assert decided(made, "program") == {}
