"""Traps 5 to 8: which value a setting has in the end, and where it stands."""

from collections.abc import Callable

import pytest
from tests.traps.road import Walked, web

from mooring.errors import InputErrors

Walk = Callable[..., Walked]


@pytest.mark.parametrize(
    ("attributes", "files", "process", "expected"),
    [
        pytest.param(
            ("env_file: [one.env, two.env]", "environment: {C: here}"),
            {"one.env": "A=1\nB=1\nC=1\n", "two.env": "B=2\nC=2\n"},
            {},
            {"A": "1", "B": "2", "C": "here"},
            id="trap 5: a later env file wins, and environment wins over all",
        ),
        pytest.param(
            ("env_file: one.env", "environment: [A, B=here]"),
            {"one.env": "A=1\nB=1\nC=1\n"},
            {},
            {"B": "here", "C": "1"},
            id="trap 5: a name without a value removes what an env file said",
        ),
        pytest.param(
            ("environment: {A: null, B: null, C: null}",),
            {".env": "A=file\nB=file\n"},
            {"B": "shell"},
            {"A": "file", "B": "shell"},
            id="trap 6: a name alone takes its value from the shell, then .env, else it goes",
        ),
        pytest.param(
            ("env_file: one.env", "environment: {OWN: own}"),
            {"one.env": "A=${HOST}\nB=${OWN}\nC='${HOST}'\nD=${A}-x\n"},
            {"HOST": "shell"},
            {"A": "shell", "B": "own", "C": "${HOST}", "D": "shell-x", "OWN": "own"},
            id="trap 7: an env file is interpolated, and single quotes are literal",
        ),
        pytest.param(
            ("env_file: [{path: one.env, format: raw}]",),
            {"one.env": "A='${HOST}' # no comment\n"},
            {"HOST": "shell"},
            {"A": "'${HOST}' # no comment"},
            id="trap 7: format raw takes a line as it stands",
        ),
        pytest.param(
            ("env_file: [one.env, two.env]",),
            {"one.env": "A=1\nB=1\n", "two.env": "A\n"},
            {},
            {"A": "1", "B": "1"},
            id="trap 7: a name alone in an env file gives nothing and takes nothing away",
        ),
        pytest.param(
            ("env_file: one.env",),
            {"one.env": "export A=\"a b\"\nB=x # comment\nC={\"a\": [1, 2]}\nD=last"},
            {},
            {"A": "a b", "B": "x", "C": '{"a": [1, 2]}', "D": "last"},
            id="trap 7: export, quotes, comments, JSON and a missing line break at the end",
        ),
        pytest.param(
            ("environment: {A: yes, B: 1e3, C: 0o17, D: false, E: 22:22, F: 1_000, G: '07'}",),
            {},
            {},
            {"A": "yes", "B": "1000", "C": "15", "D": "false", "E": "22:22",
             "F": "1000", "G": "07"},
            id="trap 8: scalars are typed as Compose types them, and are texts in the end",
        ),
        pytest.param(
            ("environment: {FEATURE.FLAG: 'on', RabbitMq_Url: amqp, with-dash: x}",),
            {},
            {},
            {"FEATURE.FLAG": "on", "RabbitMq_Url": "amqp", "with-dash": "x"},
            id="trap 7: dotted, mixed and dashed names stay",
        ),
    ],
)  # fmt: skip
def test_values(
    walk: Walk,
    attributes: tuple[str, ...],
    files: dict[str, str],
    process: dict[str, str],
    expected: dict[str, str],
) -> None:
    walked = walk(web(*attributes), files, environment=process)
    assert walked.at("ConfigMap web-env", "data") == expected
    assert walked.at("container web", "envFrom") == [{"configMapRef": {"name": "web-env"}}]
    assert walked.at("container web", "env") is None


@pytest.mark.parametrize(
    ("name", "inline", "rule"),
    [
        pytest.param(
            "1ST", True, "setting-name-new", id="trap 7: a digit first is said to need 1.32"
        ),
        pytest.param(
            "a b", True, "setting-name-new", id="trap 7: a space in a name is said to need 1.32"
        ),
        pytest.param(
            "..x", True, "setting-name-new", id="trap 7: no ConfigMap holds a key like this"
        ),
        pytest.param(
            "größe", False, "setting-left-out", id="trap 7: a name that no cluster takes is told"
        ),
    ],
)
def test_names_that_an_import_would_skip(walk: Walk, name: str, inline: bool, rule: str) -> None:
    """A name is given to the pod itself where importing a ConfigMap passes over it silently."""
    walked = walk(web(f'environment: {{"{name}": x, PLAIN: y}}'))
    assert walked.at("ConfigMap web-env", "data") == {"PLAIN": "y"}
    expected = [{"name": name, "value": "x"}] if inline else None
    assert walked.at("container web", "env") == expected
    assert rule in walked.rules


def test_a_secret_setting_is_a_key_of_the_secret(walk: Walk) -> None:
    walked = walk(web("environment: {DB_PASSWORD: 'k3#x \"y\"', LEVEL: info}"))
    assert walked.at("ConfigMap web-env", "data") == {"LEVEL": "info"}
    assert walked.at("Secret shop-secrets", "stringData") == {"DB_PASSWORD": 'k3#x "y"'}
    assert walked.at("container web", "env") == [
        {
            "name": "DB_PASSWORD",
            "valueFrom": {"secretKeyRef": {"name": "shop-secrets", "key": "DB_PASSWORD"}},
        }
    ]


@pytest.mark.parametrize(
    "attribute",
    [
        pytest.param("environment: {URL: 'postgres://app:s3cr3t@db/x'}", id="a-password-in-a-url"),
        pytest.param("environment: {SETUP: 'user;${DB_PASSWORD}'}", id="descent-from-a-secret"),
        pytest.param("environment: {COPY: s3cr3t-long}", id="a-copy-of-a-secret"),
    ],
)
def test_a_secret_under_an_innocent_name(walk: Walk, attribute: str) -> None:
    walked = walk(web(attribute), {".env": "DB_PASSWORD=s3cr3t-long\n"})
    assert "s3cr3t" not in str(walked.manifests)
    assert len(walked.at("Secret shop-secrets", "stringData") or {}) == 1
    for form in ("plain", "kustomize"):
        leaked = [path for path, content in walked.files(form).items() if "s3cr3t" in content]
        assert [path for path in leaked if "secrets" not in path or "example" in path] == []
        assert leaked


def test_two_containers_disagree_on_a_secret(walk: Walk) -> None:
    walked = walk(
        """
        services:
          a: {image: "a:1", environment: {API_KEY: one-value}}
          b: {image: "b:1", environment: {API_KEY: two-value}}
          c: {image: "c:1", environment: {API_KEY: one-value}}
        """
    )
    values = walked.at("Secret shop-secrets", "stringData")
    assert isinstance(values, dict)
    keys = [walked.at(f"container {name}", "env[0].valueFrom.secretKeyRef.key") for name in "abc"]
    assert [values[key] for key in keys] == ["one-value", "two-value", "one-value"]
    assert len(values) == 2


def test_an_unset_variable_is_one_question(walk: Walk) -> None:
    """Row "${V}": an error list, not a silent blank, with the place where the value belongs."""
    walked = walk(
        """
        services:
          a: {image: "a:1", environment: {X: "${HOST_OF_API}/x", Y: "${HOST_OF_API}"}}
          b: {image: "b:1", command: "--to ${HOST_OF_API} --also ${OTHER:-default}"}
          c: {image: "c:1", labels: {z: "${OTHER-}"}}
        """
    )
    (question,) = walked.questions
    assert question.subject == "variables.HOST_OF_API"
    assert "a, b" in question.question
    assert question.answer == "HOST_OF_API=<value> in .env"
    assert question.position is not None
    assert question.position.line == 3


def test_an_unset_secret_is_asked_once(walk: Walk) -> None:
    walked = walk(
        """
        services:
          a: {image: "a:1", environment: {DB_PASSWORD: "${DB_PASSWORD}"}}
          b: {image: "b:1", environment: {DB_PASSWORD: "${DB_PASSWORD}"}}
        """
    )
    assert [question.subject for question in walked.questions] == ["variables.DB_PASSWORD"]
    assert walked.at("Secret shop-secrets", "stringData") == {"DB_PASSWORD": ""}


def test_an_unset_variable_of_an_env_file_is_a_question(walk: Walk) -> None:
    walked = walk(web("env_file: one.env"), {"one.env": "A=1\nB=x-${NOWHERE}\n"})
    (question,) = walked.questions
    assert question.subject == "variables.NOWHERE"
    assert "web" in question.question
    assert walked.at("ConfigMap web-env", "data") == {"A": "1", "B": "x-"}


@pytest.mark.parametrize(
    ("compose", "message"),
    [
        pytest.param(
            web("environment: {A: '${NEEDED:?give it}'}"),
            "give it",
            id="a required variable stops with its own message",
        ),
        pytest.param(
            web("env_file: none.env"), "none.env", id="a required env file that is not there stops"
        ),
    ],
)
def test_what_compose_refuses(walk: Walk, compose: str, message: str) -> None:
    with pytest.raises(InputErrors, match=message) as caught:
        walk(compose)
    assert all(error.position is not None for error in caught.value.errors)


@pytest.mark.parametrize(
    ("image", "asked"),
    [
        pytest.param("app", ["app:<version>"], id="no tag"),
        pytest.param("app:latest", ["app:<version>"], id="the tag latest"),
        pytest.param(
            "registry.example.com:5000/app",
            ["registry.example.com:5000/app:<version>"],
            id="a port is no tag",
        ),
        pytest.param("app:1.2", [], id="a version is fine"),
        pytest.param("app@sha256:" + "a" * 64, [], id="a digest is fine"),
        pytest.param("app:latest@sha256:" + "a" * 64, [], id="a digest pins the tag latest"),
    ],
)
def test_which_version_of_an_image_that_may_change(
    walk: Walk, image: str, asked: list[str]
) -> None:
    walked = walk(web(image=image))
    answers = [one.answer for one in walked.questions if "which version" in one.question]
    assert answers == [f"services: {{web: {{image: {one}}}}}" for one in asked]
    assert walked.at("container web", "image") == image


@pytest.mark.parametrize(
    ("image", "said"),
    [
        pytest.param("${REGISTRY}/team/app:1", "/team/app:1", id="the registry is empty"),
        pytest.param("app:${TAG}", "app:", id="the tag is empty"),
        pytest.param("${NAME}:1", ":1", id="the name is empty"),
        pytest.param("app@${DIGEST}", "app@", id="the digest is empty"),
        pytest.param("Team/App:1", "Team/App:1", id="capitals in the name"),
    ],
)
def test_an_image_reference_that_is_none_is_a_question(walk: Walk, image: str, said: str) -> None:
    walked = walk(web(image=f"'{image}'"))
    if "$" in image:
        # The variable is asked for, and its value will make a name of it.
        assert len(walked.questions) == 1
        assert walked.questions[0].subject.startswith("variables.")
    else:
        (asked,) = walked.asked("services.web.image")
        assert f'"{said}"' in asked
