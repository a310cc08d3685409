"""As whom a container runs, and with which rights."""

import pytest
from tests.translate.support import complaints, fates, rules, service, topics, unaccounted

from mooring.app.security import ContainerSecurity
from mooring.compose.nodes import Plain
from mooring.findings import Finding
from mooring.settings.choices import Choices, ServiceChoices
from mooring.translate.attributes import security

NO_CHOICES = Choices()


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        pytest.param({}, ContainerSecurity(), id="the-image-decides"),
        pytest.param(
            {"user": "1000"},
            ContainerSecurity(user=1000, storage_group=1000),
            id="a-number-keeps-the-group",
        ),
        pytest.param(
            {"user": "1000:2000"},
            ContainerSecurity(user=1000, group=2000, storage_group=2000),
            id="user-and-group",
        ),
        pytest.param({"user": "root"}, ContainerSecurity(user=0), id="root-is-nought"),
        pytest.param({"user": "0:root"}, ContainerSecurity(user=0, group=0), id="the-group-root"),
        pytest.param({"user": ":5"}, ContainerSecurity(group=5), id="a-group-alone"),
        pytest.param(
            {"cap_add": ["CAP_NET_ADMIN", "sys_time"], "cap_drop": ["ALL"]},
            ContainerSecurity(
                added_capabilities=("NET_ADMIN", "SYS_TIME"), dropped_capabilities=("ALL",)
            ),
            id="capabilities-without-prefix",
        ),
        pytest.param(
            {"cap_add": ["NET_ADMIN", "CAP_NET_ADMIN"]},
            ContainerSecurity(added_capabilities=("NET_ADMIN",)),
            id="a-capability-named-twice",
        ),
        pytest.param({"privileged": True}, ContainerSecurity(privileged=True), id="privileged"),
        pytest.param({"privileged": False}, ContainerSecurity(), id="not-privileged"),
        pytest.param({"read_only": True}, ContainerSecurity(read_only_root=True), id="read-only"),
        pytest.param(
            {"security_opt": ["no-new-privileges"]},
            ContainerSecurity(may_gain_privileges=False),
            id="no-new-privileges",
        ),
        pytest.param(
            {"security_opt": ["no-new-privileges:true"]},
            ContainerSecurity(may_gain_privileges=False),
            id="no-new-privileges-with-a-colon",
        ),
        pytest.param(
            {"security_opt": ["no-new-privileges=false"]},
            ContainerSecurity(may_gain_privileges=True),
            id="privileges-may-be-gained",
        ),
        pytest.param(
            {"security_opt": ["seccomp:unconfined", "apparmor=unconfined"]},
            ContainerSecurity(seccomp="unconfined", apparmor="unconfined"),
            id="unconfined",
        ),
        pytest.param(
            {"security_opt": ["seccomp=builtin", "apparmor:docker-default"]},
            ContainerSecurity(seccomp="default"),
            id="the-runtime-s-own-profiles",
        ),
        pytest.param(
            {"security_opt": ["label=type:svirt_apache_t", "label:level:s0:c100,c200"]},
            ContainerSecurity(selinux={"type": "svirt_apache_t", "level": "s0:c100,c200"}),
            id="selinux-labels",
        ),
        pytest.param({"cap_add": [], "security_opt": []}, ContainerSecurity(), id="empty-lists"),
    ],
)
def test_what_is_carried(attributes: dict[str, Plain], expected: ContainerSecurity) -> None:
    view = service(attributes)
    translated = security.translate(view, NO_CHOICES)
    assert translated.value == expected
    assert set(fates(view, translated.notes).values()) <= {"carried"}
    assert rules(translated.notes) == []
    assert complaints(translated.notes) == []


@pytest.mark.parametrize(
    ("attributes", "expected", "fate", "rule"),
    [
        pytest.param(
            {"cap_add": ["ALL"]},
            ContainerSecurity(),
            "refused",
            "all-capabilities",
            id="all-capabilities",
        ),
        pytest.param(
            {"security_opt": ["seccomp=./chrome.json"]},
            ContainerSecurity(seccomp="default"),
            "approximated",
            "security-option-left-out",
            id="a-profile-in-a-file",
        ),
        pytest.param(
            {"security_opt": ["apparmor=my-profile"]},
            ContainerSecurity(),
            "approximated",
            "security-option-left-out",
            id="a-profile-of-the-machine",
        ),
        pytest.param(
            {"security_opt": ["systempaths=unconfined"]},
            ContainerSecurity(),
            "dropped",
            "security-option-left-out",
            id="paths-of-the-system",
        ),
    ],
)
def test_what_is_not_carried_is_found(
    attributes: dict[str, Plain], expected: ContainerSecurity, fate: str, rule: str
) -> None:
    view = service(attributes)
    translated = security.translate(view, NO_CHOICES)
    assert translated.value == expected
    assert set(fates(view, translated.notes).values()) == {fate}
    assert rules(translated.notes) == [rule]
    assert complaints(translated.notes) == []


def test_all_capabilities_are_refused_and_the_others_kept() -> None:
    view = service({"cap_add": ["NET_ADMIN", "CAP_ALL"]})
    translated = security.translate(view, NO_CHOICES)
    assert translated.value.added_capabilities == ("NET_ADMIN",)
    assert fates(view, translated.notes) == {"cap_add[0]": "carried", "cap_add[1]": "refused"}


@pytest.mark.parametrize(
    ("given", "user", "group"),
    [
        pytest.param("postgres", None, None, id="a-name"),
        pytest.param("node:node", None, None, id="two-names"),
        pytest.param("1000:staff", 1000, None, id="a-group-by-name"),
        pytest.param("99999999999", None, None, id="a-number-that-no-system-has"),
    ],
)
def test_a_name_is_a_decision_and_a_finding(
    given: str, user: int | None, group: int | None
) -> None:
    view = service({"user": given})
    translated = security.translate(view, NO_CHOICES)
    assert (translated.value.user, translated.value.group) == (user, group)
    assert fates(view, translated.notes) == {"user": "approximated"}
    assert topics(translated.notes) == ["user"]
    assert rules(translated.notes) == ["user-not-known"]
    assert complaints(translated.notes) == []


def test_the_dockerfile_s_own_user_needs_no_number() -> None:
    view = service({"user": "node"}, dockerfile="FROM example\nUSER node\n")
    translated = security.translate(view, NO_CHOICES)
    assert translated.value.user is None
    assert fates(view, translated.notes) == {"user": "carried"}
    assert rules(translated.notes) == []


@pytest.mark.parametrize(
    "attributes",
    [
        pytest.param({"user": "postgres"}, id="over-a-name"),
        pytest.param({}, id="where-compose-says-nothing"),
    ],
)
def test_the_number_of_mooring_yaml_wins(attributes: dict[str, Plain]) -> None:
    choices = Choices(services={"web": ServiceChoices(user="999:998")})
    view = service(attributes)
    translated = security.translate(view, choices)
    assert (translated.value.user, translated.value.group) == (999, 998)
    assert rules(translated.notes) == []
    assert unaccounted(view, translated.notes) == []


def test_a_label_that_switches_selinux_off() -> None:
    view = service({"security_opt": ["label=disable"]})
    translated = security.translate(view, NO_CHOICES)
    assert translated.value.selinux == {"type": "spc_t"}
    assert fates(view, translated.notes) == {"security_opt[0]": "approximated"}


@pytest.mark.parametrize(
    ("attribute", "name", "remedy"),
    [
        pytest.param("cap_add", "NET_ADMN", 'did you mean "NET_ADMIN"?', id="a-slip"),
        pytest.param("cap_drop", "CAP_FOO", "take a name of capabilities(7)", id="to-drop"),
    ],
)
def test_a_capability_that_linux_does_not_have(attribute: str, name: str, remedy: str) -> None:
    view = service({attribute: ["SYS_TIME", name]})
    translated = security.translate(view, NO_CHOICES)
    assert "unknown-capability" in rules(translated.notes)
    (finding,) = (one for one in translated.notes if isinstance(one, Finding))
    assert finding.remedy == remedy
    assert name not in translated.value.added_capabilities
    assert unaccounted(view, translated.notes) == []
