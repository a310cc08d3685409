"""
A Service that leads to a port on which nobody listens.

## What it does
Finds numbers under `targetPort` that no container behind the Service declares, that none of its
variables, commands, probes and mounted files mentions, and that are not a port of the image as
far as it is known.  A container need not declare its ports, so of an image that nobody knows this
is a doubt; it is certain where a known image runs as it comes and listens elsewhere.

## Why it matters
Connections to the Service are refused: often the number is that which Compose published, or the
`targetPort` was left out and is the number of the Service itself.

## Example
    # Service web
    ports: [{port: 80}]                       # leads to port 80
    # its container
    ports: [{containerPort: 8080}]

Set targetPort to the port on which the container listens.

## References
- https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports
"""

from collections.abc import Iterator

from mooring.check import environment
from mooring.check.bundle import Bundle
from mooring.check.pods import Container, Pod
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(
    id="target-port-not-served",
    severity=Severity.WARNING,
    since="0.1",
    group="services",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each port of a Service on which no pod seems to listen."""
    for service in bundle.services:
        # Names of headless Services lead to the pods themselves, on whatever port.
        pods = () if service.is_headless else bundle.behind(service)
        if not pods:
            continue
        for port in service.ports:
            number = port.target
            if not isinstance(number, int) or any(_may_listen(bundle, pod, number) for pod in pods):
                continue
            listens = sorted({one for pod in pods for one in _listens(pod)})
            if not listens:
                continue
            certain = bundle.is_whole and all(_is_as_it_comes(pod) for pod in pods)
            shown = ", ".join(map(str, listens))
            yield RULE.finding(
                service.item.ref,
                f"it leads to the port {number} of {pods[0].owner}, which listens on {shown}",
                field=f"{port.path}.targetPort",
                remedy=f"set targetPort: {listens[0]}"
                if len(listens) == 1
                else "set targetPort to the port that is meant",
                confidence=Confidence.HIGH if certain else None,
            )


def _listens(pod: Pod) -> Iterator[int]:
    """Yield the ports that containers declare, or that their images have."""
    for container in pod.lasting_containers:
        yield from (port.number for port in container.ports if port.protocol == "TCP")
        if container.known is not None:
            yield from (one.port for one in container.known.family.ports if one.protocol == "tcp")


def _may_listen(bundle: Bundle, pod: Pod, number: int) -> bool:
    """Tell whether something speaks for it that a container of the pod listens on the port."""
    if pod.spec.get("hostNetwork") is True:
        return True
    text = str(number)
    for container in pod.lasting_containers:
        if container.imports_unknown or not (container.ports or container.known):
            return True
        if any(port.number == number for port in container.ports):
            return True
        if container.known is not None and any(
            one.port == number for one in container.known.family.ports
        ):
            return True
        if text in container.words or any(
            one.value is None or text in one.value for one in container.variables
        ):
            return True
        if _probes(container, number):
            return True
    return _is_in_files(bundle, pod, text)


def _probes(container: Container, number: int) -> bool:
    for name in ("readinessProbe", "livenessProbe", "startupProbe"):
        probe = container.probe(name)
        for how in ("httpGet", "tcpSocket", "grpc"):
            if fields.at(probe, how, "port") == number:
                return True
    return False


def _is_in_files(bundle: Bundle, pod: Pod, text: str) -> bool:
    """Tell whether a file that the pod mounts holds the number, or may hold it."""
    for _, volume in pod.volumes.values():
        if "hostPath" in volume:
            return True
        sources = [one for _, one in fields.mappings(fields.at(volume, "projected", "sources"))]
        for source in (volume, *sources):
            for word, kind in (("configMap", kinds.CONFIG_MAP), ("secret", kinds.SECRET)):
                held = fields.mapping(source.get(word))
                name = fields.text(held.get("secretName")) or fields.text(held.get("name"))
                if name is None or name == "kube-root-ca.crt":
                    continue
                item = bundle.objects.find(kind, name, pod.namespace)
                if item is None or any(text in each for _, each, _ in environment.texts(item)):
                    return True
    return False


def _is_as_it_comes(pod: Pod) -> bool:
    """Tell whether all that runs there is known images, with their own command and settings."""
    return all(
        one.known is not None
        and one.known.family.ports
        and not one.command
        and not one.args
        and not one.mounts
        for one in pod.lasting_containers
    )
