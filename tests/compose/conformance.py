"""
The conformance cases: small projects, each with the answer of Docker Compose's own loader.

A case is a file `tests/conformance/<topic>/<case>.yaml`:

    about: one sentence, what the case shows
    files: the files of the project, path to text
    load, profiles, env_files: -f, --profile, --env-file
    name, directory, project_directory: --project-name, where the command runs, --project-directory
    environment: the whole process environment; stdin: what "-" reads
    positionless: true where the fault is in none of the files (the command line, the environment)

and then the recorded answer, written by `scripts/update-conformance`: `project:` in JSON form
(with `disabled:`, the services that no profile selects), or `rejected: true`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml
from tests.support.oracle import Answer, Request

from mooring.compose.discovery import LoadRequest

FOLDER = Path(__file__).resolve().parents[1] / "conformance"
ANSWER_LINE = "# The answer of compose-go, recorded by scripts/update-conformance:\n"
CASE, ABOVE = "@CASE@", "@ABOVE@"
"""Stand in a recorded answer for the folder of the case and for the one above it."""


class Case(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One conformance case as its file says it."""

    about: str
    files: dict[str, str]
    load: tuple[str, ...] = ()
    directory: str = ""
    project_directory: str = ""
    env_files: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    environment: dict[str, str] = {}
    name: str = ""
    stdin: str = ""
    positionless: bool = False
    project: dict[str, Any] | None = None
    disabled: tuple[str, ...] = ()
    rejected: bool = False


def paths() -> list[Path]:
    """Return the files of all cases, sorted."""
    return sorted(FOLDER.glob("*/*.yaml"))


def case_id(path: Path) -> str:
    """Return the name of the case in the file ``path``: topic/case."""
    return path.relative_to(FOLDER).with_suffix("").as_posix()


def read(path: Path) -> Case:
    """Return the case in the file ``path``."""
    loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return msgspec.convert(loaded, Case)


def lay_out(case: Case, folder: Path) -> Path:
    """Write the files of ``case`` below ``folder`` and return the case's own folder there."""
    root = folder / "case"
    for name, text in case.files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    (root / case.directory).mkdir(parents=True, exist_ok=True)
    return root


def load_request(case: Case, root: Path) -> LoadRequest:
    """Return what Mooring is asked for ``case``, laid out in ``root``."""
    return LoadRequest(
        directory=str(root / case.directory),
        files=case.load,
        project_directory=case.project_directory,
        env_files=case.env_files,
        profiles=case.profiles,
        environment=case.environment,
        name=case.name,
        stdin=case.stdin.encode(),
    )


def oracle_request(case: Case, root: Path) -> Request:
    """Return the same question for the oracle."""
    return Request(
        directory=str(root / case.directory),
        files=case.load,
        project_directory=case.project_directory,
        env_files=case.env_files,
        profiles=case.profiles,
        environment=case.environment,
        name=case.name,
        stdin=case.stdin,
    )


def recorded(case: Case) -> dict[str, Any]:
    """Return the answer that is recorded in ``case``: its last keys, or nothing."""
    if case.rejected:
        return {"rejected": True}
    if case.project is None:
        return {}
    return {"project": case.project, "disabled": list(case.disabled)}


def answer_to_record(answer: Answer, root: Path) -> dict[str, Any]:
    """Return what a case records of ``answer``, given to the case laid out in ``root``."""
    if not answer.ok:
        return {"rejected": True}
    project = {**answer.project, **answer.extensions}
    environments = project.pop("x-resolved-environment")
    for name, service in project["services"].items():
        assert (service.get("environment") or {}) == (environments[name] or {}), name
    text = msgspec.json.encode(project).decode()
    text = text.replace(str(root), CASE).replace(str(root.parent), ABOVE)
    return {"project": msgspec.json.decode(text), "disabled": list(answer.disabled)}


def with_answer(text: str, answer: Mapping[str, Any]) -> str:
    """Return ``text``, the file of a case, with ``answer`` as its recorded one."""
    question = text.partition(ANSWER_LINE)[0]
    if answer.get("rejected"):
        return f"{question}{ANSWER_LINE}rejected: true\n"
    lines = [f"disabled: [{', '.join(answer['disabled'])}]\n"] if answer["disabled"] else []
    project = msgspec.json.encode(answer["project"], order="sorted")
    indented = msgspec.json.format(project, indent=1).decode().replace("\n", "\n  ")
    return f"{question}{ANSWER_LINE}{''.join(lines)}project:\n  {indented}\n"


def without_placeholders(value: Any, root: Path) -> Any:
    """Return the recorded ``value`` with the real folders of the case in its paths."""
    text = msgspec.json.encode(value).decode()
    return msgspec.json.decode(text.replace(CASE, str(root)).replace(ABOVE, str(root.parent)))
