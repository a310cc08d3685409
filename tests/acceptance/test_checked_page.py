"""The page of what is found in real stacks: enough was looked at by hand, and rules exist."""

from tests.acceptance import checked_corpus

from mooring.check import catalogue, unreadable

ENOUGH = 40


def test_enough_findings_were_looked_at_in_enough_stacks() -> None:
    rows = checked_corpus.spot_checks()
    assert len(rows) >= ENOUGH
    assert len({one.stack for one in rows}) >= ENOUGH // 2
    assert {one.rule for one in rows} <= {*catalogue.names(), unreadable.DOCUMENT.id}


def test_a_false_finding_names_what_became_of_it() -> None:
    false = [one for one in checked_corpus.spot_checks() if one.verdict == "false"]
    assert all("trap" in one.why for one in false)
