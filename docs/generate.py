"""
The reference pages, from what the code says of itself.

A page is never edited: its source is a docstring, a table or an option in the code.  `pages`
returns them all; `scripts/docs` writes them, and tests/contracts/test_docs.py compares them.
"""

import importlib
import inspect
import json
import pkgutil
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

import click

import mooring
from mooring import translate
from mooring.check import besides, catalogue
from mooring.check.catalogue import Check
from mooring.cli import group, statuses
from mooring.errors import MooringError
from mooring.images import family_files
from mooring.images.facts import ImageFamily
from mooring.settings import forms, json_schema, schema, settled

REFERENCE = Path(__file__).parent / "reference"
_GENERATED = "<!-- Made by scripts/docs from {source}; edit that. -->\n\n"


def pages() -> dict[Path, str]:
    """Return the text of every generated page under its path below docs/reference."""
    made = {
        Path("command-line.md"): _command_line(),
        Path("exit-statuses.md"): _exit_statuses(),
        Path("errors.md"): _errors(),
        Path("settings.md"): _settings(),
        Path("known-images.md"): _known_images(),
        Path("mooring.schema.json"): json.dumps(json_schema.json_schema(), indent=2) + "\n",
    }
    every = (*catalogue.checks(), *filter(None, map(besides.page, besides.names())))
    made[Path("checks/README.md")] = _check_index(every)
    for one in every:
        made[Path("checks") / f"{one.rule.id}.md"] = _check_page(one)
    modules = list(_attribute_modules())
    made[Path("compose/README.md")] = _attribute_index(modules)
    for module in modules:
        made[Path("compose") / f"{_short_name(module)}.md"] = _module_page(module)
    return made


def outdated() -> list[Path]:
    """Return the paths below docs/reference that differ from what the code says, sorted."""
    made = pages()
    present = {path.relative_to(REFERENCE) for path in REFERENCE.rglob("*") if path.is_file()}
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
    context = click.Context(group.mooring, info_name="mooring", terminal_width=96, **group.CONTEXT)
    parts.append(_help_page(group.mooring, context))
    for name in group.mooring.list_commands(context):
        command = group.mooring.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context, terminal_width=96)
        parts.append(_help_page(command, inner))
    return "".join(parts)


def _help_page(command: click.Command, context: click.Context) -> str:
    return f"\n## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"


def _check_index(every: Iterable[Check]) -> str:
    groups: dict[str, list[Check]] = {}
    for one in every:
        groups.setdefault(one.rule.group, []).append(one)
    chapters = "".join(
        f"\n## {name}\n\n| rule | finds | severity |\n|---|---|---|\n"
        + "".join(
            f"| [{one.rule.id}]({one.rule.id}.md) | {_cell(one.page.splitlines()[0])} "
            f"| {_weight(one)} |\n"
            for one in sorted(groups[name], key=lambda one: one.rule.id)
        )
        for name in sorted(groups)
    )
    return (
        _GENERATED.format(source="src/mooring/check/rules")
        + "# Checks\n\nWhat `mooring check` looks for.  By default it shows errors, and warnings "
        f"of high confidence.\n{chapters}"
    )


def _check_page(one: Check) -> str:
    module = f"rules/{one.rule.id.replace('-', '_')}.py"
    page = f"pages/{one.rule.id}.md"
    source = f"src/mooring/check/{page if besides.page(one.rule.id) else module}"
    head = f"# {one.rule.id}\n\n{_weight(one)}, in {one.rule.group}, since {one.rule.since}\n\n"
    return _GENERATED.format(source=source) + head + one.page + "\n"


def _weight(one: Check) -> str:
    said = f"{one.rule.severity.value}, {one.rule.confidence.value} confidence"
    return f"{said}, only when asked for" if one.rule.opt_in else said


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
        for error in sorted(_subclasses(MooringError), key=_place)
    )
    return head + intro + "".join(rows)


def _place(error: type[MooringError]) -> tuple[str, str]:
    """Return what errors are sorted by: two of one name are told apart by their modules."""
    return error.__name__, error.__module__


def _subclasses(error: type[MooringError]) -> Iterator[type[MooringError]]:
    for subclass in error.__subclasses__():
        if subclass.__module__.startswith("mooring.") and not subclass.__name__.startswith("_"):
            yield subclass
        yield from _subclasses(subclass)


def _first_paragraph(thing: object) -> str:
    paragraph = (inspect.getdoc(thing) or "").split("\n\n")[0]
    return _cell(" ".join(paragraph.split()))


def _cell(text: str) -> str:
    """Return ``text`` for a table, where a bar ends a cell and angle brackets are HTML."""
    return text.replace("|", "\\|").replace("<", "&lt;")


def _settings() -> str:
    rows = "".join(
        f"| `{key}` | {_cell(field.about)} | {_value(field.value)} |\n"
        for key, field in _keys(schema.SETTINGS)
    )
    return (
        _GENERATED.format(source="src/mooring/settings/schema.py")
        + f"# {settled.FILE_NAME}\n\nWhat you settle, instead of Mooring.  The file stands beside "
        f"the compose file; `{settled.EXTENSION}` in a service or volume of a compose file takes "
        "the same keys.\n[mooring.schema.json](mooring.schema.json) tells editors the same.\n\n"
        f"| key | settles | value |\n|---|---|---|\n{rows}"
    )


def _keys(value: forms.Value, above: str = "") -> Iterator[tuple[str, forms.Field]]:
    """Yield the dotted keys below ``value`` that stand for a single choice, and what they mean."""
    if isinstance(value, forms.Named):
        yield from _keys(value.value, f"{above}<name>.")
        return
    if not isinstance(value, forms.Record):
        return
    for name, field in value.fields.items():
        if field.value is None:
            continue
        below = field.value.value if isinstance(field.value, forms.Named) else field.value
        if isinstance(below, forms.ByEnvironment):
            named = ".<name>" if below is not field.value else ""
            yield from _keys_by_environment(field, below.value, f"{above}{name}{named}")
            continue
        if isinstance(below, forms.WordOr):
            key = f"{above}{name}.<name>" if below is not field.value else f"{above}{name}"
            yield key, forms.Field(about=field.about, value=forms.OneOf((below.word,)))
            yield from _keys(below.record, f"{key}.")
            continue
        if isinstance(below, forms.Record):
            yield from _keys(field.value, f"{above}{name}.")
        elif isinstance(below, forms.ListOf) and isinstance(below.item, forms.Record):
            yield from _keys(below.item, f"{above}{name}[].")
        else:
            key = f"{above}{name}.<name>" if below is not field.value else f"{above}{name}"
            yield key, forms.Field(about=field.about, value=below)


def _keys_by_environment(
    field: forms.Field, value: forms.Value, name: str
) -> Iterator[tuple[str, forms.Field]]:
    """Yield the keys of what may differ between environments."""
    key = name.removesuffix(".<name>").rpartition(".")[2]
    environments = f"  For some environments alone, below their names: `{key}"
    if isinstance(value, forms.Record):
        about = f"{field.about}{environments}: {{production: {{...}}}}`."
        yield name, forms.Field(about=about, value=forms.OneOf(()))
        yield from _keys(value, f"{name}.")
    else:
        said = f"{{production: {_example(value)}}}"
        said = f"{{<name>: {said}}}" if name.endswith(">") else said
        about = f"{field.about}{environments}: {said}`."
        yield name, forms.Field(about=about, value=value)


def _example(value: forms.Value) -> str:
    if isinstance(value, forms.Text):
        return value.example
    return value.words[-1] if isinstance(value, forms.OneOf) else "3"


def _value(value: forms.Value | None) -> str:
    if isinstance(value, forms.OneOf) and not value.words:
        return "the keys below"
    if isinstance(value, forms.OneOf):
        return ", ".join(f"`{word}`" for word in value.words)
    if isinstance(value, forms.TruthOr):
        named = value.named
        return f"true or false, or a mapping of {named.names.description} to {_value(named.value)}"
    if isinstance(value, forms.ListOf):
        return f"a list: {_value(value.item)}"
    if isinstance(value, forms.Text):
        return f"{value.description}, as `{value.example}`"
    if isinstance(value, forms.Count | forms.Truth):
        return value.description
    raise TypeError(f"{value!r} is not the value of a single choice")


def _known_images() -> str:
    rows = "".join(_image_row(family) for family in family_files.families())
    return (
        _GENERATED.format(source="src/mooring/images/catalogue")
        + "# Known images\n\nWhat Mooring knows of well-known images, for all versions; each fact "
        "stands in the family's file with its source and the versions for which it holds.  An "
        "image that is not here is judged by its Dockerfile, its ports and its variables alone.\n"
        "\n| family | is | images | role | ports | data | user |\n|---|---|---|---|---|---|---|\n"
        + rows
    )


def _image_row(family: ImageFamily) -> str:
    images = ", ".join(f"`{name}`" for name in family.repositories)
    ports = dict.fromkeys(f"{port.port} {port.name}" for port in family.ports)
    paths = dict.fromkeys(f"`{data.path}`" for data in family.data)
    users = dict.fromkeys(str(user.drops_to or user.uid) for user in family.users)
    cells = (
        family.name,
        _cell(family.summary),
        images,
        f"{family.role}, stateful" if family.stateful else str(family.role),
        ", ".join(ports),
        ", ".join(paths),
        ", ".join(users),
    )
    return f"| {' | '.join(cells)} |\n"


def _attribute_index(modules: list[ModuleType]) -> str:
    rows = "".join(
        f"| [{_title(module)}]({_short_name(module)}.md) | {_first_paragraph(module)} | "
        f"{', '.join(f'`{attribute}`' for attribute in sorted(module.ATTRIBUTES))} |\n"
        for module in modules
    )
    return (
        _GENERATED.format(source="src/mooring/translate")
        + "# Compose attributes\n\nWhat each attribute of a service means and becomes, and what "
        f"is lost on the way.\n\n| page | about | attributes |\n|---|---|---|\n{rows}"
    )


def _module_page(module: ModuleType) -> str:
    source = f"src/{module.__name__.replace('.', '/')}.py"
    return f"{_GENERATED.format(source=source)}# {_title(module)}\n\n{_prose(module)}"


def _title(module: ModuleType) -> str:
    return _short_name(module).replace("_", " ").capitalize()


def _prose(module: ModuleType) -> str:
    """Return a module's docstring as Markdown: its indented examples become code blocks."""
    text = textwrap.dedent(module.__doc__ or "").strip("\n")
    return re.sub(r"(?m)^    \S.*(?:\n(?:    .*|$))*", _fence, text).rstrip() + "\n"


def _fence(block: re.Match[str]) -> str:
    code = block.group().rstrip()
    trailing = block.group()[len(code) :]
    return f"\n```yaml\n{textwrap.dedent(code)}\n```{trailing}"


def _attribute_modules() -> Iterator[ModuleType]:
    """Yield the modules that answer for attributes, by their short names."""
    found = pkgutil.walk_packages(translate.__path__, f"{translate.__name__}.")
    modules = (importlib.import_module(module.name) for module in found)
    yield from sorted((each for each in modules if hasattr(each, "ATTRIBUTES")), key=_short_name)


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
