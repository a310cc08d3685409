"""
The commands there are: the module of each, and its line on the help page.

The lines stand here, too, so that the help page loads no command.  Only what works is listed.
"""

COMMANDS: dict[str, tuple[str, str]] = {
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
    "config": (
        "mooring.cli.config",
        "Print the loaded project, as docker compose config would.",
    ),
}
"""
Name -> (its module, the first line of its docstring).

The module has a function of that name, whose first argument is the `Invocation`, and says in
``ARGUMENTS`` (each may be left out, one that ends in `MANY` takes any number) and ``OPTIONS`` what
else the function is called with.
"""

MANY = "..."
