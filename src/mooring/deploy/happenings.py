"""
What is told while a deployment goes on, one type for each thing that happens.

They are for people (a live table, lines of a log) and for machines (JSON, one per line), and hold
no value of any object.
"""

from typing import TypeAlias

import msgspec

from mooring.deploy.plan import Action
from mooring.refs import ObjectRef


class Happening(msgspec.Struct, frozen=True, tag=str.lower, tag_field="event"):
    """``at`` is in seconds since the deployment began."""

    at: float


class Began(Happening, frozen=True):
    """The deployment has its lease; ``resumes`` is whether it goes on with an interrupted one."""

    revision: int
    objects: int
    resumes: bool


class Waits(Happening, frozen=True):
    """Somebody else deploys; ``holder`` is who, as they call themselves."""

    holder: str


class Writing(Happening, frozen=True):
    """An object is being written."""

    ref: ObjectRef
    action: Action


class Progress(Happening, frozen=True):
    """The state of an object, and how it is known; ``warning`` is trouble that may pass."""

    ref: ObjectRef
    phase: str
    reason: str = ""
    message: str = ""
    warning: str = ""


class Waiting(Happening, frozen=True):
    """What is waited for at the moment, with what is known of it; told now and then."""

    objects: tuple[tuple[ObjectRef, str], ...]


class Failed(Happening, frozen=True):
    """
    An object failed.

    ``origin`` is the line that it was made from, ``log`` the last lines of its container,
    ``remedy`` the next command to type.
    """

    ref: ObjectRef
    reason: str
    message: str
    origin: str = ""
    container: str = ""
    log: tuple[str, ...] = ()
    remedy: str = ""


class Pruned(Happening, frozen=True):
    """An object that is no longer wanted is gone."""

    ref: ObjectRef


class Holding(Happening, frozen=True):
    """Everything is ready; it has to stay so for some seconds."""

    seconds: float


class Ended(Happening, frozen=True):
    """
    The deployment is over: verified, failed or interrupted.

    ``path`` is the chain of objects that made it as long as it was, each with its seconds.
    """

    revision: int
    outcome: str
    path: tuple[tuple[ObjectRef, float], ...] = ()
    waiting: tuple[ObjectRef, ...] = ()


AnyHappening: TypeAlias = Began | Waits | Writing | Progress | Failed | Pruned | Holding | Ended
