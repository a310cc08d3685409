"""
A WebSocket that is cut after a minute of silence.

## What it does
Finds Ingresses of ingress-nginx with paths by which long-lived connections go (`/ws`,
`/socket.io`, `/cable`, `/hub`, `/events`, or one that a variable of the input dials by `ws:` or
`wss:`) and without `proxy-read-timeout`.  A program that sends a sign of life more often is well
without it, so it is a doubt.

## Why it matters
ingress-nginx ends a connection over which nothing came for 60 seconds: clients reconnect again
and again, and what was sent meanwhile is lost.  WebSockets as such need no annotation.

## Example
    paths: [{path: /socket.io, ...}]          # and no proxy-read-timeout

Set proxy-read-timeout and proxy-send-timeout to "3600".

## References
- https://kubernetes.github.io/ingress-nginx/user-guide/miscellaneous/#websockets
"""

from collections.abc import Iterator

from mooring.check import fixes, ingresses
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Safety, Severity
from mooring.patterns import LazyPattern
from mooring.semantics import kinds

RULE = Rule(
    id="websocket-cut-short",
    severity=Severity.WARNING,
    since="0.1",
    group="ingress",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each Ingress that ends connections which have to last."""
    dialled: set[tuple[str, str]] | None = None
    classes = ingresses.Classes(bundle)
    key = f"{ingresses.NGINX}proxy-read-timeout"
    for item in bundle.of_kind(kinds.INGRESS):
        if key in item.annotations or not classes.may_be_nginx(item):
            continue
        if dialled is None:
            dialled = set(_dialled(bundle))
        for path in ingresses.paths(item):
            by_name = _LASTING.search(path.path) is not None
            by_client = path.host is not None and any(
                host == path.host and where.startswith(path.path.rstrip("/"))
                for host, where in dialled
            )
            if not (by_name or by_client):
                continue
            field = f'metadata.annotations["{key}"]'
            why = "is a path of long-lived connections" if by_name else "is dialled as a WebSocket"
            yield RULE.finding(
                item.ref,
                f"{path.host or 'any host'}{path.path} {why}, and these end after 60 seconds of "
                "silence",
                field=field,
                remedy='set proxy-read-timeout and proxy-send-timeout to "3600"',
                fix=fixes.put(
                    item.manifest,
                    field,
                    "3600",
                    description="let connections be silent for an hour",
                    safety=Safety.NEEDS_CONFIRMATION,
                ),
            )
            break


_LASTING = LazyPattern(
    r"/(?:wss?|websockets?|socket\.io|sockjs|cable|hubs?|events|sse|stream|subscriptions?)(?:/|$|\()",
)
_URL = LazyPattern(r"\bwss?://([A-Za-z0-9.-]+)(?::\d+)?(/[^\s\"'?#]*)?")


def _dialled(bundle: Bundle) -> Iterator[tuple[str, str]]:
    """Yield host and path of the WebSockets in variables."""
    for container in bundle.containers:
        for one in container.variables:
            if one.value is not None and "ws" in one.value:
                for host, path in _URL.findall(one.value):
                    yield host, path or "/"
