"""
A rewrite that loses what it should keep of the path.

## What it does
Finds `rewrite-target` of ingress-nginx on paths that do not hold what it needs: a target of `$2`
where the path has one group or none, and a target without any group on a path that stands for all
below it.

## Why it matters
ingress-nginx replaces the whole path by the target: with `/` alone every page, picture and call
below the path is answered with the first page; a group that the path does not have is empty, with
the same effect.

## Example
    annotations: {nginx.ingress.kubernetes.io/rewrite-target: /}
    path: /api                   # /api/users becomes /

Write `/$2` and the path `/api(/|$)(.*)` of the type ImplementationSpecific.

## References
- https://kubernetes.github.io/ingress-nginx/examples/rewrite/
"""

from collections.abc import Iterator

from mooring.check import ingresses
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.semantics import kinds

RULE = Rule(id="rewrite-loses-path", severity=Severity.WARNING, since="0.1", group="ingress")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each path of which the rewrite keeps nothing."""
    classes: ingresses.Classes | None = None
    for item in bundle.of_kind(kinds.INGRESS):
        target = item.annotations.get(f"{ingresses.NGINX}rewrite-target")
        if not target:
            continue
        classes = classes or ingresses.Classes(bundle)
        if not classes.may_be_nginx(item):
            continue
        wanted = max((int(number) for number in _GROUP.findall(target)), default=0)
        for path in ingresses.paths(item):
            groups = len(_OPEN.findall(path.path))
            if wanted > groups:
                told = f"the rewrite to {target} wants {wanted} groups, and the path {path.path} "
                told += f"has {groups or 'none'}"
            elif not wanted and not groups and path.path_type != "Exact" and "?" not in target:
                told = f"the rewrite to {target} makes all paths below {path.path} this one"
            else:
                continue
            stem = path.path.partition("(")[0].rstrip("/*")
            yield RULE.finding(
                item.ref,
                told,
                field=f"{path.field}.path",
                remedy=f'write rewrite-target "/$2", and the path {stem}(/|$)(.*) of the type '
                "ImplementationSpecific",
                # One page for all may be meant, as for one that says that there is maintenance.
                confidence=None if wanted or (target == "/" and stem) else Confidence.MEDIUM,
            )


_GROUP = LazyPattern(r"\$(\d)")
_OPEN = LazyPattern(r"(?<!\\)\((?!\?)")
