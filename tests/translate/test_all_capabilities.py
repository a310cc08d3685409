"""A service that asks for all capabilities gets those that it is known to need."""

from pathlib import Path

import pytest
from tests.translate.support import questions, topics
from tests.translate.whole import container, rules, translation

from mooring import pipeline
from mooring.compose.discovery import LoadRequest
from mooring.kube.manifest import fields
from mooring.kube.objects.workloads import Deployment
from mooring.settings.choices import Choices, ServiceChoices

SCANNER = "FROM alpine:3.20\nRUN setcap cap_net_raw,cap_net_admin+eip /usr/bin/nmap\n"


@pytest.mark.parametrize(
    ("dockerfile", "chosen", "added", "said"),
    [
        pytest.param("FROM alpine:3.20\n", None, (), "question", id="nothing-is-known"),
        pytest.param(SCANNER, None, ("NET_RAW", "NET_ADMIN"), "capabilities", id="setcap"),
        pytest.param(SCANNER, ("NET_RAW",), ("NET_RAW",), "", id="the-user-s-word"),
        pytest.param("FROM alpine:3.20\n", (), (), "", id="the-user-wants-none"),
    ],
)
def test_what_it_gets(
    tmp_path: Path,
    dockerfile: str,
    chosen: tuple[str, ...] | None,
    added: tuple[str, ...],
    said: str,
) -> None:
    made = translation(
        tmp_path,
        "services: {app: {build: ., cap_add: [ALL]}}",
        {"Dockerfile": dockerfile},
        choices=Choices(services={"app": ServiceChoices(capabilities=chosen)}),
    )
    assert container(made, "app").security.added_capabilities == added
    assert ("all-capabilities" in rules(made)) is bool(said)
    assert ("capabilities" in topics(made.decisions)) is (said == "capabilities")
    asked = [one for one in questions(made.questions) if "all capabilities" in one]
    assert bool(asked) is (said == "question")


@pytest.mark.parametrize(
    ("user", "context"),
    [
        pytest.param(
            "", {"capabilities": {"add": ["NET_ADMIN"]}}, id="what-root-has-anyhow-is-not-named"
        ),
        pytest.param(
            "user: '1000', ",
            {"capabilities": {"add": ["NET_RAW", "NET_ADMIN"], "drop": ["ALL"]},
             "runAsUser": 1000, "runAsNonRoot": True},
            id="a-user-gets-them-through-the-file",
        ),
    ],
)  # fmt: skip
def test_the_pod(tmp_path: Path, user: str, context: dict[str, object]) -> None:
    (tmp_path / "Dockerfile").write_text(SCANNER)
    text = f"services: {{app: {{build: ., {user}cap_add: [ALL]}}}}"
    (tmp_path / "compose.yaml").write_text(text)
    request = pipeline.Request(load=LoadRequest(directory=str(tmp_path)), only="production")
    (production,) = pipeline.stack(request).environments
    (app,) = production.objects.of(Deployment)
    written = fields(app.spec.template.spec.containers[0])["securityContext"]
    assert isinstance(written, dict)
    assert {name: written[name] for name in written if name != "seccompProfile"} == context
