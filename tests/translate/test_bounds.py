"""How often a task is tried, and how long it may take."""

import pytest
from tests.translate.support import complaints, service

from mooring.compose.nodes import Plain
from mooring.decisions import Decision
from mooring.settings.choices import Choices, Kind, ServiceChoices
from mooring.translate.bounds import Bounds, bounds
from mooring.translate.lifecycle import Life

USUAL = Bounds(retries=3, deadline_seconds=3600)


@pytest.mark.parametrize(
    ("retries", "chosen", "expected", "decisions"),
    [
        pytest.param(None, ServiceChoices(), USUAL, 1, id="nobody-says-anything"),
        pytest.param(0, ServiceChoices(), USUAL, 1, id="not-even-no-is-never"),
        pytest.param(7, ServiceChoices(), Bounds(retries=7, deadline_seconds=3600), 1,
                     id="the-number-of-the-file"),
        pytest.param(7, ServiceChoices(retries=0), Bounds(retries=0, deadline_seconds=3600), 1,
                     id="the-number-of-the-user"),
        pytest.param(None, ServiceChoices(retries=0, deadline="1h30m"),
                     Bounds(retries=0, deadline_seconds=5400), 0, id="all-is-settled"),
        pytest.param(None, ServiceChoices(deadline="90s"),
                     Bounds(retries=3, deadline_seconds=90), 1, id="the-time-of-the-user"),
    ],
)  # fmt: skip
def test_bounds(
    retries: int | None, chosen: ServiceChoices, expected: Bounds, decisions: int
) -> None:
    view = service({"restart": "no"})
    life = Life(kind=Kind.TASK, retries=retries)
    translated = bounds(view, life, Choices(services={"web": chosen}))
    assert translated.value == expected
    assert len(translated.notes) == decisions
    assert complaints(translated.notes) == []


@pytest.mark.parametrize(
    ("attributes", "deadline", "words"),
    [
        pytest.param({"restart": "no"}, None, "3 more times where it fails, for 1 hour", id="no"),
        pytest.param({}, "2h5m", "for 2 hours 5 minutes in all", id="long"),
        pytest.param({}, "1m1s", "for 1 minute 1 second in all", id="short"),
    ],
)
def test_what_is_said(attributes: dict[str, Plain], deadline: str | None, words: str) -> None:
    choices = Choices(services={"web": ServiceChoices(deadline=deadline)})
    (note,) = bounds(service(attributes), Life(kind=Kind.TASK, retries=0), choices).notes
    assert isinstance(note, Decision)
    assert words in note.choice
