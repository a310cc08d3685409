"""
From Compose files to a `Project`: the phases of a load, in Docker Compose's order.

Each document is read, interpolated, completed with what it includes and extends, and laid over
the documents before it; the merged model is then checked, brought to long form and completed with
defaults.  Merging takes place between a base in long form and an override as written: what two
files mean together depends on that order.

All faults of a phase are told at once; a document with faults is left out of the merge, so that
the faults of the documents after it are found in the same run.

Source: Compose Specification; phases and results equal those of compose-go.
"""

import os
from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

from mooring.compose import (
    boundaries,
    canonical,
    casts,
    consistency,
    defaults,
    extends,
    include,
    interpolation,
    losses,
    merge,
    normalize,
    paths,
    profiles,
    project_name,
    resets,
    shape,
    typed,
    unicity,
    validation,
    yaml_reader,
)
from mooring.compose.discovery import Discovered, LoadRequest, discover
from mooring.compose.environment import EnvironmentReader
from mooring.compose.nodes import Mapping, Node, Path, Scalar
from mooring.compose.project import Loaded, Project, UnsetVariable, only_mappings
from mooring.compose.source_files import SourceFiles
from mooring.errors import InputError, InputErrors
from mooring.findings import Alike, Finding, Rule, Severity
from mooring.sources import Position

UNSET_VARIABLE = Rule(id="unset-variable", severity=Severity.WARNING, since="0.1")
OBSOLETE_VERSION = Rule(id="obsolete-version", severity=Severity.INFO, since="0.1")

_EMPTY = Mapping({})
_UNSET = "{count} variables are not set and count as empty"
_SET_THEM = "set them in .env, or give each a default: ${NAME:-value}"


def load(request: LoadRequest) -> Loaded:
    """
    Return the project that ``request`` asks for.

    Raises:
        InputErrors: faults in the files; all of a phase at once.
        UsageError: the request itself cannot be met.
    """
    seen_from = request.shown_from or request.directory
    files = SourceFiles(directory=seen_from, stdin=request.stdin)
    return _Load(request, files, discover(request, files)).project()


class _Load:
    """One load: what its phases share and what they find."""

    def __init__(self, request: LoadRequest, files: SourceFiles, found: Discovered) -> None:
        self._request = request
        self._files = files
        self._found = found
        self._findings: dict[tuple[str, Position | None], Finding] = {}
        self._unset_at: dict[str, set[Position]] = {}
        self._documents: dict[str, tuple[yaml_reader.Document, ...]] = {}
        # The model is kept beside what it was asked for, so that its id stays its own.
        self._bases: dict[tuple[str, str, int], tuple[include.Model, extends.Base]] = {}
        self._models: dict[object, Mapping] = {}
        self._boundary = boundaries.Boundary(found.directory, files)

    def project(self) -> Loaded:
        """Return the whole project."""
        found = self._found
        self._read_all(found.files)
        environment = found.environment
        name = found.name or self._name(environment)
        environment["COMPOSE_PROJECT_NAME"] = name
        top = include.Model(
            files=found.files,
            directory=found.directory,
            base=found.directory,
            environment=environment,
        )
        root = self._model(top)
        where = Position(self._files.shown(found.files[0]))
        if not root.entries:
            raise InputErrors([_Empty(where)])
        if not name:
            raise InputErrors([project_name.NoProjectName(where)])
        return self._finished(root, name, environment)

    def _read_all(self, names: tuple[str, ...]) -> None:
        errors: list[InputError] = []
        for name in names:
            try:
                self._read(name, pipes=True)
            except InputErrors as fault:
                errors.extend(fault.errors)
        if errors:
            raise InputErrors(errors)

    def _read(
        self, path: str, *, asked_at: Position | None = None, pipes: bool = False
    ) -> tuple[yaml_reader.Document, ...]:
        documents = self._documents.get(path)
        if documents is None:
            content = self._files.read(path, "compose file", asked_at=asked_at, pipes=pipes)
            documents = yaml_reader.read_documents(content, self._files.shown(path))
            self._documents[path] = documents
        return documents

    def _name(self, environment: ReadOnly[str, str]) -> str:
        def interpolated(name: Scalar) -> str:
            if not isinstance(name.value, str):
                return str(name.value)
            result = interpolation.interpolate(name, environment.get, on_unset=self._unset)
            return str(result.value) if isinstance(result, Scalar) else ""

        roots = [[d.root for d in self._documents[file]] for file in self._found.files]
        directory_name = os.path.basename(self._found.directory)
        try:
            return project_name.from_files(roots, interpolated, directory_name)
        except InputErrors:
            return ""  # Interpolation of the document tells it, with all other faults.

    def _unset(self, name: str, position: Position | None) -> None:
        self._unset_at.setdefault(name, set()).update((position,) if position else ())
        self._findings.setdefault(
            (name, position),
            UNSET_VARIABLE.finding(
                position,
                f'the variable "{name}" is not set and counts as empty',
                remedy=f"set {name} in .env, or give it a default: ${{{name}:-value}}",
                alike=Alike(message=_UNSET, item=name, remedy=_SET_THEM),
            ),
        )

    # -- models ------------------------------------------------------------------------------

    def _model(self, model: include.Model) -> Mapping:
        """The merged model of all of ``model``'s files, with defaults and absolute paths."""
        key = (model.files, model.directory, model.base, frozenset(model.environment.items()))
        done = self._models.get(key)
        if done is not None:
            return done
        errors: list[InputError] = []
        root = _EMPTY
        for file in model.files:
            try:
                documents = self._read(file, asked_at=model.asked_at)
            except InputErrors as fault:
                errors.extend(fault.errors)
                continue
            for document in documents:
                root = self._with_document(root, document, file, model, errors)
        if errors:
            raise InputErrors(errors)
        root = defaults.with_defaults(root)
        errors.extend(validation.validate(root))
        if errors:
            raise InputErrors(errors)
        root = paths.resolve(root, model.base, home=self._request.environment.get("HOME"))
        root = normalize.resolve_environment(root, model.environment)
        self._models[key] = root
        return root

    def _with_document(
        self,
        root: Mapping,
        document: yaml_reader.Document,
        file: str,
        model: include.Model,
        errors: list[InputError],
    ) -> Mapping:
        """``root`` with ``document`` laid over it; ``root`` as it is where that has faults."""
        before = len(errors)
        taken_away = tuple(tag.path for tag in document.resets)
        try:
            own = self._interpolated(document, model.environment)
        except InputErrors as fault:
            errors.extend(fault.errors)
            return root
        try:
            own = include.apply(
                own, model, (*model.chain, file), taken_away, self._files, self._included
            )
        except InputErrors as fault:
            errors.extend(fault.errors)
            own = include.without(own)
        base = resets.without(root, taken_away)
        try:
            own = extends.apply(
                own,
                taken_away,
                self._files.shown(file),
                lambda name, position: self._base(name, position, model),
            )
        except InputErrors as fault:
            errors.extend(fault.errors)
        errors.extend(_null_sections(base, own))
        try:
            merged = unicity.enforce(merge.merge(base, own))
        except InputErrors as fault:
            errors.extend(fault.errors)
            merged = own
        told = {error.position for error in errors[before:]}
        errors.extend(error for error in shape.check(merged) if error.position not in told)
        if len(errors) > before:
            return root
        try:
            return unicity.enforce(canonical.canonical(self._without_version(merged)))
        except InputErrors as fault:
            errors.extend(fault.errors)
            return root

    def _interpolated(
        self, document: yaml_reader.Document, environment: ReadOnly[str, str]
    ) -> Mapping:
        root = document.root
        if not isinstance(root, Mapping):
            raise InputErrors([_NotAMapping(root)])
        result = interpolation.interpolate(
            root, environment.get, on_unset=self._unset, source=document.source
        )
        assert isinstance(result, Mapping)
        for finding in losses.findings(result):
            self._findings.setdefault((finding.message, finding.position), finding)
        return canonical.promote_aliases(casts.cast(result))

    def _without_version(self, root: Mapping) -> Mapping:
        if "version" not in root.entries:
            return root
        position = root.key_position("version")
        self._findings.setdefault(
            ("version", position),
            OBSOLETE_VERSION.finding(
                position, "version is obsolete and has no effect", remedy="remove the line"
            ),
        )
        entries = {name: value for name, value in root.entries.items() if name != "version"}
        keys = {name: value for name, value in root.keys.items() if name != "version"}
        return Mapping(entries, root.position, keys)

    def _included(self, model: include.Model) -> Mapping:
        for file in model.files:
            self._boundary.check(file, "included compose file", model.asked_at)
        for file, asked_at in model.env_files:
            self._boundary.check(file, "env file", asked_at)
        return self._model(model)

    def _base(self, name: str, position: Position | None, model: include.Model) -> extends.Base:
        """What the file called ``name`` offers to the services of ``model`` that extend it."""
        file = extends.Directory(path=model.directory).file(name)
        written = extends.Directory(path=model.directory).written(name)
        self._boundary.check(file, "extended compose file", position)
        key = (file, written, id(model))
        done = self._bases.get(key)
        if done is not None:
            return done[1]
        root = _EMPTY
        taken_away: tuple[Path, ...] = ()
        for document in self._read(file, asked_at=position):
            own = self._interpolated(document, model.environment)
            taken_away = tuple(tag.path for tag in document.resets)
            merged = unicity.enforce(merge.merge(resets.without(root, taken_away), own))
            root = unicity.enforce(canonical.canonical(merged))
        root = paths.resolve(root, written, home=self._request.environment.get("HOME"))
        services = root.get("services")
        if not isinstance(services, Mapping):
            raise InputErrors([_NothingOffered(self._files.shown(file), position)])
        base = extends.Base(services=services, resets=taken_away, shown=self._files.shown(file))
        self._bases[key] = (model, base)
        return base

    # -- the finished project ----------------------------------------------------------------

    def _finished(self, root: Mapping, name: str, environment: dict[str, str]) -> Loaded:
        root = normalize.normalize(root, project_name=name, environment=environment)
        root = typed.typed(root, keep_extensions=True)
        entries = dict(root.entries)
        entries["name"] = Scalar(name, root.key_position("name"))
        disabled: dict[str, dict[str, Node]] = {"services": {}, "jobs": {}}
        for kind in disabled:
            containers = root.get(kind)
            if isinstance(containers, Mapping):
                entries[kind], disabled[kind] = profiles.split(containers, self._found.profiles)
        root = Mapping(entries, root.position, root.keys)

        errors = consistency.check(
            root, disabled=disabled["services"], disabled_jobs=disabled["jobs"]
        )
        reader = EnvironmentReader(environment, self._files, on_unset=self._unset)
        root, resolved = reader.read_into(root)
        errors.extend(reader.errors)
        if errors:
            raise InputErrors(errors)
        self._boundary.check_references(root)
        project = Project(
            name=name,
            directory=self._found.directory,
            files=self._found.files,
            profiles=self._found.profiles,
            root=root,
            environment=environment,
            variables_at=self._found.variables_at,
            resolved_environments=resolved,
            disabled=only_mappings(disabled["services"]),
            disabled_jobs=only_mappings(disabled["jobs"]),
        )
        findings = (
            *self._found.findings,
            *sorted(self._findings.values(), key=_place),
            *self._boundary.findings,
        )
        unset = tuple(
            UnsetVariable(name=name, positions=tuple(sorted(positions)))
            for name, positions in sorted(self._unset_at.items())
        )
        return Loaded(project=project, findings=findings, unset=unset)


def _null_sections(base: Mapping, own: Mapping) -> Iterator[InputError]:
    """
    Yield a fault for services and jobs that a later document leaves without a value.

    Merging would take no notice of them, and Docker Compose refuses them.
    """
    for kind in ("services", "jobs"):
        section = own.get(kind)
        if kind in base.entries and isinstance(section, Scalar) and section.value is None:
            yield InputError(
                f"{kind}: has no value; it must be a mapping",
                position=own.key_position(kind),
                remedy="give it a value, or remove the line",
            )


def _place(finding: Finding) -> tuple[Position, str]:
    return finding.position or Position(""), finding.message


class _Empty(InputError):
    def __init__(self, position: Position) -> None:
        super().__init__(
            "the compose file is empty",
            position=position,
            remedy="define at least one service",
        )


class _NotAMapping(InputError):
    def __init__(self, root: Node) -> None:
        super().__init__(
            "a compose file must be a mapping, with names such as services at its top",
            position=root.position,
            remedy='begin with "services:" and write the services below it',
        )


class _NothingOffered(InputError):
    def __init__(self, file: str, position: Position | None) -> None:
        super().__init__(
            f"{file} has no services to extend",
            position=position,
            remedy="name a file that defines the service, or leave file out",
        )
