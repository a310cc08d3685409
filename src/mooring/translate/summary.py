"""What each service is, in one clause."""

from mooring.app.application import Application
from mooring.app.endpoints import shown_port
from mooring.app.process import Image
from mooring.app.workloads import Container, Scale, Task, Workload


def summaries(application: Application) -> dict[str, str]:
    """Return for each service of the input what it is: its nature, its image, its ports."""
    found = {
        one.source_name: f"outside of the cluster, at {one.host}"
        + (f":{one.port}" if one.port else "")
        for one in application.outside
    }
    for part in application.parts:
        if isinstance(part, Workload):
            for number, member in enumerate(part.members, start=part.first_number):
                replica = f"the replica {part.name}-{number} of the workload {part.name}"
                found[member.source_name] = replica
        for container in part.containers:
            found[container.source_name] = _summary(part, container)
    return found


def services(application: Application) -> dict[str, list[str]]:
    """Return the services of the input of which each part is made, by the part's name."""
    found = {one.name: [one.source_name] for one in application.outside}
    for part in application.parts:
        named = [container.source_name for container in part.containers]
        if isinstance(part, Workload):
            named += [member.source_name for member in part.members]
        found[part.name] = list(dict.fromkeys(named))
    return found


def _summary(part: Workload | Task, container: Container) -> str:
    leads = container is part.containers[0]
    nature = _nature(part) if leads else f"a container in the pod of {part.source_name}"
    outside = _ways(part) if leads else ""
    return f"{nature}, {_image(container.image)}{_duties(container)}{outside}"


def _nature(part: Workload | Task) -> str:
    if isinstance(part, Task):
        if part.schedule is not None:
            return f'a task that runs by the clock ("{part.schedule.line}")'
        return "a task that runs to its end"
    if part.scale is Scale.EVERY_MACHINE:
        return "a workload on every node"
    scaling = part.autoscaling
    if scaling is not None:
        return f"a workload of {scaling.least} to {scaling.most} replicas"
    replicas = f"{part.replicas} replica{'s' if part.replicas != 1 else ''}"
    if part.replicas_in_production is not None:
        replicas += f", {part.replicas_in_production} in production"
    return f"a workload of {replicas}{' that keeps state' if part.keeps_state else ''}"


def _image(image: Image) -> str:
    return f"image {image.reference}{' (built by the stack)' if image.built else ''}"


def _ways(part: Workload | Task) -> str:
    """Return where a part is reached from outside, as far as a clause bears."""
    places = dict.fromkeys(
        f"{host or 'any host'}{path.path if path.path != '/' else ''}"
        for exposure in part.exposures
        for host in exposure.hosts or ("",)
        for path in exposure.paths
    )
    shown = [*places][:_MOST_PLACES]
    if len(places) > _MOST_PLACES:
        shown.append(f"{len(places) - _MOST_PLACES} more")
    return f", reached under {', '.join(shown)}" if shown else ""


_MOST_PLACES = 4


def _duties(container: Container) -> str:
    ports = ", ".join(shown_port(one.port, one.protocol) for one in container.endpoints)
    return f", listens on {ports}" if ports else ""
