"""
The options that mean the same for every command, and may stand before or after its name.

Their values go to the `Invocation`, not to the commands' parameters, so that a command lists only
what is its own.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from mooring.cli.invocation import Invocation

CONTEXT: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

_Decorated = TypeVar("_Decorated", bound=Callable[..., Any] | click.Command)


def common(command: _Decorated) -> _Decorated:
    """Give ``command`` the options that every command has."""
    for option in reversed(_COMMON):
        command = option(command)
    return command


def output_format(*formats: str) -> Callable[[_Decorated], _Decorated]:
    """Return the decorator that adds ``--format``, one of ``formats``, the first by default."""
    return click.option(
        "--format",
        "format_name",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="The form of what is printed.",
    )


def strict(command: _Decorated) -> _Decorated:
    """Give ``command`` the option that takes nothing short of an exact conversion for fine."""
    return click.option(
        "--strict",
        is_flag=True,
        help="Exit with status 1 when a value is not simply carried or a question is open.",
    )(command)


def _keep_all(name: str) -> Callable[[click.Context, click.Parameter, Sequence[str]], None]:
    """Return a callback that appends an option's values to the invocation's ``name``."""

    def keep(context: click.Context, parameter: click.Parameter, values: Sequence[str]) -> None:
        invocation = context.find_object(Invocation)
        if invocation is not None and values:
            setattr(invocation, name, (*getattr(invocation, name), *values))

    return keep


def _keep_last(name: str) -> Callable[[click.Context, click.Parameter, str | None], None]:
    """Return a callback that makes an option's value the invocation's ``name``."""

    def keep(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
        invocation = context.find_object(Invocation)
        if invocation is not None and value is not None:
            setattr(invocation, name, value)

    return keep


def _louder(by: int) -> Callable[[click.Context, click.Parameter, int], None]:
    """Return a callback that raises the invocation's verbosity ``by`` each time."""

    def keep(context: click.Context, parameter: click.Parameter, times: int) -> None:
        invocation = context.find_object(Invocation)
        if invocation is not None:
            invocation.verbosity += by * times

    return keep


_COMMON = (
    click.option(
        "-f",
        "--file",
        multiple=True,
        metavar="FILE",
        type=click.Path(allow_dash=True),
        expose_value=False,
        callback=_keep_all("files"),
        help="A compose file, several times for overrides, - for standard input.  "
        "Otherwise COMPOSE_FILE, or the compose.yaml found here or above.",
    ),
    click.option(
        "--project-directory",
        metavar="DIR",
        type=click.Path(),
        expose_value=False,
        callback=_keep_last("project_directory"),
        help="Where relative paths begin, instead of the first compose file's folder.",
    ),
    click.option(
        "--env-file",
        multiple=True,
        metavar="FILE",
        type=click.Path(allow_dash=True),
        expose_value=False,
        callback=_keep_all("env_files"),
        help="A file of variables for interpolation, instead of .env; may be repeated.",
    ),
    click.option(
        "--profile",
        multiple=True,
        metavar="NAME",
        expose_value=False,
        callback=_keep_all("profiles"),
        help="A compose profile to switch on, * for all; may be repeated.",
    ),
    click.option(
        "-p",
        "--project-name",
        metavar="NAME",
        expose_value=False,
        callback=_keep_last("project_name"),
        help="The project's name, instead of COMPOSE_PROJECT_NAME, `name:` or the folder's.",
    ),
    click.option(
        "-e",
        "--environment",
        metavar="NAME",
        expose_value=False,
        callback=_keep_last("environment"),
        help="One environment (dev, staging, production) instead of all; also MOORING_ENVIRONMENT.",
    ),
    click.option(
        "-q",
        "--quiet",
        count=True,
        expose_value=False,
        callback=_louder(-1),
        help="Say only what is wrong, not what is doubtful.",
    ),
    click.option(
        "-v",
        "--verbose",
        count=True,
        expose_value=False,
        callback=_louder(1),
        help="Say also what is merely worth knowing.",
    ),
    # These two are read off the command line as a whole, because an error may need them before
    # any option is parsed: `terminal.palette` and `main`.
    click.option("--no-color", is_flag=True, expose_value=False, help="Print without colour."),
    click.option(
        "--debug",
        is_flag=True,
        expose_value=False,
        help="Print the traceback of an error; it may show values from your files.",
    ),
)
