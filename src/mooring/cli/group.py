"""
The command group as click sees it: finds a command by its name and loads just that one.

Usage faults, help pages and option parsing are click's; what becomes of an error is not decided
here but in `cli.main`.
"""

import os
from collections.abc import Callable
from typing import Any

import click

from mooring import __version__
from mooring.cli import commands, options
from mooring.cli.commands import COMMANDS, MANY
from mooring.cli.invocation import Invocation, Stages
from mooring.cli.options import Option

CONTEXT: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

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
        module = commands.load(cmd_name)
        function = getattr(module, cmd_name)
        return click.Command(
            cmd_name,
            callback=click.pass_obj(function),
            params=[
                *map(_argument, module.ARGUMENTS),
                *map(_own, module.OPTIONS),
                *map(_common, options.COMMON),
            ],
            help=function.__doc__,
        )

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


def _argument(name: str) -> click.Argument:
    """Return an argument of a command, which may be left out."""
    nargs = -1 if name.endswith(MANY) else 1
    word = name.removesuffix(MANY)
    return click.Argument(
        [word], required=False, nargs=nargs, type=_files_of(word), shell_complete=_completing(word)
    )


def _files_of(name: str) -> click.Path | None:
    return click.Path() if name == "paths" else None


def _completing(
    name: str,
) -> Callable[[click.Context, click.Parameter, str], list[str]] | None:
    """Return what answers shells that complete the value called ``name``; None: its type does."""

    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
        from mooring.cli import completing

        return completing.values(name, incomplete)

    return complete if name in _COMPLETED else None


_COMPLETED = frozenset({"environment", "ignore", "reports", "select", "service", "shell"})
"""The options and arguments for whose values `completing` has answers."""


def _own(option: Option) -> click.Option:
    """Return the option of a command, whose value goes to the command's function."""
    return click.Option([*option.flags, option.name], **_attributes(option))


def _common(option: Option) -> click.Option:
    """Return an option that every command has, whose value goes to the invocation."""

    def keep(context: click.Context, parameter: click.Parameter, given: Any) -> None:
        invocation = context.find_object(Invocation)
        if invocation is None or given is None:
            return
        uses = given if option.repeats else [None] * given if option.counts else [given]
        for value in uses:
            option.keep_in(invocation, value)

    return click.Option(
        [*option.flags, option.name], expose_value=False, callback=keep, **_attributes(option)
    )


def _attributes(option: Option) -> dict[str, Any]:
    attributes: dict[str, Any] = {"help": option.help, "metavar": option.metavar}
    if (complete := _completing(option.name)) is not None:
        attributes["shell_complete"] = complete
    if option.is_flag:
        attributes["is_flag"] = True
    elif option.counts:
        attributes["count"] = True
    elif option.repeats:
        attributes["multiple"] = True
    if option.choices:
        attributes["type"] = click.Choice(option.choices)
    elif option.metavar in {"DIR", "FILE"}:
        attributes["type"] = click.Path(allow_dash=option.metavar == "FILE")
    if option.default is not None:
        attributes |= {"default": option.default, "show_default": True}
    return attributes


@click.command(cls=LazyGroup, help=_HELP, context_settings=CONTEXT)
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def mooring() -> None:
    """The root of all commands; options before a command's name mean what they mean after it."""


mooring.params += map(_common, options.COMMON)


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
