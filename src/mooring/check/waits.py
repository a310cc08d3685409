"""
Whom containers wait for before they go on: objects by `kubectl wait`, Services in a loop.

Only what plainly waits counts: a loop around a program that asks a port, `wait-for` and its like,
`kubectl wait` and `kubectl rollout status`.
"""

import shlex
from collections.abc import Iterator

import msgspec

from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.patterns import LazyPattern
from mooring.refs import ObjectRef
from mooring.semantics import kinds
from mooring.semantics.kinds import GroupKind
from mooring.semantics.pods import Role

_KINDS = {
    "job": kinds.JOB, "jobs": kinds.JOB, "job.batch": kinds.JOB, "jobs.batch": kinds.JOB,
    "deploy": kinds.DEPLOYMENT, "deployment": kinds.DEPLOYMENT, "deployments": kinds.DEPLOYMENT,
    "deployment.apps": kinds.DEPLOYMENT, "deployments.apps": kinds.DEPLOYMENT,
    "sts": kinds.STATEFUL_SET, "statefulset": kinds.STATEFUL_SET,
    "statefulsets": kinds.STATEFUL_SET, "statefulset.apps": kinds.STATEFUL_SET,
    "ds": kinds.DAEMON_SET, "daemonset": kinds.DAEMON_SET, "daemonset.apps": kinds.DAEMON_SET,
}  # fmt: skip
"""The kinds that can be waited for by name, by the words of kubectl."""

CONDITIONS = {
    kinds.JOB: frozenset(
        {"complete", "failed", "suspended", "successcriteriamet", "failuretarget"}
    ),
    kinds.DEPLOYMENT: frozenset({"available", "progressing", "replicafailure"}),
    kinds.STATEFUL_SET: frozenset(),
    kinds.DAEMON_SET: frozenset(),
}
"""The conditions that objects of a kind have, in small letters."""
END_OF = {
    kinds.JOB: "--for=condition=Complete",
    kinds.DEPLOYMENT: "--for=condition=Available",
    kinds.STATEFUL_SET: "its rollout status",
    kinds.DAEMON_SET: "its rollout status",
}
"""What to wait for in its place."""


class ObjectWait(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A wait for an object; ``condition`` is in small letters, empty for none."""

    container: Container
    field: str
    kind: GroupKind
    name: str
    namespace: str
    condition: str = ""


class Wait(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A wait of an init container for the pods, or the end, of ``target``, called ``shown``."""

    container: Container
    field: str
    target: ObjectRef
    shown: str


def for_objects(bundle: Bundle) -> Iterator[ObjectWait]:
    """Yield the waits for objects in all containers."""
    for container in bundle.containers:
        words = (*container.command, *container.args)
        if not words:
            continue
        field = f"{container.path}.{'args' if container.args else 'command'}"
        name = container.reference.name if container.reference is not None else ""
        if name.endswith("k8s-wait-for"):
            # Its words are a kind, a name and more.
            plain = [one for one in words if not one.startswith("-")]
            kind = _KINDS.get(plain[0].removesuffix("-wr").removesuffix("-we")) if plain else None
            if kind is not None and len(plain) > 1 and _NAME.fullmatch(plain[1]):
                yield ObjectWait(
                    container=container,
                    field=field,
                    kind=kind,
                    name=plain[1],
                    namespace=container.pod.namespace,
                )
            continue
        for command in _of_kubectl(words, is_kubectl=name.endswith("kubectl")):
            yield from _in_command(command, container, field)


def between(bundle: Bundle) -> Iterator[Wait]:
    """Yield the waits of init containers for workloads of the input, each Service by its pods."""
    for one in bundle.dialled:
        container = one.container
        if container.role is not Role.INIT or one.service is None or one.ref != container.owner:
            continue
        if one.named != "its command" or not _WAITING.search(container.words):
            continue
        # A member of a set may wait for those before it.
        if "." in one.address.host.partition(".svc")[0].removesuffix(f".{one.namespace}"):
            continue
        if "HOSTNAME" in container.words or "ORDINAL" in container.words:
            continue
        service = bundle.names.service(one.namespace, one.service)
        pods = bundle.behind(service) if service is not None else ()
        if len(pods) == 1:
            yield Wait(
                container=container,
                field=one.field,
                target=pods[0].owner,
                shown=f"the Service {one.service}",
            )
    for wait in for_objects(bundle):
        item = bundle.objects.find(wait.kind, wait.name, wait.namespace)
        if item is not None and wait.container.role is Role.INIT:
            yield Wait(
                container=wait.container, field=wait.field, target=item.ref, shown=str(item.ref)
            )


_WAITING = LazyPattern(r"\b(?:until|while)\b|\bwait[-_]?for|\bdockerize\b.*-wait")
_NAME = LazyPattern(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_KUBECTL = LazyPattern(r"\bkubectl\s+([^\n;|&<>()]*)")


def calls_of_kubectl(container: Container) -> Iterator[list[str]]:
    """Yield the words of each call of kubectl in the command of ``container``, without its name."""
    words = (*container.command, *container.args)
    name = container.reference.name if container.reference is not None else ""
    if words:
        yield from _of_kubectl(words, is_kubectl=name.endswith("kubectl"))


def _of_kubectl(words: tuple[str, ...], *, is_kubectl: bool) -> Iterator[list[str]]:
    """Yield the words of each call of kubectl, without its own name."""
    if words[0].rpartition("/")[2] == "kubectl":
        yield list(words[1:])
    elif is_kubectl and words[0] in ("wait", "rollout"):
        yield list(words)
    else:
        for text in words:
            if "kubectl" in text:
                for rest in _KUBECTL.findall(text.replace("\\\n", " ")):
                    try:
                        yield shlex.split(rest)
                    except ValueError:
                        continue


_WITH_VALUE = frozenset(
    {"-n", "--namespace", "--for", "--timeout", "-l", "--selector", "-f", "--context"}
)
"""Options whose value is the next word."""


def _in_command(words: list[str], container: Container, field: str) -> Iterator[ObjectWait]:
    """Yield the objects that one call of kubectl waits for."""
    namespace, condition, plain = container.pod.namespace, "", []
    index = 0
    while index < len(words):
        word = words[index]
        index += 1
        if word in _WITH_VALUE:
            value = words[index] if index < len(words) else ""
            index += 1
        elif word.startswith("--"):
            word, _, value = word.partition("=")
        elif word.startswith("-n") and len(word) > 2:
            word, value = "-n", word[2:].lstrip("=")
        elif word.startswith("-"):
            continue
        else:
            plain.append(word)
            continue
        if word in ("-n", "--namespace"):
            namespace = value
        elif word == "--for" and value.startswith("condition="):
            condition = value.removeprefix("condition=").partition("=")[0].lower()
        elif (word == "--for" and value == "delete") or word in ("-l", "--selector", "-f"):
            return
    if plain[:1] == ["wait"]:
        plain = plain[1:]
    elif plain[:2] == ["rollout", "status"]:
        plain, condition = plain[2:], ""
    else:
        return
    if "$" in namespace or not plain:
        return
    if "/" in plain[0]:
        named = [(kind, name) for kind, _, name in (one.partition("/") for one in plain)]
    else:
        named = [(plain[0], one) for one in plain[1:]]
    for kind_word, name in named:
        kind = _KINDS.get(kind_word.lower())
        if kind is not None and _NAME.fullmatch(name):
            yield ObjectWait(
                container=container,
                field=field,
                kind=kind,
                name=name,
                namespace=namespace,
                condition=condition,
            )
