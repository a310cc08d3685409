"""
What was deployed, by whom, and how far a deployment has come: the memory in the cluster.

Each deployment makes a revision.  Its state is written before and after the steps that must not be
forgotten; everything between is found out by looking at the cluster, so killing us anywhere loses
nothing.  The journal holds identities, hashes and texts of ours, never a value of an object.
"""

from enum import StrEnum

import msgspec

from mooring.deploy.plan import Action, Plan

KEPT = 10
"""How many revisions are remembered, beside the last that was verified."""

MOST_BYTES = 4_000_000
"""How much of the objects of revisions is kept, compressed; a cluster's store is small."""

_LONGEST = 300


class State(StrEnum):
    """How a revision fared."""

    DEPLOYING = "deploying"
    """Writes may have been made; where nobody holds the lease it was interrupted."""
    PRUNING = "pruning"
    """Everything is ready; what is no longer wanted is being deleted."""
    VERIFIED = "verified"
    FAILED = "failed"
    TAKING_DOWN = "being taken down"
    """Objects may have been deleted; where nobody holds the lease it was interrupted."""
    TAKEN_DOWN = "taken down"


_OPEN = (State.DEPLOYING, State.PRUNING, State.TAKING_DOWN)


class Revision(msgspec.Struct, frozen=True, omit_defaults=True):
    """
    One deployment.

    ``digest`` is the hash of what was wanted; ``started`` and ``ended`` are UTC times (RFC 3339),
    ``by`` is who, ``what`` a short sentence, ``changes`` which objects it changes, ``reason`` why
    it failed.  ``pieces`` is in how many Secrets its objects are kept, ``size`` how many bytes they
    are.  ``rolls_back_to`` is the revision whose objects it has.
    ``jobs`` are the Jobs in it: going back over them undoes no migration.  Revisions of several
    releases that went up together have the same ``run``.
    """

    number: int
    digest: str
    state: State
    started: str
    by: str
    what: str = ""
    ended: str = ""
    reason: str = ""
    pieces: int = 0
    rolls_back_to: int = 0
    jobs: tuple[str, ...] = ()
    run: str = ""
    changes: str = ""
    size: int = 0


class Journal(msgspec.Struct, frozen=True):
    """The revisions, the oldest first."""

    project: str = ""
    environment: str = ""
    revisions: tuple[Revision, ...] = ()

    @property
    def last(self) -> Revision | None:
        """The newest revision."""
        return self.revisions[-1] if self.revisions else None

    @property
    def verified(self) -> Revision | None:
        """The newest revision that was verified."""
        found = [one for one in self.revisions if one.state is State.VERIFIED]
        return found[-1] if found else None

    @property
    def has_been_up(self) -> bool:
        """Whether anything was verified that has not been taken down since."""
        last = self.last
        return self.verified is not None and (last is None or last.state is not State.TAKEN_DOWN)

    @property
    def interrupted(self) -> Revision | None:
        """The newest revision, where nobody brought it to an end."""
        last = self.last
        is_open = last is not None and last.state in (State.DEPLOYING, State.PRUNING)
        return last if is_open else None

    def revision(self, number: int) -> Revision | None:
        """Return the revision ``number``, None where it is not remembered."""
        return next((one for one in self.revisions if one.number == number), None)

    def before(self, number: int) -> Revision | None:
        """Return the last verified revision older than ``number``."""
        found = [
            one
            for one in self.revisions
            if one.number < number and one.state is State.VERIFIED and one.pieces
        ]
        return found[-1] if found else None

    def begun(self, revision: Revision) -> "Journal":
        """
        Return the journal with a new ``revision``.

        An interrupted one of the same content goes on under its own number; another is over.
        """
        kept = [
            msgspec.structs.replace(one, state=State.FAILED, reason=one.reason or "interrupted")
            if one.state in _OPEN and one.number != revision.number
            else one
            for one in self.revisions
            if one.number != revision.number
        ]
        return msgspec.structs.replace(self, revisions=(*kept, revision))

    def with_state(self, number: int, state: State, **changes: str) -> "Journal":
        """Return the journal in which the revision ``number`` has come to ``state``."""
        return msgspec.structs.replace(
            self,
            revisions=tuple(
                msgspec.structs.replace(one, state=state, **changes)
                if one.number == number
                else one
                for one in self.revisions
            ),
        )

    @property
    def next_number(self) -> int:
        """The number of the revision to come."""
        return self.revisions[-1].number + 1 if self.revisions else 1

    def bounded(self) -> tuple["Journal", tuple[Revision, ...]]:
        """
        Return the journal with the newest revisions, and those that are forgotten.

        Neither in number nor in bytes it grows for ever; what is up, and what one can go back to
        from there, stays whatever its size.
        """
        verified = self.verified
        behind = self.before(verified.number) if verified else None
        kept: set[int] = {one.number for one in (verified, self.last) if one is not None}
        if behind is not None and behind in self.revisions[-KEPT:]:
            kept.add(behind.number)
        size = sum(one.size for one in self.revisions if one.number in kept)
        for one in self.revisions[: -KEPT - 1 : -1]:
            if one.number in kept:
                continue
            if size + one.size > MOST_BYTES:
                break
            size += one.size
            kept.add(one.number)
        left = tuple(one for one in self.revisions if one.number in kept)
        gone = tuple(one for one in self.revisions if one.number not in kept)
        return msgspec.structs.replace(self, revisions=left), gone

    def encoded(self) -> bytes:
        """Return the journal as JSON."""
        return msgspec.json.encode(self)


def decoded(content: bytes) -> Journal:
    """Return the journal in ``content``."""
    return msgspec.json.decode(content, type=Journal)


def changes(plan: Plan) -> str:
    """Return in one line what ``plan`` changes: all that is new is only counted."""
    signs = {Action.CHANGE: "~", Action.RECREATE: "±", Action.PRUNE: "-"}
    told = [f"{plan.count(Action.CREATE)} new"] if plan.count(Action.CREATE) else []
    told += [
        f"{signs[step.action]} {step.ref.kind}/{step.ref.name}"
        for step in plan.steps
        if step.action in signs
    ]
    line = ", ".join(told)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
