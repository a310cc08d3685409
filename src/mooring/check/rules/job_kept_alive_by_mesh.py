"""
A Job into whose pods a mesh puts a proxy.

## What it does
Finds Jobs and CronJobs in namespaces, or with labels, for which Istio or Linkerd puts a proxy
into every pod, that neither refuse it nor end it.

## Why it matters
Unless the mesh makes its proxies native sidecars, the proxy goes on when the work is done, and
the Job is never complete.

## Example
    kind: Namespace
    metadata: {labels: {istio-injection: enabled}}
    # and a Job in it

Label its pods `sidecar.istio.io/inject: "false"`, or let the mesh use native sidecars.

## References
- https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/
- https://linkerd.io/2/features/proxy-injection/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Pod
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(
    id="job-kept-alive-by-mesh",
    severity=Severity.WARNING,
    since="0.1",
    group="jobs",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each task that a proxy keeps alive."""
    for pod in bundle.pods:
        if pod.kind not in (kinds.JOB, kinds.CRON_JOB):
            continue
        mesh = _mesh(bundle, pod)
        if mesh is not None and not any(
            sign in one.words for one in pod.containers for sign in _ENDED_BY
        ):
            yield RULE.finding(
                pod.owner,
                f"{mesh} puts a proxy into its pods, which goes on when the work is done",
                field=fields.below(pod.template.path, "metadata"),
                remedy="refuse the proxy in these pods, or let the mesh use native sidecars",
            )


_ENDED_BY = ("quitquitquit", "linkerd-await", "scuttle", ":4191/shutdown", ":15020")
_NATIVE = (
    "sidecar.istio.io/nativeSidecar",
    "config.linkerd.io/proxy-enable-native-sidecar",
    "config.alpha.linkerd.io/proxy-enable-native-sidecar",
    "config.beta.linkerd.io/proxy-enable-native-sidecar",
)


def _mesh(bundle: Bundle, pod: Pod) -> str | None:
    """Return the mesh that puts a proxy into ``pod``, None where none does for certain."""
    own = {**pod.labels, **pod.template.annotations}
    namespace = bundle.objects.find(kinds.NAMESPACE, pod.namespace) if pod.namespace else None
    of_all = {**namespace.labels, **namespace.annotations} if namespace is not None else {}
    if any(own.get(key, of_all.get(key)) == "true" for key in _NATIVE):
        return None
    if own.get("sidecar.istio.io/inject", "unset") == "true":
        return "Istio"
    if own.get("linkerd.io/inject", of_all.get("linkerd.io/inject")) == "enabled":
        return "Linkerd"
    wanted = of_all.get("istio-injection") == "enabled" or "istio.io/rev" in of_all
    return "Istio" if wanted and "sidecar.istio.io/inject" not in own else None
