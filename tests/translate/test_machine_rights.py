"""Rights over the machine: who gets them where, and what is asked."""

from pathlib import Path

import msgspec
import pytest
from tests.translate.support import topics
from tests.translate.whole import container, part, rules, translation

from mooring import pipeline
from mooring.compose.discovery import LoadRequest
from mooring.kube.manifest import manifest
from mooring.kube.objects.workloads import Deployment
from mooring.settings.choices import Allowance, Choices, MountChoice, ServiceChoices
from mooring.translate.project import Translation

PRIVILEGED = "{image: 'a:1', privileged: true}"
SOCKET = "{image: 'a:1', volumes: ['/var/run/docker.sock:/var/run/docker.sock']}"
ETC = "{image: 'a:1', volumes: ['/etc/passwd:/x:ro']}"
AGENT = "{image: 'prom/node-exporter:v1.8.2', pid: host, volumes: ['/proc:/host/proc:ro']}"


def made(folder: Path, service: str, choice: ServiceChoices | None = None) -> Translation:
    choices = Choices(services={"app": choice} if choice else {})
    return translation(folder, f"services: {{app: {service}}}", choices=choices)


@pytest.mark.parametrize(
    ("service", "answer"),
    [
        pytest.param(PRIVILEGED, "privileged", id="privileged"),
        pytest.param("{image: 'a:1', network_mode: host}", "host-network", id="the-network"),
        pytest.param("{image: 'a:1', pid: host}", "host-pid", id="processes"),
        pytest.param("{image: 'a:1', ipc: host, privileged: true}", "privileged, host-ipc",
                     id="several-are-asked-about-at-once"),
        pytest.param(SOCKET, "runtime-socket", id="the-socket-of-the-runtime"),
        pytest.param(ETC, "host-path", id="a-path"),
        pytest.param(AGENT, "host-path, host-pid", id="an-agent-of-the-node"),
    ],
)  # fmt: skip
def test_who_asks_is_asked(tmp_path: Path, service: str, answer: str) -> None:
    found = made(tmp_path, service)
    assert rules(found).count("right-refused") == 1
    (question,) = [one for one in found.questions if one.subject == "services.app"]
    assert question.answer == f"services: {{app: {{allow: [{answer}]}}}}"
    assert question.position is not None


@pytest.mark.parametrize(
    ("service", "choice"),
    [
        pytest.param(PRIVILEGED, ServiceChoices(allow=(Allowance.PRIVILEGED,)), id="allowed"),
        pytest.param(PRIVILEGED, ServiceChoices(allow=()), id="it-does-without"),
        pytest.param(SOCKET, ServiceChoices(allow=(Allowance.RUNTIME_SOCKET,)), id="the-socket"),
        pytest.param(SOCKET, ServiceChoices(allow=()), id="without-the-socket"),
        pytest.param(ETC, ServiceChoices(mounts={"/x": MountChoice.NODE}), id="as-a-mount"),
        pytest.param(ETC, ServiceChoices(mounts={"/x": MountChoice.DROP}), id="dropped"),
    ],
)
def test_what_is_settled_is_not_asked(tmp_path: Path, service: str, choice: ServiceChoices) -> None:
    found = made(tmp_path, service, choice)
    assert "right-refused" not in rules(found)
    assert [one for one in found.questions if one.subject == "services.app"] == []


@pytest.mark.parametrize(
    ("service", "allow", "allowed"),
    [
        pytest.param(PRIVILEGED, None, set(), id="nobody-allows-it"),
        pytest.param(PRIVILEGED, (Allowance.HOST_PID,), set(), id="another-right"),
        pytest.param(PRIVILEGED, (Allowance.PRIVILEGED,), {"privileged"}, id="this-one"),
        pytest.param(SOCKET, (Allowance.RUNTIME_SOCKET,), {"host-path"}, id="the-socket"),
        pytest.param(ETC, (Allowance.HOST_PATH,), {"host-path"}, id="a-path"),
    ],
)
def test_what_a_part_is_allowed(
    tmp_path: Path, service: str, allow: tuple[Allowance, ...] | None, allowed: set[str]
) -> None:
    found = made(tmp_path, service, ServiceChoices(allow=allow))
    assert part(found, "app").allowed_rights == allowed
    assert ("rights" in topics(found.decisions)) is bool(allowed)


def test_the_paths_of_an_agent_are_mounted_without_a_word(tmp_path: Path) -> None:
    mounts = container(made(tmp_path, AGENT), "app").storage
    assert [one.path for one in mounts if one.read_only] == ["/host/proc"]


@pytest.mark.parametrize(
    ("service", "sign"),
    [
        pytest.param(PRIVILEGED, '"privileged":true', id="privileged"),
        pytest.param("{image: 'a:1', network_mode: host}", '"hostNetwork":true', id="network"),
        pytest.param(AGENT, '"hostPID":true', id="processes"),
        pytest.param("{image: 'a:1', ipc: host}", '"hostIPC":true', id="memory"),
        pytest.param(AGENT, '"hostPath":{"path":"/proc"}', id="paths"),
    ],
)
@pytest.mark.parametrize("is_allowed", [False, True])
def test_only_development_has_what_nobody_allowed(
    tmp_path: Path, service: str, sign: str, is_allowed: bool
) -> None:
    words = ", ".join(one.value for one in Allowance)
    allow = f", x-mooring: {{allow: [{words}]}}" if is_allowed else ""
    (tmp_path / "compose.yaml").write_text(f"services: {{app: {service[:-1]}{allow}}}}}\n")
    stack = pipeline.stack(pipeline.Request(load=LoadRequest(directory=str(tmp_path))))
    for made_there in stack.environments:
        has_it = is_allowed or made_there.environment.name == "dev"
        written = msgspec.json.encode([manifest(one) for one in made_there.objects]).decode()
        assert (sign in written) is has_it
        assert ('enforce":"privileged"' in written) is has_it


def test_without_the_network_of_the_node_it_stands_on_those_of_the_others(tmp_path: Path) -> None:
    text = """
    services:
      app: {image: "a:1", network_mode: host}
      db: {image: "postgres:16", networks: [back]}
    networks: {back: {}}
    """
    (tmp_path / "compose.yaml").write_text(text)
    request = pipeline.Request(load=LoadRequest(directory=str(tmp_path)), only="production")
    (production,) = pipeline.stack(request).environments
    (app,) = production.objects.of(Deployment)
    assert app.spec.template.metadata.labels["network.mooring.dev/back"] == "member"
