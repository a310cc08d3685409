"""Command lines that are read without click mean what click would make of them."""

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooring.cli import group, plain
from mooring.cli.invocation import Invocation


def _by_click(arguments: list[str]) -> tuple[str, dict[str, object], Invocation]:
    """Return the command, its values and the common options, as click reads ``arguments``."""
    invocation = Invocation(arguments)
    context = group.mooring.make_context("mooring", list(arguments), obj=invocation)
    name, command, rest = group.mooring.resolve_command(
        context, [*context._protected_args, *context.args]
    )
    assert command is not None
    assert name is not None
    return name, dict(command.make_context(name, rest, parent=context).params), invocation


def _common(invocation: Invocation) -> dict[str, object]:
    return {name: getattr(invocation, name) for name in Invocation.__slots__ if name[0] != "_"}


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["convert"], id="a-command-alone"),
        pytest.param(["convert", "-f", "a.yaml", "-o", "out"], id="short-options"),
        pytest.param(["convert", "--file=a=b.yaml", "--output", "out"], id="long-options"),
        pytest.param(["-f", "-", "explain", "web", "-e", "dev"], id="options-before-the-command"),
        pytest.param(["explain", "--strict", "web", "-q", "-v", "-q"], id="flags-and-an-argument"),
        pytest.param(["convert", "--to", "plain", "--to=kustomize"], id="the-last-value-wins"),
        pytest.param(["config", "--profile", "a", "--profile", "b"], id="repeated-options"),
        pytest.param(["config", "--format", "json", "--no-color", "--debug"], id="read-elsewhere"),
    ],
)
def test_what_is_beyond_doubt(arguments: list[str]) -> None:
    call = plain.read(arguments)
    assert call is not None
    name, values, invocation = _by_click(arguments)
    assert (call.command.__name__, call.values) == (name, values)
    assert _common(call.invocation) == _common(invocation)


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="nothing"),
        pytest.param(["--help"], id="help"),
        pytest.param(["convert", "-h"], id="help-of-a-command"),
        pytest.param(["--version", "convert"], id="version-and-a-command"),
        pytest.param(["convret"], id="an-unknown-command"),
        pytest.param(["convert", "--forse"], id="an-unknown-option"),
        pytest.param(["--force", "convert"], id="an-option-before-its-command"),
        pytest.param(["convert", "--to", "helm"], id="an-unknown-choice"),
        pytest.param(["convert", "-o"], id="a-missing-value"),
        pytest.param(["convert", "-o", "--force"], id="an-option-for-a-value"),
        pytest.param(["convert", "--force=yes"], id="a-value-for-a-flag"),
        pytest.param(["convert", "web"], id="an-argument-too-many"),
        pytest.param(["convert", "-oout"], id="a-value-without-a-blank"),
        pytest.param(["convert", "-qv"], id="joined-flags"),
        pytest.param(["explain", "--", "web"], id="the-end-of-options"),
        pytest.param(["convert", "-f", ""], id="an-empty-value"),
    ],
)
def test_what_is_left_to_click(arguments: list[str]) -> None:
    assert plain.read(arguments) is None


def test_a_shell_that_asks_for_completions_is_left_to_click(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("_MOORING_COMPLETE", "bash_complete")
    assert plain.read(["convert"]) is None


_WORDS = [
    "convert", "explain", "config", "web", "a.yaml", "plain", "kustomize", "json", "text", "-", "",
    "--", "-f", "--file", "--file=x", "-fx", "-o", "--output=", "--to", "--to=plain", "--format",
    "--format=yaml", "--strict", "--force", "--force=1", "-q", "-v", "-qv", "-vv", "--quiet",
    "--verbose", "-e", "-p", "--profile", "--env-file", "--project-directory", "--project-name=x",
    "--environment", "--no-color", "--debug", "-h", "--help", "--stri", "-x",
]  # fmt: skip


@given(st.lists(st.sampled_from(_WORDS), max_size=7))
def test_any_command_line(arguments: list[str]) -> None:
    call = plain.read(arguments)
    if call is None:
        return
    try:
        name, values, invocation = _by_click(arguments)
    except click.ClickException as error:
        raise AssertionError(f"click refuses {arguments}") from error
    assert (call.command.__name__, call.values) == (name, values)
    assert _common(call.invocation) == _common(invocation)
