"""How an environment stands: what was deployed, what differs from that, what is not ready."""

import msgspec

from mooring.deploy.journal import Revision
from mooring.refs import ObjectRef


class Named(msgspec.Struct, frozen=True):
    """An object, and what is to be said of it."""

    ref: ObjectRef
    told: str
    origin: str = ""


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """
    How an environment stands.

    ``revision`` is what was deployed last, ``verified`` the last that was verified; None: nothing
    was.  ``holder`` is who deploys now.  ``drifted`` differs from what was deployed, ``pending``
    counts the objects that `mooring up` would change.  ``unready`` says what is waited for, and
    ``users`` which environments and stacks use it as a release of theirs.
    """

    project: str
    environment: str
    home: str
    objects: int
    revision: Revision | None = None
    verified: Revision | None = None
    holder: str = ""
    drifted: tuple[Named, ...] = ()
    unready: tuple[Named, ...] = ()
    warnings: tuple[Named, ...] = ()
    pending: int = 0
    unseen: tuple[str, ...] = ()
    users: tuple[str, ...] = ()

    @property
    def is_interrupted(self) -> bool:
        """Whether a deployment was begun that nobody carries on."""
        open_states = ("deploying", "pruning", "being taken down")
        is_open = self.revision is not None and self.revision.state.value in open_states
        return is_open and not self.holder

    @property
    def is_fine(self) -> bool:
        """Whether it is up, ready and as it was left."""
        is_verified = self.revision is not None and self.revision.state.value == "verified"
        return is_verified and not (self.drifted or self.unready)
