"""
What a container finds in its environment and on its labels, once the files beside are read.

An env file later in the list replaces an earlier one, and ``environment`` replaces them all.  A
name without a value is taken from the variables of the project; where they have none it stays
without a value, which also takes away what an env file said.

Source: Compose Specification, "environment", "env_file", "label_file"; Docker Compose,
"Environment variables precedence".
"""

from collections.abc import Mapping as ReadOnly
from enum import StrEnum

import msgspec

from mooring.compose import dotenv
from mooring.compose.interpolation import OnUnset
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.compose.source_files import SourceFiles, UnreadableFile
from mooring.errors import InputError, InputErrors
from mooring.sources import Position


class Origin(StrEnum):
    """Who gave a variable its value."""

    ENVIRONMENT = "environment"
    ENV_FILE = "env_file"
    PROCESS = "process"


class EnvValue(msgspec.Struct, frozen=True, kw_only=True):
    """
    One variable of a container.

    ``value`` None means that the name is declared and nothing gives it a value.  ``position`` is
    the text that won, in the Compose file or in the env file.  ``origin`` PROCESS means that the
    project's variable of the same name (process environment or ``.env``) was taken as it is.
    ``variables`` are the project's variables that flowed into the value.
    """

    value: str | None
    position: Position | None = None
    origin: Origin = Origin.ENVIRONMENT
    variables: tuple[str, ...] = ()


class EnvironmentReader:
    """Reads the env files and label files of one project, each file once where that is possible."""

    def __init__(
        self,
        project: ReadOnly[str, str],
        files: SourceFiles,
        *,
        on_unset: OnUnset | None = None,
    ) -> None:
        self._project = project
        self._files = files
        self._on_unset = on_unset
        self._parsed: dict[tuple[str, bool], dict[str, dotenv.EnvEntry]] = {}
        self.errors: list[InputError] = []

    def read_into(self, root: Mapping) -> tuple[Mapping, dict[str, dict[str, EnvValue]]]:
        """
        Return the typed ``root`` with what its services' files say, and where variables come from.

        Faults are collected in ``errors``.
        """
        services = root.get("services")
        resolved: dict[str, dict[str, EnvValue]] = {}
        if not isinstance(services, Mapping):
            return root, resolved
        changed: dict[str, Node] = {}
        for name, service in services.entries.items():
            if isinstance(service, Mapping):
                changed[name], resolved[name] = self._container(service)
            else:
                changed[name] = service
        entries = {**root.entries, "services": Mapping(changed, services.position, services.keys)}
        return Mapping(entries, root.position, root.keys), resolved

    def _container(self, container: Mapping) -> tuple[Mapping, dict[str, EnvValue]]:
        environment = self.environment(container)
        entries = dict(container.entries)
        if environment:
            own = container.get("environment")
            entries["environment"] = Mapping(
                {n: Scalar(v.value, v.position, v.variables) for n, v in environment.items()},
                own.position if own is not None else container.key_position("env_file"),
                own.keys if isinstance(own, Mapping) else {},
            )
        labels = self.labels(container)
        if labels is not None:
            entries["labels"] = labels
        hooks = container.get("pre_start")
        if isinstance(hooks, Sequence):
            items = tuple(
                self._container(hook)[0] if isinstance(hook, Mapping) else hook
                for hook in hooks.items
            )
            entries["pre_start"] = Sequence(items, hooks.position)
        return Mapping(entries, container.position, container.keys), environment

    def environment(self, container: Mapping) -> dict[str, EnvValue]:
        """Return the variables of ``container``, a service or hook in typed form."""
        own = self._own(container)
        resolved: dict[str, EnvValue] = {}
        env_files = container.get("env_file")
        if isinstance(env_files, Sequence):
            explicit = {name: one.value for name, one in own.items() if one.value is not None}
            known: dict[str, str] = {}

            def lookup(name: str) -> str | None:
                value = self._project.get(name)
                return explicit.get(name) if value is None else value

            for item in env_files.items:
                for name, entry in self._env_file(item, lookup, known).items():
                    if entry.value is not None:
                        known[name] = entry.value
                        resolved[name] = self._from_file(name, entry)
        resolved.update(own)
        return resolved

    def labels(self, container: Mapping) -> Mapping | None:
        """Return the labels of ``container`` with those of its label files; None: it has none."""
        own = container.get("labels")
        label_files = container.get("label_file")
        entries: dict[str, Node] = {}
        if isinstance(label_files, Sequence):
            known: dict[str, str] = {}
            for item in label_files.items:
                for name, entry in self._label_file(item, known).items():
                    if entry.value is not None:
                        known[name] = entry.value
                        entries[name] = Scalar(entry.value, entry.position, entry.variables)
        if not entries:
            return own if isinstance(own, Mapping) else None
        if isinstance(own, Mapping):
            entries.update(own.entries)
            return Mapping(entries, own.position, own.keys)
        return Mapping(entries, label_files.position if label_files else None)

    def _from_file(self, name: str, entry: dotenv.EnvEntry) -> EnvValue:
        passed_on = self._passed_on(name, entry.value, entry.variables)
        return EnvValue(
            value=entry.value,
            position=entry.position,
            origin=Origin.PROCESS if passed_on else Origin.ENV_FILE,
            variables=entry.variables,
        )

    def _passed_on(self, name: str, value: object, variables: tuple[str, ...]) -> bool:
        """Whether ``value`` is that of the project's variable ``name``, as it is."""
        return variables == (name,) and value == self._project.get(name)

    def _own(self, container: Mapping) -> dict[str, EnvValue]:
        """What ``environment`` itself says, names without a value taken from the project."""
        environment = container.get("environment")
        found: dict[str, EnvValue] = {}
        if not isinstance(environment, Mapping):
            return found
        project = self._project
        for name, node in environment.entries.items():
            if not isinstance(node, Scalar):
                continue
            value = node.value
            variables = node.variables
            if value is None:
                value = project.get(name)
                variables = () if value is None else (name,)
            passed_on = self._passed_on(name, value, variables)
            found[name] = EnvValue(
                value=None if value is None else str(value),
                position=node.position or environment.key_position(name),
                origin=Origin.PROCESS if passed_on else Origin.ENVIRONMENT,
                variables=variables,
            )
        return found

    def _env_file(
        self, item: Node, lookup: dotenv.Lookup, known: ReadOnly[str, str]
    ) -> dict[str, dotenv.EnvEntry]:
        if not isinstance(item, Mapping):
            return {}
        path, required, form = (item.get(name) for name in ("path", "required", "format"))
        optional = isinstance(required, Scalar) and required.value is False
        if not isinstance(path, Scalar) or not isinstance(path.value, str):
            if not optional:  # An empty path is no part of the typed form.
                message = "env_file: the path is empty"
                remedy = "name a file, or remove the entry"
                self.errors.append(InputError(message, position=item.position, remedy=remedy))
            return {}
        form_name = form.value if isinstance(form, Scalar) and form.value is not None else ""
        if form_name not in ("", ".env", "raw"):
            self.errors.append(
                InputError(
                    f'env_file: "{form_name}" is not a format',
                    position=form.position if form is not None else path.position,
                    remedy="leave it out, or write format: raw for lines taken as they are",
                )
            )
            return {}
        return self._parse(
            path.value, "env file", path.position, optional, form_name == "raw", lookup, known
        )

    def _label_file(self, item: Node, known: ReadOnly[str, str]) -> dict[str, dotenv.EnvEntry]:
        if not isinstance(item, Scalar) or not isinstance(item.value, str):
            return {}
        return self._parse(item.value, "label file", item.position, False, False, known.get, {})

    def _parse(
        self,
        path: str,
        what: str,
        asked_at: Position | None,
        optional: bool,
        raw: bool,
        lookup: dotenv.Lookup,
        known: ReadOnly[str, str],
    ) -> dict[str, dotenv.EnvEntry]:
        found = self._parsed.get((path, raw))
        if found is not None:
            return found
        try:
            content = self._files.read(path, what, asked_at=asked_at)
            found = dotenv.parse(
                content,
                self._files.shown(path),
                lookup,
                raw=raw,
                known=known,
                on_unset=self._on_unset,
            )
        except InputErrors as fault:
            missing = any(isinstance(e, UnreadableFile) and e.missing for e in fault.errors)
            if not (optional and missing):
                self.errors.extend(fault.errors)
            return {}
        # A bare KEY has its value from the service that asks; the next one may have another.
        bare = any(entry.value is None or entry.variables for entry in found.values())
        if b"$" not in content and not bare:
            self._parsed[(path, raw)] = found
        return found
