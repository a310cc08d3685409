"""
How what a task did is undone, where the user says it.

A migration goes one way: whoever goes back to an older version has the newer data before him.
What undoes it is known to the program that did it, and to the user who knows that program; it runs
in the same image with the same settings.
"""

import msgspec

from mooring.app.application import Application
from mooring.app.workloads import Task, Workload
from mooring.errors import InputError, InputErrors
from mooring.settings.choices import Choices
from mooring.translate.development_commands import saying


class NothingToUndo(InputError):
    """A way back was chosen for what does not end, or runs by the clock."""

    def __init__(self, service: str) -> None:
        super().__init__(
            f"services.{service}.way_back: {service} is no task that runs once and ends",
            remedy=f"remove it from mooring.yaml, or say services: {{{service}: {{kind: task}}}}",
        )


def with_ways_back(application: Application, choices: Choices) -> Application:
    """
    Return ``application`` whose tasks know what undoes them, where that was chosen.

    Raises:
        InputErrors: it was chosen for what is no task.
    """
    chosen = {name: each.way_back for name, each in choices.services.items() if each.way_back}
    faults: list[InputError] = []

    def changed(part: Workload | Task) -> Workload | Task:
        command = chosen.get(part.source_name)
        if command is None or not part.containers:
            return part
        if not isinstance(part, Task) or part.schedule is not None:
            faults.append(NothingToUndo(part.source_name))
            return part
        return msgspec.structs.replace(part, way_back=saying(part.containers[0].process, command))

    parts = tuple(map(changed, application.parts))
    if faults:
        raise InputErrors(faults)
    return msgspec.structs.replace(application, parts=parts)
