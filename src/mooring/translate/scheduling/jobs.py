"""
The jobs of Ofelia and Chadburn, a fork of it with labels of its own: what the labels say of them.

`job-exec` executes a command in a running container, by default the one that has the label;
`job-run` runs a new container, or starts a stopped one; `job-local` runs a command in the
scheduler's own container; `job-service-run` a service of a swarm that runs once.  All but the
first stand on the scheduler.  The same words stand in a file of sections.

Sources: https://github.com/mcuadros/ofelia/blob/master/docs/jobs.md,
https://github.com/mcuadros/ofelia/blob/master/cli/docker-labels.go,
https://github.com/PremoWeb/Chadburn
"""

import json
from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly
from enum import StrEnum

import msgspec

from mooring.accounting import Path
from mooring.compose.nodes import Mapping, Scalar
from mooring.images.references import parse
from mooring.patterns import LazyPattern
from mooring.sources import Position
from mooring.translate.view import text

SCHEDULERS = {"ofelia.": "Ofelia", "chadburn.": "Chadburn"}
"""Who reads the labels that begin so."""

_IMAGES = {
    "mcuadros/ofelia": "Ofelia",
    "ghcr.io/mcuadros/ofelia": "Ofelia",
    "ghcr.io/netresearch/ofelia": "Ofelia",
    "netresearch/ofelia": "Ofelia",
    "premoweb/chadburn": "Chadburn",
    "ghcr.io/premoweb/chadburn": "Chadburn",
    "crazymax/swarm-cronjob": "swarm-cronjob",
    "ghcr.io/crazy-max/swarm-cronjob": "swarm-cronjob",
}
_SECTION = LazyPattern(r'\[\s*(job-[a-z-]+)\s+"?([^"\]]+?)"?\s*\]')


class Kind(StrEnum):
    """Where a job runs."""

    EXEC = "job-exec"
    RUN = "job-run"
    LOCAL = "job-local"
    SERVICE_RUN = "job-service-run"


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """One value of a job; ``path`` is that of its label, empty where it stands in a file."""

    text: str
    path: Path = ()
    position: Position | None = None


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """
    One job: ``holder`` is the service with its labels, or the scheduler that reads its file.

    ``said_in`` is how messages call the place; ``enabled`` tells whether the scheduler looks at
    the holder at all.
    """

    scheduler: str
    kind: Kind
    name: str
    holder: str
    words: dict[str, Word]
    said_in: str
    enabled: bool = True

    def text(self, word: str) -> str:
        """Return the value of ``word``, empty where the job does not say it."""
        found = self.words.get(word)
        return found.text if found is not None else ""

    def texts(self, word: str) -> tuple[str, ...]:
        """Return the values of a word that may be a JSON list."""
        found = self.text(word)
        if not found:
            return ()
        if found.startswith("["):
            try:
                listed = json.loads(found)
            except ValueError:
                return (found,)
            return tuple(map(str, listed))
        return tuple(found.split("\n"))


def scheduler_of(service: Mapping) -> str | None:
    """Return which scheduler ``service`` runs, or None."""
    image = service.entries.get("image")
    if not isinstance(image, Scalar) or not image.value:
        return None
    reference = parse(text(image))
    return _IMAGES.get(reference.name) if reference is not None else None


def labelled(name: str, service: Mapping) -> Iterator[Job]:
    """Yield the jobs of which the labels of the service ``name`` speak, in their order."""
    labels = service.entries.get("labels")
    if not isinstance(labels, Mapping):
        return
    found: dict[tuple[str, str, str], dict[str, Word]] = {}
    for label, node in labels.entries.items():
        prefix = next((one for one in SCHEDULERS if label.startswith(one)), None)
        if prefix is None or not isinstance(node, Scalar):
            continue
        parts = label[len(prefix) :].split(".", 2)
        if len(parts) != 3 or parts[0] not in set(Kind):
            continue
        word = Word(
            text=text(node), path=("services", name, "labels", label), position=node.position
        )
        found.setdefault((prefix, parts[0], parts[1]), {})[parts[2].lower()] = word
    for (prefix, kind, job), words in found.items():
        enabled = labels.entries.get(f"{prefix}enabled")
        yield Job(
            scheduler=SCHEDULERS[prefix],
            kind=Kind(kind),
            name=job,
            holder=name,
            words=words,
            said_in=f"its label {prefix}{kind}.{job}",
            enabled=isinstance(enabled, Scalar) and text(enabled).lower() == "true",
        )


def written(content: str, *, file: str, holder: str, scheduler: str) -> list[Job]:
    """Return the jobs of which a ``file`` of sections speaks that the service ``holder`` reads."""
    sections: list[tuple[Kind, str, dict[str, Word]]] = []
    words: dict[str, Word] | None = None
    for number, line in enumerate(content.splitlines(), start=1):
        stripped = line.strip()
        if stripped.startswith("["):
            match = _SECTION.fullmatch(stripped)
            words = None
            if match is not None and match[1] in set(Kind):
                words = {}
                sections.append((Kind(match[1]), match[2], words))
        elif words is not None and "=" in stripped and stripped[0] not in ";#":
            key, _, value = stripped.partition("=")
            value = value.strip().strip('"') if key.strip() != "command" else value.strip()
            known = words.get(key.strip().lower())
            # A key may stand several times, as `volume` does.
            whole = f"{known.text}\n{value}" if known is not None else value
            position = Position(file, number, line.index(stripped) + 1)
            words[key.strip().lower()] = Word(text=whole, position=position)
    return [
        Job(
            scheduler=scheduler,
            kind=kind,
            name=name,
            holder=holder,
            words=words,
            said_in=f"{file}, [{kind} {name}],",
        )
        for kind, name, words in sections
    ]


def by_name(services: ReadOnly[str, Mapping], wanted: str, full_name: str) -> str | None:
    """
    Return the service of which ``wanted`` is the container, or None.

    That is its `container_name`, the name that Compose makes of project and service, or the
    service's own.
    """
    for name, service in services.items():
        called = service.entries.get("container_name")
        if isinstance(called, Scalar) and called.value is not None and text(called) == wanted:
            return name
    for name in services:
        if wanted in {name, f"{full_name}-{name}-1", f"{full_name}_{name}_1"}:
            return name
    return None
