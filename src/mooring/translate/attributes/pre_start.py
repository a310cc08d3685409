"""
Steps before a service starts: `pre_start`.

## What it means
Each step is a container of its own that runs to its end, one after the other, before the service
starts.  It inherits what the service says of its container, its volumes included, and may say
otherwise.  A step runs once for the service, or with `per_replica: true` once for each replica.

## What it becomes
An init container of the service's pods: `Pod.spec.initContainers`.  The loaded project holds each
step with all that it inherits; here its own view is made, so that every attribute of a step is
translated by the function that translates it for a service.

## What is lost
An init container runs in **every** replica and after every restart of a pod.  A step that must
run once has to bear being repeated; a service of its own, awaited with
`condition: service_completed_successfully`, becomes a Job that runs once.  What a pod has once for
all its containers (networks, host names, kernel parameters, labels) is the service's; what a step
says otherwise is left out.

## Example
    pre_start:
      - image: migrate:1            # an init container with the service's settings and mounts
        command: ["migrate", "up"]

## References
- https://docs.docker.com/reference/compose-file/services/#pre_start
- https://kubernetes.io/docs/concepts/workloads/pods/init-containers/
"""

from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.accounting import Entry
from mooring.compose.environment import EnvValue
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence, plain
from mooring.findings import Rule, Severity
from mooring.translate import unsupported
from mooring.translate.notes import Note, Translated, approximated, carried, dropped
from mooring.translate.view import ServiceView, entries, field, items, text, truth

ATTRIBUTES: tuple[str, ...] = ("pre_start",)

STEP_REPEATED = Rule(id="step-repeated", severity=Severity.WARNING, since="0.1")

_TO = "Pod.spec.initContainers"
_OF_POD = frozenset(
    {
        "annotations", "dns", "dns_opt", "dns_search", "domainname", "extra_hosts", "group_add",
        "hostname", "init", "ipc", "isolation", "label_file", "labels", "network_mode", "networks",
        "pid", "platform", "runtime", "stop_grace_period", "sysctls", "userns_mode",
    }
)  # fmt: skip
"""What a pod has once, for all its containers."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """
    One step: ``view`` shows its container as if it were a service.

    Paths of the view lead below `pre_start`, and its mounts come first in `volumes`, so that what
    is said of them finds their place; those that it inherits follow and stand at the service.
    """

    index: int
    view: ServiceView


_NOTHING: Translated[tuple[Step, ...]] = Translated(())


def translate(
    service: ServiceView,
) -> Translated[tuple[Step, ...]]:
    """
    Return the steps in order.

    A step in the service's own image has its Dockerfile facts too.
    """
    if "pre_start" not in service.attributes.entries:
        return _NOTHING
    steps: list[Step] = []
    notes: list[Note] = []
    listed = tuple(items(service.get("pre_start")))
    if not listed:
        notes.append(carried(service.path("pre_start"), "no steps"))
    for index, node in listed:
        assert isinstance(node, Mapping)
        path = service.path("pre_start", index)
        if truth(field(node, "per_replica")):
            notes.append(carried(path, _TO))
        else:
            notes.append(
                approximated(
                    path, "it runs in every replica, where Compose runs it once for the service",
                    _TO,
                )
            )  # fmt: skip
            notes.append(
                STEP_REPEATED.finding(
                    node.position,
                    f'a pre_start step of service "{service.name}" runs before every replica, '
                    "and again when a pod is replaced",
                    remedy="see that it can be repeated, or make it a service that others await "
                    "with condition: service_completed_successfully",
                )
            )
        view = ServiceView(
            service.name,
            _container(service, node),
            _environment(service, node),
            service.image_facts if _has_own_image(service, node) else None,
            (*service.within, "pre_start", index),
            full_name=service.full_name,
            image_name=service.image_name,
        )
        notes.extend(_of_pod(service, view))
        steps.append(Step(index=index, view=view))
    return Translated(tuple(steps), tuple(notes))


def _of_pod(service: ServiceView, step: ServiceView) -> Iterator[Note]:
    """Yield what becomes of that which a step says and only a whole pod can have."""
    inherited = {
        name
        for name, node in step.attributes.entries.items()
        if (own := service.attributes.entries.get(name)) is not None and plain(own) == plain(node)
    }
    for name in step.attributes.entries:
        if name in _OF_POD:
            path = step.path(name)
            yield (
                carried(path, "Pod.spec: as the service says, for all containers of the pod")
                if name in inherited
                else dropped(path, "a pod has it once, and there the word of the service counts")
            )
    for note in unsupported.account(step):
        # The finding on what a step inherits is told once, at the service.
        if isinstance(note, Entry) or not inherited.intersection(unsupported.RULED):
            yield note


def _environment(service: ServiceView, node: Mapping) -> ReadOnly[str, EnvValue]:
    """Return the step's variables, which the loader resolved; inherited ones keep their origin."""
    own: dict[str, EnvValue] = {}
    for name, value in entries(node.get("environment")):
        assert isinstance(value, Scalar)
        inherited = service.environment.get(name)
        given = text(value) if value.value is not None else None
        own[name] = (
            inherited
            if inherited is not None and inherited.value == given
            else EnvValue(value=given, position=value.position, variables=value.variables)
        )
    return own


def _has_own_image(service: ServiceView, node: Mapping) -> bool:
    """Tell whether the step runs in the image of its service."""
    image, own = field(node, "image"), service.get("image")
    if image is None:
        return True
    return own is not None and text(own) == text(image)


def _container(service: ServiceView, node: Mapping) -> Mapping:
    """Return the attributes of the step's container, with what only the service says."""
    own = {name: value for name, value in node.entries.items() if name != "per_replica"}
    if _has_own_image(service, node):
        for name in ("image", "build"):
            inherited = service.get(name)
            if inherited is not None:
                own.setdefault(name, inherited)
    volumes = _volumes(node.get("volumes"), service.get("volumes"))
    if volumes is not None:
        own["volumes"] = volumes
    return Mapping(own, node.position, node.keys)


def _volumes(own: Node | None, inherited: Node | None) -> Node | None:
    """Return the step's mounts and then the service's, where the step mounts nothing there."""
    if not isinstance(inherited, Sequence):
        return own
    listed = own.items if isinstance(own, Sequence) else ()
    taken = {_target(item) for item in listed}
    more = tuple(item for item in inherited.items if _target(item) not in taken)
    return Sequence((*listed, *more), own.position if own else inherited.position)


def _target(mount: Node) -> str:
    target = mount.get("target") if isinstance(mount, Mapping) else None
    return text(target).rstrip("/") if isinstance(target, Scalar) else ""
