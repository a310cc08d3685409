"""
What the options of command lines are, and those that mean the same for every command.

They are data, because two readers use them: `plain` reads the command lines that are beyond doubt,
and `group` makes click's options of them for help pages, completions and faults.  Common options
may stand before or after a command's name; their values go to the `Invocation`, so that a command
lists only what is its own.
"""

from typing import NamedTuple

from mooring.cli.invocation import Invocation


class Option(NamedTuple):
    """
    An option: ``flags`` as they are typed, and the ``name`` under which its value goes on.

    It takes one value, one of ``choices`` if there are any, unless it is a flag or counts.
    ``metavar`` is what the value is called in help: DIR and FILE are paths, and a FILE may be
    ``-``.  One that ``repeats`` may be given several times and has all its values, any other has
    the last.  Each use of one that ``counts`` adds that much.
    """

    flags: tuple[str, ...]
    name: str
    help: str
    metavar: str | None = None
    choices: tuple[str, ...] = ()
    default: str | None = None
    is_flag: bool = False
    repeats: bool = False
    counts: int = 0

    @property
    def takes_value(self) -> bool:
        """Whether a value belongs to it on the command line."""
        return not self.is_flag and not self.counts

    def keep_in(self, invocation: Invocation, value: str | None) -> None:
        """Add one use of this common option, with its ``value``, to ``invocation``."""
        if self.counts:
            invocation.verbosity += self.counts
        elif self.repeats:
            setattr(invocation, self.name, (*getattr(invocation, self.name), value))
        elif self.takes_value:
            setattr(invocation, self.name, value)


def output_format(*formats: str) -> Option:
    """Return ``--format``, one of ``formats``, the first by default."""
    return Option(
        ("--format",),
        "format_name",
        choices=formats,
        default=formats[0],
        help="The form of what is printed.",
    )


STRICT = Option(
    ("--strict",),
    "strict",
    is_flag=True,
    help="Exit with status 1 when a value is not simply carried or a question is open.",
)
"""Takes nothing short of an exact conversion for fine."""

COMMON = (
    Option(
        ("-f", "--file"),
        "files",
        repeats=True,
        metavar="FILE",
        help="A compose file, several times for overrides, - for standard input.  "
        "Otherwise COMPOSE_FILE, or the compose.yaml found here or above.",
    ),
    Option(
        ("--project",),
        "projects",
        repeats=True,
        metavar="NAME=FILE",
        help="One of several compose projects to make one application of: NAME=FILE[,FILE], or "
        "NAME=DIR; once for each, instead of --file.",
    ),
    Option(
        ("--project-directory",),
        "project_directory",
        metavar="DIR",
        help="Where relative paths begin, instead of the first compose file's folder.",
    ),
    Option(
        ("--env-file",),
        "env_files",
        repeats=True,
        metavar="FILE",
        help="A file of variables for interpolation, instead of .env; may be repeated.",
    ),
    Option(
        ("--profile",),
        "profiles",
        repeats=True,
        metavar="NAME",
        help="A compose profile to switch on, * for all; may be repeated.",
    ),
    Option(
        ("-p", "--project-name"),
        "project_name",
        metavar="NAME",
        help="The project's name, instead of COMPOSE_PROJECT_NAME, `name:` or the folder's.",
    ),
    Option(
        ("-e", "--environment"),
        "environment",
        metavar="NAME",
        help="One environment (dev, staging, production) instead of all; also MOORING_ENVIRONMENT.",
    ),
    Option(
        ("-q", "--quiet"),
        "quiet",
        counts=-1,
        help="Say only what is wrong, not what is doubtful.",
    ),
    Option(
        ("-v", "--verbose"),
        "verbose",
        counts=1,
        help="Say also what is merely worth knowing.",
    ),
    # These two are read off the command line as a whole, because an error may need them before
    # any option is parsed: `terminal.palette` and `main`.
    Option(("--no-color",), "no_color", is_flag=True, help="Print without colour."),
    Option(
        ("--debug",),
        "debug",
        is_flag=True,
        help="Print the traceback of an error; it may show values from your files.",
    ),
)
"""The options of every command."""
