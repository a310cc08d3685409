"""
Commands that belong to development: servers that watch sources, reload and show their insides.

`nodemon`, `--reload` and `runserver` serve one developer, and so do `start-dev` of Keycloak and
`server -dev` of Vault, which keep what they are told to themselves.  An image is often made for him
(its last stage, or its CMD), and a Compose file adds `command: npm run dev`; outside of development
another command, or another stage of the Dockerfile, is meant to run.  Which one only the team can
say, so staging and production ask, with the line that answers.
"""

import posixpath
from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly
from functools import lru_cache

import msgspec

from mooring.app.application import Application
from mooring.app.process import Process
from mooring.app.workloads import Container, Workload
from mooring.compose import shell_words
from mooring.compose.nodes import Mapping, Scalar
from mooring.decisions import OpenQuestion
from mooring.patterns import LazyPattern
from mooring.settings.choices import EVERYWHERE, Choices
from mooring.sources import Position
from mooring.translate.surroundings import Kind, Surroundings
from mooring.translate.view import ServiceView, field, text, texts

_SIGNS = LazyPattern(
    r"\bnodemon\b|\bts-node-dev\b|\btsx\s+watch\b|\bnode(?:js)?\s+(?:\S+\s+)*--(?:watch|inspect)\b"
    r"|\bbun\s+(?:--watch|--hot)\b|\bdeno\s+(?:\w+\s+)*--watch\b"
    r"|\bvite(?:\s+(?:dev|serve)\b|\s*$|\s+-)"
    r"|\bnext\s+dev\b|\bnuxi?t?\s+dev\b|\bng\s+serve\b|\breact-scripts\s+start\b"
    r"|\bvue-cli-service\s+serve\b|\bwebpack(?:-dev-server|\s+serve)\b|\bastro\s+dev\b"
    r"|\bremix\s+dev\b|\bgatsby\s+develop\b|\bnest\s+start\s+(?:\S+\s+)*--watch\b"
    r"|\bparcel\s+(?!build)\S|\bsvelte-kit\s+dev\b"
    r"|\s--reload\b|\bmanage\.py\s+runserver\b|\brunserver_plus\b|\bflask\s+(?:\S+\s+)*run\b"
    r"|\bwatchmedo\b|\bwatchfiles\b|\bjurigged\b|\bfastapi\s+dev\b"
    r"|^\s*(?:\S*/)?air(?:\s|$)|&&\s*air\b|\bCompileDaemon\b|\breflex\s+-|\bgo\s+run\b|\bmodd\b"
    r"|\bcargo\s+(?:watch|run)\b|\bdotnet\s+(?:watch|run)\b|\bartisan\s+serve\b|\bphp\s+-S\b"
    r"|(?:^|[\s/])start-dev\b|\b(?:server|agent)\s+(?:\S+\s+)*-dev\b"
    r"|\bspring-boot:run\b|\bbootRun\b|\bquarkus:dev\b|\brerun\s|\bguard\s+start\b"
)
_SCRIPT = LazyPattern(
    r"\b(?:npm|pnpm|yarn|bun)\s+(?:run(?:-script)?\s+)?(?!install\b|add\b|ci\b|exec\b)([\w:.-]+)"
)
_OF_DEVELOPMENT = LazyPattern(
    r"(?:^|[:._-])(?:dev|develop|development|watch|debug|hot|local)(?:$|[:._-])"
)
_OTHERS = ("start:prod", "start:production", "start.prod", "prod", "production", "serve:prod",
           "start", "serve")  # fmt: skip
_OF_DEVELOPMENT_STAGE = frozenset({"dev", "development", "develop", "local", "dev-envs", "debug"})


class DevelopmentCommand(msgspec.Struct, frozen=True, kw_only=True):
    """
    A service whose command is one of development.

    ``shown`` is the command, ``because`` what tells that it is one.  ``instead`` is the command to
    run outside of development where one is known, ``hint`` what else would make it right.
    """

    service: str
    shown: str
    because: str
    instead: str | None = None
    hint: str | None = None
    position: Position | None = None


def development_commands(
    views: ReadOnly[str, ServiceView], surroundings: Surroundings
) -> tuple[DevelopmentCommand, ...]:
    """Return the services of ``views`` that run a command of development."""
    found = (_of(view, surroundings) for view in views.values())
    return tuple(one for one in found if one is not None)


def questions(
    commands: tuple[DevelopmentCommand, ...],
    application: Application,
    environment: str,
    choices: Choices,
) -> Iterator[OpenQuestion]:
    """Yield a question for each of ``commands`` that would run in ``environment``."""
    running = {
        container.source_name
        for part in application.parts
        if isinstance(part, Workload) and not part.development_only
        for container in part.containers
    }
    for one in commands:
        chosen = choices.service(one.service).command
        if one.service not in running or environment in chosen or EVERYWHERE in chosen:
            continue
        instead = one.instead or "<command>"
        hint = f", or {one.hint}" if one.hint is not None else ""
        yield OpenQuestion(
            subject=f"services.{one.service}.command",
            question=f"which command does it run outside of development? `{one.shown}` "
            f"{one.because}",
            answer=f"services: {{{one.service}: {{command: {{{environment}: "
            f"{_quoted(instead)}}}}}}}{hint}",
            position=one.position,
        )


def saying(process: Process, command: str) -> Process:
    """Return ``process`` with the words of ``command`` in place of what it runs."""
    words = tuple(shell_words.split(command))
    if process.is_whole:
        return msgspec.structs.replace(process, entrypoint=words, references=())
    # References to settings stand in the words of the entrypoint, and in those that go.
    before = len(process.entrypoint or ())
    return msgspec.structs.replace(
        process,
        arguments=words,
        references=tuple(one for one in process.references if one.word < before),
    )


def with_chosen_commands(
    application: Application, environment: str, choices: Choices
) -> Application:
    """Return ``application`` with the commands that were chosen for ``environment``."""

    def changed(container: Container) -> Container:
        chosen = choices.service(container.source_name).command
        command = chosen.get(environment, chosen.get(EVERYWHERE))
        if command is None:
            return container
        process = saying(container.process, command)
        return msgspec.structs.replace(container, process=process)

    parts = tuple(
        msgspec.structs.replace(part, containers=tuple(changed(one) for one in part.containers))
        for part in application.parts
    )
    return msgspec.structs.replace(application, parts=parts)


def _of(view: ServiceView, surroundings: Surroundings) -> DevelopmentCommand | None:
    said = (*texts(view.get("entrypoint")), *texts(view.get("command")))
    facts = view.image_facts
    of_image = facts.command if facts is not None else None
    is_own = bool(said)
    if not said:
        lines = (facts.entrypoint, of_image) if facts is not None else ()
        said = tuple(word for line in lines if line is not None for word in line.words)
    if not said:
        return None
    shown = " ".join(said)
    scripts = _scripts(view, surroundings)
    because = _because(shown, scripts)
    if because is None:
        return None
    position = view.position("command") if is_own else of_image.position if of_image else None
    whose = "is its command" if is_own else "is the command of its image"
    image_runs = " ".join(of_image.words) if of_image is not None else ""
    instead = _other_script(shown, scripts) or _of_servers(shown)
    if instead is None and is_own and image_runs and _because(image_runs, scripts) is None:
        instead = image_runs
    return DevelopmentCommand(
        service=view.name,
        shown=shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}...",
        because=f"{whose}, and {because}",
        instead=instead,
        hint=_other_stage(view),
        position=position,
    )


_LONGEST = 60


def _because(command: str, scripts: dict[str, str]) -> str | None:
    """Return why ``command`` belongs to development, None where nothing tells."""
    sign = _sign(command)
    if sign is not None:
        return f"{sign} is for development"
    for name in _SCRIPT.findall(command):
        script = scripts.get(name, "")
        inner = _sign(script)
        if inner is not None:
            return f"its script {name} runs {inner}"
        if _OF_DEVELOPMENT.search(name) is not None:
            return f"the script {name} is one of development by its name"
    return None


@lru_cache(maxsize=1024)
def _sign(command: str) -> str | None:
    """Return the words of ``command`` by which it is one of development, None without any."""
    found = _SIGNS.search(command)
    return None if found is None else found[0].strip(" &")


def _scripts(view: ServiceView, surroundings: Surroundings) -> dict[str, str]:
    """Return the scripts of the package.json in the folder from which the image is built."""
    build = view.get("build")
    context = field(build, "context") if isinstance(build, Mapping) else None
    if not isinstance(context, Scalar) or "://" in text(context):
        return {}
    path = posixpath.join(text(context), "package.json")
    if surroundings.kind(path) is not Kind.FILE:
        return {}
    content = surroundings.file(path).content
    try:
        package = msgspec.json.decode(content or b"{}")
    except msgspec.DecodeError:
        return {}
    scripts = package.get("scripts") if isinstance(package, dict) else None
    if not isinstance(scripts, dict):
        return {}
    return {str(name): script for name, script in scripts.items() if isinstance(script, str)}


def _other_script(command: str, scripts: dict[str, str]) -> str | None:
    """Return ``command`` with the script that is not one of development, where there is one."""
    found = _SCRIPT.search(command)
    if found is None or "\n" in command or "&&" in command:
        return None
    for name in _OTHERS:
        is_there = name in scripts
        if is_there and name != found[1] and _because(scripts[name], {}) is None:
            return f"{command[: found.start(1)]}{name}{command[found.end(1) :]}"
    return None


def _of_servers(command: str) -> str | None:
    """Return the command of a server that says `start-dev` as it is in production."""
    words = command.split()
    return command.replace("start-dev", "start", 1) if "start-dev" in words[:2] else None


def _other_stage(view: ServiceView) -> str | None:
    """Return a hint to another stage of the Dockerfile, where one has a name that says so."""
    build = view.get("build")
    target = field(build, "target") if isinstance(build, Mapping) else None
    if not isinstance(target, Scalar) or text(target).lower() not in _OF_DEVELOPMENT_STAGE:
        return None
    return (
        f"leave `target: {text(target)}` out of its `build` in a compose file of the environment: "
        "the last stage of its Dockerfile is then built"
    )


def _quoted(command: str) -> str:
    """Return ``command`` as a value of YAML in a flow mapping."""
    if command.startswith("<") or not set(command) & set("{}[],:#&*!|>'\"%@`"):
        return command
    escaped = command.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
