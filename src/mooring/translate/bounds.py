"""
How often a task is tried, and how long it may take.

In Compose somebody sits before the screen and runs a failed task again; a Job has to be told.  A
task that fails is tried a few times more, also where the file says `restart: "no"`: its pod may be
lost with its node, or come before what it needs, and everything that waits for its end would wait
for ever.  One that hangs is stopped, so that the failure is seen.
"""

import msgspec

from mooring.decisions import Decision, Evidence
from mooring.settings.choices import Choices
from mooring.translate.durations import seconds
from mooring.translate.lifecycle import Life
from mooring.translate.notes import Translated
from mooring.translate.view import ServiceView

RETRIES = 3
DEADLINE_SECONDS = 3600


class Bounds(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A task is tried ``retries`` more times, and ended after ``deadline_seconds`` in all."""

    retries: int
    deadline_seconds: int


def bounds(service: ServiceView, life: Life, choices: Choices) -> Translated[Bounds]:
    """Return the bounds of the task ``service``, with the decision where nobody set them."""
    chosen = choices.service(service.name)
    retries = chosen.retries if chosen.retries is not None else life.retries or RETRIES
    deadline = round(seconds(chosen.deadline)) if chosen.deadline else DEADLINE_SECONDS
    found = Bounds(retries=retries, deadline_seconds=deadline)
    if chosen.retries is not None and chosen.deadline is not None:
        return Translated(found)
    says_no = life.retries == 0 and chosen.retries is None
    why = (
        Evidence(
            'restart: "no" would leave it failed, and a pod can be lost with its node',
            service.position("restart"),
        )
        if says_no
        else Evidence("nothing says how long it may take", service.attributes.position)
    )
    return Translated(
        found,
        (
            Decision(
                subject=f"services.{service.name}",
                topic="bounds",
                choice=f"is tried {retries} more times where it fails, for {_shown(deadline)} "
                "in all",
                evidence=(why,),
                overrule=f"services: {{{service.name}: {{retries: 0, deadline: 30m}}}}",
            ),
        ),
    )


def _shown(whole_seconds: int) -> str:
    hours, rest = divmod(whole_seconds, 3600)
    minutes, single = divmod(rest, 60)
    words = ((hours, "hour"), (minutes, "minute"), (single, "second"))
    return " ".join(f"{n} {word}{'s' if n != 1 else ''}" for n, word in words if n) or "0 seconds"
