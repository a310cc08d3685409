"""
What a container usually takes, where nobody says it for this one.

The catalogue says it of an image, for a small installation.  Of an image that the stack builds the
base tells in which language its program is written; the rest is told by what it does: serve, work
in the background, run to its end.  These numbers are a start, to be replaced by what is measured:
too small a request overfills nodes, too small a limit kills, and both are better than none, with
which one leak takes a node down.
"""

from decimal import Decimal

import msgspec

from mooring.compose.dockerfile.facts import ImageFacts
from mooring.decisions import Evidence
from mooring.images import catalogue
from mooring.images.catalogue import KnownImage
from mooring.images.facts import ImageFamily, Role
from mooring.kube import quantity
from mooring.sources import Position


class Usual(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    Cores, and bytes of memory promised and at most; ``because`` says who says so.

    ``is_typical`` tells that somebody who knows the program says it.
    """

    cpu: Decimal
    request: int
    limit: int
    because: Evidence
    is_typical: bool = False


def usual(
    known: KnownImage | None,
    facts: ImageFacts | None,
    *,
    serves: bool,
    ends: bool,
    on_gpu: bool = False,
    position: Position | None,
) -> Usual:
    """
    Return what a container usually takes.

    ``known`` is what the catalogue says of its program, ``facts`` what its Dockerfile says; it
    ``serves`` when somebody can connect to it, and ``ends`` when it is a task; ``on_gpu`` tells
    that it takes a GPU.
    """
    if known is not None and not ends:
        return _known(known.family, position)
    if known is not None and any(fact.typical_limit is not None for fact in known.family.memory):
        return _task_of(known.family, position)
    base = facts.base if facts is not None else None
    built_on = catalogue.lookup(base.value) if base is not None else None
    found = known if known is not None else built_on
    if found is not None and found.family.name in _BY_LANGUAGE:
        language, request, limit = _BY_LANGUAGE[found.family.name]
        at = base.position if base is not None and known is None else position
        because = Evidence(f"{language} usually needs that much", at)
    elif on_gpu:
        request, limit = _ON_GPU
        because = Evidence("what a GPU works on goes through memory, a model above all", position)
    else:
        doing = "a task" if ends else "what serves" if serves else "what works in the background"
        request, limit = _UNKNOWN
        because = Evidence(f"nothing says how much, and {doing} usually needs that much", position)
    return Usual(cpu=_CPU, request=request * _MI, limit=limit * _MI, because=because)


_MI = 1024**2
_CPU = Decimal("0.1")
_UNKNOWN = (128, 512)
_ON_GPU = (1024, 8192)

_BY_LANGUAGE = {
    **dict.fromkeys(("eclipse-temurin", "gradle", "maven"), ("a Java program", 512, 1024)),
    **dict.fromkeys(("dotnet", "dotnet-aspnet"), ("a .NET program", 128, 512)),
    "node": ("a Node.js program", 128, 512),
    "python": ("a Python program", 128, 512),
    "ruby": ("a Ruby program", 256, 768),
    "php": ("a PHP program", 64, 512),
    "golang": ("a Go program", 64, 256),
    "rust": ("a Rust program", 64, 256),
    "swift": ("a Swift program", 64, 256),
}
"""What programs are written in, by the base of their image, with MiB promised and at most."""

_BY_ROLE = {
    Role.DATABASE: (Decimal("0.25"), 512, 1024),
    Role.BROKER: (Decimal("0.25"), 512, 1024),
    Role.SEARCH: (Decimal("0.5"), 1024, 2048),
    Role.OBJECT_STORE: (Decimal("0.1"), 256, 1024),
    Role.CACHE: (Decimal("0.1"), 128, 256),
    Role.PROXY: (Decimal("0.1"), 64, 256),
    Role.WEB: (Decimal("0.1"), 128, 512),
    Role.WORKER: (Decimal("0.1"), 128, 512),
    Role.TOOL: (Decimal("0.05"), 64, 256),
    Role.DEV_ONLY: (Decimal("0.05"), 64, 256),
}
"""By what an image is to its stack: cores, and MiB promised and at most."""


def _task_of(family: ImageFamily, position: Position | None) -> Usual:
    """
    Return what a task takes that runs a program of a known image.

    It may be another program than the one for which the image is known, as a migration is, which
    loads the same; so it may take as much, and is promised no more than any task.
    """
    normally = _known(family, position)
    request, limit = (amount * _MI for amount in _UNKNOWN)
    if normally.limit <= limit:
        because = Evidence("nothing says how much, and a task usually needs that much", position)
        return Usual(cpu=_CPU, request=request, limit=limit, because=because)
    because = Evidence(f"it may load as much as {family.name} does", position)
    return Usual(cpu=_CPU, request=request, limit=normally.limit, because=because)


def _known(family: ImageFamily, position: Position | None) -> Usual:
    cpu, request, limit = _BY_ROLE[family.role]
    typical = next((fact for fact in family.memory if fact.typical_limit is not None), None)
    if typical is not None and typical.typical_limit is not None:
        most = int(quantity.parse(typical.typical_limit))
        asked = typical.typical_request
        least = int(quantity.parse(asked)) if asked is not None else most // 2
        said = f"a small {family.name} needs that much ({family.sources[typical.source]})"
        return Usual(
            cpu=cpu,
            request=least,
            limit=most,
            because=Evidence(said, position),
            is_typical=True,
        )
    if family.name in _BY_LANGUAGE:
        language, request, limit = _BY_LANGUAGE[family.name]
        said = f"{language} usually needs that much"
    else:
        said = f"a {family.role.value} usually needs that much"
    return Usual(
        cpu=cpu, request=request * _MI, limit=limit * _MI, because=Evidence(said, position)
    )
