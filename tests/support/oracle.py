"""
What Docker Compose makes of Compose files, as answered by compose-go.

The program under `tests/oracle/` loads with the options of `docker compose config` (docker compose
5.7 uses the same compose-go 2.16.2): variables interpolated, paths absolute, model normalized,
consistency checked, env files merged into `environment`, container names unique.  Its answers are
the definition that Mooring's loader must match.
"""

import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from tests.support import gotools

_BATCH_SECONDS = 300


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One call of `docker compose config`, which sees nothing but what is said here."""

    directory: str
    """Absolute: where the command is called.  PWD is this, unless ``environment`` has one."""
    id: str = ""
    files: tuple[str, ...] = ()
    """`-f`, absolute or relative to ``directory``; none: COMPOSE_FILE, then the default names."""
    project_directory: str = ""
    env_files: tuple[str, ...] = ()
    """`--env-file`; none: the `.env` of the project directory."""
    profiles: tuple[str, ...] = ("*",)
    """`--profile`; "*" is all of them, none leaves the choice to COMPOSE_PROFILES."""
    environment: Mapping[str, str] = {}
    """The whole environment of the call; without HOME a `~` in a path stays as it is."""
    name: str = ""
    stdin: str = ""
    """What the file named "-" reads."""
    prune: bool = False
    """Whether volumes, networks, secrets, configs and models that nothing uses are left out."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The project that came of a request, or the error that refused it."""

    id: str
    ok: bool
    error: str = ""
    project: dict[str, Any] = {}
    """compose-go's JSON, keys sorted; `x-resolved-environment` maps service to environment."""
    extensions: dict[str, Any] = {}
    """The `x-*` of the top level; those of deeper levels are not part of compose-go's JSON."""
    directory: str = ""
    """The project directory."""
    files: tuple[str, ...] = ()
    disabled: tuple[str, ...] = ()
    """Services that no active profile selects; they are not in ``project``."""
    variables: dict[str, str] = {}
    """What interpolation saw: the request's environment and `.env`."""
    warnings: tuple[str, ...] = ()
    """What compose-go logged, sorted, each once: unset variables, obsolete attributes."""


def load_many(requests: Sequence[Request]) -> list[Answer]:
    """
    Return the answers to ``requests`` in their order, from one process where possible.

    A load that kills compose-go (a stack overflow cannot be caught) is answered with an error that
    begins "crash:", and the loads after it are done by another process.

    Raises:
        GoToolUnavailable: the oracle is not built and cannot be.
        subprocess.TimeoutExpired: the whole took longer than five minutes.
    """
    answers: list[Answer] = []
    while len(answers) < len(requests):
        pending = requests[len(answers) :]
        run = subprocess.run(
            [gotools.tool("compose-oracle"), "--batch"],
            input=b"\n".join(map(msgspec.json.encode, pending)),
            capture_output=True,
            timeout=_BATCH_SECONDS,
            check=False,
        )
        complete = run.stdout[: run.stdout.rfind(b"\n") + 1].splitlines()
        answers += [msgspec.json.decode(line, type=Answer) for line in complete]
        if len(complete) < len(pending):
            reason = run.stderr.decode(errors="replace").partition("\n")[0]
            answers.append(Answer(id=pending[len(complete)].id, ok=False, error=f"crash: {reason}"))
    return answers


def load(request: Request) -> Answer:
    """Return the answer to a single request; `load_many` is much cheaper for several."""
    return load_many([request])[0]
