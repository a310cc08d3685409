"""
The reference pages, from what the code says of itself.

A page is never edited: its source is a docstring, a table or an option in the code.  `pages`
returns them all; `scripts/docs` writes them, and tests/contracts/test_docs.py compares them.
"""

import importlib
import inspect
import pkgutil
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click

import mooring
from mooring.cli import group, statuses
from mooring.errors import MooringError
from mooring.translate import attributes

REFERENCE = Path(__file__).parent / "reference"
_GENERATED = "<!-- Made by scripts/docs from {source}; edit that. -->\n\n"


def pages() -> dict[Path, str]:
    """Return the text of every generated page under its path below docs/reference."""
    made = {
        Path("command-line.md"): _command_line(),
        Path("exit-statuses.md"): _exit_statuses(),
        Path("errors.md"): _errors(),
    }
    modules = list(_modules(attributes))
    made[Path("compose/README.md")] = _attribute_index(modules)
    for module in modules:
        made[Path("compose") / f"{_short_name(module)}.md"] = _module_page(module)
    return made


def outdated() -> list[Path]:
    """Return the paths below docs/reference that differ from what the code says, sorted."""
    made = pages()
    present = {path.relative_to(REFERENCE) for path in REFERENCE.rglob("*.md")}
    return sorted(
        path
        for path in present | made.keys()
        if path not in made
        or path not in present
        or (REFERENCE / path).read_text(encoding="utf-8") != made[path]
    )


def write() -> list[Path]:
    """Write the pages that are out of date, remove those of what is gone, and return both."""
    made = pages()
    changed = outdated()
    for path in changed:
        target = REFERENCE / path
        if path in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(made[path], encoding="utf-8")
        else:
            target.unlink()
    return changed


def links(page: str) -> list[str]:
    """Return the files that a Markdown page links to, without their fragments."""
    targets = re.findall(r"\]\(([^)\s]+)\)", page)
    return [target.partition("#")[0] for target in targets if not re.match(r"\w+:|#", target)]


def _command_line() -> str:
    parts = [
        _GENERATED.format(source="src/mooring/cli"),
        "# The command line\n\n",
        "Options that every command has may stand before its name, too.  Results go to standard "
        "output, everything else to standard error.  The [exit status](exit-statuses.md) says how "
        "it went.\n",
    ]
    context = click.Context(group.mooring, info_name="mooring", terminal_width=96)
    parts.append(_help_page(group.mooring, context))
    for name in group.mooring.list_commands(context):
        command = group.mooring.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context, terminal_width=96)
        parts.append(_help_page(command, inner))
    return "".join(parts)


def _help_page(command: click.Command, context: click.Context) -> str:
    return f"\n## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"


def _exit_statuses() -> str:
    rows = "".join(f"| {status} | {meaning} |\n" for status, meaning in statuses.MEANINGS.items())
    head = _GENERATED.format(source="src/mooring/cli/statuses.py") + "# Exit statuses\n\n"
    return f"{head}{_prose(statuses)}\n| status | says |\n|---|---|\n{rows}"


def _errors() -> str:
    for module in pkgutil.walk_packages(mooring.__path__, "mooring."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    head = _GENERATED.format(source="the docstrings of the error classes") + "# Errors\n\n"
    intro = (
        "Each error names the place, the cause and what to do.  All faults of the input are told "
        "at once.\n\n| error | exit status | meaning |\n|---|---|---|\n"
    )
    rows = (
        f"| `{error.__name__}` | {error.exit_status} | {_first_paragraph(error)} |\n"
        for error in sorted(_subclasses(MooringError), key=lambda error: error.__name__)
    )
    return head + intro + "".join(rows)


def _subclasses(error: type[MooringError]) -> Iterator[type[MooringError]]:
    for subclass in error.__subclasses__():
        if subclass.__module__.startswith("mooring."):
            yield subclass
            yield from _subclasses(subclass)


def _first_paragraph(thing: object) -> str:
    paragraph = (inspect.getdoc(thing) or "").split("\n\n")[0]
    return " ".join(paragraph.split()).replace("|", "\\|")


def _attribute_index(modules: list[ModuleType]) -> str:
    rows = sorted(
        f"| `{attribute}` | [{_short_name(module)}]({_short_name(module)}.md) | "
        f"{_first_paragraph(module)} |\n"
        for module in modules
        for attribute in getattr(module, "ATTRIBUTES", ())
    )
    return (
        _GENERATED.format(source="src/mooring/translate/attributes")
        + "# Compose attributes\n\nWhat each attribute of a service means and becomes, and what "
        "is lost on the way.\n\n| attribute | page | about |\n|---|---|---|\n" + "".join(rows)
    )


def _module_page(module: ModuleType) -> str:
    source = f"src/{module.__name__.replace('.', '/')}.py"
    title = _short_name(module).replace("_", " ").capitalize()
    return f"{_GENERATED.format(source=source)}# {title}\n\n{_prose(module)}"


def _prose(module: ModuleType) -> str:
    """Return a module's docstring as Markdown: its indented examples become code blocks."""
    text = textwrap.dedent(module.__doc__ or "").strip("\n")
    return re.sub(r"(?m)^    \S.*(?:\n(?:    .*|$))*", _fence, text).rstrip() + "\n"


def _fence(block: re.Match[str]) -> str:
    code = block.group().rstrip()
    trailing = block.group()[len(code) :]
    return f"\n```yaml\n{textwrap.dedent(code)}\n```{trailing}"


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
        yield importlib.import_module(f"{package.__name__}.{module.name}")


def _short_name(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check only name those out of date; return the exit status."""
    if arguments not in ([], ["--check"]):
        print("usage: scripts/docs [--check]", file=sys.stderr)
        return 2
    if arguments:
        changed = outdated()
        for path in changed:
            print(f"out of date: docs/reference/{path} (scripts/docs writes it)")
        return 1 if changed else 0
    for path in write():
        print(f"docs/reference/{path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
