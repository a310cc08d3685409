"""Agents of a node: one on each, with the files of the machine."""

from pathlib import Path

import pytest
from tests.translate.whole import decided, part, translation

from mooring import pipeline
from mooring.app.workloads import Scale, Workload
from mooring.compose.discovery import LoadRequest
from mooring.kube.objects.workloads import DaemonSet
from mooring.settings.choices import Choices, Kind, ServiceChoices

LOGS = "volumes: ['/var/log:/var/log:ro']"


@pytest.mark.parametrize(
    ("service", "kind", "is_agent", "is_decision"),
    [
        pytest.param("image: 'prom/node-exporter:v1.8.2'", None, True, True, id="always"),
        pytest.param(f"image: 'grafana/promtail:3.0.0', {LOGS}", None, True, True, id="its-logs"),
        pytest.param("image: 'grafana/promtail:3.0.0', volumes: ['logs:/logs']", None, False,
                     False, id="the-logs-of-a-service"),
        pytest.param("image: 'telegraf:1.30', pid: host", None, True, True, id="its-processes"),
        pytest.param(f"image: 'grafana/promtail:3.0.0', {LOGS}", Kind.WORKLOAD, False, False,
                     id="the-user-says-no"),
        pytest.param("image: 'example.com/a:1'", Kind.AGENT, True, False, id="the-user-says-so"),
        pytest.param(f"image: 'example.com/a:1', {LOGS}", None, False, False, id="nobody-knows"),
        pytest.param("image: 'prom/node-exporter:v1.8.2', deploy: {mode: global}", None, True,
                     False, id="the-file-says-so"),
    ],
)  # fmt: skip
def test_what_runs_on_every_node(
    tmp_path: Path, service: str, kind: Kind | None, is_agent: bool, is_decision: bool
) -> None:
    made = translation(
        tmp_path,
        f"services: {{app: {{{service}}}}}\nvolumes: {{logs: {{}}}}",
        choices=Choices(services={"app": ServiceChoices(kind=kind)}),
    )
    found = part(made, "app")
    assert isinstance(found, Workload)
    assert (found.scale is Scale.EVERY_MACHINE) is is_agent
    assert ("services.app" in decided(made, "kind")) is is_decision


def test_no_taint_keeps_it_away(tmp_path: Path) -> None:
    text = "services: {app: {image: 'prom/node-exporter:v1.8.2', command: --path.rootfs=/host}}"
    (tmp_path / "compose.yaml").write_text(text)
    request = pipeline.Request(load=LoadRequest(directory=str(tmp_path)), only="production")
    (production,) = pipeline.stack(request).environments
    (agent,) = production.objects.of(DaemonSet)
    (toleration,) = agent.spec.template.spec.tolerations
    assert (toleration.operator, toleration.effect) == ("Exists", "NoSchedule")
