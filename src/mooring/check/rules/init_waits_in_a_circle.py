"""
Pods that wait for themselves, or for pods that wait for them.

## What it does
Finds init containers that wait in a loop for a Service behind which there are only the pods that
they belong to, and circles of several workloads whose init containers wait for one another.

## Why it matters
The main container starts after the init containers, and they end after it has started: at the first
installation nobody ever comes up.  A running system hides it until the day when all pods are gone
at once.

## Example
    # Deployment api, behind the Service api
    initContainers: [{command: [sh, -c, "until nc -z api 8080; do sleep 1; done"]}]

Take out the wait that closes the circle, and let the program try again.

## References
- https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#detailed-behavior
"""

from collections.abc import Iterator

from mooring.check import waits
from mooring.check.bundle import Bundle
from mooring.check.waits import Wait
from mooring.findings import Finding, Rule, Severity
from mooring.refs import ObjectRef

RULE = Rule(id="init-waits-in-a-circle", severity=Severity.ERROR, since="0.1", group="workloads")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each circle, at the first of its workloads."""
    edges: dict[ObjectRef, dict[ObjectRef, Wait]] = {}
    for one in waits.between(bundle):
        edges.setdefault(one.container.owner, {}).setdefault(one.target, one)
    done: set[ObjectRef] = set()
    for start in edges:
        if start in done:
            continue
        circle = _circle(start, edges, done)
        if circle is None:
            continue
        first = edges[circle[0]][circle[1 % len(circle)]]
        shown = " waits for ".join(map(str, (*circle, circle[0])))
        yield RULE.finding(
            circle[0],
            f"{shown} before its main container starts"
            if len(circle) > 1
            else f"its init container {first.container.name} waits for {first.shown}, behind which "
            "there are only these pods themselves",
            field=first.field,
            remedy="take out the wait that closes the circle",
        )


def _circle(
    start: ObjectRef, edges: dict[ObjectRef, dict[ObjectRef, Wait]], done: set[ObjectRef]
) -> list[ObjectRef] | None:
    """Return a circle that is reached from ``start``, and add to ``done`` whoever was looked at."""
    path: list[ObjectRef] = []
    stack: list[tuple[ObjectRef, Iterator[ObjectRef]]] = [(start, iter(edges[start]))]
    path.append(start)
    while stack:
        here, following = stack[-1]
        for target in following:
            if target in path:
                done.update(path)
                return path[path.index(target) :]
            if target in edges and target not in done:
                path.append(target)
                stack.append((target, iter(edges[target])))
                break
        else:
            stack.pop()
            path.pop()
            done.add(here)
    return None
