"""No secret of a command stands in clear, and every process sees the words that it was given."""

from pathlib import Path

import pytest
from tests.generate.support import DEV
from tests.translate.whole import container, decided, rules, translation

from mooring.generate.objects import objects
from mooring.kube.manifest import manifest

KEY = "Vq8kd92mmZ"
STACK = """
services:
  web: {image: example/web, environment: {API_KEY: %s}, %s}
"""


def _made(folder: Path, attributes: str) -> dict[str, object]:
    made = translation(folder, STACK % (KEY, attributes))
    (deployment,) = [
        manifest(one) for one in objects(made.application, DEV) if one.kind == "Deployment"
    ]
    found = deployment["spec"]["template"]["spec"]["containers"][0]  # type: ignore[index,call-overload]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        pytest.param(f"[run, {KEY}]", ["run", "$(API_KEY)"], id="a-word"),
        pytest.param(
            f"[run, 'k={KEY}&$$(x)']", ["run", "k=$(API_KEY)&$$(x)"], id="a-part-of-a-word"
        ),
        pytest.param(
            "[redis-server, --requirepass, tiger]",
            ["redis-server", "--requirepass", "$(MOORING_REQUIREPASS)"],
            id="what-follows-an-option",
        ),
        pytest.param(
            "[redis-server, --requirepass=tiger]",
            ["redis-server", "--requirepass=$(MOORING_REQUIREPASS)"],
            id="what-an-option-equals",
        ),
        pytest.param(
            "[sh, -c, 'serve --token tiger --port 1']",
            ["sh", "-c", "serve --token $(MOORING_TOKEN) --port 1"],
            id="an-option-in-a-shell-text",
        ),
        pytest.param(
            "[sh, -c, 'serve --token $$TOKEN']",
            ["sh", "-c", "serve --token $TOKEN"],
            id="a-variable-is-no-value",
        ),
        pytest.param("[run, --password-file, x]", ["run", "--password-file", "x"], id="a-path"),
    ],
)
def test_command(tmp_path: Path, command: str, expected: list[str]) -> None:
    assert _made(tmp_path, f"command: {command}")["args"] == expected


def test_a_value_without_a_setting_gets_one(tmp_path: Path) -> None:
    made = translation(tmp_path, STACK % (KEY, "command: [run, --token, tiger123]"))
    added = container(made, "web").settings[-1]
    assert (added.name, added.key, added.is_secret) == ("MOORING_TOKEN", "TOKEN", True)
    assert decided(made, "secret") == {
        "services.web": "a value of its command stands in the Secret"
    }


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        pytest.param(f"ask {KEY}", 'ask "${API_KEY}"', id="a-bare-word"),
        pytest.param(f'ask "k: {KEY}"', 'ask "k: ${API_KEY}"', id="in-double-quotes"),
        pytest.param(f"ask 'k: {KEY}'", "ask 'k: '\"${API_KEY}\"''", id="in-single-quotes"),
    ],
)
def test_check(tmp_path: Path, test: str, expected: str) -> None:
    quoted = test.replace("'", "''")
    found = _made(tmp_path, f"healthcheck: {{test: [CMD-SHELL, '{quoted}']}}")
    probe = found["readinessProbe"]
    assert isinstance(probe, dict)
    assert probe["exec"]["command"] == ["/bin/sh", "-c", expected]


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        pytest.param(
            f"[CMD, redis-cli, -a, {KEY}, ping]",
            'exec redis-cli -a "${MOORING_API_KEY}" ping',
            id="a-word",
        ),
        pytest.param(
            f"[CMD, redis-cli, 'a b', '--pass={KEY}', '']",
            "exec redis-cli 'a b' --pass=\"${MOORING_API_KEY}\" ''",
            id="a-part-of-a-word",
        ),
    ],
)
def test_a_check_gets_a_shell_where_the_image_has_one(
    tmp_path: Path, test: str, expected: str
) -> None:
    compose = f"{STACK % (KEY, '')}  store: {{image: 'redis:7', healthcheck: {{test: {test}}}}}\n"
    made = translation(tmp_path, compose)
    health = container(made, "store").health
    assert health is not None
    assert health.command == ("/bin/sh", "-c", expected)
    assert "secret-in-health-check" not in rules(made)
    assert "MOORING_API_KEY" in {one.name for one in container(made, "store").settings}


def test_a_check_without_a_shell_is_told_of(tmp_path: Path) -> None:
    check = f"healthcheck: {{test: [CMD, ask, {KEY}]}}"
    assert "secret-in-health-check" in rules(translation(tmp_path, STACK % (KEY, check)))


FILLED = """
services:
  db: {image: "example.com/db:1", environment: {DB_PASSWORD: "${PW}", DB_USER: "${DB_USER}"}}
  app: {image: "example.com/app:1", environment: {URL: "x://app:${PW}@db/app"}}
  web: {image: "example.com/web:1", command: [sh, -c, %s]}
"""


@pytest.mark.parametrize(
    ("password", "command", "expected"),
    [
        pytest.param("changeme", "'set -u a:${PW}'", "set -u a:$(MOORING_PW)", id="a-placeholder"),
        pytest.param(
            "changeme", "'unchangeme ${PW}'", "unchangeme $(MOORING_PW)", id="whole-words"
        ),
        pytest.param(
            "postgres",
            "'exec postgres -c login=${PW}'",
            "exec postgres -c login=$(MOORING_PW)",
            id="a-word-that-is-a-program-as-well",
        ),
        pytest.param(
            "shop", "'login ${DB_USER}:${PW}'", "login shop:shop", id="what-another-one-holds-too"
        ),
        pytest.param("changeme", "'login changeme'", "login changeme", id="nothing-was-filled-in"),
        pytest.param("me", "'login ${PW}'", "login me", id="what-may-stand-in-any-word"),
    ],
)
def test_what_was_filled_in(tmp_path: Path, password: str, command: str, expected: str) -> None:
    files = {".env": f"PW={password}\nDB_USER=shop\n"}
    made = translation(tmp_path, FILLED % command, files)
    found = [manifest(one) for one in objects(made.application, DEV) if one.kind == "Deployment"]
    words = {
        one["metadata"]["name"]: one["spec"]["template"]["spec"]["containers"][0].get("args")  # type: ignore[index,call-overload]
        for one in found
    }
    assert words["web"][2] == expected
