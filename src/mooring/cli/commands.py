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
    "config": (
        "mooring.cli.config",
        "Print the loaded project, as docker compose config would.",
    ),
}
"""Name -> (module with a click command of that name, the first line of its docstring)."""
