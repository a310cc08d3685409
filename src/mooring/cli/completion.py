"""`mooring completion`: the script by which a shell completes mooring's command lines."""

import os

from mooring.cli import statuses, terminal
from mooring.cli.invocation import Invocation
from mooring.cli.options import Option
from mooring.errors import UsageError

ARGUMENTS = ("shell",)
OPTIONS: tuple[Option, ...] = ()

SHELLS = ("bash", "zsh", "fish")


def completion(invocation: Invocation, *, shell: str | None) -> int:
    """
    Print the script that completes command lines in bash, zsh or fish.

    SHELL is one of these; without it the one that $SHELL names.  Commands and options are
    completed, rules, environments and services.  For bash, put
    `eval "$(mooring completion bash)"` into ~/.bashrc, for zsh `eval "$(mooring completion zsh)"`
    into ~/.zshrc, and for fish `mooring completion fish | source` into
    ~/.config/fish/config.fish.
    """
    from click.shell_completion import get_completion_class

    from mooring.cli.group import mooring

    del invocation
    wanted = shell or os.path.basename(os.environ.get("SHELL", ""))
    made = get_completion_class(wanted) if wanted in SHELLS else None
    if made is None:
        raise UsageError(
            f'there are no completions for the shell "{wanted}"',
            remedy=f"name one of {', '.join(SHELLS)}",
        )
    terminal.print_result(made(mooring, {}, "mooring", "_MOORING_COMPLETE").source().rstrip("\n"))
    return statuses.FINE
