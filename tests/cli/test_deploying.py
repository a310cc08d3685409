"""What the commands on a cluster understand: environments, numbers, who deploys."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mooring import pipeline
from mooring.cli.deploying import holder, inputs, numbers
from mooring.cli.invocation import Invocation
from mooring.errors import InputErrors, UsageError

MANIFEST = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: a, labels: {app.kubernetes.io/instance: shop}}
"""


def given(folder: Path, environment: str | None = None, **more: object) -> inputs.Given:
    options = {"kustomization": None, "paths": (), "output": str(folder / "deploy"), **more}
    return inputs.given(Invocation(["up"]), environment, **options)  # type: ignore[arg-type]


def test_the_tree_is_looked_for_where_it_is_written() -> None:
    assert inputs.OUTPUT == pipeline.OUTPUT


def test_deploying_loads_nothing_of_a_conversion() -> None:
    script = (
        "import sys; import mooring.cli.up, mooring.cli.diff, mooring.deploy.execute;"
        "print([name for name in sys.modules if name.startswith('mooring.translate')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), ("90", 90), ("1.5", 1.5), ("30s", 30), ("5m", 300), ("2h", 7200)],
)
def test_seconds(text: str, seconds: float) -> None:
    assert numbers.seconds(text, "--timeout") == seconds


@pytest.mark.parametrize("text", ["", "soon", "-1", "5 d"])
def test_what_is_no_number_of_seconds(text: str) -> None:
    with pytest.raises(UsageError, match="--timeout"):
        numbers.seconds(text, "--timeout")


def test_a_converted_tree_is_found_by_its_environment(tmp_path: Path) -> None:
    folder = tmp_path / "deploy/environments/dev"
    folder.mkdir(parents=True)
    (folder / "kustomization.yaml").write_text("resources: [a.yaml]\n")
    (folder / "a.yaml").write_text(MANIFEST)
    found = given(tmp_path, "dev")
    assert (found.project, found.environment, len(found.manifests)) == ("shop", "dev", 1)
    assert found.is_converted
    with pytest.raises(UsageError, match="no environment production"):
        given(tmp_path, "production")
    with pytest.raises(UsageError) as caught:
        given(tmp_path)
    assert "dev" in str(caught.value.remedy)


def test_a_plain_folder_is_taken_as_well_as_a_kustomization(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(MANIFEST.replace("labels", "annotations"))
    found = given(tmp_path, kustomization=str(tmp_path))
    assert found.environment == "default"
    assert found.project == tmp_path.name.replace("_", "-")
    assert not found.is_converted


def test_what_cannot_be_read_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("apiVersion: v1\nkind: [\n")
    with pytest.raises(InputErrors):
        given(tmp_path, paths=(str(tmp_path / "a.yaml"),))


def test_a_process_is_known_to_live_and_to_be_gone() -> None:
    me = holder.this_process()
    assert holder.is_alive(me.process)
    assert str(os.getpid()) in me.shown
    done = subprocess.run(
        [sys.executable, "-c", "from mooring.cli.deploying import holder;"
         "print(holder.this_process().process)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert not holder.is_alive(done.stdout.strip())


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        pytest.param("CI_JOB_URL", "https://ci.example/7", "https://ci.example/7", id="gitlab"),
        pytest.param("BUILD_URL", "https://jenkins.example/9", "jenkins.example/9", id="jenkins"),
    ],
)
def test_the_job_of_a_pipeline_is_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, shown: str
) -> None:
    monkeypatch.delenv("GITHUB_SERVER_URL", raising=False)
    monkeypatch.delenv("CI_JOB_URL", raising=False)
    monkeypatch.setenv(name, value)
    assert shown in holder.this_process().shown
