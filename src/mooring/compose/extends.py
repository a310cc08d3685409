"""
Services that begin as a copy of another one, of the same file or of another.

The base is taken as its own file writes it, with the paths of that file, and the service is laid
over it.  ``!reset`` and ``!override`` of the extending file act on the base, as they act on an
earlier file.

Source: Compose Specification, "extends".
"""

import os
from collections.abc import Callable, Iterable

import msgspec

from mooring.compose import merge, resets, suggest
from mooring.compose.nodes import Mapping, Node, Path, Scalar
from mooring.compose.source_files import absolute
from mooring.errors import InputError, InputErrors
from mooring.sources import Position


class Base(msgspec.Struct, frozen=True, kw_only=True):
    """The services of a file that others extend, and what the file's document takes away."""

    services: Mapping
    resets: tuple[Path, ...]
    shown: str


class Directory(msgspec.Struct, frozen=True, kw_only=True):
    """
    Where ``extends.file`` is looked for, and how its own paths are written from there.

    ``path`` is the absolute directory that relative names start from.
    """

    path: str

    def file(self, name: str) -> str:
        """Return the absolute path of the file called ``name``."""
        return absolute(self.path, name)

    def written(self, name: str) -> str:
        """Return the directory of the file called ``name``, relative to this one."""
        directory = self.file(name)
        if not os.path.isdir(directory):
            directory = os.path.dirname(directory)
        return os.path.relpath(directory, self.path)


ReadBase = Callable[[str, Position | None], Base]
"""From the name of a file, and where it is asked for, to what it offers to extend."""


class ExtendsCycle(InputError):
    """Services extend one another in a circle."""

    def __init__(self, chain: Iterable[tuple[str, str]], position: Position | None) -> None:
        (file, service), *others = chain
        steps = "".join(f', which extends "{name}" ({where})' for where, name in others)
        super().__init__(
            f'service "{service}" ({file}) extends itself: "{service}"{steps}',
            position=position,
            remedy="let one of them stand on its own",
        )


class NothingToExtend(InputError):
    """The service that another one extends does not exist."""

    def __init__(
        self, service: str, wanted: str, where: str, known: Iterable[str], position: Position | None
    ) -> None:
        super().__init__(
            f'service "{service}" extends "{wanted}", which is not a service of {where}',
            position=position,
            remedy=suggest.did_you_mean(wanted, known) or "name a service that exists there",
        )


def apply(root: Mapping, taken_away: tuple[Path, ...], shown: str, read_base: ReadBase) -> Mapping:
    """
    Return the document ``root`` with every service and job laid over the one it extends.

    ``taken_away`` are the places of ``!reset`` and ``!override`` in the document, ``shown`` the
    name of its file.

    Raises:
        InputErrors: services that cannot be extended, cycles, files that cannot be read.
    """
    errors: list[InputError] = []
    changed: dict[str, Node] = {}
    for kind in ("services", "jobs"):
        containers = root.get(kind)
        if not isinstance(containers, Mapping) or not _any_extends(containers):
            continue
        resolver = _Resolver(containers, taken_away, shown, read_base)
        entries: dict[str, Node] = {}
        for name in containers.entries:
            try:
                entries[name] = resolver.resolved(name)
            except InputErrors as found:
                errors.extend(found.errors)
        changed[kind] = Mapping(entries, containers.position, containers.keys)
    if errors:
        raise InputErrors(errors)
    if not changed:
        return root
    return Mapping({**root.entries, **changed}, root.position, root.keys)


def _any_extends(containers: Mapping) -> bool:
    return any(
        isinstance(container, Mapping) and "extends" in container.entries
        for container in containers.entries.values()
    )


class _Resolver:
    """The services of one document, each resolved once, and those of the files they extend."""

    def __init__(
        self, services: Mapping, taken_away: tuple[Path, ...], shown: str, read_base: ReadBase
    ) -> None:
        self._read_base = read_base
        self._own = Base(services=services, resets=taken_away, shown=shown)
        self._done: dict[str, Node] = {}

    def resolved(self, name: str) -> Node:
        """
        Return the service ``name`` of the document, without ``extends``.

        The chain of bases is first followed down to a service that extends nothing, then merged
        on the way back; a chain may be as long as the file.
        """
        source = self._own
        steps: list[tuple[str, Mapping, Base]] = []
        # A cycle is known by the services on the way and the files that they look into.
        chain: dict[tuple[str, str], None] = {}
        while True:
            if source is self._own and name in self._done:
                resolved = self._done[name]
                break
            service = source.services.entries[name]
            resolved = service
            extends = service.get("extends") if isinstance(service, Mapping) else None
            if not isinstance(service, Mapping) or extends is None:
                break
            reference = _reference(extends)
            if reference is None:
                if source is self._own:
                    break  # The check of its shape says what is wrong with it.
                raise InputErrors([_Malformed(name, extends)])
            steps.append((name, service, source))
            name, source = self._base(name, service, source, reference, chain)
        for name, service, source in reversed(steps):
            resolved = _laid_over(name, service, resolved, source)
            if source is self._own:
                self._done[name] = resolved
        return resolved

    def _base(
        self,
        name: str,
        service: Mapping,
        source: Base,
        reference: tuple[Scalar, Scalar | None],
        chain: dict[tuple[str, str], None],
    ) -> tuple[str, Base]:
        """The service that ``service`` extends, and where it is; ``chain`` grows by one link."""
        wanted, file = reference
        position = wanted.position or service.key_position("extends")
        link = (self._own.shown if file is None else str(file.value), name)
        if link in chain:
            raise InputErrors([ExtendsCycle((*chain, link), position)])
        chain[link] = None
        base = source if file is None else self._read_base(str(file.value), file.position)
        base_name = str(wanted.value)
        if base_name not in base.services.entries:
            raise InputErrors(
                [NothingToExtend(name, base_name, base.shown, base.services.entries, position)]
            )
        return base_name, base


def _laid_over(name: str, service: Mapping, base: Node, source: Base) -> Node:
    """``service``, called ``name`` in ``source``, over the resolved ``base`` that it extends."""
    if isinstance(base, Scalar) and base.value is None:
        return service
    if not isinstance(base, Mapping):
        raise InputErrors(
            [
                InputError(
                    f'service "{name}" extends something that is not a mapping',
                    position=base.position or service.key_position("extends"),
                    remedy="write the attributes of a service below its name",
                )
            ]
        )
    merged = merge.extend_service(_kept(base, source.resets, name), service, name)
    entries = {key: value for key, value in merged.entries.items() if key != "extends"}
    keys = {key: value for key, value in merged.keys.items() if key != "extends"}
    return Mapping(entries, service.position or merged.position, keys)


def _kept(base: Mapping, taken_away: tuple[Path, ...], name: str) -> Mapping:
    """
    Return ``base`` without what the document takes away from the service ``name``.

    A service that is reset or overridden as a whole still takes over everything: its ``extends``
    is part of what it says.
    """
    services = resets.without(Mapping({"services": Mapping({name: base})}), taken_away)
    below = services.get("services")
    kept = below.get(name) if isinstance(below, Mapping) else None
    return kept if isinstance(kept, Mapping) else base


def _reference(extends: Node) -> tuple[Scalar, Scalar | None] | None:
    """Return the service that ``extends`` names, and its file where that is another; else None."""
    if isinstance(extends, Scalar) and isinstance(extends.value, str):
        return extends, None
    if isinstance(extends, Mapping):
        service, file = extends.get("service"), extends.get("file")
        if isinstance(service, Scalar) and isinstance(service.value, str):
            if file is None or (isinstance(file, Scalar) and file.value is None):
                return service, None
            if isinstance(file, Scalar) and isinstance(file.value, str):
                return service, file
    return None


class _Malformed(InputError):
    def __init__(self, name: str, extends: Node) -> None:
        super().__init__(
            f'service "{name}": extends must name a service, and may name a file',
            position=extends.position,
            remedy="write extends: {file: other.yaml, service: name}",
        )
