"""
The command group: finds a command by its name and loads just that one.

Usage faults, help pages and option parsing are click's; what becomes of an error is not decided
here but in `cli.main`.
"""

import importlib
import os

import click

from mooring import __version__
from mooring.cli import options
from mooring.cli.commands import COMMANDS
from mooring.cli.invocation import Invocation, Stages

_HELP = """\
Bring a Docker Compose stack into Kubernetes.

Start with `mooring explain` in the folder of your compose file: it changes nothing."""


class UnknownCommand(click.UsageError):
    """No command has that name; ``possibilities`` are the names that look like it."""

    def __init__(self, name: str, ctx: click.Context) -> None:
        super().__init__(f"no such command: {name}", ctx)
        import difflib

        self.possibilities = difflib.get_close_matches(name, COMMANDS)


class LazyGroup(click.Group):
    """A group whose commands live in modules that are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order of their use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command called ``cmd_name``, or None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command = getattr(module, cmd_name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that ``args`` begin with; an unknown one is a usage fault."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            raise UnknownCommand(name, ctx)
        return super().resolve_command(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what can be done before how it can be changed."""
        self.format_commands(ctx, formatter)
        click.Command.format_options(self, ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.command(cls=LazyGroup, help=_HELP, context_settings=options.CONTEXT)
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
@options.common
def mooring() -> None:
    """The root of all commands; options before a command's name mean what they mean after it."""


def invoke(arguments: list[str], stages: Stages | None = None) -> int:
    """
    Run the command that ``arguments`` name and return its exit status.

    Raises:
        click.ClickException: the command line is at fault.
        MooringError: whatever the command meets.
    """
    if "_MOORING_COMPLETE" in os.environ:
        mooring.main(prog_name="mooring")  # answers the shell and ends the process
    # Not click's `main`: it has exit statuses of its own for a broken pipe and an interrupt.
    invocation = Invocation(arguments, stages)
    try:
        with mooring.make_context("mooring", list(arguments), obj=invocation) as context:
            status = mooring.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    assert isinstance(status, int)
    return status
