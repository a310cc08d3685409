"""The Pod Security Standards, control by control."""

import copy

import pytest
from tests.semantics import pod_cases
from tests.semantics.manifests import Raw
from tests.semantics.pod_cases import CASES, CLEAN_CONTAINER, Case

from mooring.semantics import pod_security, security_levels
from mooring.semantics.objects import ManifestSet
from mooring.semantics.pod_security import Violation
from mooring.semantics.pods import PodTemplate
from mooring.semantics.security_levels import NEWEST, Level, Standard


def template(manifest: Raw) -> PodTemplate:
    (found,) = ManifestSet([manifest]).templates
    return found


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES.items()])
def test_controls(case: Case) -> None:
    pod = template(case.pod)
    baseline = pod_security.violations(pod, Level.BASELINE)
    restricted = pod_security.violations(pod, Level.RESTRICTED)
    assert {each.control for each in baseline} == case.baseline
    assert {each.control for each in restricted} == case.restricted
    assert pod_security.violations(pod, Level.PRIVILEGED) == ()


@pytest.mark.parametrize(
    ("name", "level"),
    [
        pytest.param("clean", Level.RESTRICTED, id="restricted"),
        pytest.param("bare", Level.BASELINE, id="baseline"),
        pytest.param("host-path", Level.PRIVILEGED, id="privileged"),
    ],
)
def test_level_of(name: str, level: Level) -> None:
    assert pod_security.level_of(template(CASES[name].pod)) is level


def test_ephemeral_containers_count() -> None:
    pod = copy.deepcopy(CASES["clean"].pod)
    pod["spec"]["ephemeralContainers"] = [
        {
            "name": "debug",
            "image": "a",
            "securityContext": {"capabilities": {"add": ["SYS_PTRACE"]}},
        }
    ]
    fields = {each.field for each in pod_security.violations(template(pod), Level.BASELINE)}
    assert fields == {"spec.ephemeralContainers[0].securityContext.capabilities.add[0]"}


def test_a_violation_says_where_and_what() -> None:
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "app"},
        "spec": {
            "template": {
                "spec": {
                    "containers": [
                        {
                            **CLEAN_CONTAINER,
                            "securityContext": {
                                "runAsNonRoot": True,
                                "capabilities": {"drop": ["NET_RAW"]},
                                "seccompProfile": {"type": "Unconfined"},
                            },
                        }
                    ],
                    "volumes": [{"name": "v", "nfs": {}}],
                    "hostPID": True,
                }
            }
        },
    }
    root = "spec.template.spec"
    context = f"{root}.containers[0].securityContext"
    found = pod_security.violations(template(deployment))
    assert {(each.control, each.field, each.value) for each in found} == {
        ("host-namespaces", f"{root}.hostPID", "true"),
        ("volume-types", f"{root}.volumes[0].nfs", "nfs"),
        ("privilege-escalation", f"{context}.allowPrivilegeEscalation", None),
        ("seccomp", f"{context}.seccompProfile.type", "Unconfined"),
        ("capabilities", f"{context}.capabilities.drop", "NET_RAW"),
    }
    assert all(each.allowed for each in found)


@pytest.mark.parametrize(
    ("name", "minor", "controls"),
    [
        pytest.param("sysctl-rmem", 31, {"sysctls"}, id="a-sysctl-before-it-was-safe"),
        pytest.param("sysctl-rmem", 32, set(), id="a-sysctl-since-it-is-safe"),
        pytest.param("sysctl-keepalive", 28, {"sysctls"}, id="keepalive-before-1.29"),
        pytest.param("selinux-engine", 30, {"selinux"}, id="an-selinux-type-before-1.31"),
        pytest.param("livenessprobe-httpget-host", 33, set(), id="probe-hosts-before-1.34"),
        pytest.param(
            "own-users-may-be-root", 34, {"run-as-non-root", "run-as-user"}, id="own-users"
        ),
        pytest.param(
            "proc-mount-unmasked-with-own-users", 34, {"proc-mount"}, id="proc-mount-before-1.35"
        ),
        pytest.param("sysctl-rmem", 10, {"sysctls"}, id="older-than-known-is-the-oldest-known"),
        pytest.param("sysctl-rmem", 99, set(), id="newer-than-known-is-the-newest-known"),
    ],
)
def test_versions(name: str, minor: int, controls: set[str]) -> None:
    found = pod_security.violations(template(CASES[name].pod), minor=minor)
    assert {each.control for each in found} == controls


ENFORCE = "pod-security.kubernetes.io/enforce"
WARN = "pod-security.kubernetes.io/warn"
PRIVILEGED = Standard(Level.PRIVILEGED)


@pytest.mark.parametrize(
    ("labels", "enforce", "warn", "invalid"),
    [
        pytest.param({}, PRIVILEGED, PRIVILEGED, (), id="without-labels-nothing-is-asked"),
        pytest.param(
            {ENFORCE: "restricted"},
            Standard(Level.RESTRICTED),
            Standard(Level.RESTRICTED),
            (),
            id="what-is-enforced-is-warned-of",
        ),
        pytest.param(
            {ENFORCE: "restricted", WARN: "privileged"},
            Standard(Level.RESTRICTED),
            PRIVILEGED,
            (),
            id="unless-it-says-otherwise",
        ),
        pytest.param(
            {ENFORCE: "baseline", f"{ENFORCE}-version": "v1.28"},
            Standard(Level.BASELINE, 28),
            Standard(Level.BASELINE, 28),
            (),
            id="in-the-same-version",
        ),
        pytest.param(
            {WARN: "restricted"}, PRIVILEGED, Standard(Level.RESTRICTED), (), id="warn-alone"
        ),
        pytest.param(
            {ENFORCE: "strict"},
            Standard(Level.RESTRICTED),
            PRIVILEGED,
            (ENFORCE,),
            id="an-unknown-level-to-enforce-is-the-strictest",
        ),
        pytest.param(
            {WARN: "strict"}, PRIVILEGED, PRIVILEGED, (WARN,), id="an-unknown-level-to-warn-is-none"
        ),
        pytest.param(
            {ENFORCE: "baseline", f"{ENFORCE}-version": "1.28"},
            Standard(Level.BASELINE),
            Standard(Level.BASELINE),
            (f"{ENFORCE}-version",),
            id="an-unknown-version-is-the-newest",
        ),
        pytest.param(
            {ENFORCE: "baseline", f"{ENFORCE}-version": "latest"},
            Standard(Level.BASELINE, NEWEST),
            Standard(Level.BASELINE, NEWEST),
            (),
            id="latest",
        ),
    ],
)
def test_standards(
    labels: dict[str, str], enforce: Standard, warn: Standard, invalid: tuple[str, ...]
) -> None:
    found = security_levels.standards(labels)
    assert (found.enforce, found.warn, found.invalid) == (enforce, warn, invalid)


def test_the_cases_break_every_control() -> None:
    broken = {each for case in CASES.values() for each in case.baseline | case.restricted}
    found: set[str] = set()
    for manifest in [case.pod for case in CASES.values()]:
        for level in (Level.BASELINE, Level.RESTRICTED):
            found |= {
                each.control
                for each in pod_security.violations(template(manifest), level, minor=34)
            }
    assert broken == found
    assert found >= pod_cases.BASELINE
    assert isinstance(pod_security.violations(template(CASES["bare"].pod))[0], Violation)
