"""
What a container is made of: `image`, `build`, `pull_policy`, `pull_refresh_after`.

## What it means
Compose runs `image`, builds it where `build` says how, and calls a built image without a name
`<project>-<service>`.  `pull_policy` says when the machine asks a registry for it.

## What it becomes
`container.image`, and `container.imagePullPolicy`: `always` is Always, `never` is Never, `missing`
and `if_not_present` are IfNotPresent.  An image that the stack builds under a name without a
registry gets that of its environment (`environments.<name>.registry`) in front of it, and without
a tag, or with `latest`, the environment's (`environments.<name>.tag`) behind it; until they are
named, that is an open question.  So is the Secret by which nodes log in to a registry that is not
known to serve everybody (`environments.<name>.pull_secret`).  So is an image of others without a
tag: it is another one tomorrow, on one node before the next.  And so is a reference that no node
could pull: one with an empty part, or one in a registry on the author's own machine.

## What is lost
A cluster builds nothing: whatever stands below `build` belongs to a pipeline that builds and
pushes before the deployment.  Build arguments are baked into the image, so what differs from
environment to environment needs an image for each.  Build secrets and SSH keys go to nobody but
the builder.  Pulling every so often (`daily`, `every_12h`) becomes asking the registry at each
start.

## Example
    build: ./api               # image: <registry>/<project>-api:<tag>
    pull_policy: daily         # imagePullPolicy: Always

## References
- https://docs.docker.com/reference/compose-file/build/
- https://kubernetes.io/docs/concepts/containers/images/
"""

import re

from mooring.app.process import Image, Pull
from mooring.compose.nodes import Scalar
from mooring.decisions import OpenQuestion
from mooring.findings import Rule, Severity
from mooring.images import versions
from mooring.images.references import parse
from mooring.patterns import LazyPattern
from mooring.settings.choices import Choices
from mooring.translate.extensions import extension_notes
from mooring.translate.notes import Note, Translated, approximated, carried, dropped
from mooring.translate.view import ServiceView, entries, text

ATTRIBUTES: tuple[str, ...] = ("image", "build", "pull_policy", "pull_refresh_after")

NEVER_PULLED = Rule(id="image-never-pulled", severity=Severity.WARNING, since="0.1")

_TO = "container.image"
_PULL_TO = "container.imagePullPolicy"
_PULLS = {
    "always": Pull.ALWAYS,
    "never": Pull.NEVER,
    "missing": Pull.IF_ABSENT,
    "if_not_present": Pull.IF_ABSENT,
}
_BUILDING = (
    "a cluster builds nothing: the image has to be built and pushed before, and its name is kept"
)
_BUILD_FIELDS = {
    "args": "arguments are baked into the image: another value needs another image",
    "secrets": "a secret of the build is for the builder and is not put into the cluster",
    "ssh": "an SSH key of the build is for the builder and is not put into the cluster",
}


_DOMAIN = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]+)?"
_PATH = r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*"
_REFERENCE = LazyPattern(
    rf"(?:{_DOMAIN}/)?{_PATH}(?:/{_PATH})*(?::\w[\w.-]{{0,127}})?"
    r"(?:@[a-zA-Z0-9+._-]+:[0-9a-fA-F]{32,})?",
    re.ASCII,
)
_PUBLIC = (
    "docker.io", "ghcr.io", "quay.io", "gcr.io", "k8s.io", "mcr.microsoft.com",
    "public.ecr.aws", "docker.elastic.co", "nvcr.io", "lscr.io",
    "container-registry.oracle.com", "cgr.dev", "icr.io", "docker.n8n.io", "registry.redhat.io",
    "registry.access.redhat.com", "docker.redpanda.com", "cr.weaviate.io",
)  # fmt: skip
"""Registries that serve images to everybody, private ones beside them."""
_OWN_MACHINE = ("localhost/", "localhost:", "127.", "[::1]")


def translate(
    service: ServiceView,
    choices: Choices,
    *,
    settled: frozenset[str] = frozenset(),
    unset: frozenset[str] = frozenset(),
) -> Translated[Image | None]:
    """
    Return the service's image; None where it has neither image nor build (a provider's service).

    A reference that mooring.yaml gives wins and needs no registry.  ``settled`` names what the
    environment says of images: `registry`, `tag`, `pull_secret`.  ``unset`` are variables that
    are asked for elsewhere: what is wrong with a name for want of them is no further question.
    """
    chosen = choices.service(service.name).image
    attributes = service.attributes.entries
    named = service.get("image")
    given = text(named) if named is not None else ""
    builds = service.get("build") is not None
    built = builds or bool(service.builder)
    if not given and not built:
        return Translated(None)
    reference = chosen or given or service.image_name or service.full_name.lower()
    if built and reference.startswith(_OWN_MACHINE):
        # What is built can be pushed elsewhere under the same name.
        reference = reference.partition("/")[2]
    notes: list[Note] = []
    if "image" in attributes:
        notes.append(carried(service.path("image"), _TO))
    # A step of the service stands in the service's image, of which the service itself says this.
    if builds and not service.within:
        notes.extend(_notes_of_build(service))
    if not service.within:
        fault = _fault(service, reference) if given or chosen else None
        if fault is not None:
            is_asked = isinstance(named, Scalar) and not unset.isdisjoint(named.variables)
            notes.extend(() if is_asked and chosen is None else (fault,))
        else:
            wanted = _wanted(reference, built=built and chosen is None) - settled
            if wanted:
                notes.append(_where_pushed(service, reference, wanted))
            if not names_a_version(reference) and not (built and chosen is None):
                notes.append(_which_version(service, reference))
    pull = None
    if "pull_policy" in attributes:
        pull = _pull(service, notes)
    if "pull_refresh_after" in attributes:
        notes.append(
            dropped(
                service.path("pull_refresh_after"),
                "Kubernetes asks a registry only when a pod starts",
            )
        )
    return Translated(
        Image(
            reference=reference,
            built=built and chosen is None,
            names_registry=names_a_registry(reference),
            is_pinned=is_pinned(reference),
            is_private=is_private(reference),
            pull=pull,
            position=service.position("image" if given else "build"),
        ),
        tuple(notes),
    )


def names_a_registry(reference: str) -> bool:
    """
    Tell whether an image reference says from which registry a node can pull it.

    A registry on the author's own machine says nothing to a node.

    Source: https://pkg.go.dev/github.com/distribution/reference (the domain of a name)
    """
    host, slash, _ = reference.partition("/")
    if not slash or f"{host}/".startswith(_OWN_MACHINE):
        return False
    return "." in host or ":" in host


def is_private(reference: str) -> bool:
    """Tell whether a reference names a registry that is not known to serve everybody."""
    if not names_a_registry(reference):
        return False
    host = reference.partition("/")[0]
    return not host.endswith(_PUBLIC)


def is_reference(text: str) -> bool:
    """
    Tell whether ``text`` can name an image.

    Source: https://pkg.go.dev/github.com/distribution/reference (the grammar)
    """
    return parse(text) is not None or _REFERENCE.fullmatch(text) is not None


def is_pinned(reference: str) -> bool:
    """Tell whether a reference has a digest, or a tag other than ``latest``."""
    if "@" in reference:
        return True
    tag = reference.rpartition("/")[2].partition(":")[2]
    return tag not in {"", "latest"}


def names_a_version(reference: str) -> bool:
    """Tell whether a reference has a digest, or a tag that does not move to whatever is newest."""
    tag = reference.rpartition("/")[2].partition(":")[2]
    return "@" in reference or versions.names_a_build(tag or None)


def _fault(service: ServiceView, reference: str) -> OpenQuestion | None:
    """Return the question that a reference leaves which no node could pull."""
    if not is_reference(reference):
        fault = "is no name of an image"
    elif reference.startswith(_OWN_MACHINE):
        fault = "is in a registry on the author's machine, where no node finds it"
    else:
        return None
    return OpenQuestion(
        subject=f"services.{service.name}.image",
        question=f'which image does it run? "{reference}" {fault}',
        answer=f"services: {{{service.name}: {{image: registry.example.com/app:1.0}}}}",
        position=service.position("image"),
        several="{count} images cannot be pulled under their names: which ones are meant?",
        item=f'"{reference}" {fault}',
    )


def _which_version(service: ServiceView, reference: str) -> OpenQuestion:
    name, _, last = reference.rpartition("/")
    tag = last.partition(":")[2]
    bare = f"{name}/{last.partition(':')[0]}" if name else last.partition(":")[0]
    named = f"The tag {tag} names none: it is whatever is the newest when a node pulls it"
    unnamed = "Without a tag it is whatever is the latest when a node pulls it"
    return OpenQuestion(
        subject=f"services.{service.name}.image",
        question=f"which version of {bare} does it run? "
        + (unnamed if tag in {"", "latest"} else named),
        answer=f"services: {{{service.name}: {{image: {bare}:<version>}}}}",
        position=service.position("image"),
        several="{count} images have no version: which ones are they?",
    )


def _notes_of_build(service: ServiceView) -> list[Note]:
    path = service.path("build")
    node = service.get("build")
    notes: list[Note] = [approximated(path, _BUILDING, _TO), *extension_notes(node, path)]
    notes.extend(
        dropped((*path, name), _BUILD_FIELDS[name])
        for name, _ in entries(node)
        if name in _BUILD_FIELDS
    )
    return notes


def _wanted(reference: str, *, built: bool) -> frozenset[str]:
    """Return what an environment has to say so that its nodes can pull the image."""
    wanted: set[str] = set()
    if built and not names_a_registry(reference):
        wanted |= {"registry", "pull_secret"}
    if built and not is_pinned(reference):
        wanted.add("tag")
    if is_private(reference):
        wanted.add("pull_secret")
    return frozenset(wanted)


def _where_pushed(service: ServiceView, reference: str, wanted: frozenset[str]) -> OpenQuestion:
    """Return what is open about how nodes pull an image; alike for all images of a registry."""
    host = f"to {reference.partition('/')[0]}" if is_private(reference) else "there"
    asked = {
        "registry": "to which registry is its image pushed",
        "pull_secret": f"with which Secret do nodes log in {host} (none: they need no login)",
        "tag": "which build of its image runs (without a tag it is the latest)",
    }
    answers = {
        "registry": "registry: registry.example.com/team",
        "pull_secret": "pull_secret: <Secret>",
        "tag": "tag: <tag>",
    }
    words = ", and ".join(said for name, said in asked.items() if name in wanted)
    answer = ", ".join(said for name, said in answers.items() if name in wanted)
    return OpenQuestion(
        subject=f"services.{service.name}.image",
        question=f"{words}?",
        answer=f"environments: {{production: {{{answer}}}}}",
        position=service.position("build" if service.get("build") is not None else "image"),
    )


def _pull(service: ServiceView, notes: list[Note]) -> Pull | None:
    node = service.get("pull_policy")
    policy = text(node) if node is not None else ""
    path = service.path("pull_policy")
    pull = _PULLS.get(policy)
    if pull is not None:
        notes.append(carried(path, _PULL_TO))
        if pull is Pull.NEVER:
            notes.append(
                NEVER_PULLED.finding(
                    service.position("pull_policy"),
                    f'service "{service.name}" never pulls its image: a node that does not hold '
                    "it cannot start the service",
                    remedy="push the image to a registry, and set pull_policy: missing",
                )
            )
        return pull
    if policy in {"", "build"}:
        notes.append(
            dropped(path, "a cluster builds nothing, so a node pulls what it does not hold")
        )
        return None
    notes.append(
        approximated(path, "a node asks the registry at each start, however short the interval is",
                     _PULL_TO)
    )  # fmt: skip
    return Pull.ALWAYS
