"""
A probe of a port on which nothing listens.

## What it does
Finds probes of a port that is named nowhere else in the container, where another port is: the
container declares others and a variable such as `PORT` says one of these; or the image is known,
and listens elsewhere as it comes.

## Why it matters
The probe is refused: the pod never becomes ready, or is restarted for ever.

## Example
    env: [{name: PORT, value: "3000"}]
    ports: [{containerPort: 3000}]
    readinessProbe: {httpGet: {path: /health, port: 8080}}

Ask the port on which the program listens.

## References
- https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
"""

from collections.abc import Iterator

from mooring.check import commands, probe_targets, scripts
from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Confidence, Finding, Rule, Severity

RULE = Rule(id="probe-port-not-served", severity=Severity.WARNING, since="0.1", group="probes")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each probe of a port that speaks for no listener."""
    for container in bundle.containers:
        for name in commands.PROBES:
            target = probe_targets.target(container, name)
            if target is None or target.number is None or target.is_named or target.host:
                continue
            number = target.number
            if any(number == port.number for one in container.pod.containers for port in one.ports):
                continue
            served = _served(container)
            if served is None or number in served[0] or _is_mentioned(bundle, container, number):
                continue
            others, told = served
            yield RULE.finding(
                container.owner,
                f"the {name} of the container {container.name} asks port {number}, and {told} says "
                f"{', '.join(map(str, sorted(others)))}",
                field=target.field,
                remedy=f"ask port {min(others)}",
                confidence=None if "variable" in told else Confidence.MEDIUM,
            )
            break


def _served(container: Container) -> tuple[set[int], str] | None:
    """Return where the container listens, and what tells it; None where nothing does."""
    declared = {port.number for port in container.ports}
    for name in _SETTINGS:
        variable = container.variable.get(name)
        if variable is not None and variable.value and variable.value.isdecimal():
            number = int(variable.value)
            return ({number}, f"the variable {name}") if number in declared else None
    known = container.known
    ports = known.family.ports if known is not None else ()
    if not ports or any(one.setting in container.variable for one in ports if one.setting):
        return None
    if container.command or container.args or container.imports_unknown:
        return None
    return {one.port for one in ports}, "the catalogue of images"


_SETTINGS = ("PORT", "HTTP_PORT", "SERVER_PORT", "APP_PORT", "LISTEN_PORT", "ASPNETCORE_HTTP_PORTS")


def _is_mentioned(bundle: Bundle, container: Container, number: int) -> bool:
    """Tell whether the number stands in what the container is given, for whatever it is."""
    text = str(number)
    if any(one.value is None or text in one.value for one in container.variables):
        return True
    if container.mounts and container.known is not None and not container.variable:
        return True  # Its configuration may say anything.
    return any(text in one.text for one in scripts.of(bundle, container))
