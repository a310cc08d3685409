"""
Asks what is deployed whether it answers, from inside the cluster as far as that can be done.

HTTP is asked for through the API server's proxy, which goes to the Service from the control plane.
Where that cannot reach it or may not be used, and for everything that is not HTTP, one ready pod
behind the Service is asked by a forwarded port, which its kubelet connects from inside of it.  What
neither can do is told to be untried; a check pod in the namespace may ask it (`check_pod`).
"""

import asyncio
from typing import TYPE_CHECKING, Literal, cast

from mooring.cluster import errors
from mooring.deploy import observed
from mooring.deploy.checks import Checked, HttpCheck, PortCheck, Result, result
from mooring.deploy.view import View
from mooring.errors import ClusterError
from mooring.refs import ObjectRef
from mooring.semantics import failing, fields, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.selection import labels_selector

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mooring.cluster.client import Client

SERVER_FAULT = 500
_ANSWER_SECONDS = 10.0
_LISTEN_SECONDS = 1.0
_REFUSED = ("connection refused", "no endpoints available")


async def answers(client: "Client", wanted: "Iterable[PortCheck]", view: View) -> list[Checked]:
    """
    Return what came of asking at each port, in order; ``view`` knows the pods.

    Services that are other names for the same pods are asked once, under the first of them.
    """
    distinct: dict[object, PortCheck] = {}
    for one in wanted:
        distinct.setdefault(one.asks_the_same, one)
    return list(await asyncio.gather(*(_answer(client, one, view) for one in distinct.values())))


async def _answer(client: "Client", wanted: PortCheck, view: View) -> Checked:
    if wanted.protocol != "TCP":
        told = f"{wanted.protocol} cannot be tried: nothing says whether it has arrived"
        return Checked(wanted.service, what(wanted), Result.UNTRIED, told)
    if wanted.http is not None:
        return await _http(client, wanted, wanted.http, view)
    return await _connection(client, wanted, view)


def what(wanted: PortCheck) -> str:
    """Return in words what is asked."""
    if wanted.http is not None:
        return f"answers at port {wanted.port}{wanted.http.path}"
    if wanted.protocol != "TCP":
        return f"listens at port {wanted.port}/{wanted.protocol}"
    return f"listens at port {wanted.port}"


async def _http(client: "Client", wanted: PortCheck, check: HttpCheck, view: View) -> Checked:
    said = what(wanted)
    scheme = cast('Literal["http", "https"]', check.scheme)
    try:
        answer = await client.proxy_get(
            check.service, check.port, check.path, scheme=scheme, timeout_seconds=_ANSWER_SECONDS
        )
    except ClusterError as error:
        if any(one in error.message for one in _REFUSED):
            return Checked(check.service, said, Result.FAILS, error.message)
        if scheme == "https":
            told = f"{_why(error)}; a pod is not asked by TLS"
            return Checked(check.service, said, *_untried(error, told))
        return await _http_of_pod(client, wanted, check, view, _why(error))
    holds = answer.status < SERVER_FAULT
    return Checked(check.service, said, result(holds), f"status {answer.status}")


async def _http_of_pod(
    client: "Client", wanted: PortCheck, check: HttpCheck, view: View, why: str
) -> Checked:
    said = what(wanted)
    found = _pod_behind(wanted, view)
    if found is None:
        return Checked(check.service, said, Result.FAILS, "no pod behind it is ready")
    pod, port = found
    request = (
        f"GET {check.path} HTTP/1.1\r\nHost: {check.service.name}\r\n"
        "User-Agent: mooring\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    )
    try:
        reached = await client.reach(pod, port, said=request.encode(), seconds=_ANSWER_SECONDS)
    except ClusterError as error:
        return Checked(check.service, said, *_untried(error, f"{why}; nor a pod: {_why(error)}"))
    status = _status(reached.reply)
    asked = f"asked {pod.kind}/{pod.name} itself, as {why}"
    if status is None:
        told = reached.told or "it does not speak HTTP"
        return Checked(check.service, said, Result.FAILS, f"{told}; {asked}")
    return Checked(check.service, said, result(status < SERVER_FAULT), f"status {status}; {asked}")


async def _connection(client: "Client", wanted: PortCheck, view: View) -> Checked:
    said = what(wanted)
    found = _pod_behind(wanted, view)
    if found is None:
        told = "no pod behind it is ready"
        failed = Result.FAILS if wanted.is_vital else Result.DOUBTFUL
        return Checked(wanted.service, said, failed, told)
    pod, port = found
    try:
        reached = await client.reach(pod, port, seconds=_LISTEN_SECONDS)
    except ClusterError as error:
        return Checked(wanted.service, said, *_untried(error, _why(error)))
    if reached.accepts:
        return Checked(wanted.service, said, Result.HOLDS, f"asked {pod.kind}/{pod.name} itself")
    told = f"{pod.kind}/{pod.name}: {_last(reached.told)}"
    failed = Result.FAILS if wanted.is_vital else Result.DOUBTFUL
    return Checked(wanted.service, said, failed, told)


def _untried(error: ClusterError, told: str) -> tuple[Result, str]:
    is_forbidden = isinstance(error, errors.Forbidden)
    return (Result.FORBIDDEN if is_forbidden else Result.UNTRIED), told


def _why(error: ClusterError) -> str:
    if isinstance(error, errors.Forbidden):
        return "we may not use the proxy of the API server"
    return f"the API server does not reach it ({_last(error.message)})"


def _last(message: str) -> str:
    """Return the end of a message that tells over whom it came: the cause."""
    return message.rpartition(": ")[2].strip() or message


def _pod_behind(wanted: PortCheck, view: View) -> tuple[ObjectRef, int] | None:
    """Return a ready pod behind the Service, and which of its ports is meant."""
    live = view.get(wanted.service)
    selector = fields.labels(fields.at(live, "spec", "selector")) if live is not None else {}
    if not selector:
        return None
    chosen = labels_selector(selector)
    for pod in view.of_kind(kinds.POD):
        ref = observed.ref_of(pod)
        labels = fields.labels(fields.at(pod, "metadata", "labels"))
        if ref.namespace == wanted.service.namespace and chosen.matches(labels):
            port = _number(pod, wanted.target)
            if port is not None and failing.is_ready(pod):
                return ref, port
    return None


def _number(pod: Manifest, target: int | str) -> int | None:
    if isinstance(target, int):
        return target
    for _, container in fields.mappings(fields.at(pod, "spec", "containers")):
        for _, port in fields.mappings(container.get("ports")):
            if port.get("name") == target:
                return fields.integer(port.get("containerPort"))
    return None


def _status(reply: bytes) -> int | None:
    """Return the status of an answer over HTTP, None where it is none."""
    first, _, _ = reply.partition(b"\n")
    parts = first.split()
    is_http = len(parts) > 1 and parts[0].startswith(b"HTTP/") and parts[1].isdigit()
    return int(parts[1]) if is_http else None
