"""How a deployment ended."""

import msgspec

from mooring.deploy.reconcile import Failure
from mooring.refs import ObjectRef


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """
    How a deployment ended.

    ``path`` is the chain of objects that made it as long as it was, with the seconds of each;
    ``warnings`` are what is to be known of objects that are ready.
    """

    revision: int
    failures: tuple[Failure, ...] = ()
    seconds: float = 0.0
    path: tuple[tuple[ObjectRef, float], ...] = ()
    warnings: tuple[tuple[ObjectRef, str], ...] = ()
