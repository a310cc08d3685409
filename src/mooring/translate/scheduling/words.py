"""
Whether a project speaks of a schedule at all: most do not, and should not pay for those that do.
"""

from collections.abc import Mapping as ReadOnly

from mooring.compose.nodes import Mapping, Scalar

PREFIXES = ("ofelia.", "chadburn.", "swarm.cronjob.")
"""How the labels of schedulers begin."""

_PROGRAMS = ("ofelia", "chadburn", "swarm-cronjob")


def are_spoken(services: ReadOnly[str, Mapping]) -> bool:
    """Tell whether a service has a label of a scheduler, or runs one."""
    for service in services.values():
        image = service.entries.get("image")
        if isinstance(image, Scalar) and is_scheduler(image.value):
            return True
        deploy = service.entries.get("deploy")
        of_object = deploy.entries.get("labels") if isinstance(deploy, Mapping) else None
        for labels in (service.entries.get("labels"), of_object):
            if isinstance(labels, Mapping) and any(
                name.startswith(PREFIXES) for name in labels.entries
            ):
                return True
    return False


def is_scheduler(image: object) -> bool:
    """Tell whether ``image`` may be that of a scheduler, by its name."""
    return isinstance(image, str) and any(program in image for program in _PROGRAMS)
