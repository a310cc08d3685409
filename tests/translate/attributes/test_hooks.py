"""Commands at the start and the end of a container."""

import pytest
from tests.translate.support import complaints, fates, rules, service, unaccounted

from mooring.compose.nodes import Plain
from mooring.translate.attributes import hooks


def commands(attributes: dict[str, Plain]) -> tuple[tuple[str, ...], ...]:
    found = hooks.translate(service(attributes)).value
    return tuple(hook.command for hook in (*found.after_start, *found.before_stop))


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        pytest.param({}, (), id="nothing-said"),
        pytest.param(
            {"post_start": [{"command": ["a", "$(b)"]}]},
            (("a", "$(b)"),),
            id="words-stay-literal",
        ),
        pytest.param(
            {"pre_stop": [{"command": ["a"]}, {"command": ["b"]}]},
            (("a",), ("b",)),
            id="several-in-order",
        ),
        pytest.param(
            {"post_start": [{"command": ["a", "x y"], "working_dir": "/my app"}]},
            (("/bin/sh", "-c", 'cd "$0" && exec "$@"', "/my app", "a", "x y"),),
            id="a-shell-enters-the-directory",
        ),
        pytest.param(
            {"post_start": [{"command": ["a"], "environment": {"LEVEL": "1", "SHELL_ONLY": None}}]},
            (("env", "LEVEL=1", "a"),),
            id="env-sets-the-variables",
        ),
        pytest.param(
            {
                "post_start": [
                    {"command": ["a"], "environment": {"LEVEL": "1"}, "working_dir": "/app"}
                ]
            },
            (("/bin/sh", "-c", 'cd "$0" && exec "$@"', "/app", "env", "LEVEL=1", "a"),),
            id="directory-and-variables",
        ),
        pytest.param({"post_start": [{"command": []}]}, (), id="a-hook-without-a-command"),
        pytest.param({"post_start": []}, (), id="an-empty-list"),
    ],
)
def test_commands(attributes: dict[str, Plain], expected: tuple[tuple[str, ...], ...]) -> None:
    view = service(attributes)
    assert commands(attributes) == expected
    notes = hooks.translate(view).notes
    assert unaccounted(view, notes) == []
    assert complaints(notes) == []


def test_start_and_stop_are_told_apart() -> None:
    found = hooks.translate(
        service({"post_start": [{"command": ["up"]}], "pre_stop": [{"command": ["down"]}]})
    ).value
    assert [hook.command for hook in found.after_start] == [("up",)]
    assert [hook.command for hook in found.before_stop] == [("down",)]


@pytest.mark.parametrize(
    ("hook", "user", "told", "findings"),
    [
        pytest.param(
            {"user": "root"},
            None,
            {"user": "dropped"},
            ["hook-runs-as-container-user"],
            id="another-user",
        ),
        pytest.param({"user": "5"}, "5", {"user": "carried"}, [], id="the-user-of-the-container"),
        pytest.param(
            {"privileged": True},
            None,
            {"privileged": "refused"},
            ["hook-runs-as-container-user"],
            id="privileges",
        ),
        pytest.param(
            {"environment": {"DB_PASSWORD": "hunter2x"}},
            None,
            {"environment.DB_PASSWORD": "refused"},
            ["secret-in-hook"],
            id="a-secret-stays-out-of-the-manifest",
        ),
        pytest.param(
            {"environment": {"A": None}}, None, {"environment.A": "dropped"}, [], id="no-value"
        ),
        pytest.param({"x-a": 1}, None, {"x-a": "dropped"}, [], id="an-extension"),
    ],
)
def test_what_a_hook_cannot_have(
    hook: dict[str, Plain], user: str | None, told: dict[str, str], findings: list[str]
) -> None:
    attributes: dict[str, Plain] = {"post_start": [{"command": ["a"], **hook}]}
    if user is not None:
        attributes["user"] = user
    view = service(attributes)
    translated = hooks.translate(view)
    fate = fates(view, translated.notes)
    assert {path: fate[f"post_start[0].{path}"] for path in told} == told
    assert rules(translated.notes) == findings
    assert complaints(translated.notes) == []
    assert "hunter2x" not in repr(translated)


def test_the_time_of_pre_stop_is_told() -> None:
    view = service({"pre_stop": [{"command": ["a"]}], "post_start": [{"command": ["b"]}]})
    assert fates(view, hooks.translate(view).notes) == {
        "pre_stop[0].command[0]": "approximated",
        "post_start[0].command[0]": "carried",
    }
