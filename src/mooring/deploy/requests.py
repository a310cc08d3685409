"""What is to be carried out."""

import msgspec

from mooring.deploy.desired import Desired
from mooring.deploy.observed import Observed
from mooring.deploy.order import Graph
from mooring.deploy.plan import Plan
from mooring.deploy.reconcile import Limits
from mooring.semantics.readiness.around import Budget


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """
    A plan with what it was made from; for whom (``by``), and in one sentence (``what``).

    ``rolls_back_to`` is the revision whose objects these are, 0 where they are new;
    ``again`` are the names of Jobs that run although they have completed; ``run`` is the same for
    all that goes up together.
    """

    desired: Desired
    graph: Graph
    plan: Plan
    seen: Observed
    by: str
    what: str = ""
    limits: Limits = Limits()
    budget: Budget = Budget()
    rolls_back_to: int = 0
    again: frozenset[str] = frozenset()
    run: str = ""
