"""A real API server with Pod Security admission judges pods as we do, control by control."""

import re

import pytest
from tests.semantics import manifests
from tests.semantics.manifests import Raw
from tests.semantics.pod_cases import CASES, mixtures
from tests.support.kubeapi import KubeApi

from mooring.semantics import pod_security
from mooring.semantics.objects import ManifestSet
from mooring.semantics.pods import PodTemplate
from mooring.semantics.security_levels import NEWEST, Level

pytestmark = pytest.mark.real

PODS: dict[str, Raw] = {**{name: case.pod for name, case in CASES.items()}, **mixtures(60)}
assert len(PODS) >= 120

REASONS = {
    "host-process": r"hostProcess",
    "host-namespaces": r"host namespaces",
    "privileged-containers": r"privileged",
    "capabilities": r"non-default capabilities|unrestricted capabilities",
    "host-path-volumes": r"hostPath volumes",
    "host-ports": r"hostPort",
    "probe-hosts": r"probe or lifecycle host",
    "apparmor": r"forbidden AppArmor profiles?",
    "selinux": r"seLinuxOptions",
    "proc-mount": r"procMount",
    "seccomp": r"seccompProfile",
    "sysctls": r"forbidden sysctls",
    "volume-types": r"restricted volume types",
    "privilege-escalation": r"allowPrivilegeEscalation != false",
    "run-as-non-root": r"runAsNonRoot != true",
    "run-as-user": r"runAsUser=0",
}
"""How the API server names each control at the head of its reason."""

REFUSAL = re.compile(r'violates? PodSecurity "(?:\w+):[\w.]+": (.*)', re.DOTALL)


def server_controls(message: str | None) -> set[str] | None:
    """Return the controls that a refusal or warning names, None where it is about other things."""
    if message is None:
        return set()
    found = REFUSAL.search(message)
    if found is None:
        return None
    # Reasons stand side by side, each with its details in brackets, which may hold anything.
    heads, depth = "", 0
    for letter in found[1]:
        depth += (letter == "(") - (letter == ")")
        heads += letter if depth == 0 and letter != ")" else ""
    named = {head.strip() for head in heads.split(", ")}
    controls = {
        control
        for control, pattern in REASONS.items()
        if any(re.fullmatch(pattern, head) for head in named)
    }
    assert len(controls) == len(named), f"a reason is unknown: {named}"
    return controls


def namespace(name: str, **labels: str) -> Raw:
    prefixed = {f"pod-security.kubernetes.io/{key}": value for key, value in labels.items()}
    dashed = {key.replace("_", "-"): value for key, value in prefixed.items()}
    return manifests.namespace(name, **dashed)


def template(manifest: Raw) -> PodTemplate:
    (found,) = ManifestSet([manifest]).templates
    return found


def our_controls(manifest: Raw, level: Level, minor: int = NEWEST) -> set[str]:
    return {
        each.control for each in pod_security.violations(template(manifest), level, minor=minor)
    }


def placed(manifest: Raw, place: str, name: str) -> Raw:
    return {**manifest, "metadata": {**manifest["metadata"], "name": name, "namespace": place}}


@pytest.mark.parametrize(
    ("level", "minor"),
    [
        pytest.param(Level.BASELINE, NEWEST, id="baseline"),
        pytest.param(Level.RESTRICTED, NEWEST, id="restricted"),
        pytest.param(Level.RESTRICTED, 34, id="restricted-1.34"),
        pytest.param(Level.RESTRICTED, 31, id="restricted-1.31"),
        pytest.param(Level.BASELINE, 28, id="baseline-1.28"),
        pytest.param(Level.RESTRICTED, 25, id="restricted-1.25"),
    ],
)
def test_pods_are_refused_for_the_same_controls(
    level: Level, minor: int, kube_api: KubeApi
) -> None:
    place = f"pods-{level}-{minor}"
    version = "latest" if minor == NEWEST else f"v1.{minor}"
    asked = [placed(manifest, place, name) for name, manifest in PODS.items()]
    labelled = namespace(place, enforce=level.value, enforce_version=version)
    answers = kube_api.dry_run([labelled, *asked])[1:]

    expected = {name: our_controls(manifest, level, minor) for name, manifest in PODS.items()}
    judged = {
        name: server_controls(answer.error) for name, answer in zip(PODS, answers, strict=True)
    }
    unjudged = {
        name: answer.error
        for name, answer in zip(PODS, answers, strict=True)
        if judged[name] is None
    }
    assert unjudged == {}, "these pods are invalid and say nothing about Pod Security"
    assert judged == expected


def test_deployments_are_accepted_with_a_warning(kube_api: KubeApi) -> None:
    place = "deployments-restricted"
    asked = [
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name, "namespace": place},
            "spec": {
                "selector": {"matchLabels": {"app": "app"}},
                "template": {
                    "metadata": {
                        key: manifest["metadata"][key]
                        for key in ("labels", "annotations")
                        if key in manifest["metadata"]
                    },
                    "spec": manifest["spec"],
                },
            },
        }
        for name, manifest in PODS.items()
    ]
    answers = kube_api.dry_run([namespace(place, enforce="restricted"), *asked])[1:]
    assert [answer.error for answer in answers] == [None] * len(asked)
    judged = {}
    for name, answer in zip(PODS, answers, strict=True):
        warned = [controls for text in answer.warnings if (controls := server_controls(text))]
        judged[name] = warned[0] if warned else set()
    expected = {
        # Of a template the server does not say that the node's network makes ports host ports.
        name: our_controls(each, Level.RESTRICTED)
        - ({"host-ports"} if "makes-ports" in name else set())
        for name, each in zip(PODS, asked, strict=True)
    }
    assert judged == expected
