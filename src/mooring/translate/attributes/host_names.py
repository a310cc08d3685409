"""
What a container calls itself: `hostname` and `domainname`.

## What it means
The name that `hostname` prints inside the container.  On the networks of a service it is also a
name under which others find it.

## What it becomes
`Pod.spec.hostname`, in lower case, and `Pod.spec.subdomain` for a domain of one word.  The pods of
a StatefulSet are called by their own names (`db-0`), which stay the same as well.

## What is lost
A pod's host name is one DNS label: of `mail.example.com` the first word stays, and letters that
no label holds become `-`.  A domain of several words is the cluster's to give, not the pod's.

## Example
    hostname: web1       # Pod.spec.hostname: web1

## References
- https://docs.docker.com/reference/compose-file/services/#hostname
- https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
"""

from mooring.kube import names
from mooring.translate.notes import Translated, approximated, carried, dropped
from mooring.translate.view import ServiceView, text

ATTRIBUTES: tuple[str, ...] = ("hostname", "domainname")

_NOTHING: Translated[str | None] = Translated(None)
_HOST_TO = "Pod.spec.hostname; the pods of a StatefulSet keep their own names"


def hostname(service: ServiceView) -> Translated[str | None]:
    """Return the name that the service's pods call themselves, a DNS label."""
    node = service.get("hostname")
    if node is None:
        return _NOTHING
    path = service.path("hostname")
    given = text(node)
    if not given:
        return Translated(None, (dropped(path, "it is empty, so a pod is called by its own name"),))
    first = given.partition(".")[0]
    name = names.label(first) if first else names.label(given)
    if name == given:
        return Translated(name, (carried(path, _HOST_TO),))
    reason = f'a host name is one label in lower case, so it becomes "{name}"'
    return Translated(name, (approximated(path, reason, _HOST_TO),))


def domain(service: ServiceView) -> Translated[str | None]:
    """Return the domain of the service's pods where it is one DNS label, else None."""
    node = service.get("domainname")
    if node is None:
        return _NOTHING
    path = service.path("domainname")
    given = text(node)
    if names.is_label(given):
        reason = "it stands before the cluster's own domain, in the pod's full name"
        return Translated(given, (approximated(path, reason, "Pod.spec.subdomain"),))
    return Translated(None, (dropped(path, "the domain of a pod is that of its namespace"),))
