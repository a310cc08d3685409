"""An explanation as a person reads it."""

from mooring.decisions import OpenQuestion
from mooring.report import explanation_text
from mooring.report.explanation import Counts, Explanation, Fate, Part
from mooring.report.palette import Palette

EXPECTED = """\
shop in production (namespace shop-production)
1 service, 3 objects; 2 of 6 values carried, 1 approximated, 2 dropped, 1 unaccounted

db  compose.yaml:2
  becomes       StatefulSet/db, Service/db
  values        1 of 4 values carried, 1 approximated, 2 dropped
  decided       kind: workload
                because restart is "always"  compose.yaml:4
                because nobody waits for its end
                otherwise  services.db.kind: task
  dropped       ulimits  compose.yaml:9
                a cluster has no such limit
  approximated  healthcheck.interval
                whole seconds
                -> readinessProbe.periodSeconds

beside the services
  becomes       PersistentVolumeClaim/data
  values        1 of 2 values carried, 1 unaccounted
  unaccounted   volumes.data.driver
                nothing is known of this value: a bug of mooring, please report it

left out, because no active profile selects it: debug

1 open question, to be answered for production
  1. services.db.environment.PASSWORD: the secret is a placeholder  compose.yaml:7
     PASSWORD=<value> in deploy/environments/production/secrets.env"""


def test_the_whole_text(explained: Explanation) -> None:
    assert explanation_text.text(explained) == EXPECTED


def test_colour_changes_no_word(explained: Explanation) -> None:
    coloured = explanation_text.text(explained, palette=Palette(coloured=True))
    for code in ("1;31", "1;33", "32", "36", "1", "2", "0"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == EXPECTED


def test_one_service_alone(explained: Explanation) -> None:
    text = explanation_text.text(explained.about("db"))
    assert "beside the services" not in text
    assert text.startswith("shop in production (namespace shop-production)\n1 service, 2 objects")


def _saying(reason: str, *entries: str) -> tuple[Fate, ...]:
    return tuple(Fate(path=e, entry=e, outcome="dropped", reason=reason) for e in entries)


def _services(*parts: Part) -> str:
    explained = Explanation(
        project="shop", environment="dev", namespace="shop-dev", services=parts, beside=Part()
    )
    return explanation_text.text(explained).partition("\n\n")[2]


def test_what_is_said_of_many_values_of_a_service_is_said_once() -> None:
    web = Part(name="web", fates=_saying("it is for a proxy", *(f"labels.l{n}" for n in range(5))))
    assert _services(web) == (
        "web\n"
        "  values        0 of 5 values carried, 5 dropped\n"
        "  dropped       labels.l0, labels.l1, labels.l2 and 2 more\n"
        "                it is for a proxy"
    )


def test_what_is_said_of_three_services_is_said_once() -> None:
    parts = (Part(name=name, fates=_saying("nodes keep it", "logging")) for name in "abc")
    assert _services(*parts).partition("\n\nthe same")[2] == (
        " for several services\n"
        "  dropped       logging\n"
        "                nodes keep it\n"
        "                in a, b, c"
    )


def test_what_is_said_of_two_services_stands_at_each() -> None:
    parts = (Part(name=name, fates=_saying("nodes keep it", "logging")) for name in "ab")
    assert _services(*parts).count("nodes keep it") == 2


def test_counts_are_those_of_values(explained: Explanation) -> None:
    assert explained.counts == Counts(carried=2, approximated=1, dropped=2, unaccounted=1)
    assert explained.counts.total == 6


def test_what_is_carried_and_answered_is_exact() -> None:
    fate = Fate(path="image", entry="image", outcome="carried")
    question = OpenQuestion(subject="services.web", question="which?", answer="this")
    exact = Explanation(
        project="shop",
        environment="dev",
        namespace="shop-dev",
        services=(Part(name="web", fates=(fate,)),),
        beside=Part(),
    )
    asking = Explanation(
        project="shop",
        environment="dev",
        namespace="shop-dev",
        services=(Part(name="web", fates=(fate,), questions=(question,)),),
        beside=Part(),
    )
    assert exact.is_exact
    assert not asking.is_exact
