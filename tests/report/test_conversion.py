"""What a conversion says it did."""

import json

import msgspec
import pytest

from mooring.accounting import Entry, Ledger, Outcome
from mooring.decisions import OpenQuestion
from mooring.render.lock import Lock
from mooring.render.writing import Change, Changes
from mooring.report import conversion
from mooring.report import json as report_json
from mooring.report.conversion import Conversion, Made


def _conversion(**changed: object) -> Conversion:
    changes = Changes(
        write=(Change("base/web/deployment.yaml", b"...", 0o644),),
        remove=("base/old.yaml",),
        unchanged=2,
        kept=("base/kept.yaml",),
        left=(),
        differing=("environments/dev/secrets.env: PASSWORD",),
        lock=Lock(output="deploy", files={}),
    )
    plain = Conversion(
        output="deploy",
        form="kustomize",
        environments=(
            Made(name="dev", namespace="shop-dev", objects=3),
            Made(name="production", namespace="shop-production", objects=4),
        ),
        changes=changes,
        not_carried={"approximated": 5, "dropped": 0, "refused": 1},
        questions=(OpenQuestion(subject="services.db", question="which?", answer="that"),),
    )
    return msgspec.structs.replace(plain, **changed)


def test_the_whole_text() -> None:
    assert conversion.text(_conversion()) == (
        "deploy: 3 files for dev, production (7 objects)\n"
        "  1 written, 2 unchanged, 1 removed\n"
        "  not simply carried, in 6 places: 5 approximated, 1 refused\n"
        "    (mooring explain says what and why)\n"
        "  your edit stays: base/kept.yaml\n"
        "  your values stay, other than those of the Compose files: environments/dev/secrets.env: "
        "PASSWORD\n"
        "\n1 open question, to be answered for production\n"
        "  1. services.db: which?\n"
        "     that"
    )


def test_many_values_of_a_file_are_told_together() -> None:
    before = _conversion()
    places = (*(f"secrets.env: {key}" for key in "ABCDE"), "secrets/tls/key")
    changes = msgspec.structs.replace(before.changes, differing=places)
    told = conversion.text(_conversion(changes=changes)).splitlines()
    lead = "  your values stay, other than those of the Compose files: "
    assert f"{lead}secrets.env: A, B, C and 2 more" in told
    assert f"{lead}secrets/tls/key" in told


def test_nothing_lost_and_nothing_open_is_not_mentioned() -> None:
    text = conversion.text(_conversion(not_carried={"dropped": 0}, questions=()))
    assert "not simply carried" not in text
    assert "open" not in text


def test_json_names_each_file() -> None:
    document = json.loads(report_json.conversion(_conversion()))
    assert document["written"] == ["base/web/deployment.yaml"]
    assert document["removed"] == ["base/old.yaml"]
    assert document["notCarried"] == {"approximated": 5, "dropped": 0, "refused": 1}
    assert document["environments"][0] == {"name": "dev", "namespace": "shop-dev", "objects": 3}


@pytest.mark.parametrize(
    ("changed", "exact"),
    [
        pytest.param({}, False, id="losses-and-questions"),
        pytest.param({"questions": ()}, False, id="losses"),
        pytest.param({"not_carried": {"dropped": 0}}, False, id="questions"),
        pytest.param({"not_carried": {"dropped": 0}, "questions": ()}, True, id="neither"),
    ],
)
def test_exact(changed: dict[str, object], exact: bool) -> None:
    assert _conversion(**changed).is_exact is exact


def test_statements_are_counted_once_for_all_environments() -> None:
    first = Entry(("services", "web", "init"), Outcome.DROPPED, "no counterpart")
    second = Entry(("services", "web", "image"), Outcome.CARRIED)
    third = Entry(("services", "db", "init"), Outcome.REFUSED, "harmful")
    ledgers = [Ledger((first, second)), Ledger((first, third))]
    counted = {"approximated": 0, "dropped": 1, "refused": 1}
    assert conversion.not_carried(ledgers) == counted
    assert conversion.not_carried([ledgers[0]] * 3) == {**counted, "refused": 0}
