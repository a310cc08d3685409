"""Kustomizations are built as the kustomize program builds them, and faults are told in place."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from mooring import pipeline
from mooring.compose.discovery import LoadRequest
from mooring.manifests import documents
from mooring.manifests.kustomize import build
from mooring.semantics import kinds

CASES = Path(__file__).parent / "kustomizations"
COFFEE = Path(__file__).parents[2] / "examples" / "coffee"
_HASH = re.compile(r"-[2456789bcdfghkmt]{10}$")


def _is_cluster_scoped(api_version: str, kind: str) -> bool:
    return kinds.is_cluster_scoped(kinds.group_kind(api_version, kind))


def _built(folder: Path) -> build.Built:
    return build.build(str(folder), shown=folder.name, is_cluster_scoped=_is_cluster_scoped)


def _by_identity(manifests: list[Any]) -> dict[tuple[str, str], Any]:
    return {(one["kind"], one["metadata"]["name"]): one for one in manifests}


def _without_hashes(value: Any) -> Any:
    """Return ``value`` with names as they are before kustomize appends a hash to them."""
    if isinstance(value, dict):
        return {key: _without_hashes(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_hashes(one) for one in value]
    return _HASH.sub("", value) if isinstance(value, str) else value


def _kustomize(program: Path, folder: Path) -> list[Any]:
    run = subprocess.run([program, "build", folder], capture_output=True, check=True)
    return [one.value for one in documents.read(run.stdout, "x").documents]


@pytest.mark.real
@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir()))
def test_our_build_equals_that_of_kustomize(case: str, kustomize: Path) -> None:
    ours = _built(CASES / case)
    assert not ours.faults
    made = _by_identity([entry.manifest for entry in ours.entries])
    theirs = _by_identity(_kustomize(kustomize, CASES / case))
    assert made.keys() == theirs.keys()
    for identity, one in theirs.items():
        assert made[identity] == one


@pytest.mark.real
@pytest.mark.parametrize("environment", ["dev", "staging", "production"])
def test_our_build_of_a_tree_of_ours_equals_that_of_kustomize(
    environment: str, kustomize: Path, tmp_path: Path
) -> None:
    made = pipeline.stack(pipeline.Request(load=LoadRequest(directory=str(COFFEE))))
    files = pipeline.tree(made, "kustomize")
    pipeline.write(files, str(tmp_path / "deploy"), lock=str(tmp_path / "mooring.lock"))
    folder = tmp_path / "deploy" / "environments" / environment
    ours = _built(folder)
    assert not ours.faults
    theirs = _without_hashes(_kustomize(kustomize, folder))
    assert _by_identity([entry.manifest for entry in ours.entries]) == _by_identity(theirs)


def _write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        pytest.param(
            {"kustomization.yaml": "resources: [gone.yaml]\n"},
            "kustomization.yaml:1:13: k/gone.yaml cannot be read: No such file or directory",
            id="a-file-that-is-not-there",
        ),
        pytest.param(
            {"kustomization.yaml": "resources:\n- https://example.com/x.yaml\n"},
            "kustomization.yaml:2:3: https://example.com/x.yaml is not fetched",
            id="an-address",
        ),
        pytest.param(
            {"kustomization.yaml": "resources: [.]\n"},
            "the kustomizations include one another without end",
            id="a-cycle",
        ),
        pytest.param(
            {"kustomization.yaml": "helmCharts: [{name: x}]\n"},
            "kustomization.yaml:1:1: helmCharts is not obeyed here",
            id="a-field-that-is-not-obeyed",
        ),
        pytest.param(
            {"kustomization.yaml": "resources: 3\n"},
            "this is no kustomization: Expected `array`",
            id="a-value-of-another-type",
        ),
        pytest.param(
            {
                "kustomization.yaml": "resources: [a.yaml]\npatches:\n- path: p.yaml\n",
                "a.yaml": OBJECT,
                "p.yaml": OBJECT.replace("name: a", "name: b"),
            },
            "kustomization.yaml:3:3: the patch has no target",
            id="a-patch-without-a-target",
        ),
        pytest.param(
            {
                "kustomization.yaml": "resources: [a.yaml]\n"
                "patches: [{target: {kind: ConfigMap}, patch: '[{op: remove, path: /b}]'}]\n",
                "a.yaml": OBJECT,
            },
            "the patch does not fit: remove /b",
            id="a-json-patch-that-does-not-fit",
        ),
        pytest.param({}, "there is no kustomization here", id="no-kustomization"),
    ],
)
def test_what_cannot_be_built_is_told_in_its_place(
    files: dict[str, str], told: str, tmp_path: Path
) -> None:
    folder = _write(tmp_path / "k", files)
    folder.mkdir(exist_ok=True)
    found = _built(folder).faults
    assert any(told in f"{one.position}: {one.message}" for one in found), found


def test_what_was_patched_keeps_its_place() -> None:
    built = _built(CASES / "patches")
    (web,) = [one for one in built.entries if one.manifest["kind"] == "Deployment"]
    at = web.position("spec.template.spec.containers[0].image")
    assert str(at) == "patches/base/web.yaml:16:9"


@pytest.mark.parametrize(
    ("options", "is_hashed"),
    [
        pytest.param({}, True, id="as-it-comes"),
        pytest.param({"disableNameSuffixHash": True}, False, id="switched-off"),
    ],
)
def test_what_is_generated_has_a_name_that_changes_with_its_content(
    tmp_path: Path, options: dict[str, object], is_hashed: bool
) -> None:
    text = {"configMapGenerator": [{"name": "a", "literals": ["K=v"], "options": options}]}
    (tmp_path / "kustomization.yaml").write_text(json.dumps(text), encoding="utf-8")
    made = build.build(str(tmp_path), shown=".", is_cluster_scoped=lambda *_: False)
    assert [entry.is_hashed for entry in made.entries] == [is_hashed]
