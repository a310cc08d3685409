"""Traps 1 to 4 and 22: what runs in a container, word for word."""

from collections.abc import Callable

import pytest
import yaml
from tests.traps.road import Walked, web

Walk = Callable[..., Walked]


@pytest.mark.parametrize(
    ("attributes", "command", "arguments"),
    [
        pytest.param(
            ("entrypoint: [run, --quick]",),
            ["run", "--quick"],
            None,
            id="trap 1: an entrypoint alone becomes command, and no args stand in for the CMD",
        ),
        pytest.param(
            ("command: [serve, --port, '80']",),
            None,
            ["serve", "--port", "80"],
            id="trap 1: a command becomes args, so that the image's entrypoint still runs",
        ),
        pytest.param(
            ("entrypoint: run", "command: [serve]"),
            ["run"],
            ["serve"],
            id="trap 1: both together keep their places",
        ),
        pytest.param(
            ("entrypoint: null", "command: null"),
            None,
            None,
            id="trap 2: null keeps what the image says",
        ),
        pytest.param(
            ("entrypoint: []", "command: [serve]"),
            ["serve"],
            None,
            id="trap 2: with a cleared entrypoint the command runs alone",
        ),
        pytest.param(
            ('entrypoint: ""', "command: serve --now"),
            ["serve", "--now"],
            None,
            id="trap 2: an empty text clears the entrypoint as an empty list does",
        ),
        pytest.param(
            ("entrypoint: run", "command: []"),
            ["run"],
            None,
            id="trap 2: a cleared command beside an entrypoint needs nothing",
        ),
        pytest.param(
            ("command: serve --on a:b *.txt",),
            None,
            ["serve", "--on", "a:b", "*.txt"],
            id="trap 3: a text is cut into words, and no shell is put around them",
        ),
        pytest.param(
            ("""command: sh -c 'a "b c" && d'""",),
            None,
            ["sh", "-c", 'a "b c" && d'],
            id="trap 3: quotes hold words together and vanish",
        ),
        pytest.param(
            ("command: [sh, -c, 'echo $$(date) $$HOME']",),
            None,
            ["sh", "-c", "echo $$(date) $HOME"],
            id="trap 4: a command substitution reaches the shell",
        ),
        pytest.param(
            ("command: [sh, -c, 'kill $$$$; echo $$?']",),
            None,
            ["sh", "-c", "kill $$$; echo $?"],
            id="trap 4: the number of the own process reaches the shell",
        ),
        pytest.param(
            ("entrypoint: [sh, -c, 'exec $$(which app) $$@']", "command: ['$$(NAME)']"),
            ["sh", "-c", "exec $$(which app) $@"],
            ["$$(NAME)"],
            id="trap 4: what looks like a reference of Kubernetes stays literal everywhere",
        ),
    ],
)
def test_words(
    walk: Walk, attributes: tuple[str, ...], command: list[str] | None, arguments: list[str] | None
) -> None:
    walked = walk(web(*attributes))
    assert walked.at("container web", "command") == command
    assert walked.at("container web", "args") == arguments


def test_a_command_that_wants_a_shell_is_told(walk: Walk) -> None:
    """Trap 3: Docker Compose drops what follows &&; a shell of ours would hide that."""
    walked = walk(web("command: migrate && serve"))
    assert walked.at("container web", "args") == ["migrate"]
    assert "command-cut-short" in walked.rules


@pytest.mark.parametrize(
    ("attribute", "dockerfile", "command", "fate"),
    [
        pytest.param(
            "command: []",
            'FROM scratch\nENTRYPOINT ["app"]\nCMD ["--help"]\n',
            ["app"],
            "carried",
            id="trap 2: a cleared command writes out the entrypoint that the Dockerfile tells",
        ),
        pytest.param(
            "entrypoint: []",
            'FROM scratch\nENTRYPOINT ["wrap"]\nCMD ["app", "--now"]\n',
            ["app", "--now"],
            "carried",
            id="trap 2: a cleared entrypoint writes out the CMD that the Dockerfile tells",
        ),
        pytest.param(
            "entrypoint: []",
            "FROM alpine:3.20\n",
            None,
            "approximated",
            id="trap 2: what cannot be cleared is said",
        ),
    ],
)
def test_cleared_by_a_dockerfile(
    walk: Walk, attribute: str, dockerfile: str, command: list[str] | None, fate: str
) -> None:
    walked = walk(web("build: .", attribute), {"Dockerfile": dockerfile})
    assert walked.at("container web", "command") == command
    assert walked.fate(f"services.web.{attribute.partition(':')[0]}") == fate
    assert ("cleared-command-kept" in walked.rules) == (fate == "approximated")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("a$$b", "a$b", id="trap 4: two dollar signs in a setting are one"),
        pytest.param(
            "$$(OTHER)", "$(OTHER)", id="trap 4: a reference in a setting is no reference"
        ),
        pytest.param("$$$$", "$$", id="trap 4: four dollar signs in a setting are two"),
    ],
)
@pytest.mark.parametrize("name", ["PLAIN", "a name with spaces"])
def test_dollar_signs_in_settings(walk: Walk, name: str, value: str, expected: str) -> None:
    """A ConfigMap is taken as it is; a variable that stands in the pod is expanded."""
    walked = walk(web(f'environment: {{"{name}": "{value}"}}'))
    inline = {one["name"]: one["value"] for one in walked.at("container web", "env") or ()}
    shared = walked.at("ConfigMap web-env", "data") or {}
    seen = {**shared, **{key: _expanded(text) for key, text in inline.items()}}
    assert seen == {name: expected}


def _expanded(text: str) -> str:
    """Return what Kubernetes makes of a text without references: `$$` is one dollar sign."""
    assert "$(" not in text.replace("$$", "")
    return text.replace("$$", "$")


@pytest.mark.parametrize(
    ("test", "command"),
    [
        pytest.param(
            "[CMD-SHELL, 'nc -z localhost 80 || exit 1']",
            ["/bin/sh", "-c", "nc -z localhost 80 || exit 1"],
            id="trap 22: CMD-SHELL runs in the shell of the image",
        ),
        pytest.param(
            "curl -f localhost",
            ["/bin/sh", "-c", "curl -f localhost"],
            id="trap 22: a text runs in the shell of the image",
        ),
        pytest.param(
            "[CMD, probe, 'a b', '$$(c)']",
            ["probe", "a b", "$$(c)"],
            id="trap 22: the words of CMD are literal, and no shell sees them",
        ),
    ],
)
def test_health_commands(walk: Walk, test: str, command: list[str]) -> None:
    walked = walk(web(f"healthcheck: {{test: {test}}}"))
    assert walked.at("container web", "readinessProbe.exec.command") == command


def test_the_shell_of_the_dockerfile_runs_a_health_check(walk: Walk) -> None:
    """Trap 22: the shell is the image's, and a Dockerfile may name another one."""
    walked = walk(
        web("build: .", "healthcheck: {test: check}"),
        {"Dockerfile": 'FROM alpine:3.20\nSHELL ["/bin/ash", "-ec"]\n'},
    )
    assert walked.at("container web", "readinessProbe.exec.command") == ["/bin/ash", "-ec", "check"]


def test_words_survive_readers_of_old_yaml(walk: Walk) -> None:
    """Trap 8: YAML 1.1 reads yes, 22:22 and 0o17 as something else, so they are quoted."""
    words = ["yes", "on", "22:22", "0o440", "0440", "1e3", "2024-01-01", "~", "null", "1_000", "="]
    walked = walk(web(f"command: {[*words]}", f"environment: {{A: '{words[2]}', B: 'no'}}"))
    for form in ("plain", "kustomize"):
        written = [
            document
            for path, content in walked.files(form).items()
            if path.endswith(("deployment.yaml", "/web.yaml"))
            for document in yaml.safe_load_all(content)
        ]
        (arguments,) = [
            document["spec"]["template"]["spec"]["containers"][0]["args"]
            for document in written
            if document["kind"] == "Deployment"
        ]
        assert arguments == words, form
    assert walked.at("ConfigMap web-env", "data") == {"A": "22:22", "B": "no"}
