"""A choice about what is not there is an error; what any environment has is there."""

import pytest

from mooring.compose.nodes import Mapping
from mooring.compose.project import Project
from mooring.compose.yaml_reader import read_documents
from mooring.settings import subjects
from mooring.settings.extensions import with_extensions
from mooring.settings.reader import read
from mooring.settings.settled import Settings

DEV = """
services:
  web:
    image: web
    environment: {API_KEY: a, LEVEL: b}
    volumes:
    - {type: bind, source: /shop/nginx, target: /etc/nginx}
    - {type: volume, source: data, target: /data}
    configs: [{source: menu, target: /etc/menu.json}, {source: site}]
    secrets: [{source: key}]
volumes: {data: {name: shop_data}}
"""
PRODUCTION = """
services:
  web: {image: web, environment: {TOKEN: a}}
  backup: {image: backup}
"""
DISABLED = "{debug: {image: debug, environment: {TRACE: a}}}"


def _mapping(text: str) -> Mapping:
    (document,) = read_documents(text.encode(), "compose.yaml")
    assert isinstance(document.root, Mapping)
    return document.root


def _project(text: str, disabled: str = "") -> Project:
    services = _mapping(disabled).entries if disabled else {}
    return Project(
        name="shop",
        directory="/shop",
        files=(),
        profiles=(),
        root=_mapping(text),
        environment={},
        resolved_environments={},
        disabled={name: node for name, node in services.items() if isinstance(node, Mapping)},
    )


ENVIRONMENTS = {"dev", "production"}
PROJECTS = [_project(DEV, DISABLED), _project(PRODUCTION)]


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        pytest.param("", [], id="nothing-said"),
        pytest.param("environments: {dev: }", [], id="environments-are-the-users-own"),
        pytest.param("services: {web: , backup: }", [], id="a-service-of-any-environment"),
        pytest.param(
            "services: {debug: {settings: {TRACE: plain}}}", [], id="a-service-behind-a-profile"
        ),
        pytest.param(
            "services: {web: {settings: {LEVEL: plain, TOKEN: secret}}}",
            [],
            id="a-variable-of-any-environment",
        ),
        pytest.param("services: {web: {mounts: {/etc/nginx: drop}}}", [], id="a-bind-mount"),
        pytest.param(
            "services: {web: {mounts: {/etc/menu.json: copy, /run/secrets/key: configuration}}}",
            [],
            id="a-config-and-a-secret",
        ),
        pytest.param(
            "services: {web: {mounts: {/site: scratch}}}",
            [
                "mooring.yaml:1:27: a config or secret of the compose file can be configuration "
                "or copy\n  help: choose one of them"
            ],
            id="a-config-is-no-place-to-write",
        ),
        pytest.param("volumes: {data: }", [], id="a-volume"),
        pytest.param(
            "services: {wbe: {settings: {NONE: plain}}}",
            [
                'mooring.yaml:1:12: the compose files have no service "wbe"\n'
                '  help: did you mean "web"?'
            ],
            id="an-unknown-service-is-one-error",
        ),
        pytest.param(
            "services: {web: {settings: {API_KEYS: plain}}}",
            [
                "mooring.yaml:1:29: the compose files have no "
                'variable "API_KEYS" of the service "web"\n'
                '  help: did you mean "API_KEY"?'
            ],
            id="an-unknown-variable",
        ),
        pytest.param(
            "services: {web: {mounts: {/data: scratch}}}",
            [
                "mooring.yaml:1:27: a volume of the compose file can be storage or drop\n"
                "  help: choose one of them"
            ],
            id="a-volume-is-more-than-a-place-to-write",
        ),
        pytest.param("services: {web: {mounts: {/data: drop}}}", [], id="a-volume-may-go"),
        pytest.param(
            "services: {backup: {mounts: {/data: scratch}}}",
            [
                "mooring.yaml:1:30: the compose files have no "
                'mount, config or secret at "/data" in the service "backup"\n'
                "  help: remove it"
            ],
            id="a-service-without-mounts",
        ),
        pytest.param(
            "services: {web: {resources: {production: , prodution: {limits: {cpu: 1}}}}}",
            [
                'mooring.yaml:1:44: there is no environment "prodution"\n'
                '  help: did you mean "production"?'
            ],
            id="an-unknown-environment",
        ),
        pytest.param(
            "volumes: {date: , zzz: }",
            [
                'mooring.yaml:1:11: the compose files have no volume "date"\n'
                '  help: did you mean "data"?',
                'mooring.yaml:1:19: the compose files have no volume "zzz"\n'
                '  help: there is "data"',
            ],
            id="unknown-volumes-are-told-at-once",
        ),
    ],
)
def test_what_the_file_speaks_of(text: str, errors: list[str]) -> None:
    settings = read(text.encode(), "mooring.yaml")
    assert [str(error) for error in subjects.check([settings], PROJECTS, ENVIRONMENTS)] == errors


_OUTSIDE = "mode: {production: external}, connection: {host: smtp.example.com}"


@pytest.mark.parametrize(
    ("text", "dialled", "errors"),
    [
        pytest.param(f"services: {{relay: {{{_OUTSIDE}}}}}", [], [], id="what-is-outside-alone"),
        pytest.param(
            f"services: {{wed: {{{_OUTSIDE}}}}}",
            [],
            [
                'mooring.yaml:1:12: the compose files have no service "wed"\n'
                '  help: did you mean "web"?'
            ],
            id="a-slip-of-a-service",
        ),
        pytest.param(
            f"services: {{wed: {{{_OUTSIDE}}}}}", ["wed"], [], id="no-slip-where-somebody-dials-it"
        ),
        pytest.param(
            f"services: {{relay: {{replicas: 2, {_OUTSIDE}}}}}",
            [],
            [
                'mooring.yaml:1:12: the compose files have no service "relay"\n'
                '  help: there is "backup", "debug" and "web"'
            ],
            id="what-is-run-has-to-be-a-service",
        ),
        pytest.param(
            f"services: {{mail_relay: {{{_OUTSIDE}}}}}",
            ["mail_relay"],
            [
                'mooring.yaml:1:12: "mail_relay" can be no name of a Service\n'
                "  help: give what dials it another value, below environment of its service"
            ],
            id="a-name-that-no-service-of-a-cluster-can-have",
        ),
    ],
)
def test_what_is_outside_needs_no_service_of_the_files(
    text: str, dialled: list[str], errors: list[str]
) -> None:
    settings = read(text.encode(), "mooring.yaml")
    found = subjects.check([settings], PROJECTS, ENVIRONMENTS, dialled)
    assert [str(error) for error in found] == errors


def test_what_an_extension_speaks_of() -> None:
    text = "services: {web: {image: a, x-mooring: {mounts: {/no: drop}, settings: {TOKEN: plain}}}}"
    compose = _project(text)
    settings = with_extensions(Settings(), compose.root)
    assert [
        str(error) for error in subjects.check([settings], [compose, *PROJECTS], ENVIRONMENTS)
    ] == [
        'compose.yaml:1:49: the compose files have no mount, config or secret at "/no" in '
        'the service "web"\n'
        '  help: there is "/data", "/etc/menu.json", "/etc/nginx", "/run/secrets/key" and "/site"'
    ]
