"""The table of commands and the commands themselves say the same."""

import inspect

import click
import pytest

from mooring.cli import group
from mooring.cli.commands import COMMANDS
from mooring.cli.invocation import Invocation


def _command(name: str) -> click.Command:
    command = group.mooring.get_command(click.Context(group.mooring), name)
    assert command is not None
    return command


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_page_says_what_the_command_says_of_itself(name: str) -> None:
    command = _command(name)
    assert command.name == name
    assert inspect.cleandoc(command.help or "").split("\n\n")[0] == COMMANDS[name][1]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_the_common_options(name: str) -> None:
    common = {option.name for option in group.mooring.params} - {"version"}
    assert common <= {option.name for option in _command(name).params}


@pytest.mark.parametrize(
    ("arguments", "files", "profiles", "verbosity"),
    [
        pytest.param(["config"], (), (), 0, id="nothing-is-the-default"),
        pytest.param(["config", "-f", "a", "-f", "b"], ("a", "b"), (), 0, id="files-in-order"),
        pytest.param(
            ["-f", "a", "config", "--file", "b"], ("a", "b"), (), 0, id="before-joins-after"
        ),
        pytest.param(["--profile", "x", "config", "-vv"], (), ("x",), 2, id="profile-and-verbose"),
        pytest.param(["-q", "config", "-v"], (), (), 0, id="quiet-takes-from-verbose"),
    ],
)
def test_common_options_stand_on_both_sides_of_the_command(
    arguments: list[str], files: tuple[str, ...], profiles: tuple[str, ...], verbosity: int
) -> None:
    invocation = Invocation(arguments)
    context = group.mooring.make_context("mooring", list(arguments), obj=invocation)
    name, command, rest = group.mooring.resolve_command(
        context, [*context._protected_args, *context.args]
    )
    assert command is not None
    command.make_context(name, rest, parent=context)
    assert (invocation.files, invocation.profiles, invocation.verbosity) == (
        files,
        profiles,
        verbosity,
    )
