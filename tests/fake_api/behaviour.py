"""How the pods of a workload behave, in ticks of the fake's clock."""

from enum import Enum

import msgspec


class Outcome(Enum):
    """What becomes of a pod."""

    READY = "ready"
    """It becomes ready (of a Job: it succeeds)."""
    NEVER_READY = "never ready"
    CRASHES = "CrashLoopBackOff"
    OUT_OF_MEMORY = "OOMKilled"
    NO_IMAGE = "ImagePullBackOff"
    BAD_IMAGE_NAME = "InvalidImageName"
    BAD_CONFIGURATION = "CreateContainerConfigError"
    UNSCHEDULABLE = "Unschedulable"
    FAILS = "fails"
    """Of a Job: its pod ends with status 1."""


class Behaviour(msgspec.Struct, frozen=True):
    """
    ``ready_after`` ticks pass from the start of a pod until its outcome; 0 is at once.

    ``until_generation`` limits a bad outcome: from this generation of the workload on, it is
    READY.  ``log`` is what its containers wrote.
    """

    outcome: Outcome = Outcome.READY
    ready_after: int = 1
    until_generation: int | None = None
    log: str = ""
