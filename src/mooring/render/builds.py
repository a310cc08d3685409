"""
The images that somebody has to build and push: a list to read, and a file that builds them.

The file is for `docker buildx bake`: a group for each environment, a target for each image.
Environments that need the same image under the same name share the target.  Values of secret
arguments are not written; the shell gives them.

Source: https://docs.docker.com/build/bake/reference/
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from mooring.builds import Build, BuildArgument
from mooring.kube.names import label, unique
from mooring.render.environments import EnvironmentObjects
from mooring.render.file_tree import File
from mooring.sensitive import Sensitive

FILE_NAME = "docker-bake.hcl"

_HEADING = """\
# Images that the stack builds.  Run it in the folder of the Compose files:
#   docker buildx bake -f <this file> --push {environment}
"""
_OF_A_SERVICE = "service:"


def files(environments: Sequence[EnvironmentObjects]) -> dict[str, File]:
    """Return the file that builds the images of ``environments``; none where nothing is built."""
    targets = _targets(environments)
    if not targets:
        return {}
    text = "\n".join(_lines(environments, targets)) + "\n"
    return {FILE_NAME: File(text.encode())}


def section(environments: Sequence[EnvironmentObjects]) -> list[str]:
    """Return the lines of the README about images to build, in Markdown; none without any."""
    targets = _targets(environments)
    if not targets:
        return []
    lines = [
        "## Images to build and push",
        "",
        f"A cluster builds nothing.  `{FILE_NAME}` builds what the stack builds itself; in the "
        "folder of the Compose files:",
        "",
        f"    docker buildx bake -f <this folder>/{FILE_NAME} --push {environments[-1].name}",
        "",
    ]
    for target in targets:
        lines.append(
            f"- `{target.build.reference}`{_for(target, environments)}: {_how(target.build)}"
        )
        lines.extend(_warnings(target.build))
    return [*lines, ""]


class _Target(msgspec.Struct, frozen=True):
    """A target by its name, and the environments that need it."""

    name: str
    build: Build
    environments: tuple[str, ...]


def _targets(environments: Sequence[EnvironmentObjects]) -> list[_Target]:
    """Return what there is to build, what is alike in several environments once."""
    grouped: list[tuple[Build, list[str]]] = []
    of_services: dict[tuple[str, ...], list[tuple[Build, list[str]]]] = {}
    for environment in environments:
        for build in environment.builds:
            alike = of_services.setdefault(build.services, [])
            for other, its in alike:
                if other == build and environment.name not in its:
                    its.append(environment.name)
                    break
            else:
                alike.append((build, [environment.name]))
                grouped.append(alike[-1])
    # The image of the strictest environment is called as its service; others say whose they are.
    strictest = environments[-1].name
    called = [build.services[0] for build, _ in grouped]
    times = Counter(called)
    wanted = [
        name if times[name] == 1 or strictest in its else f"{name}-{its[0]}"
        for name, (_, its) in zip(called, grouped, strict=True)
    ]
    names = unique(wanted, label)
    return [
        _Target(names[name], build, tuple(its))
        for name, (build, its) in zip(wanted, grouped, strict=True)
    ]


def _lines(environments: Sequence[EnvironmentObjects], targets: Sequence[_Target]) -> Iterator[str]:
    yield _HEADING.format(environment=environments[-1].name)
    for environment in environments:
        its = [target.name for target in targets if environment.name in target.environments]
        yield from _block("group", environment.name, [("targets", _list(its))])
    secret = {
        _variable(argument.name)
        for target in targets
        for argument in target.build.arguments
        if isinstance(argument.value, Sensitive)
    }
    for name in sorted(secret):
        yield "# Secret: the shell gives it."
        yield from _block("variable", name, [("default", _text(""))])
    for target in targets:
        if len(target.build.services) > 1:
            yield f"# For {', '.join(target.build.services)}."
        yield from _block("target", target.name, list(_fields(target, targets)))


def _fields(target: _Target, targets: Sequence[_Target]) -> Iterator[tuple[str, str]]:
    build = target.build
    yield "context", _text(build.context)
    if build.inline is not None:
        yield "dockerfile-inline", _text(build.inline)
    elif build.dockerfile is not None:
        yield "dockerfile", _text(build.dockerfile)
    if build.target is not None:
        yield "target", _text(build.target)
    if build.arguments:
        yield "args", _map({one.name: _argument(one) for one in build.arguments})
    if build.contexts:
        contexts = {
            name: _text(_context(said, target, targets)) for name, said in build.contexts.items()
        }
        yield "contexts", _map(contexts)
    for name, values in (
        ("platforms", build.platforms),
        ("secret", build.secrets),
        ("ssh", build.agents),
    ):
        if values:
            yield name, _list(values)
    yield "tags", _list([build.reference])


def _argument(argument: BuildArgument) -> str:
    if isinstance(argument.value, Sensitive):
        return _variable(argument.name)
    return _text(argument.value)


def _variable(name: str) -> str:
    """Return the name of a variable, in HCL and in the shell, that holds the argument ``name``."""
    return re.sub(r"\W", "_", name, flags=re.ASCII)


def _context(said: str, target: _Target, targets: Sequence[_Target]) -> str:
    """Return a further context; the image of another service is that of its target."""
    if not said.startswith(_OF_A_SERVICE):
        return said
    service = said.removeprefix(_OF_A_SERVICE)
    for other in targets:
        if service in other.build.services and set(target.environments) & set(other.environments):
            return f"target:{other.name}"
    return said


def _block(kind: str, name: str, fields: list[tuple[str, str]]) -> list[str]:
    width = max(len(field) for field, _ in fields)
    body = [f"  {field:<{width}} = {value}" for field, value in fields]
    return [f"{kind} {_text(name)} {{", *body, "}", ""]


def _map(entries: dict[str, str]) -> str:
    inner = "\n".join(f"    {_text(name)} = {value}" for name, value in entries.items())
    return f"{{\n{inner}\n  }}"


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def _text(value: str) -> str:
    """Return ``value`` as a quoted text of HCL, in which nothing is interpolated."""
    quoted = msgspec.json.encode(value).decode()
    quoted = quoted.replace("\\b", "\\u0008").replace("\\f", "\\u000c")
    return quoted.replace("${", "$${").replace("%{", "%%{")


def _for(target: _Target, environments: Sequence[EnvironmentObjects]) -> str:
    everywhere = len(target.environments) == len(environments)
    return "" if everywhere else f" for {', '.join(target.environments)}"


def _how(build: Build) -> str:
    said = [f"from `{build.context}`"]
    if build.inline is None and build.dockerfile not in (None, "Dockerfile"):
        said.append(f"by `{build.dockerfile}`")
    if build.target is not None:
        said.append(f"stage `{build.target}`")
    if build.platforms:
        said.append(f"on {', '.join(build.platforms)}")
    if len(build.services) > 1:
        said.append(f"for {', '.join(build.services)}")
    return ", ".join(said)


def _warnings(build: Build) -> Iterator[str]:
    baked = [f"`{one.name}`" for one in build.arguments if one.is_baked]
    if baked:
        yield (
            f"  Compiled into what clients load: {', '.join(baked)}; another value needs another "
            "image."
        )
    secret = [f"`{one.name}`" for one in build.arguments if isinstance(one.value, Sensitive)]
    if secret:
        yield (
            f"  Secret arguments, to be set in the shell: {', '.join(secret)}; they can be read in "
            "the image's history."
        )
    if build.secrets:
        yield f"  Secrets of the build alone: {', '.join(f'`{one}`' for one in build.secrets)}."
