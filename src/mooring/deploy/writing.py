"""
Writes one object as its step says, and tells a refusal that passes from one that does not.

A kind may be defined a moment ago and not yet be served, a namespace be on its way, a webhook not
yet answer: those are tried again for a while.  What the server refuses for good is told at once.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import TYPE_CHECKING, TypeAlias

from mooring.cluster import errors
from mooring.deploy import observed
from mooring.deploy.immutable import Way
from mooring.deploy.plan import Action, Step
from mooring.errors import ClusterError
from mooring.refs import ObjectRef
from mooring.semantics.fields import Manifest

if TYPE_CHECKING:
    from mooring.cluster.client import Client, Propagation

_PAUSES = (0.2, 0.5, 1, 2, 4, 8, 8, 8, 8)
"""Seconds between tries, some 40 in all."""
_LASTING_SECONDS = 1
"""From a pause as long as this on it is told why something is not written yet."""

_PASSING = (errors.UnknownKind, errors.NotFound, errors.ServerFault, errors.Busy)


Turn: TypeAlias = Callable[[], AbstractAsyncContextManager[None]]
"""Returns what is held while a request is sent, and not while something else is waited for."""


class Refusal(Exception):
    """An object was not written: ``reason`` in a word, ``message`` in a sentence."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason, self.message = reason, message


async def write(
    client: "Client",
    step: Step,
    manifest: Manifest,
    *,
    check: Callable[[], None],
    turn: Turn = nullcontext,
    tell: Callable[[str], None] = lambda _: None,
    gone_seconds: float = 300.0,
) -> Manifest:
    """
    Return the live object after ``step`` was done with ``manifest``.

    ``check`` is called right before each write goes out and raises where none may be made; what
    ``turn`` raises passes through.  ``tell`` is called with what the server says while it is tried
    again and that has not passed at once.

    Raises:
        Refusal: the server does not take it.
        ClusterError: it cannot be reached.
    """
    ref = step.ref
    if step.action is Action.RECREATE:
        await _take_away(client, step, check=check, turn=turn, gone_seconds=gone_seconds)
    pauses = iter(_PAUSES)
    while True:
        try:
            async with turn():
                return await client.apply(manifest, force=True, check=check)
        except _PASSING as error:
            pause = next(pauses, None)
            passing = error.message
            if pause is None:
                raise Refusal(_reason(error), error.message) from error
        except errors.Forbidden as error:
            # A namespace that ends refuses whatever is new in it, until it is gone.
            pause = next(pauses, None) if "being terminated" in error.message else None
            passing = error.message
            if pause is None:
                raise Refusal(_refused(error), error.message) from error
        except errors.Invalid as error:
            if error.is_immutable and step.action is not Action.RECREATE:
                told = f"{error.message} (`mooring diff` shows what it takes)"
                raise Refusal("Immutable", told) from error
            raise Refusal("Invalid", error.message) from error
        except errors.Conflict as error:
            # Somebody writes the same object at the same moment.
            pause = next(pauses, None)
            passing = error.message
            if pause is None:
                raise Refusal("Conflict", error.message) from error
        except errors.Refused as error:
            raise Refusal(_reason(error), f"{ref}: {error.message}") from error
        if pause >= _LASTING_SECONDS:
            tell(passing)
        await asyncio.sleep(pause)


async def delete(
    client: "Client",
    ref: ObjectRef,
    *,
    uid: str,
    check: Callable[[], None],
    turn: Turn = nullcontext,
    way: Way = Way.DELETE,
    gone_seconds: float = 300.0,
) -> None:
    """
    Delete the object ``uid`` and return when it is gone.

    Raises:
        Refusal: it is not gone in time, or may not be deleted.
    """
    propagation: Propagation = "Orphan" if way is Way.ORPHAN else "Background"
    try:
        async with turn():
            await client.delete(ref, uid=uid or None, propagation=propagation, check=check)
    except errors.Conflict:
        return  # Another object has its name: ours is gone.
    except errors.UnknownKind:
        return  # Its kind is gone, and all objects of it.
    except errors.Refused as error:
        raise Refusal(_reason(error), error.message) from error
    waited, pause = 0.0, 0.05
    while True:
        live = await client.get(ref)
        if live is None or (uid and observed.uid_of(live) != uid):
            return
        if waited > gone_seconds:
            held = live.get("metadata", {}).get("finalizers") or []
            told = f"; it is held by {', '.join(map(str, held))}" if held else ""
            raise Refusal("NotGone", f"it is not gone after {waited:.0f} s{told}")
        await asyncio.sleep(pause)
        waited += pause
        pause = min(pause * 2, 2.0)


async def _take_away(
    client: "Client", step: Step, *, check: Callable[[], None], turn: Turn, gone_seconds: float
) -> None:
    await delete(
        client,
        step.ref,
        uid=step.uid,
        check=check,
        turn=turn,
        way=step.way or Way.DELETE,
        gone_seconds=gone_seconds,
    )


def _reason(error: ClusterError) -> str:
    if isinstance(error, errors.UnknownKind):
        return "UnknownKind"
    found = getattr(error, "reason", "")
    return found if isinstance(found, str) and found else type(error).__name__


_REFUSALS = (
    ("exceeded quota", "QuotaExceeded"),
    ("violates PodSecurity", "PodSecurityRefused"),
    ("admission webhook", "WebhookRefused"),
    ("being terminated", "NamespaceTerminating"),
)


def _refused(error: errors.Forbidden) -> str:
    return next((name for words, name in _REFUSALS if words in error.message), "Forbidden")
