"""Which services run, and what the project is called."""

import pytest

from mooring.compose import profiles, project_name
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.errors import InputErrors, UsageError
from mooring.sources import Position


def _service(*names: str) -> Mapping:
    return Mapping({"profiles": Sequence(tuple(Scalar(name) for name in names))})


@pytest.mark.parametrize(
    ("service", "active", "runs"),
    [
        pytest.param(Mapping({}), (), True, id="without-a-profile"),
        pytest.param(_service(), (), True, id="empty-list"),
        pytest.param(_service("a"), (), False, id="none-active"),
        pytest.param(_service("a", "b"), ("b",), True, id="one-of-its-profiles"),
        pytest.param(_service("a"), ("b",), False, id="another-one-active"),
        pytest.param(_service("a"), ("*",), True, id="star-activates-all"),
        pytest.param(_service("*"), ("a",), False, id="star-in-a-service-is-a-name"),
    ],
)
def test_is_active(service: Node, active: tuple[str, ...], runs: bool) -> None:
    assert profiles.is_active(service, active) is runs


@pytest.mark.parametrize(
    ("flags", "value", "asked"),
    [
        pytest.param(("a",), "b", ("a",), id="flags-first"),
        pytest.param((), "b, c", ("b", "c"), id="a-list-with-commas"),
        pytest.param((), None, ("",), id="unset"),
    ],
)
def test_asked_for(flags: tuple[str, ...], value: str | None, asked: tuple[str, ...]) -> None:
    assert profiles.asked_for(flags, value) == asked


def test_split_keeps_the_order_and_names_what_does_not_run() -> None:
    services = Mapping({"a": _service("x"), "b": Mapping({}), "c": _service("y")})
    running, disabled = profiles.split(services, ["y"])
    assert (list(running.entries), list(disabled)) == (["b", "c"], ["a"])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("shop", "shop", id="valid"),
        pytest.param("My Shop!", "myshop", id="lower-case-without-the-rest"),
        pytest.param("_-a_-", "a_-", id="no-hyphen-or-underscore-at-the-front"),
        pytest.param("été", "t", id="letters-of-ascii-only"),
        pytest.param("ΣΑΣ", "", id="nothing-left"),
    ],
)
def test_normalized_name(text: str, name: str) -> None:
    assert project_name.normalized(text) == name


def _document(name: object) -> Mapping:
    return Mapping({"name": Scalar(name)})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("files", "name"),
    [
        pytest.param([[_document("a")], [_document("b")]], "b", id="last-file"),
        pytest.param([[_document("a"), _document("b")]], "b", id="last-document"),
        pytest.param([[_document("a")], [_document("")]], "a", id="an-empty-name-says-nothing"),
        pytest.param([[Mapping({})]], "dir", id="the-directory"),
        pytest.param([[_document("!")]], "", id="an-invalid-name-rules-the-directory-out"),
        pytest.param([[Mapping({}), _document("!")]], "dir", id="not-one-of-a-later-document"),
        pytest.param([[_document(5)]], "5", id="a-number"),
        pytest.param([[Sequence(())], [Scalar(None)]], "dir", id="files-that-are-no-mappings"),
    ],
)
def test_name_of_the_files(files: list[list[Node]], name: str) -> None:
    assert project_name.from_files(files, lambda found: str(found.value), "Dir") == name


def test_a_name_from_outside_must_be_valid() -> None:
    assert project_name.explicit("", None) is None
    assert project_name.explicit("a", "b") == "a"
    assert project_name.explicit("", "b") == "b"
    with pytest.raises(UsageError):
        project_name.explicit("A", None)
    with pytest.raises(InputErrors) as raised:
        project_name.explicit("", "A b", position=Position(".env", 3, 1))
    assert str(raised.value).startswith('.env:3:1: COMPOSE_PROJECT_NAME "A b" is not')
