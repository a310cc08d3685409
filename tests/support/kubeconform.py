"""
kubeconform in strict mode, offline: manifests against the JSON schemas of Kubernetes.

The schemas are those of the package `kubernetes-validate`, for the minor version of the control
plane.  They refer to one another from the root of a web server, which files do not have, so a copy
with relative references is kept in the cache of built programs.
"""

import json
import shutil
import subprocess
from collections.abc import Sequence
from importlib import metadata, resources
from pathlib import Path
from typing import NamedTuple

from tests.support import gotools


class Nonconformity(NamedTuple):
    """What kubeconform says against one object, or against a file that holds none."""

    kind: str
    name: str
    message: str


def nonconformities(manifests: Sequence[Path]) -> list[Nonconformity]:
    """
    Return what kubeconform says against the files, and the files in the folders, ``manifests``.

    Strict: unknown fields and doubled keys count.  An object without a schema counts as well.

    Raises:
        GoToolUnavailable: kubeconform is not built and cannot be.
        ValueError: ``manifests`` is empty.
    """
    if not manifests:  # kubeconform would read standard input and find nothing wrong.
        raise ValueError("no manifests to judge")
    location = schemas() / "{{.ResourceKind}}{{.KindSuffix}}.json"
    run = subprocess.run(
        [
            gotools.tool("kubeconform"),
            "-strict",
            "-output=json",
            f"-schema-location={location}",
            *manifests,
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    try:
        report = json.loads(run.stdout)
    except ValueError:
        raise gotools.GoToolBroken(f"kubeconform: {run.stderr.strip()[-2000:]}") from None
    # Without -verbose only what is invalid, in error or skipped is reported.
    return [
        Nonconformity(each["kind"], each["name"], each["msg"])
        for each in report.get("resources") or ()
    ]


def schemas() -> Path:
    """Return the folder of strict schemas, made when it is not there yet."""
    major, minor, _ = gotools.kubernetes_version()
    package = metadata.version("kubernetes-validate")
    folder = gotools.cache_root() / f"kubeconform-schemas-{package}-v{major}.{minor}"
    with gotools.locked(folder.with_name(f"{folder.name}.lock")):
        if not folder.exists():
            _write_schemas(folder, f"v{major}.{minor}.0-local-strict")
    return folder


def _write_schemas(folder: Path, version: str) -> None:
    source = resources.files("kubernetes_validate") / "kubernetes-json-schema" / version
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for each in source.iterdir():
        text = each.read_text(encoding="utf-8").replace(
            '"/api/_definitions.json#', '"_definitions.json#'
        )
        schema = json.loads(text)
        schema.pop("$id", None)  # Relative references would start there.
        (partial / each.name).write_text(json.dumps(schema), encoding="utf-8")
    partial.rename(folder)
