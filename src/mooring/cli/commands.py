"""
The commands there are: the module of each, and its line on the help page.

The lines stand here, too, so that the help page loads no command.  Only what works is listed.
"""

import sys

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the time that importing typing takes
if TYPE_CHECKING:
    from types import ModuleType

COMMANDS: dict[str, tuple[str, str]] = {
    "init": (
        "mooring.cli.init",
        "Write a short, commented mooring.yaml: the environments found, and what is open.",
    ),
    "explain": (
        "mooring.cli.explain",
        "Say what each service is, what it becomes and why, and what is open.",
    ),
    "convert": (
        "mooring.cli.convert",
        "Write the Kubernetes manifests of the project.",
    ),
    "check": (
        "mooring.cli.check",
        "Judge the project, or any manifests: what breaks, why, and what to do.",
    ),
    "diff": (
        "mooring.cli.diff",
        "Say what `mooring up` would do to each object of ENV, and change nothing.",
    ),
    "up": (
        "mooring.cli.up",
        "Deploy ENV: what is needed first goes first, and each starts when that is ready.",
    ),
    "status": (
        "mooring.cli.status",
        "Say in one screen whether ENV is what was deployed, healthy, and as it was left.",
    ),
    "verify": (
        "mooring.cli.verify",
        "Ask what is deployed in ENV whether it works.",
    ),
    "wait": (
        "mooring.cli.wait",
        "Wait until everything that is deployed in ENV is ready.",
    ),
    "history": (
        "mooring.cli.history",
        "Say who deployed what to ENV, and when, the newest first.",
    ),
    "rollback": (
        "mooring.cli.rollback",
        "Bring ENV back to what was verified last, in full.",
    ),
    "down": (
        "mooring.cli.down",
        "Take ENV away, what was put up last first; data stays unless --volumes is given.",
    ),
    "config": (
        "mooring.cli.config",
        "Print the loaded project, as docker compose config would.",
    ),
    "completion": (
        "mooring.cli.completion",
        "Print the script that completes command lines in bash, zsh or fish.",
    ),
}
"""
Name -> (its module, the first line of its docstring).

The module has a function of that name, whose first argument is the `Invocation`, and says in
``ARGUMENTS`` (each may be left out, one that ends in `MANY` takes any number) and ``OPTIONS`` what
else the function is called with.
"""

MANY = "..."


def load(name: str) -> "ModuleType":
    """Import and return the module of the command ``name``, one of `COMMANDS`."""
    from mooring.cli import light_msgspec

    light_msgspec.prepare()

    from mooring.cli import pattern_cache

    pattern_cache.install()
    module = COMMANDS[name][0]
    __import__(module)  # importlib.import_module, without the time that importing that takes
    return sys.modules[module]
