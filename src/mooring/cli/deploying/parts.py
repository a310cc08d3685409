"""
Of what an environment consists: the stack alone, or the releases that mooring.yaml lists.

The file is read only where it speaks of releases, so that deploying a stack without any stays as
quick as it is.  What is named on the command line, with -k or --manifests, is deployed alone.
"""

import os
from typing import TYPE_CHECKING

from mooring.cli import terminal
from mooring.cli.deploying import inputs
from mooring.cli.deploying.inputs import Given
from mooring.cli.invocation import Invocation
from mooring.errors import UsageError
from mooring.settings import place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mooring.report.palette import Palette
    from mooring.settings.releases import Release
    from mooring.settings.settled import Settings


class Part:
    """
    One release of an environment; ``name`` is empty where a stack is not divided.

    ``needs`` are the other parts that have to be up before it.  ``is_own`` tells whether it is the
    stack itself, and ``namespace`` where objects go that name none.
    """

    def __init__(
        self,
        given: Given,
        *,
        name: str = "",
        namespace: str | None = None,
        needs: tuple[str, ...] = (),
        is_own: bool = True,
    ) -> None:
        self.given = given
        self.name = name
        self.namespace = namespace
        self.needs = needs
        self.is_own = is_own

    @property
    def called(self) -> str:
        """How it is called in what is printed."""
        return self.name or self.given.environment


class Whole:
    """
    The parts of ``environment``, each behind those that it needs, of the stack called ``stack``.

    ``left_out`` are its releases that the command line does not name, with what they need.
    """

    def __init__(
        self,
        stack: str,
        environment: str,
        parts: tuple[Part, ...],
        left_out: "Mapping[str, tuple[str, ...]] | None" = None,
    ) -> None:
        self.stack = stack
        self.environment = environment
        self.parts = parts
        self._left_out = left_out or {}

    @property
    def is_partial(self) -> bool:
        """Whether the command line leaves releases of the environment out."""
        return bool(self._left_out)

    def is_shared(self, part: Part) -> bool:
        """Tell whether ``part`` is in an environment of its own, which others may have as well."""
        return not part.is_own and part.given.environment != self.environment

    def left_out_by(self, name: str) -> tuple[str, ...]:
        """Return the releases that need the part ``name`` and that the command line leaves out."""
        return tuple(other for other, needs in self._left_out.items() if name in needs)

    @property
    def single(self) -> Given | None:
        """What is given, where the environment is not divided."""
        return self.parts[0].given if not self.parts[0].name else None

    @property
    def user(self) -> str:
        """How the stack is called among those that use a release."""
        return f"{self.stack}.{self.environment}"


def whole(
    invocation: Invocation,
    environment: str | None,
    *,
    kustomization: str | None,
    paths: tuple[str, ...],
    output: str,
    namespace: str | None,
    only: tuple[str, ...] = (),
) -> Whole:
    """
    Return the parts of ``environment`` that the command line names; all of them without ``only``.

    Raises:
        UsageError: nothing is named, or it is not there.
        InputErrors: what is there cannot be read.
    """
    settled = None if kustomization or paths else _settled(invocation)
    if settled is None or not settled.releases:
        if only:
            raise UsageError(
                f"there is no release {only[0]}", remedy="list it below releases in mooring.yaml"
            )
        given = inputs.given(
            invocation, environment, kustomization=kustomization, paths=paths, output=output
        )
        return Whole(given.project, given.environment, (Part(given, namespace=namespace),))
    named = environment or invocation.environment or os.environ.get("MOORING_ENVIRONMENT")
    if not named:
        raise UsageError("no environment is named", remedy="name one, as in mooring up staging")
    chosen = _chosen(settled, named, only)
    present = {one.name for one in chosen}
    parts: list[Part] = []
    for one in chosen:
        if one.path:
            shown = os.path.relpath(one.path)
            given = inputs.of_release(one.name, shown, one.own_environment(named))
        else:
            given = inputs.given(invocation, named, kustomization=None, paths=(), output=output)
        parts.append(
            Part(
                given,
                name=one.name,
                namespace=one.namespace if one.path else (namespace or one.namespace),
                needs=tuple(need for need in one.needs if need in present),
                is_own=not one.path,
            )
        )
    stack = _stack(invocation, settled, parts, named, output)
    if not any(not one.path for one in settled.releases):
        _check_without_own(settled, named, output)
    left_out = {
        one.name: one.needs
        for one in settled.releases
        if one.is_in(named) and one.name not in present
    }
    return Whole(stack, named, tuple(parts), left_out)


def joined(texts: "Mapping[str, str]", palette: "Palette") -> str:
    """Return what is said of each part, by its name, as one text; a single one as it is."""
    return "\n\n".join(
        f"{palette.hint(f'release {name}')}\n{text}" if name else text
        for name, text in texts.items()
    )


def _settled(invocation: Invocation) -> "Settings | None":
    """Return what mooring.yaml settles, where it speaks of releases."""
    try:
        folder = place.project_directory(
            os.getcwd(), named=invocation.project_directory, files=invocation.files
        )
        with open(os.path.join(folder, place.FILE_NAME), "rb") as stream:
            if b"releases" not in stream.read():
                return None
    except OSError:
        return None

    from mooring.settings import choosing

    return choosing.written(invocation.request())


def _chosen(settled: "Settings", environment: str, only: tuple[str, ...]) -> "tuple[Release, ...]":
    """Return the releases of ``environment``, those that are named if any is."""
    from mooring.compose import suggest

    known = [one.name for one in settled.releases]
    for name in only:
        if name not in known:
            raise UsageError(
                f"there is no release {name}",
                remedy=suggest.did_you_mean(name, known) or f"there is: {', '.join(known)}",
            )
    found = tuple(
        one for one in settled.releases if one.is_in(environment) and (not only or one.name in only)
    )
    if found:
        return found
    raise UsageError(
        f"no release is part of {environment}",
        remedy="see the environments of releases in mooring.yaml",
    )


def _stack(
    invocation: Invocation, settled: "Settings", parts: list[Part], environment: str, output: str
) -> str:
    """Return how the stack is called: the same, whichever of its releases are named."""
    for part in parts:
        if part.is_own:
            return part.given.project
    named = invocation.project_name or settled.project
    if named:
        return named
    if any(not one.path and one.is_in(environment) for one in settled.releases):
        given = inputs.given(invocation, environment, kustomization=None, paths=(), output=output)
        return given.project
    return _folder_name(invocation)


def _check_without_own(settled: "Settings", environment: str, output: str) -> None:
    """
    Say what is left out where no release is the stack itself, and that its environment is meant.

    Raises:
        UsageError: mooring.yaml names environments, and this is none of them.
    """
    if os.path.isdir(os.path.join(output, "environments", environment)):
        terminal.say(
            f"note: {output}/environments/{environment} is part of no release and stays out; "
            "take it in with a release without path in mooring.yaml"
        )
    names = [one.name for one in settled.environments or ()]
    if environment not in names:
        raise UsageError(
            f"there is no environment {environment} in mooring.yaml",
            remedy=f"there is: {', '.join(names)}" if names else "list it below environments",
        )


def _folder_name(invocation: Invocation) -> str:
    from mooring.kube import names

    folder = place.project_directory(
        os.getcwd(), named=invocation.project_directory, files=invocation.files
    )
    last = os.path.basename(os.path.abspath(folder))
    return names.label(last) if last else "stack"
