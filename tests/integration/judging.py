"""
What the judges say against everything that Mooring makes of a stack.

The stack goes the whole road in this process, is written in each format, and is then read by the
programs that users have: kustomize builds each environment, kubeconform holds the manifests to
the schemas, and a real API server is asked to take each object.
"""

import subprocess
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from tests.kube.core_schema import CoreSchemaLoader
from tests.support.kubeapi import KubeApi
from tests.support.kubeconform import Nonconformity

from mooring import pipeline
from mooring.compose.discovery import LoadRequest


class Judges(NamedTuple):
    """The programs that judge."""

    kustomize: Path
    kubeconform: Callable[[Sequence[Path]], list[Nonconformity]]
    kube_api: KubeApi


class Judgement(NamedTuple):
    """What the judges said against stacks, and how many objects they judged."""

    refusals: list[str]
    objects: int


class _Loader(yaml.CSafeLoader):
    """Reads YAML 1.2, as kustomize writes it, at the speed of libyaml."""

    yaml_implicit_resolvers = CoreSchemaLoader.yaml_implicit_resolvers
    yaml_constructors = CoreSchemaLoader.yaml_constructors


def judge(
    stacks: Mapping[str, LoadRequest | pipeline.Request],
    folder: Path,
    judges: Judges,
    *,
    formats: Sequence[str] = pipeline.FORMATS,
) -> Judgement:
    """
    Return what ``judges`` say against ``stacks``, by their names; ``folder`` is to work in.

    A stack that cannot be converted is a refusal, too.
    """
    finished: dict[str, Path] = {}
    refusals: list[str] = []
    for name, request in stacks.items():
        try:
            if isinstance(request, LoadRequest):
                request = pipeline.Request(load=request)
            made = pipeline.stack(request)
        except Exception as error:  # A crash of one stack hides nothing about the others.
            refusals.append(f"{name}: mooring: {_told(error)}")
            continue
        for format_name in formats:
            tree = folder / name / format_name
            files = pipeline.tree(made, format_name)
            pipeline.write(files, str(tree), lock=str(tree / "mooring.lock"))
            for result in made.environments:
                where = f"{name}, {format_name}, {result.environment.name}"
                try:
                    manifests = _FINISHED[format_name](tree, result.environment.name, judges)
                except subprocess.CalledProcessError as error:
                    refusals.append(f"{where}: kustomize: {error.stderr.strip()}")
                    continue
                finished[where] = manifests
                count = len(_objects(manifests))
                if count < len(result.objects):
                    refusals.append(f"{where}: {count} of {len(result.objects)} objects")
    judgement = judge_manifests(finished, judges)
    return Judgement([*refusals, *judgement.refusals], judgement.objects)


def judge_manifests(finished: Mapping[str, Path], judges: Judges) -> Judgement:
    """Return what the API server and kubeconform say against files or folders of manifests."""
    refusals: list[str] = []
    objects = 0
    for where, manifests in finished.items():
        verdicts = judges.kube_api.dry_run(_objects(manifests))
        objects += len(verdicts)
        refusals += [
            f"{where}: API server: {verdict.ref}: {verdict.error}"
            for verdict in verdicts
            if verdict.error is not None
        ]
    # Starting kubeconform costs more than its work, and it does not name files.
    if finished and judges.kubeconform(list(finished.values())):
        for where, manifests in finished.items():
            refusals += [
                f"{where}: kubeconform: {each.kind}/{each.name}: {each.message}"
                for each in judges.kubeconform([manifests])
            ]
    return Judgement(refusals, objects)


def _told(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(frame.filename).name}:{frame.lineno})"


def _built(tree: Path, environment: str, judges: Judges) -> Path:
    run = subprocess.run(
        [judges.kustomize, "build", tree / "environments" / environment],
        capture_output=True,
        text=True,
        check=True,
    )
    built = tree / f"built-{environment}.yaml"
    built.write_text(run.stdout, encoding="utf-8")
    return built


def _plain(tree: Path, environment: str, judges: Judges) -> Path:
    return tree / environment


_FINISHED = {"kustomize": _built, "plain": _plain}
"""How the finished manifests of an environment come of a tree: a file, or a folder of files."""


def _objects(finished: Path) -> list[dict[str, Any]]:
    files = [finished] if finished.is_file() else sorted(finished.glob("*.yaml"))
    texts = (file.read_text(encoding="utf-8") for file in files)
    documents = (each for text in texts for each in yaml.load_all(text, Loader=_Loader))
    return [document for document in documents if document is not None]
