"""Further names of a service."""

import pytest
from tests.translate.support import complaints, fates, rules, service

from mooring.translate.attributes import names
from mooring.translate.attributes.names import Link


@pytest.mark.parametrize(
    ("links", "found", "fate"),
    [
        pytest.param(["db"], Link(to="db", alias="db"), "carried", id="under-its-own-name"),
        pytest.param(["db:db"], Link(to="db", alias="db"), "carried", id="said-twice"),
        pytest.param(
            ["db:store"], Link(to="db", alias="store"), "approximated", id="under-another-name"
        ),
    ],
)
def test_links(links: list[str], found: Link, fate: str) -> None:
    view = service({"links": links})
    translated = names.links(view)
    assert translated.value == (found,)
    assert fates(view, translated.notes) == {"links[0]": fate}
    assert complaints(translated.notes) == []


def test_external_links_are_dropped() -> None:
    view = service({"external_links": ["a", "b:c"]})
    translated = names.links(view)
    assert translated.value == ()
    assert set(fates(view, translated.notes).values()) == {"dropped"}


@pytest.mark.parametrize(
    ("given", "is_dialled", "has_service", "fate", "found"),
    [
        pytest.param("web", False, False, "carried", [], id="the-service-s-own"),
        pytest.param("box", True, True, "carried", [], id="a-service-of-its-own"),
        pytest.param("box", False, False, "dropped", [], id="nobody-dials-it"),
        pytest.param(
            "a.b", True, False, "dropped", ["container-name-left-out"], id="no-service-can-have-it"
        ),
    ],
)
def test_container_name(
    given: str, is_dialled: bool, has_service: bool, fate: str, found: list[str]
) -> None:
    view = service({"container_name": given})
    notes = names.container_name(view, is_dialled=is_dialled, has_service=has_service)
    assert fates(view, notes) == {"container_name": fate}
    assert rules(notes) == found
    assert complaints(notes) == []


def test_no_names() -> None:
    assert names.container_name(service({}), is_dialled=False, has_service=False) == ()
    assert names.links(service({})).value == ()
