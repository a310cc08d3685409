"""What a server says of the steps of a plan when it is asked without writing."""

from collections.abc import Mapping
from typing import Any

import msgspec

from mooring.deploy.plan import Action, Certainty, Danger, Plan, Step
from mooring.refs import ObjectRef
from mooring.semantics import fields
from mooring.semantics.fields import Manifest


class Asked(msgspec.Struct, frozen=True):
    """What the server said of an object: why it refuses it, or whether it would be the same."""

    refused: str = ""
    is_immutable: bool = False
    is_same: bool = False


def refined(made: Plan, answers: Mapping[ObjectRef, Asked]) -> Plan:
    """Return the plan with what the server said of steps when it was asked without writing."""
    steps: list[Step] = []
    blocked = list(made.blocked)
    for step in made.steps:
        said = answers.get(step.ref)
        if said is None:
            steps.append(step)
            continue
        changed = msgspec.structs.replace(step, certainty=Certainty.EXACT)
        if said.refused and said.is_immutable and step.action is Action.CHANGE:
            danger = Danger(f"the server cannot change it: {said.refused}", "--recreate")
            changed = msgspec.structs.replace(changed, dangers=(*step.dangers, danger))
            blocked.append(Danger(f"{step.ref}: {said.refused}", "another name for it"))
        elif said.refused:
            changed = msgspec.structs.replace(changed, refused=said.refused)
            blocked.append(Danger(f"{step.ref}: {said.refused}"))
        elif said.is_same and step.action is Action.CHANGE:
            changed = msgspec.structs.replace(
                changed, action=Action.UNCHANGED, cause="", fields=(), is_drift=False
            )
        steps.append(changed)
    return msgspec.structs.replace(made, steps=tuple(steps), blocked=tuple(blocked))


def is_same(before: Manifest, after: Manifest) -> bool:
    """Tell whether an answer to a dry run is the object that was there."""
    return _content(before) == _content(after)


def _content(live: Manifest) -> dict[str, Any]:
    made = {key: value for key, value in live.items() if key not in ("metadata", "status")}
    metadata = dict(fields.mapping(live.get("metadata")))
    for key in ("managedFields", "resourceVersion", "generation", "creationTimestamp", "uid"):
        metadata.pop(key, None)
    return {**made, "metadata": metadata}
