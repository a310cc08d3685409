"""
kubeconform in strict mode, offline: manifests against the JSON schemas of Kubernetes.

The schemas are those of the package `kubernetes-validate`, for the minor version of the control
plane.  They all refer to one large file of definitions, which kubeconform would read anew for each
kind, so a copy in which each kind brings its own is kept in the cache of built programs.
"""

import json
import shutil
import subprocess
from collections.abc import Sequence
from importlib import metadata, resources
from pathlib import Path
from typing import Any, NamedTuple

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
    folder = gotools.cache_root() / f"kubeconform-kinds-{package}-v{major}.{minor}"
    with gotools.locked(folder.with_name(f"{folder.name}.lock")):
        if not folder.exists():
            _write_schemas(folder, f"v{major}.{minor}.0-local-strict")
    return folder


def _write_schemas(folder: Path, version: str) -> None:
    source = resources.files("kubernetes_validate") / "kubernetes-json-schema" / version
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    shared = json.loads((source / "_definitions.json").read_text(encoding="utf-8"))["$defs"]
    for each in source.iterdir():
        schema = json.loads(each.read_text(encoding="utf-8"))
        if "x-kubernetes-group-version-kind" not in schema:
            continue  # A part of objects, not a kind.
        schema.pop("$id", None)  # References would start there.
        used: dict[str, Any] = {}
        schema = _with_local_references(schema, shared, used)
        text = json.dumps({**schema, "$defs": used})
        (partial / each.name).write_text(text, encoding="utf-8")
    partial.rename(folder)


def _with_local_references(value: Any, shared: dict[str, Any], used: dict[str, Any]) -> Any:
    """Return ``value`` without prose, what it refers to in ``shared`` put into ``used``."""
    if isinstance(value, list):
        return [_with_local_references(item, shared, used) for item in value]
    if not isinstance(value, dict):
        return value
    made: dict[str, Any] = {}
    for name, item in value.items():
        if name == "$ref" and isinstance(item, str):
            target = item.rpartition("/")[2]
            if target not in used:
                used[target] = {}  # Definitions may be circular.
                used[target] = _with_local_references(shared[target], shared, used)
            made[name] = f"#/$defs/{target}"
        elif name != "description" or not isinstance(item, str):
            made[name] = _with_local_references(item, shared, used)
    return made
