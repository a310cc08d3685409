"""Decisions of one kind about several services are told of together."""

import pytest

from mooring.decisions import Decision, Evidence
from mooring.folding import folded


def _decision(service: str, topic: str, choice: str, because: str = "it is so") -> Decision:
    return Decision(
        subject=f"services.{service}",
        topic=topic,
        choice=choice,
        evidence=(Evidence(because),),
    )


def _about(topic: str, choices: dict[str, str]) -> dict[str, list[Decision]]:
    return {name: [_decision(name, topic, choice)] for name, choice in choices.items()}


@pytest.mark.parametrize(
    ("choices", "choice", "services"),
    [
        pytest.param(
            {"a": "is reached inside", "b": "is reached inside", "c": "is reached inside"},
            "is reached inside",
            (("a", ""), ("b", ""), ("c", "")),
            id="the-same-words",
        ),
        pytest.param(
            {"a": "port 80 is inside", "b": "port 5432 is inside", "c": "port 80 is inside"},
            "port … is inside",
            (("a", "80"), ("b", "5432"), ("c", "80")),
            id="another-number",
        ),
        pytest.param(
            {"a": "listens on 80, 443", "b": "listens on 5432", "c": "listens on 53/udp"},
            "listens on …",
            (("a", "80, 443"), ("b", "5432"), ("c", "53/udp")),
            id="more-of-them",
        ),
        pytest.param(
            {"web-1": "web-1 is itself", "web-2": "web-2 is itself", "db": "db is itself"},
            "… is itself",
            (("web-1", ""), ("web-2", ""), ("db", "")),
            id="the-service-itself",
        ),
    ],
)
def test_kinds(choices: dict[str, str], choice: str, services: tuple[tuple[str, str], ...]) -> None:
    (kind,), own = folded(_about("exposure", choices))
    assert (kind.choice, kind.services) == (choice, services)
    assert kind.because == "it is so"
    assert own == {name: [] for name in choices}


@pytest.mark.parametrize(
    "choices",
    [
        pytest.param({"a": "is inside", "b": "is inside"}, id="two-services"),
        pytest.param({"a": "is inside", "b": "is outside", "c": "is left out"}, id="other-words"),
    ],
)
def test_what_stays_with_each(choices: dict[str, str]) -> None:
    kinds, own = folded(_about("exposure", choices))
    assert kinds == []
    assert {name: made[0].choice for name, made in own.items()} == choices


def test_another_topic_is_another_kind() -> None:
    made = {name: [_decision(name, name, "is so")] for name in "abc"}
    assert folded(made)[0] == []


def test_evidence_that_differs_is_left_out() -> None:
    made = {name: [_decision(name, "user", "runs as root", f"{name} says so")] for name in "abc"}
    assert folded(made)[0][0].because == ""


def test_long_words_are_counted() -> None:
    mounts = [f"./a/long/path/to/folder{n} at /mnt/{n} is scratch" for n in range(2)]
    made = {name: [_decision(name, "mount", one) for one in mounts] for name in "abc"}
    (kind,), _ = folded(made)
    assert kind.choice == "… at … is scratch"
    assert kind.services[0] == ("a", "2")
