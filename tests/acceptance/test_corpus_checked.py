"""
What the rules say of real stacks: nothing wrong in what Mooring makes, what is wrong in Kompose's.

Each stack of the corpus is converted for production with every question answered, and has no error
then: a fault of the stack itself is asked about.  What is found in these stacks as Kompose converts
them stands on a page, with what was looked at by hand.
"""

from pathlib import Path

import pytest
from tests.acceptance import checked_corpus
from tests.acceptance.conftest import AnsweredStacks
from tests.integration import stacks
from tests.integration.stacks import Stack

from mooring.check import catalogue, engine
from mooring.check.selection import Profile, Selection
from mooring.findings import Severity

pytestmark = pytest.mark.corpus


@pytest.mark.parametrize("stack", stacks.parameters(stacks.corpus()))
def test_what_mooring_makes_has_no_fault(stack: Stack, answered_stacks: AnsweredStacks) -> None:
    bundle = checked_corpus.deployed(answered_stacks(stack))
    judged = engine.judge(bundle, catalogue.checks(), Selection(profile=Profile.ERRORS))
    assert not judged.broken
    assert not [f"{one.rule}: {one.ref}: {one.message}" for one in judged.findings]


@pytest.mark.real
def test_the_page_has_the_figures_of_both_conversions(
    tmp_path: Path, kompose: Path, answered_stacks: AnsweredStacks
) -> None:
    ours = checked_corpus.of_mooring(answered_stacks)
    theirs = checked_corpus.of_kompose(kompose, tmp_path)
    assert checked_corpus.told(ours, theirs) == checked_corpus.written(), (
        "run scripts/corpus-report"
    )
    looked_at = {one.rule for one in checked_corpus.spot_checks()}
    assert not theirs.rules(Severity.ERROR) - looked_at, "look at some findings of these by hand"
