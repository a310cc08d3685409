"""
Everything that Mooring makes of a stack is accepted, in each format and environment.

By kustomize, by kubeconform in strict mode, and by a real API server.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path

import pytest
from tests.compose import conformance
from tests.integration import stacks
from tests.integration.judging import Judges, judge, judge_manifests
from tests.integration.stacks import Stack
from tests.support.kubeapi import KubeApi
from tests.support.kubeconform import Nonconformity

from mooring.compose.discovery import LoadRequest

pytestmark = pytest.mark.real


@pytest.fixture(scope="session")
def judges(
    kustomize: Path,
    kubeconform: Callable[[Sequence[Path]], list[Nonconformity]],
    kube_api: KubeApi,
) -> Judges:
    """All judges, started once."""
    return Judges(kustomize, kubeconform, kube_api)


@pytest.mark.corpus
@pytest.mark.parametrize("stack", stacks.parameters(stacks.corpus()))
def test_stack_of_the_corpus(stack: Stack, tmp_path: Path, judges: Judges) -> None:
    judgement = judge({stack.name: stack.copied(tmp_path)}, tmp_path / "made", judges)
    assert not judgement.refusals, "\n".join(judgement.refusals)
    assert judgement.objects > 0


@pytest.mark.parametrize("stack", stacks.parameters(stacks.examples()))
def test_example(stack: Stack, tmp_path: Path, judges: Judges) -> None:
    judgement = judge({stack.name: stack.copied(tmp_path)}, tmp_path / "made", judges)
    assert not judgement.refusals, "\n".join(judgement.refusals)
    assert judgement.objects > 0


TOPICS = {
    topic: list(paths)
    for topic, paths in groupby(stacks.accepted_cases(), lambda path: path.parent.name)
}
"""The conformance cases that Docker Compose loads, by topic."""


def _requests(paths: list[Path], folder: Path) -> dict[str, LoadRequest]:
    requests = {}
    for path in paths:
        case = conformance.read(path)
        root = conformance.lay_out(case, folder / path.stem)
        # Cases have one name for all; projects of their own keep them apart in the server.
        requests[path.stem] = conformance.load_request(case, root)
    return requests


@pytest.mark.parametrize("topic", TOPICS)
def test_conformance_cases(topic: str, tmp_path: Path, judges: Judges) -> None:
    requests = _requests(TOPICS[topic], tmp_path / "cases")
    judgement = judge(requests, tmp_path / "made", judges, formats=["plain"])
    assert not judgement.refusals, "\n".join(judgement.refusals)


@pytest.mark.parametrize("topic", TOPICS)
def test_one_conformance_case_of_each_topic_builds(
    topic: str, tmp_path: Path, judges: Judges
) -> None:
    requests = _requests(TOPICS[topic][:1], tmp_path / "cases")
    judgement = judge(requests, tmp_path / "made", judges, formats=["kustomize"])
    assert not judgement.refusals, "\n".join(judgement.refusals)


BY_THE_CLOCK = """\
services:
  web:
    image: registry.example.com/web:1
    user: "1000"
    volumes: [files:/files]
    labels:
      ofelia.enabled: "true"
      ofelia.job-exec.tidy.schedule: "0 30 2 * * *"
      ofelia.job-exec.tidy.command: bin/tidy --all
      ofelia.job-exec.a-name-so-long-that-no-job-of-a-cluster-may-have-it.schedule: "@every 15m"
      ofelia.job-exec.a-name-so-long-that-no-job-of-a-cluster-may-have-it.command: bin/poll
  backup:
    image: registry.example.com/backup:1
    user: "1000"
    environment: {TARGET: s3}
  report:
    image: registry.example.com/report:1
    deploy:
      labels: {swarm.cronjob.enable: "true", swarm.cronjob.schedule: "0 8 * * 1-5"}
  ofelia:
    image: mcuadros/ofelia:0.3
    command: daemon --docker
    volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]
volumes: {files: }
"""
BY_THE_CLOCK_SETTLED = """\
services:
  backup: {schedule: "*/10 1-3 * * 0", time_zone: America/New_York, overlap: replace}
"""


def test_what_runs_by_the_clock(tmp_path: Path, judges: Judges) -> None:
    folder = tmp_path / "clock"
    folder.mkdir()
    (folder / "compose.yaml").write_text(BY_THE_CLOCK, encoding="utf-8")
    (folder / "mooring.yaml").write_text(BY_THE_CLOCK_SETTLED, encoding="utf-8")
    load = LoadRequest(directory=str(folder), environment={"HOME": str(folder)})
    judgement = judge({"clock": load}, tmp_path / "made", judges)
    assert not judgement.refusals, "\n".join(judgement.refusals)
    made = [path.read_text("utf-8") for path in (tmp_path / "made").rglob("*.yaml")]
    assert sum("kind: CronJob\n" in text for text in made) >= 4


WRONG = """
apiVersion: v1
kind: ConfigMap
metadata: {name: wrong, namespace: judged-wrong}
data: {count: 1}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: right, namespace: judged-wrong}
data: {count: "1"}
"""


def test_what_is_wrong_is_refused_by_each_judge(tmp_path: Path, judges: Judges) -> None:
    (tmp_path / "wrong.yaml").write_text(WRONG, encoding="utf-8")
    judgement = judge_manifests({"here": tmp_path}, judges)
    assert [refusal.partition(": ")[2].partition(":")[0] for refusal in judgement.refusals] == [
        "API server",
        "kubeconform",
    ]
    assert judgement.objects == 2


def test_a_stack_that_cannot_be_converted_is_refused(tmp_path: Path, judges: Judges) -> None:
    judgement = judge({"empty": LoadRequest(directory=str(tmp_path))}, tmp_path / "made", judges)
    assert [refusal.partition(": ")[0] for refusal in judgement.refusals] == ["empty"]
