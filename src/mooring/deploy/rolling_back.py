"""To which revision one goes back, and which releases go together."""

from collections.abc import Mapping

from mooring.deploy.journal import Journal, Revision, State


def target(journal: Journal, number: int | None) -> Revision | None:
    """
    Return the revision to go back to: ``number``, or the last verified one before the newest.

    After a failure that is the last verified one.  A revision that itself went back stands for the
    one that it went back to; where it failed or was interrupted, it is tried again.
    """
    if number is not None:
        found = journal.revision(number)
        return found if found is not None and _is_whole(found) else None
    last = journal.last
    if last is None:
        return None
    if last.state is State.VERIFIED:
        return journal.before(last.rolls_back_to or last.number)
    again = journal.revision(last.rolls_back_to)
    return again if again is not None and _is_whole(again) else journal.before(last.number)


def _is_whole(revision: Revision) -> bool:
    return revision.state is State.VERIFIED and bool(revision.pieces)


def together(journals: Mapping[str, Journal]) -> tuple[str, ...]:
    """
    Return the releases whose newest revisions went up together last of all, in the given order.

    These are what the last deployment changed; what it left as it was does not go back.
    """
    newest = {name: one.last for name, one in journals.items() if one.last is not None}
    if not newest:
        return ()
    last = max(newest.values(), key=lambda one: one.started)
    return tuple(
        name for name, one in newest.items() if one is last or (one.run and one.run == last.run)
    )
