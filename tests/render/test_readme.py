"""What the README of a tree tells somebody who sees it for the first time."""

from collections.abc import Sequence

import msgspec
import pytest
from tests.render import sample

from mooring.accounting import Entry, Outcome
from mooring.decisions import Decision, Evidence, OpenQuestion
from mooring.kube.object_set import ObjectSet
from mooring.kube.objects.meta import ObjectMeta
from mooring.kube.objects.network import Ingress
from mooring.render.readme import readme
from mooring.sources import Position


def _readme(
    *,
    format_name: str = "kustomize",
    decisions: Sequence[Decision] = (),
    questions: Sequence[OpenQuestion] = (),
    entries: Sequence[Entry] = (),
) -> str:
    return readme(
        "shop",
        sample.shop(),
        format_name=format_name,
        decisions=decisions,
        questions=questions,
        entries=entries,
    )


def _section(text: str, title: str) -> list[str]:
    return text.partition(f"## {title}\n\n")[2].partition("\n\n## ")[0].splitlines()


def test_what_runs_is_counted_first() -> None:
    (dev, *_) = _section(_readme(), "Environments")
    assert dev.startswith("- **dev**, namespace `shop-dev`: ")
    kinds = dev.partition("`: ")[2]
    assert kinds.startswith("1 Deployment, ")
    assert "Namespace" not in kinds.replace("namespace", "")


@pytest.mark.parametrize(
    ("format_name", "command"),
    [
        pytest.param("kustomize", "kubectl apply -k environments/dev", id="kustomize"),
        pytest.param("plain", "kubectl apply -R -f dev/", id="plain"),
    ],
)
def test_the_first_environment_is_tried_first(format_name: str, command: str) -> None:
    lines = _section(_readme(format_name=format_name), "Apply")
    assert f"       {command}" in lines
    assert "4. Do the same for production once nothing is open." in lines


def test_what_the_cluster_needs_is_told_by_what_is_there() -> None:
    (first, *_) = _section(_readme(), "Apply")
    assert first.startswith("The cluster needs an ingress controller")
    assert "NetworkPolicies" in first
    assert "cert-manager" not in first


def test_certificates_need_an_issuer() -> None:
    last = sample.shop()[-1]
    issued = [
        msgspec.structs.replace(
            item,
            metadata=ObjectMeta(
                name=item.metadata.name, annotations={"cert-manager.io/issuer": "letsencrypt"}
            ),
        )
        if isinstance(item, Ingress)
        else item
        for item in last.objects
    ]
    changed = msgspec.structs.replace(last, objects=ObjectSet(issued))
    text = readme("shop", [changed], format_name="plain", decisions=(), questions=(), entries=())
    assert "cert-manager" in text


def test_nothing_may_be_open() -> None:
    assert _section(_readme(), "Open before production") == ["Nothing."]


def test_a_question_and_its_answer() -> None:
    question = OpenQuestion(
        subject="services.web.image",
        question="which version is it?",
        answer="services: {web: {image: web:<version>}}",
        position=Position("compose.yaml", 3, 5),
    )
    assert _section(_readme(questions=[question]), "Open before production")[2:] == [
        "- `services.web.image` (compose.yaml:3): which version is it?",
        "",
        "      services: {web: {image: web:<version>}}",
    ]


def test_many_of_a_kind_are_one_entry() -> None:
    questions = [
        OpenQuestion(
            subject=f"variables.{name}",
            question="it is not set",
            answer=f"{name}=<value> in .env",
            several="{count} variables are not set",
            item="in web",
        )
        for name in "ABC"
    ]
    assert _section(_readme(questions=questions), "Open before production")[2:] == [
        "- 3 variables are not set; in `.env`:",
        "",
        "      A=<value>  # in web",
        "      B=<value>  # in web",
        "      C=<value>  # in web",
    ]


def _decision(subject: str, choice: str) -> Decision:
    return Decision(
        subject=subject,
        topic="user",
        choice=choice,
        evidence=(Evidence("its image says so", Position("compose.yaml", 3)),),
        overrule="services: {web: {user: 1}}",
    )


def test_decisions_stand_at_their_services() -> None:
    made = [_decision("services.web", "is root"), _decision("volumes.data", "is large")]
    assert _section(_readme(decisions=made), "What was decided")[2:] == [
        "### web",
        "",
        "- user: is root (its image says so (compose.yaml:3))",
        "  To overrule: `services: {web: {user: 1}}`",
        "",
        "### Environments, volumes, networks",
        "",
        "- `volumes.data`: user: is large (its image says so (compose.yaml:3))",
        "  To overrule: `services: {web: {user: 1}}`",
    ]


def test_what_several_services_have_in_common_is_said_once() -> None:
    made = [_decision(f"services.{name}", f"runs as user {name}1") for name in "abc"]
    assert _section(_readme(decisions=made), "What was decided")[2:] == [
        "### Several services",
        "",
        "- user: runs as user … (its image says so): `a` (a1), `b` (b1), `c` (c1)",
    ]


def test_losses_with_one_reason_are_one_line() -> None:
    entries = [
        Entry(("services", name, "init"), Outcome.DROPPED, "no counterpart") for name in "abcd"
    ]
    assert _section(_readme(entries=entries), "What was left out") == [
        "- dropped: `services.a.init`, `services.b.init`, `services.c.init` and 1 more: "
        "no counterpart"
    ]
