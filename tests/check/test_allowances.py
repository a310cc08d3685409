"""What users allow: where a comment or an annotation holds, and what is told of it."""

from datetime import date

import pytest

from mooring.check import besides, catalogue, engine
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
    return engine.sifted(judged, bundle, today=TODAY, names=besides.all_names())


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


@pytest.mark.parametrize(
    ("places", "position", "remedy"),
    [
        pytest.param(
            {"annotation": "mooring.dev/allow: x"}, "x.yaml:5:",
            "write mooring.dev/allow.<rule>: <reason>", id="an-annotation-without-a-rule",
        ),
        pytest.param(
            {"annotation": f"mooring.dev/allow: {RULE}"}, "x.yaml:5:",
            f"write mooring.dev/allow.{RULE}: <reason>", id="an-annotation-with-the-rule-behind",
        ),
        pytest.param(
            {"annotation": "mooring.dev/allow.: x"}, "x.yaml:5:",
            "write mooring.dev/allow.<rule>: <reason>", id="an-annotation-that-ends-early",
        ),
        pytest.param(
            {"annotation": f"mooring.dev/ignore.{RULE}: x"}, "x.yaml:5:",
            f"write mooring.dev/allow.{RULE}: <reason>", id="an-annotation-of-another-word",
        ),
        pytest.param(
            {"top": "# mooring: allow\n"}, "x.yaml:1:1",
            "write # mooring: allow <rule> -- <reason>", id="a-comment-without-a-rule",
        ),
        pytest.param(
            {"top": f"# mooring: allow {RULE} it has none\n"}, "x.yaml:1:1",
            f"write # mooring: allow {RULE} -- <reason>", id="a-reason-without-its-sign",
        ),
        pytest.param(
            {"top": "# mooring:allow Image-Without-Version\n"}, "x.yaml:1:1",
            f"write # mooring: allow {RULE} -- <reason>", id="capitals",
        ),
        pytest.param(
            {"beside": f"  # mooring: ignore {RULE}"}, "x.yaml:9:21",
            f"write # mooring: allow {RULE} -- <reason>", id="another-word",
        ),
    ],
)  # fmt: skip
def test_what_is_no_allowance_and_was_meant_for_one_is_told(
    places: dict[str, str], position: str, remedy: str
) -> None:
    judged = _judged(**places)
    (fault,) = [one for one in judged.findings if one.rule == "allowance-without-effect"]
    assert "allows nothing" in fault.message
    assert str(fault.position).startswith(position)
    assert fault.remedy == remedy
    assert sum(one.rule == RULE for one in judged.findings) == 2


@pytest.mark.parametrize(
    "places",
    [
        pytest.param({"annotation": "mooring.dev/origin: x"}, id="another-annotation-of-ours"),
        pytest.param({"annotation": "example.com/allow: x"}, id="an-annotation-of-others"),
        pytest.param({"top": "# mooring: the harbour, allowing for wind\n"}, id="prose"),
    ],
)
def test_what_is_no_allowance_is_not_told(places: dict[str, str]) -> None:
    assert [one.rule for one in _judged(**places).findings] == [RULE, RULE]


def test_an_annotation_without_a_text_has_no_reason() -> None:
    judged = _judged(annotation=f"mooring.dev/allow.{RULE}: true")
    assert "without a reason" in judged.findings[0].message


def test_what_is_told_besides_the_rules_may_be_allowed_before_it_is_found() -> None:
    judged = _judged(top="# mooring: allow unset-variable -- set in the pipeline\n")
    assert [one.rule for one in judged.findings] == [RULE, RULE]


def test_an_allowance_without_anything_to_allow_is_told() -> None:
    judged = _judged(beside=f":1.37.0  # mooring: allow {RULE} -- x")
    assert "finds nothing here" in judged.findings[0].message


def test_of_a_rule_that_did_not_look_nobody_says_that_it_is_not_needed() -> None:
    judged = _judged(top="# mooring: allow service-selects-nothing -- x\n")
    assert {one.rule for one in judged.findings} == {RULE}
