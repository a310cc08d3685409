"""What is compared to tell whether anything has moved at an object: that resets its patience."""

from mooring.deploy import observed
from mooring.semantics import fields
from mooring.semantics.fields import Manifest


def shape(live: Manifest, pods: tuple[Manifest, ...]) -> object:
    """Return what differs when something moved: counts of the object, states of its pods."""
    status = fields.mapping(live.get("status"))
    counts = tuple(
        sorted((key, value) for key, value in status.items() if isinstance(value, int | str))
    )
    states = tuple(
        (
            observed.uid_of(pod),
            fields.at(pod, "status", "phase"),
            tuple(
                (
                    one.get("restartCount"),
                    one.get("ready"),
                    tuple(sorted(fields.mapping(one.get("state")))),
                )
                for name in ("initContainerStatuses", "containerStatuses")
                for _, one in fields.mappings(fields.at(pod, "status", name))
            ),
        )
        for pod in pods
    )
    return counts, states
