"""
A script that asks of the API what its account may not do.

## What it does
Finds calls of `kubectl` in the commands and mounted scripts of containers whose ServiceAccount
has no right to what they do, by the roles and bindings of the input.  Nothing is said where the
account is bound to a role from elsewhere, or to none in an input that may be a part, or where the
call brings credentials of its own.

## Why it matters
The call ends with `forbidden`: the task fails, or never ends, each time that it runs.

## Example
    command: [sh, -c, kubectl rollout restart deployment/web]
    # and a Role with the verbs [get, list] for deployments

Give the Role the verb, here `patch`.

## References
- https://kubernetes.io/docs/reference/access-authn-authz/rbac/
- https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from mooring.check import kubectl, scripts, waits
from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields
from mooring.semantics.rights import Account, Deed

RULE = Rule(id="right-missing", severity=Severity.ERROR, since="0.1", group="rbac")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container with calls that its account may not make."""
    for container in bundle.containers:
        wanted = tuple(_wanted(bundle, container))
        if not wanted:
            continue
        spec = container.pod.spec
        account = Account(
            container.pod.namespace,
            fields.text(spec.get("serviceAccountName"))
            or fields.text(spec.get("serviceAccount"))
            or "default",
        )
        known = bundle.rights.is_known(account)
        if not known and not bundle.is_closed:
            continue
        missing: dict[str, None] = {}
        for deed in wanted:
            # Who may do what in a namespace that is not here, is told elsewhere.
            is_here = deed.namespace == account.namespace or deed.namespace in _namespaces(bundle)
            if is_here and not bundle.rights.may(account, deed):
                missing[f"{deed.verb} {deed.resource}"] = None
        if missing:
            yield RULE.finding(
                container.owner,
                f"the container {container.name} calls kubectl as the ServiceAccount "
                f"{account.name}, which has no right to {', '.join(missing)}",
                field=f"{container.path}.{'args' if container.args else 'command'}",
                remedy="give its Role these verbs",
                confidence=None if bundle.is_whole else Confidence.MEDIUM,
            )


def _wanted(bundle: Bundle, container: Container) -> Iterator[Deed]:
    """Yield what the container asks of the API, as far as that is beyond doubt."""
    if "kubectl" in (container.image or "") or "kubectl" in container.words:
        for words in waits.calls_of_kubectl(container):
            yield from _deeds(words, container)
    for script in scripts.of(bundle, container):
        for need in kubectl.needs(script.text):
            if need.name is not None:  # A rule with names may have one that is computed.
                here = container.pod.namespace
                yield Deed(
                    verb=need.verb,
                    resource=need.resource,
                    namespace=here if need.namespace is None else need.namespace,
                    group=need.group,
                    name=need.name,
                )


@lru_cache(maxsize=2)
def _namespaces(bundle: Bundle) -> frozenset[str]:
    """Return the namespaces in which the input has objects."""
    return frozenset(item.namespace for item in bundle.objects)


class _Resource(NamedTuple):
    name: str
    group: str = ""


_RESOURCES = {
    "configmap": _Resource("configmaps"), "configmaps": _Resource("configmaps"),
    "cm": _Resource("configmaps"), "secret": _Resource("secrets"),
    "secrets": _Resource("secrets"), "pod": _Resource("pods"), "pods": _Resource("pods"),
    "po": _Resource("pods"), "service": _Resource("services"), "services": _Resource("services"),
    "svc": _Resource("services"), "job": _Resource("jobs", "batch"),
    "jobs": _Resource("jobs", "batch"), "cronjob": _Resource("cronjobs", "batch"),
    "cronjobs": _Resource("cronjobs", "batch"), "deployment": _Resource("deployments", "apps"),
    "deployments": _Resource("deployments", "apps"), "deploy": _Resource("deployments", "apps"),
    "statefulset": _Resource("statefulsets", "apps"),
    "statefulsets": _Resource("statefulsets", "apps"), "sts": _Resource("statefulsets", "apps"),
    "serviceaccount": _Resource("serviceaccounts"), "sa": _Resource("serviceaccounts"),
    "pvc": _Resource("persistentvolumeclaims"),
}  # fmt: skip
"""What kubectl calls the resources, in small letters and without a group."""

_VERBS = {
    "get": ("get",),
    "wait": ("get",),
    "delete": ("delete",),
    "patch": ("patch",),
    "annotate": ("patch",),
    "label": ("patch",),
    "set": ("patch",),
    "scale": ("patch",),
}
_OF_ROLLOUTS = {"status": ("get",), "restart": ("patch",), "undo": ("patch",)}
_NAMELESS_VERB = {"get": "list", "delete": "deletecollection", "wait": "list"}
_OWN_CREDENTIALS = ("--kubeconfig", "--token", "--server", "--context", "--as", "-s")
_WITH_VALUE = ("-n", "--namespace", "--for", "--timeout", "-l", "--selector", "-o", "--output",
               "-p", "--patch", "--type", "--replicas", "-c", "--container")  # fmt: skip


def _deeds(words: list[str], container: Container) -> Iterator[Deed]:
    """Yield what one call of kubectl does, as far as that is beyond doubt."""
    namespace, plain, selects = container.pod.namespace, [], False
    rest = iter(words)
    for word in rest:
        name, _, value = word.partition("=")
        if name in _OWN_CREDENTIALS or name in ("-A", "--all-namespaces", "-f", "--filename"):
            return
        if name == "--dry-run" and value not in ("server",):
            return
        if name in _WITH_VALUE:
            value = value or next(rest, "")
            if name in ("-n", "--namespace"):
                namespace = value
            selects = selects or name in ("-l", "--selector")
        elif name == "--all":
            selects = True
        elif not name.startswith("-"):
            plain.append(word)
    if not plain or any(sign in word for word in (namespace, *plain[:3]) for sign in "$`{("):
        return
    verbs: tuple[str, ...] = _VERBS.get(plain[0], ())
    objects = plain[1:]
    if plain[0] == "rollout" and len(plain) > 1:
        verbs, objects = _OF_ROLLOUTS.get(plain[1], ()), plain[2:]
    elif plain[0] == "set":
        objects = plain[2:]
    elif plain[0] == "create" and len(plain) > 1:
        # Secrets and their like have a subcommand each.
        verbs, objects = ("create",), [plain[1]]
    if not verbs or not objects:
        return
    kind, slash, name = objects[0].partition("/")
    resource = _RESOURCES.get(kind.lower())
    if resource is None:
        return
    if not slash:
        name = objects[1] if len(objects) > 1 else ""
    part = "/scale" if plain[0] == "scale" else ""
    for verb in verbs:
        asked = verb if name and not selects else _NAMELESS_VERB.get(plain[0], verb)
        yield Deed(
            verb=asked,
            resource=f"{resource.name}{part}",
            namespace=namespace,
            group=resource.group,
            name="" if selects or verb == "create" else name,
        )
