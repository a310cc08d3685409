"""Go reads our YAML as we meant it: its parser is that of Kubernetes' own tools."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.kube.core_schema import CoreSchemaLoader
from tests.kube.nasty import TEXTS

from mooring.kube import emitter

pytestmark = pytest.mark.real

# kustomize can read but not write these (see mooring.render.carriable); surrogates are no text.
ALPHABET = st.characters(
    exclude_categories=["Cs"],
    exclude_characters=[*map(chr, range(0x7F, 0xA0)), "\ufffe", "\uffff"],
)
LINES = st.lists(st.text(alphabet=" \tab#:-'\"\\é0.", max_size=5), min_size=1, max_size=5).map(
    "\n".join
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(st.text(ALPHABET) | LINES, min_size=1, max_size=60))
def test_whatever_text_is_read_by_go(
    texts: list[str], kustomize: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert through_go(texts, kustomize, tmp_path_factory.mktemp("go")) == texts


def test_nasty_texts_are_read_by_go(kustomize: Path, tmp_path: Path) -> None:
    texts = [text for name, text in TEXTS.items() if name not in ("next-line", "delete")]
    assert through_go(texts, kustomize, tmp_path) == texts


def through_go(texts: list[str], kustomize: Path, folder: Path) -> Any:
    """Return ``texts`` after Go has read them from our YAML and written them in its own."""
    item = {
        "apiVersion": "example.com/v1",
        "kind": "Thing",
        "metadata": {"name": "a"},
        "spec": {"items": texts, "deep": [{"item": text} for text in texts]},
    }
    (folder / "thing.yaml").write_bytes(emitter.emit(item).encode())
    (folder / "kustomization.yaml").write_text("resources: [thing.yaml]\n")
    run = subprocess.run([kustomize, "build", folder], capture_output=True)
    assert run.returncode == 0, run.stderr.decode()
    spec = yaml.load(run.stdout, Loader=CoreSchemaLoader)["spec"]
    assert [entry["item"] for entry in spec["deep"]] == spec["items"]
    return spec["items"]
