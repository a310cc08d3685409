"""Which containers have no amount of a resource: neither their own nor one of a LimitRange."""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule
from mooring.semantics import limits


def missing(bundle: Bundle, rule: Rule, part: str, resource: str) -> Iterator[Finding]:
    """
    Yield a finding of ``rule`` for each container without ``resource`` in ``part``.

    ``part`` is ``limits`` or ``requests``; a limit counts as a request, as the API server does it.

    Source: https://kubernetes.io/docs/concepts/policy/limit-range/
    """
    parts = ("limits",) if part == "limits" else ("limits", "requests")
    given: dict[str, bool] = {}
    for container in bundle.containers:
        if any(resource in container.amounts(one) for one in parts):
            continue
        namespace = container.pod.namespace
        if namespace not in given:
            given[namespace] = any(
                resource in one.default_limit
                or (part == "requests" and resource in one.default_request)
                for one in limits.of_namespace(bundle.objects, namespace)
            )
        if not given[namespace]:
            yield rule.finding(
                container.owner,
                f"the container {container.name} has no {part.removesuffix('s')} of {resource}",
                field=f"{container.path}.resources",
                remedy=f"set resources.{part}.{resource}",
            )
