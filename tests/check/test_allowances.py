"""What users allow: where a comment or an annotation holds, and what is told of it."""

from datetime import date

import pytest

from mooring.check import catalogue, engine
from mooring.check.bundle import Bundle
from mooring.check.engine import Judgement
from mooring.check.selection import Profile, Selection
from mooring.manifests import documents, entries

TODAY = date(2026, 6, 1)
RULE = "image-without-version"

POD = """\
{top}apiVersion: v1
kind: Pod
metadata:
  name: tool
  annotations: {{{annotation}}}
spec:
{block}  containers:
{item}  - name: one
    image: busybox{beside}
  - name: two
    image: alpine
"""


def _judged(**places: str) -> Judgement:
    blanks = dict.fromkeys(("top", "annotation", "block", "item", "beside"), "")
    content = POD.format(**{**blanks, **places})
    bundle = Bundle(entries.entries(documents.read(content.encode(), "x.yaml").documents))
    chosen = Selection(profile=Profile.ALL, select=frozenset({RULE}))
    judged = engine.judge(bundle, [catalogue.check(RULE)], chosen)
    return engine.sifted(judged, bundle, today=TODAY, names=catalogue.names())


@pytest.mark.parametrize(
    ("places", "left"),
    [
        pytest.param({}, 2, id="without-an-allowance-both-are-told"),
        pytest.param({"beside": f"  # mooring: allow {RULE} -- built here"}, 1, id="beside"),
        pytest.param({"item": f"  # mooring: allow {RULE} -- built here\n"}, 1, id="above-an-item"),
        pytest.param({"block": f"  # mooring: allow {RULE} -- all\n"}, 0, id="above-a-block"),
        pytest.param({"top": f"# mooring: allow {RULE} -- all\n"}, 0, id="at-the-top"),
        pytest.param({"annotation": f"mooring.dev/allow.{RULE}: all"}, 0, id="an-annotation"),
        pytest.param(
            {"annotation": f'mooring.dev/allow.{RULE}: "all until 2026-06-01"'}, 0,
            id="until-today-holds-today",
        ),
    ],
)  # fmt: skip
def test_what_is_allowed_is_not_told(places: dict[str, str], left: int) -> None:
    judged = _judged(**places)
    assert [one.rule for one in judged.findings] == [RULE] * left
    assert len(judged.allowed) == 2 - left


@pytest.mark.parametrize(
    ("top", "told", "left"),
    [
        pytest.param(f"# mooring: allow {RULE}\n", "without a reason", 2, id="no-reason"),
        pytest.param(
            f"# mooring: allow {RULE} until 2026-05-31 -- soon\n", "which is over", 2, id="over"
        ),
        pytest.param(
            f"# mooring: allow {RULE} until soon -- soon\n", "which is over", 2, id="no-day"
        ),
        pytest.param(
            "# mooring: allow image-without-versions -- x\n", "no such rule", 2, id="unknown"
        ),
    ],
)
def test_an_allowance_that_does_not_hold_is_told(top: str, told: str, left: int) -> None:
    judged = _judged(top=top)
    (fault,) = [one for one in judged.findings if one.rule == "allowance-without-effect"]
    assert told in fault.message
    assert str(fault.position) == "x.yaml:1:1"
    assert sum(one.rule == RULE for one in judged.findings) == left


def test_an_allowance_without_anything_to_allow_is_told() -> None:
    judged = _judged(beside=f":1.37.0  # mooring: allow {RULE} -- x")
    assert "finds nothing here" in judged.findings[0].message


def test_of_a_rule_that_did_not_look_nobody_says_that_it_is_not_needed() -> None:
    judged = _judged(top="# mooring: allow service-selects-nothing -- x\n")
    assert {one.rule for one in judged.findings} == {RULE}
