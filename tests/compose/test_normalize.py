"""What the merged files imply."""

import pytest
from tests.compose.documents import at, model, service

from mooring.compose import normalize
from mooring.compose.nodes import Mapping, Plain, Scalar, plain

_ENVIRONMENT = {"SET": "value", "EMPTY": ""}


def _normalized(root: Mapping) -> Mapping:
    return normalize.normalize(root, project_name="shop", environment=_ENVIRONMENT)


def _web(attributes: str) -> Plain:
    return plain(at(_normalized(service(attributes)), "services", "web"))


@pytest.mark.parametrize(
    ("attributes", "networks"),
    [
        pytest.param("image: x", {"default": None}, id="none-is-the-default"),
        pytest.param("networks: {}", {"default": None}, id="so-is-an-empty-mapping"),
        pytest.param("networks: {a: null}", {"a": None}, id="what-is-said-stays"),
        pytest.param("network_mode: host", None, id="not-with-a-mode"),
        pytest.param("provider: {type: x}", None, id="not-with-a-provider"),
    ],
)
def test_networks_of_a_service(attributes: str, networks: Plain) -> None:
    web = _web(attributes)
    assert isinstance(web, dict)
    assert web.get("networks") == networks


@pytest.mark.parametrize(
    ("text", "networks"),
    [
        pytest.param(
            "services: {web: {}}", {"default": {"name": "shop_default"}}, id="made-where-it-is-used"
        ),
        pytest.param(
            "services: {web: {}}\nnetworks: {default: {name: n}}",
            {"default": {"name": "n"}},
            id="not-made-where-it-is-said",
        ),
        pytest.param("services: {web: {network_mode: host}}", None, id="not-made-where-unused"),
        pytest.param(
            "services: {web: {networks: {a: null}}}\nnetworks: {a: null}",
            {"a": {"name": "shop_a"}},
            id="named-after-the-project",
        ),
        pytest.param(
            "networks: {a: {external: true}, b: {name: c}}",
            {"a": {"external": True, "name": "a"}, "b": {"name": "c"}},
            id="what-exists-has-its-own-name",
        ),
    ],
)
def test_networks_of_the_project(text: str, networks: Plain) -> None:
    made = plain(_normalized(model(text)))
    assert isinstance(made, dict)
    assert made.get("networks") == networks


@pytest.mark.parametrize(
    ("attributes", "implied"),
    [
        pytest.param("links: [db, 'cache:c']", {"db": True, "cache": True}, id="links"),
        pytest.param("network_mode: service:db", {"db": True}, id="a-shared-network"),
        pytest.param("ipc: service:db\npid: service:x", {"db": True, "x": True}, id="namespaces"),
        pytest.param("volumes_from: ['db:ro', 'container:c']", {"db": False}, id="volumes"),
        pytest.param("links: ['a:b:c']", {"a:b:c": True}, id="three-parts-are-no-link"),
        pytest.param("network_mode: host", None, id="no-service-no-dependency"),
    ],
)
def test_implied_dependencies(attributes: str, implied: dict[str, bool] | None) -> None:
    web = _web(attributes)
    assert isinstance(web, dict)
    expected = implied and {
        name: {"condition": "service_started", "restart": restart, "required": True}
        for name, restart in implied.items()
    }
    assert web.get("depends_on") == expected


def test_a_dependency_that_is_said_wins_over_an_implied_one() -> None:
    said = "depends_on: {db: {condition: service_healthy}}\nlinks: [db]"
    web = _web(said)
    assert isinstance(web, dict)
    assert web["depends_on"] == {"db": {"condition": "service_healthy"}}


@pytest.mark.parametrize(
    ("attributes", "resolved"),
    [
        pytest.param(
            "environment: {SET: null, EMPTY: null, NOT: null, A: 1}",
            {"environment": {"SET": "value", "EMPTY": "", "NOT": None, "A": 1}},
            id="variables-without-value",
        ),
        pytest.param(
            "environment: [SET, NOT, A=1]",
            {"environment": ["SET=value", "NOT", "A=1"]},
            id="variables-in-a-list",
        ),
        pytest.param(
            "build: {args: {SET: null, NOT: null}}",
            {"build": {"args": {"SET": "value"}, "context": ".", "dockerfile": "Dockerfile"}},
            id="an-unset-build-argument-is-none",
        ),
        pytest.param(
            "build: {args: [SET, NOT], dockerfile_inline: x}",
            {"build": {"args": ["SET=value"], "dockerfile_inline": "x", "context": "."}},
            id="an-inline-dockerfile-is-the-dockerfile",
        ),
        pytest.param("pull_policy: if_not_present", {"pull_policy": "missing"}, id="an-older-word"),
        pytest.param(
            "volumes: [{target: /a/}]", {"volumes": [{"target": "/a"}]}, id="targets-are-cleaned"
        ),
    ],
)
def test_values(attributes: str, resolved: dict[str, Plain]) -> None:
    assert _web(attributes) == {**resolved, "networks": {"default": None}}


def test_a_value_of_the_environment_names_its_variable() -> None:
    made = _normalized(service("environment: {SET: null}"))
    found = at(made, "services", "web", "environment", "SET")
    assert isinstance(found, Scalar)
    assert found.variables == ("SET",)


def test_a_list_of_variables_is_resolved_where_models_are_put_together() -> None:
    made = normalize.resolve_environment(service("environment: [SET, NOT]"), _ENVIRONMENT)
    assert plain(at(made, "services", "web", "environment")) == ["SET=value", "NOT"]
    untouched = service("environment: {SET: null}")
    assert normalize.resolve_environment(untouched, _ENVIRONMENT) is untouched


def test_a_hook_takes_from_its_service_what_it_does_not_say() -> None:
    web = _web(
        """
        image: app
        user: app
        volumes: [{type: volume, target: /x}]
        ports: [{target: 80}]
        environment: {A: 1}
        pre_start: [{command: migrate, user: root, environment: [B=2]}]
        """
    )
    assert isinstance(web, dict)
    assert web["pre_start"] == [
        {
            "image": "app",
            "user": "root",
            "command": "migrate",
            "environment": ["A=1", "B=2"],
            "networks": {"default": None},
        }
    ]
