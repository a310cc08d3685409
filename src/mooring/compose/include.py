"""
Other Compose projects taken in whole: their files, their env files, their paths.

An included project is a model of its own: it is loaded in its own directory with its own
variables (those of the including project win), and then its services, volumes and the rest join
the including document.  What both define is merged, the including document over the included one.

Source: Compose Specification, "include".
"""

import os
from collections.abc import Callable

import msgspec

from mooring.compose import merge, resets
from mooring.compose.discovery import is_file, read_env_files
from mooring.compose.nodes import Mapping, Node, Path, Scalar, Sequence
from mooring.compose.source_files import SourceFiles, absolute
from mooring.errors import InputError, InputErrors
from mooring.sources import Position

KINDS = ("services", "jobs", "volumes", "networks", "secrets", "configs", "models")
"""What an included project brings along."""


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """
    A model to load: the whole project or an included one.

    ``files`` are absolute paths in load order.  ``directory`` is the absolute project directory;
    ``base`` is the same as seen from the including model, which makes its own paths absolute.
    ``chain`` names the files that include one another down to this model, outermost first.
    ``env_files`` are those that ``environment`` was read from, each with what asks for it.
    """

    files: tuple[str, ...]
    directory: str
    base: str
    environment: dict[str, str]
    chain: tuple[str, ...] = ()
    env_files: tuple[tuple[str, Position | None], ...] = ()
    asked_at: Position | None = None


LoadModel = Callable[[Model], Mapping]


class IncludeCycle(InputError):
    """Files include one another in a circle."""

    def __init__(self, chain: tuple[str, ...], position: Position | None) -> None:
        first, *others = chain
        steps = "".join(f", which includes {file}" for file in others)
        super().__init__(
            f"{first} includes itself: {first}{steps}",
            position=position,
            remedy="take one include out of the circle",
        )


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of ``include`` in long form."""

    paths: tuple[Scalar, ...]
    env_files: tuple[Scalar, ...]
    project_directory: str
    position: Position | None


def apply(
    root: Mapping,
    parent: Model,
    chain: tuple[str, ...],
    taken_away: tuple[Path, ...],
    files: SourceFiles,
    load: LoadModel,
) -> Mapping:
    """
    Return the document ``root`` with the projects that it includes, and without ``include``.

    ``parent`` is the model that ``root`` belongs to, ``chain`` the files from the outermost down
    to the one of ``root``, ``taken_away`` the places of its ``!reset`` and ``!override``.

    Raises:
        InputErrors: faults of ``include`` itself or of an included project; all at once.
    """
    include = root.get("include")
    if include is None:
        return root
    errors: list[InputError] = []
    for entry in _entries(include, errors):
        try:
            model = _model(entry, parent, chain, files)
            imported = load(model)
            _refuse_configs_from_variables(imported, model)
            root = _joined(root, imported, taken_away)
        except InputErrors as found:
            errors.extend(found.errors)
    if errors:
        raise InputErrors(errors)
    return without(root)


def without(root: Mapping) -> Mapping:
    """Return the document ``root`` without ``include``."""
    entries = {name: value for name, value in root.entries.items() if name != "include"}
    keys = {name: position for name, position in root.keys.items() if name != "include"}
    return Mapping(entries, root.position, keys)


def _model(entry: _Entry, parent: Model, chain: tuple[str, ...], files: SourceFiles) -> Model:
    paths = tuple(absolute(parent.directory, str(path.value)) for path in entry.paths)
    main = paths[0] if paths else parent.directory
    if main in chain:
        shown = tuple(files.shown(file) for file in (*chain[chain.index(main) :], main))
        raise InputErrors([IncludeCycle(shown, entry.position)])
    if entry.project_directory:
        directory = absolute(parent.directory, entry.project_directory)
        base = _seen_from(parent.directory, entry.project_directory)
    else:
        directory = os.path.dirname(main)
        base = os.path.relpath(directory, parent.directory)
    environment = dict(parent.environment)
    env_files = _env_files(entry, parent, directory)
    for name, variable in read_env_files(env_files, parent.environment, files).items():
        if variable.value is not None:
            environment.setdefault(name, variable.value)
    return Model(
        files=paths,
        directory=directory,
        base=base,
        environment=environment,
        chain=chain,
        env_files=env_files,
        asked_at=entry.position,
    )


def _env_files(
    entry: _Entry, parent: Model, directory: str
) -> tuple[tuple[str, Position | None], ...]:
    if entry.env_files:
        return tuple(
            (absolute(parent.directory, str(path.value)), path.position)
            for path in entry.env_files
            if path.value != "/dev/null"
        )
    default = os.path.join(directory, ".env")
    return ((default, entry.position),) if is_file(default) else ()


def _seen_from(directory: str, name: str) -> str:
    """The project directory ``name`` relative to ``directory``; absolute where it is written so."""
    if os.path.isabs(name):
        return name
    path = absolute(directory, name)
    if not os.path.isdir(path):
        path = os.path.dirname(path)
    return os.path.relpath(path, directory)


def _entries(include: Node, errors: list[InputError]) -> list[_Entry]:
    if isinstance(include, Scalar) and include.value is None:
        return []
    if not isinstance(include, Sequence):
        errors.append(_malformed("include must be a list", include))
        return []
    found: list[_Entry] = []
    for item in include.items:
        if isinstance(item, Scalar) and isinstance(item.value, str):
            entry = _Entry(
                paths=(item,), env_files=(), project_directory="", position=item.position
            )
            found.append(entry)
        elif isinstance(item, Mapping):
            directory = item.get("project_directory")
            text = directory.value if isinstance(directory, Scalar) else None
            if directory is not None and not isinstance(text, str):
                errors.append(_malformed("include: project_directory must be a text", directory))
                continue
            found.append(
                _Entry(
                    paths=_texts(item.get("path"), "path", errors),
                    env_files=_texts(item.get("env_file"), "env_file", errors),
                    project_directory=text if isinstance(text, str) else "",
                    position=item.position,
                )
            )
        elif not isinstance(item, Scalar) or item.value is not None:
            errors.append(_malformed("an entry of include must be a path or a mapping", item))
    return found


def _texts(node: Node | None, name: str, errors: list[InputError]) -> tuple[Scalar, ...]:
    """The texts of ``node``, which may be one text or a list of them."""
    if node is None or (isinstance(node, Scalar) and node.value is None):
        return ()
    items = node.items if isinstance(node, Sequence) else (node,)
    texts = tuple(i for i in items if isinstance(i, Scalar) and isinstance(i.value, str))
    if len(texts) != len(items):
        errors.append(_malformed(f"include: {name} must be a text or a list of texts", node))
        return ()
    return texts


def _malformed(message: str, node: Node) -> InputError:
    return InputError(
        message,
        position=node.position,
        remedy="write include: [other/compose.yaml], or a list of mappings with path",
    )


def _refuse_configs_from_variables(imported: Mapping, model: Model) -> None:
    """
    Refuse what Docker Compose refuses: an included config whose content is a variable that is set.

    Raises:
        InputErrors: one for each such config.
    """
    configs = imported.get("configs")
    errors: list[InputError] = []
    for name, config in configs.entries.items() if isinstance(configs, Mapping) else ():
        variable = config.get("environment") if isinstance(config, Mapping) else None
        if isinstance(variable, Scalar) and variable.value in model.environment:
            errors.append(
                InputError(
                    f'config "{name}" of an included file takes its content from the variable '
                    f'"{variable.value}", which Docker Compose refuses',
                    position=variable.position,
                    remedy="define the config in the file that includes this one",
                )
            )
    if errors:
        raise InputErrors(errors)


def _joined(root: Mapping, imported: Mapping, taken_away: tuple[Path, ...]) -> Mapping:
    """``root`` with the resources of ``imported``; those it defines itself are laid over them."""
    entries = dict(root.entries)
    for kind in KINDS:
        theirs = imported.get(kind)
        if not isinstance(theirs, Mapping):
            continue
        ours = entries.get(kind)
        if ours is None or (isinstance(ours, Scalar) and ours.value is None):
            ours = Mapping({}, theirs.position)
        if not isinstance(ours, Mapping):
            raise InputErrors([_malformed(f"{kind} must be a mapping", ours)])
        entries[kind] = _joined_kind(kind, ours, theirs, taken_away)
    return Mapping(entries, root.position, root.keys)


def _joined_kind(
    kind: str, ours: Mapping, theirs: Mapping, taken_away: tuple[Path, ...]
) -> Mapping:
    entries = dict(ours.entries)
    keys = dict(ours.keys)
    for name, value in theirs.entries.items():
        conflict = entries.get(name)
        if conflict is None:
            entries[name] = value
            if name in theirs.keys:
                keys[name] = theirs.keys[name]
        elif merge.identity(conflict) != merge.identity(value):
            kept = resets.without(Mapping({kind: Mapping({name: value})}), taken_away).get(kind)
            base = kept.get(name) if isinstance(kept, Mapping) else None
            entries[name] = merge.merge_resource(kind, name, base or value, conflict)
    return Mapping(entries, ours.position, keys)
