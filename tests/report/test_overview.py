"""A whole stack explained: a short block for each service, the rest by its kind."""

import msgspec

from mooring.decisions import OpenQuestion
from mooring.refs import ObjectRef
from mooring.report import overview
from mooring.report.explanation import Explanation, Fate, Part
from mooring.report.palette import Palette

EXPECTED = """\
shop in production (namespace shop-production)
1 service, 3 objects; 2 of 6 values carried, 1 approximated, 2 dropped, 1 unaccounted

db  compose.yaml:2
  becomes       StatefulSet, Service
  decided       kind: workload (restart is "always", and 1 more)
  dropped       ulimits: a cluster has no such limit
  approximated  healthcheck.interval: whole seconds
  open          question 1

beside the services
  becomes       PersistentVolumeClaim/data
  unaccounted   volumes.data.driver: nothing is known of this value: a bug of mooring, please \
report it

left out, because no active profile selects it: debug

1 open question, to be answered for production
  1. services.db.environment.PASSWORD: the secret is a placeholder  compose.yaml:7
     PASSWORD=<value> in deploy/environments/production/secrets.env

`mooring explain SERVICE` shows the evidence of each decision and how to overrule it, -v does so \
for all"""


def test_the_whole_text(explained: Explanation) -> None:
    assert overview.text(explained) == EXPECTED


def test_colour_changes_no_word(explained: Explanation) -> None:
    coloured = overview.text(explained, palette=Palette(coloured=True))
    for code in ("1;31", "1;33", "32", "36", "1", "2", "0"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == EXPECTED


def _section(title: str, *parts: Part, beside: Part | None = None) -> list[str]:
    explained = Explanation(
        project="shop",
        environment="dev",
        namespace="shop-dev",
        services=parts,
        beside=beside or Part(),
    )
    _, _, rest = overview.text(explained).partition(f"\n{title}\n")
    return rest.partition("\n\n")[0].splitlines()


def _losing(name: str) -> Part:
    fate = Fate(path="logging", entry="logging", outcome="dropped", reason="nodes keep it")
    return Part(name=name, fates=(fate,))


def test_what_all_services_lose_is_said_once() -> None:
    assert _section("the same for several services", *map(_losing, "abc")) == [
        "  dropped       logging: nodes keep it",
        "                in all 3",
    ]


def test_of_nearly_all_those_left_out_are_named() -> None:
    parts = (*map(_losing, "abcdef"), Part(name="proxy"))
    assert _section("the same for several services", *parts)[1].strip() == "in all but proxy"


def test_of_some_all_are_named() -> None:
    parts = (*map(_losing, "abc"), Part(name="x"), Part(name="y"))
    assert _section("the same for several services", *parts)[1].strip() == "in a, b, c"


def test_objects_are_counted_by_kind() -> None:
    kinds = ("Namespace", "NetworkPolicy", "NetworkPolicy", "Ingress", "Ingress")
    refs = tuple(ObjectRef("v1", kind, f"n{n}") for n, kind in enumerate(kinds))
    assert _section("beside the services", beside=Part(becomes=refs)) == [
        "  becomes       Namespace/n0, 2 NetworkPolicies, 2 Ingresses"
    ]


def test_a_service_points_at_its_questions(explained: Explanation) -> None:
    (db,) = explained.services
    other = OpenQuestion(subject="services.db.image", question="which?", answer="that")
    asking = msgspec.structs.replace(db, questions=(*db.questions, other))
    text = overview.text(msgspec.structs.replace(explained, services=(asking,)))
    assert "  open          questions 1, 2\n" in text


def test_addresses_of_sources_are_left_to_the_full_text() -> None:
    assert overview.short("postgres is made for it (https://hub.docker.com/_/postgres)") == (
        "postgres is made for it"
    )
    assert overview.short("Redis, as https://hub.docker.com/_/redis describes it") == "Redis"
