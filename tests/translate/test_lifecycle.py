"""Whether a service goes on or ends, and on which evidence."""

import pytest
from tests.translate.support import complaints, fates, service, topics

from mooring.compose.nodes import Plain
from mooring.decisions import Decision
from mooring.settings.choices import Choices, Kind, ServiceChoices
from mooring.translate import lifecycle
from mooring.translate.lifecycle import Life, Peers

NO_CHOICES = Choices()
NOBODY = Peers()
WORKLOAD, TASK = Life(kind=Kind.WORKLOAD), Life(kind=Kind.TASK)


def command(*words: str) -> dict[str, Plain]:
    return {"command": list(words)}


@pytest.mark.parametrize(
    ("attributes", "peers", "life"),
    [
        pytest.param({}, NOBODY, WORKLOAD, id="nothing-is-known"),
        pytest.param({"restart": "no"}, NOBODY, Life(kind=Kind.WORKLOAD), id="no-alone"),
        pytest.param(
            {"restart": "no", **command("run")},
            NOBODY,
            Life(kind=Kind.TASK, retries=0),
            id="no-and-a-command",
        ),
        pytest.param(
            {"restart": "no", "entrypoint": ["run"]},
            NOBODY,
            Life(kind=Kind.TASK, retries=0),
            id="no-and-an-entrypoint",
        ),
        pytest.param(
            {"restart": "no", **command("run"), "ports": [{"target": 80}]},
            NOBODY,
            WORKLOAD,
            id="who-publishes-goes-on",
        ),
        pytest.param(
            {"restart": "no", **command("run"), "expose": ["80"]},
            NOBODY,
            WORKLOAD,
            id="who-exposes-goes-on",
        ),
        pytest.param(
            {
                **command("bash", "-c", "make-certificates; echo done;"),
                "healthcheck": {"test": ["CMD-SHELL", "[ -f certs/ca.crt ]"]},
            },
            Peers(wait_for_health=("web",)),
            WORKLOAD,
            id="what-is-not-called-so-prepares-nothing",
        ),
        pytest.param(
            {"restart": "no", **command("run"), "healthcheck": {"test": ["CMD", "x"]}},
            NOBODY,
            WORKLOAD,
            id="who-is-checked-goes-on",
        ),
        pytest.param(
            {"restart": "no", **command("run")},
            Peers(wait_for_health=("web",)),
            WORKLOAD,
            id="whose-health-is-awaited-goes-on",
        ),
        pytest.param(
            {"restart": "always"},
            Peers(wait_for_end=("web",)),
            TASK,
            id="whose-end-is-awaited-ends",
        ),
        pytest.param(
            {"restart": "on-failure:3"},
            Peers(wait_for_end=("web",)),
            Life(kind=Kind.TASK, retries=3),
            id="the-tries-are-counted",
        ),
        pytest.param(
            {"restart": "on-failure:3"},
            NOBODY,
            Life(kind=Kind.WORKLOAD, retries=3),
            id="on-failure",
        ),
        pytest.param(command("manage.py", "migrate"), NOBODY, TASK, id="a-command-that-migrates"),
        pytest.param(
            command("sh", "-c", "rake db:migrate;"), NOBODY, TASK, id="in-a-shell-and-at-its-end"
        ),
        pytest.param(
            command("sh", "-c", "rake db:migrate && rake server"),
            NOBODY,
            WORKLOAD,
            id="a-server-that-migrates-first",
        ),
        pytest.param(
            {"restart": "always", **command("migrate")}, NOBODY, WORKLOAD, id="always-wins"
        ),
        pytest.param(command("immigrate"), NOBODY, WORKLOAD, id="a-word-that-holds-another"),
        pytest.param({"deploy": {"mode": "global-job"}}, NOBODY, TASK, id="a-job-of-a-swarm"),
        pytest.param(
            {
                "deploy": {"restart_policy": {"condition": "none", "max_attempts": 2}},
                **command("x"),
            },
            NOBODY,
            Life(kind=Kind.WORKLOAD, retries=2),
            id="a-policy-of-a-swarm",
        ),
        pytest.param(
            {"deploy": {"mode": "replicated-job", "restart_policy": {"max_attempts": 2}}},
            NOBODY,
            Life(kind=Kind.TASK, retries=2),
            id="the-tries-of-a-swarm",
        ),
    ],
)
def test_life(attributes: dict[str, Plain], peers: Peers, life: Life) -> None:
    view = service(attributes)
    translated = lifecycle.translate(view, peers, NO_CHOICES)
    assert translated.value == life
    assert complaints(translated.notes) == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        pytest.param("migrate", Kind.TASK, id="migrate"),
        pytest.param("db_init", Kind.TASK, id="a-word-among-others"),
        pytest.param("Seed-Data", Kind.TASK, id="without-regard-to-case"),
        pytest.param("initiator", Kind.WORKLOAD, id="a-word-that-holds-another"),
    ],
)
def test_names(name: str, kind: Kind) -> None:
    translated = lifecycle.translate(service({}, name=name), NOBODY, NO_CHOICES)
    assert translated.value.kind is kind


@pytest.mark.parametrize("kind", [Kind.TASK, Kind.WORKLOAD])
def test_the_word_of_mooring_yaml_wins(kind: Kind) -> None:
    choices = Choices(services={"web": ServiceChoices(kind=kind)})
    view = service({"restart": "always", "command": ["migrate"]})
    translated = lifecycle.translate(view, Peers(wait_for_end=("a",)), choices)
    assert translated.value.kind is kind
    assert topics(translated.notes) == []


def test_a_decision_says_what_it_rests_on() -> None:
    view = service({"restart": "no", "command": ["run"]})
    (decision,) = [
        note
        for note in lifecycle.translate(view, NOBODY, NO_CHOICES).notes
        if isinstance(note, Decision)
    ]
    assert decision.overrule == "services: {web: {kind: workload}}"
    assert decision.evidence[0].position == view.position("restart")


@pytest.mark.parametrize(
    ("restart", "peers", "fate"),
    [
        pytest.param("always", NOBODY, "carried", id="always"),
        pytest.param("unless-stopped", NOBODY, "carried", id="unless-stopped"),
        pytest.param("no", NOBODY, "approximated", id="no-and-it-goes-on"),
        pytest.param("on-failure:3", NOBODY, "approximated", id="on-failure-and-it-goes-on"),
        pytest.param("on-failure:3", Peers(wait_for_end=("a",)), "carried", id="of-a-task"),
        pytest.param(
            "always",
            Peers(wait_for_end=("a",)),
            "approximated",
            id="a-task-is-not-always-restarted",
        ),
    ],
)
def test_the_fate_of_restart(restart: str, peers: Peers, fate: str) -> None:
    view = service({"restart": restart})
    assert fates(view, lifecycle.translate(view, peers, NO_CHOICES).notes) == {"restart": fate}


@pytest.mark.parametrize(
    ("attributes", "kind"),
    [
        pytest.param(
            {
                **command("bash", "-c", "make-certificates; echo done;"),
                "healthcheck": {"test": ["CMD-SHELL", "[ -f certs/ca.crt ]"]},
            },
            Kind.TASK,
            id="what-makes-a-file-and-ends-is-a-task",
        ),
        pytest.param(
            {
                **command("bash", "-c", "make-certificates; exec server"),
                "healthcheck": {"test": ["CMD-SHELL", "[ -f certs/ca.crt ]"]},
            },
            Kind.WORKLOAD,
            id="what-runs-a-server-after-that-is-none",
        ),
        pytest.param(
            {
                **command("bash", "-c", "make-certificates; echo done;"),
                "healthcheck": {"test": ["CMD", "curl", "http://localhost"]},
            },
            Kind.WORKLOAD,
            id="nor-is-what-answers",
        ),
        pytest.param(
            {
                **command("bash", "-c", "make-certificates; echo done;"),
                "healthcheck": {"test": ["CMD-SHELL", "[ -f certs/ca.crt ]"]},
                "restart": "always",
            },
            Kind.WORKLOAD,
            id="nor-is-what-is-always-restarted",
        ),
    ],
)
def test_what_prepares_for_others_is_healthy_before_it_ends(
    attributes: dict[str, Plain], kind: Kind
) -> None:
    view = service(attributes, name="setup")
    peers = Peers(wait_for_health=("es01",))
    assert lifecycle.translate(view, peers, NO_CHOICES).value.kind is kind
