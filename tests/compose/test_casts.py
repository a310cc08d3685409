"""Texts where numbers and booleans belong."""

import pytest
from tests.compose.documents import at, model, service, shown

from mooring.compose import casts
from mooring.compose.nodes import Scalar, plain
from mooring.errors import InputErrors
from mooring.sources import Position


@pytest.mark.parametrize(
    ("attributes", "path", "value"),
    [
        pytest.param("privileged: 'true'", ("privileged",), True, id="a-boolean"),
        pytest.param("tty: 'Yes'", ("tty",), True, id="a-boolean-of-yaml-1.1-in-any-case"),
        pytest.param("init: 'off'", ("init",), False, id="a-false-of-yaml-1.1"),
        pytest.param("scale: '3'", ("scale",), 3, id="an-integer"),
        pytest.param("scale: '+007'", ("scale",), 7, id="zeros-in-front-mean-nothing"),
        pytest.param("cpus: '0.1'", ("cpus",), 0.1, id="a-number-in-single-precision"),
        pytest.param("umask: '022'", ("umask",), 18, id="a-mask-with-a-zero-in-front-is-octal"),
        pytest.param("umask: '22'", ("umask",), 22, id="a-mask-without-is-decimal"),
        pytest.param("ulimits: {nofile: '1024'}", ("ulimits", "nofile"), 1024, id="a-limit"),
        pytest.param(
            "ulimits: {nofile: {hard: '5', soft: 1}}",
            ("ulimits", "nofile", "hard"),
            5,
            id="a-hard-limit",
        ),
        pytest.param("ports: [{target: '80'}]", ("ports", 0, "target"), 80, id="inside-of-a-list"),
        pytest.param(
            "deploy: {update_config: {max_failure_ratio: '1e-1'}}",
            ("deploy", "update_config", "max_failure_ratio"),
            0.1,
            id="deep-inside",
        ),
        pytest.param(
            "depends_on: {db: {required: 'false'}}",
            ("depends_on", "db", "required"),
            False,
            id="below-a-name-of-the-user",
        ),
        pytest.param(
            "pre_start: [{read_only: 'true'}]", ("pre_start", 0, "read_only"), True, id="in-a-hook"
        ),
    ],
)
def test_a_text_becomes_what_it_says(
    attributes: str, path: tuple[str | int, ...], value: object
) -> None:
    made = casts.cast(service(attributes))
    found = plain(at(made, "services", "web", *path))
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "attributes",
    [
        pytest.param("image: 'true'", id="an-image-is-a-text"),
        pytest.param("environment: {A: 'true'}", id="so-is-a-variable"),
        pytest.param("build: {no_cache: 'true'}", id="some-flags-are-read-later"),
        pytest.param("mem_limit: '5'", id="a-size-is-read-later"),
        pytest.param("ports: ['80']", id="a-short-port-is-a-text"),
    ],
)
def test_a_text_elsewhere_stays_a_text(attributes: str) -> None:
    root = service(attributes)
    assert casts.cast(root) is root


def test_position_and_variables_stay() -> None:
    position = Position("a.yaml", 3, 5)
    root = model("services: {web: {scale: 1}}")
    web = at(root, "services", "web")
    web.entries["scale"] = Scalar("2", position, ("COUNT",))  # type: ignore[union-attr]
    assert at(casts.cast(root), "services", "web", "scale") == Scalar(2, position, ("COUNT",))


def test_all_texts_that_say_nothing_are_told_at_once() -> None:
    root = service("scale: ''\nprivileged: maybe\ncpus: ' 1'\nnetworks: {a: null}")
    with pytest.raises(InputErrors) as raised:
        casts.cast(root)
    assert shown(raised.value) == [
        "compose.yaml:3:12: services.web.scale: an empty text is not an integer\n"
        "  help: give a value",
        'compose.yaml:4:17: services.web.privileged: "maybe" is neither true nor false\n'
        "  help: write true or false",
        'compose.yaml:5:11: services.web.cpus: " 1" is not a number\n  help: write a number',
    ]


def test_an_empty_variable_is_named() -> None:
    root = model("services: {web: {scale: x}}")
    web = at(root, "services", "web")
    web.entries["scale"] = Scalar("", None, ("COUNT",))  # type: ignore[union-attr]
    with pytest.raises(InputErrors) as raised:
        casts.cast(root)
    assert shown(raised.value) == [
        "services.web.scale: an empty text, which comes from ${COUNT}, is not an integer\n"
        "  help: set the variable, or give it a default: ${NAME:-1}"
    ]
