"""
What a Gateway is asked for by HTTPRoutes, and what it has to have by itself.

Certificates belong to the listeners of a Gateway and not to a route, and whoever runs the Gateway
decides which namespaces may attach routes to it.
"""

from collections.abc import Iterator, Sequence

from mooring.app.exposure import Exposure, Speaks
from mooring.app.workloads import Task, Workload
from mooring.decisions import Decision, Evidence, OpenQuestion
from mooring.settings.environments import Environment, Gateway
from mooring.translate.notes import Note


def notes(
    exposures: Sequence[tuple[Workload | Task, Exposure]],
    environment: Environment,
    gateway: Gateway,
) -> Iterator[Note]:
    """Yield what is to be said of ``exposures`` at ``gateway``."""
    name = environment.name
    shown = f"{gateway.namespace}/{gateway.name}" if gateway.namespace else gateway.name
    listeners = environment.gateway_listeners
    redirects = any(exposure.redirects for _, exposure in exposures)
    knows_both = listeners.http is not None and listeners.https is not None
    without = "" if knows_both or not redirects else "; HTTP is not sent on to HTTPS"
    evidence = [
        Evidence("mooring.yaml names the Gateway"),
        Evidence("its listeners hold the certificates, and have to allow routes of this namespace"),
    ]
    if without:
        evidence.append(Evidence("a redirect needs the names of both listeners"))
    yield Decision(
        subject=f"environments.{name}",
        topic="gateway",
        choice=f"HTTPRoutes at the Gateway {shown}{without}",
        evidence=tuple(evidence),
        overrule=f"environments: {{{name}: {{gateway_listeners: "
        "{http: <listener>, https: <listener>}}}"
        if without
        else f"environments: {{{name}: {{gateway: <namespace>/<name>}}}}",
    )
    for part, exposure in exposures:
        if exposure.speaks is Speaks.HTTPS:
            yield OpenQuestion(
                subject=f"services.{part.source_name}.exposure",
                question=f"it speaks HTTPS itself on {exposure.port}: which certificate does the "
                "Gateway trust there?",
                answer=f"a BackendTLSPolicy for the Service {part.name} in the environment's "
                "patches",
                position=exposure.position,
            )
