"""To which revision one goes back, over which Jobs, and which releases go together."""

from collections.abc import Mapping

from mooring.deploy.journal import Journal, Revision, State


def target(journal: Journal, number: int | None) -> Revision | None:
    """
    Return the revision to go back to: ``number``, or the last verified one before the newest.

    After a failure that is the last verified one.  A revision that itself went back stands for the
    one that it went back to.
    """
    if number is not None:
        found = journal.revision(number)
        is_whole = found is not None and found.state is State.VERIFIED and found.pieces
        return found if is_whole else None
    last = journal.last
    if last is None:
        return None
    older = last.rolls_back_to or last.number
    return journal.before(older if last.state is State.VERIFIED else last.number)


def crossed(journal: Journal, wanted: Revision) -> tuple[str, ...]:
    """Return the Jobs that may have run since ``wanted`` and are not part of it."""
    known = set(wanted.jobs)
    return tuple(
        sorted(
            {
                job
                for one in journal.revisions
                if one.number > wanted.number
                for job in one.jobs
                if job not in known
            }
        )
    )


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
