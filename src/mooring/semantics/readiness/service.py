"""
Services.

kstatus asks for an address of its own and nothing else.  We ask what a client asks: does anything
answer behind it?  Only where pods should be there: not of a Service without a selector, or of one
whose workloads have no replicas.
"""

from mooring.semantics import fields
from mooring.semantics.fields import Manifest
from mooring.semantics.readiness.around import Around
from mooring.semantics.readiness.verdicts import Verdict, current, in_progress


def theirs(live: Manifest) -> Verdict:
    """Return the verdict of kstatus."""
    spec = fields.mapping(live.get("spec"))
    if spec.get("type") == "LoadBalancer" and not spec.get("clusterIP"):
        return in_progress("NoAddress", "it has no address yet")
    return current()


def ours(live: Manifest, around: Around) -> Verdict:
    """Return our verdict: something that is ready stands behind it."""
    spec = fields.mapping(live.get("spec"))
    if spec.get("type") == "ExternalName":
        return current("it is a name for somebody outside")
    selector = fields.labels(spec.get("selector"))
    if not selector:
        return current("its addresses are not made of pods")
    verdict = theirs(live)
    if not verdict.is_current:
        return verdict
    if spec.get("publishNotReadyAddresses") is True:
        return current("it leads to pods that are not ready, too")
    if around.backing_replicas == 0:
        return current("no pods are expected behind it")
    ready = ready_endpoints(around.endpoint_slices)
    if ready:
        return current("1 address is ready" if ready == 1 else f"{ready} addresses are ready")
    if around.backing_replicas is None:
        wanted = ", ".join(f"{key}={value}" for key, value in sorted(selector.items()))
        told = f"nothing here has the labels that it selects: {wanted}"
        return current("no pods are expected behind it", warning=told if around.is_seen else "")
    return in_progress("NoEndpoints", "nothing behind it is ready yet")


def ready_endpoints(slices: tuple[Manifest, ...]) -> int:
    """
    Return how many addresses behind a Service are ready.

    Source: https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions
    """
    return sum(
        len(fields.items(endpoint.get("addresses"))) or 1
        for one in slices
        for _, endpoint in fields.mappings(one.get("endpoints"))
        # An absent "ready" means true.
        if fields.at(endpoint, "conditions", "ready") is not False
    )
