"""The environment of a container: which values are secret, and what is asked about them."""

import pytest
from tests.translate.support import complaints, fates, questions, rules, service

from mooring.app.configuration import Setting
from mooring.compose.environment import EnvValue
from mooring.compose.nodes import Plain
from mooring.sensitive import Sensitive
from mooring.settings.choices import Choices, Secrecy, ServiceChoices
from mooring.sources import Position
from mooring.translate.attributes import environment
from mooring.translate.view import ServiceView

NO_CHOICES = Choices()
AT = Position("compose.yaml", 9, 9)


def view(
    values: dict[str, str | None], *, declared: bool = True, variables: tuple[str, ...] = ()
) -> ServiceView:
    """Return a service with these variables, which stand in the Compose file where ``declared``."""
    attributes: dict[str, Plain] = {"environment": dict(values)} if declared else {}
    resolved = {
        name: EnvValue(value=value, position=AT, variables=variables)
        for name, value in values.items()
    }
    return ServiceView("web", service(attributes).attributes, resolved)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param({"B": "2", "A": "1"}, {"A": "1", "B": "2"}, id="sorted-by-name"),
        pytest.param({"A": None, "B": ""}, {"B": ""}, id="without-a-value-it-is-omitted"),
        pytest.param({"DB_PASSWORD": "k3"}, {"DB_PASSWORD": Sensitive("k3")}, id="secret-by-name"),
        pytest.param(
            {"A": "x://u:p4ssw@h"}, {"A": Sensitive("x://u:p4ssw@h")}, id="secret-by-content"
        ),
        pytest.param(
            {"ALLOW_EMPTY_PASSWORD": "yes"}, {"ALLOW_EMPTY_PASSWORD": "yes"}, id="a-switch"
        ),
        pytest.param(
            {"A": "known-secret"}, {"A": Sensitive("known-secret")}, id="a-copy-of-a-secret"
        ),
    ],
)
def test_settings(values: dict[str, str | None], expected: dict[str, object]) -> None:
    one = view(values)
    translated = environment.translate(one, NO_CHOICES, frozenset({"known-secret"}))
    assert {setting.name: setting.value for setting in translated.value} == expected
    told = fates(one, translated.notes)
    assert told == {
        f"environment.{name}": "dropped" if value is None else "carried"
        for name, value in values.items()
    }
    assert complaints(translated.notes) == []


def test_a_password_that_repeats_the_name_of_its_user_is_asked_for() -> None:
    one = view({"POSTGRES_USER": "airflow", "POSTGRES_PASSWORD": "airflow"})
    translated = environment.translate(one, NO_CHOICES)
    assert [setting.is_placeholder for setting in translated.value] == [True, False]
    assert questions(translated.notes) == [
        "the secret is a placeholder or a default that everybody knows"
    ]


def test_secret_by_descent() -> None:
    one = view({"A": "made of it"}, variables=("DB_PASSWORD",))
    (setting,) = environment.translate(one, NO_CHOICES).value
    assert setting.is_secret


@pytest.mark.parametrize(
    ("name", "chosen", "is_secret"),
    [
        pytest.param("LEVEL", Secrecy.SECRET, True, id="secret-by-the-user-s-word"),
        pytest.param("DB_PASSWORD", Secrecy.PLAIN, False, id="plain-by-the-user-s-word"),
    ],
)
def test_mooring_yaml_wins(name: str, chosen: Secrecy, is_secret: bool) -> None:
    choices = Choices(services={"web": ServiceChoices(settings={name: chosen})})
    (setting,) = environment.translate(view({name: "value-of-it"}), choices).value
    assert setting.is_secret is is_secret


@pytest.mark.parametrize(
    ("value", "asked"),
    [
        pytest.param("", ["the secret is empty"], id="empty"),
        pytest.param(
            "changeme",
            ["the secret is a placeholder or a default that everybody knows"],
            id="a-placeholder",
        ),
        pytest.param("dG9wLXNlY3JldA", [], id="a-value"),
    ],
)
def test_placeholders_are_questions(value: str, asked: list[str]) -> None:
    translated = environment.translate(view({"DB_PASSWORD": value}), NO_CHOICES)
    assert questions(translated.notes) == asked
    assert [setting.is_placeholder for setting in translated.value] == [bool(asked)]
    assert complaints(translated.notes) == []


def test_an_empty_key_of_what_watches_from_outside_is_no_question() -> None:
    translated = environment.translate(view({"SENTRY_DSN": ""}), NO_CHOICES)
    assert questions(translated.notes) == []
    assert [one.is_secret for one in translated.value] == [False]


@pytest.mark.parametrize(
    ("value", "variables", "asked"),
    [
        pytest.param("", ("PW",), 0, id="the-variable-is-asked-for"),
        pytest.param("", ("OTHER",), 1, id="another-variable-was-empty"),
        pytest.param("changeme", ("PW",), 1, id="the-text-around-it-is-a-placeholder"),
    ],
)
def test_an_unset_variable_is_no_second_question(
    value: str, variables: tuple[str, ...], asked: int
) -> None:
    one = view({"DB_PASSWORD": value}, variables=variables)
    translated = environment.translate(one, NO_CHOICES, unset=frozenset({"PW"}))
    assert len(questions(translated.notes)) == asked
    assert translated.value[0].is_placeholder


@pytest.mark.parametrize(
    ("name", "kept", "rule"),
    [
        pytest.param("A.b-c_1", True, [], id="dots-and-dashes"),
        pytest.param("1A", True, ["setting-name-new"], id="a-digit-first"),
        pytest.param("a b", True, ["setting-name-new"], id="a-space"),
        pytest.param("é", False, ["setting-left-out"], id="a-letter-that-is-not-ascii"),
        pytest.param("", False, ["setting-left-out"], id="no-name"),
    ],
)
def test_names(name: str, kept: bool, rule: list[str]) -> None:
    one = view({name: "x"})
    translated = environment.translate(one, NO_CHOICES)
    assert translated.value == ((Setting(name=name, value="x", position=AT),) if kept else ())
    assert rules(translated.notes) == rule
    assert list(fates(one, translated.notes).values()) == ["carried" if kept else "dropped"]
    assert complaints(translated.notes) == []


def test_env_files_are_answered_for_as_a_whole() -> None:
    attributes = service({"env_file": [{"path": "/a.env", "required": True}]}).attributes
    one = ServiceView("web", attributes, {"A": EnvValue(value="1", position=AT)})
    translated = environment.translate(one, NO_CHOICES)
    assert [setting.name for setting in translated.value] == ["A"]
    assert fates(one, translated.notes) == {
        "env_file[0].path": "carried",
        "env_file[0].required": "carried",
    }
