"""
The cases of rules: files of manifests that tell by comments at their top what is to be found.

    # finds: Deployment/web spec.template.spec.containers[0].image
    # also: image-without-version
    # closed
    # minor: 32
    # cluster: {profile: k3s, nodes: [{count: 2, cpu: 4, memory: 906Mi}]}
    # today: 2026-11-30
    # registries: registry.example.com

``finds`` is one finding of the rule: its subject (``Kind/name`` or ``Kind/namespace/name``, or
``-`` for none) and its field (left out: none).  ``also`` names another rule that may report an
error of the same manifests, because the one defect is two.  ``closed`` says that nothing stands
outside of the file, ``minor`` the version of Kubernetes, ``cluster`` where it goes to: a
built-in profile, or what would stand below ``clusters`` of mooring.yaml; ``registries`` where its
images may come from, and ``today`` the day on which it is looked at.  What the manifests were
before, for rules that compare, is in a file beside it that ends in ``.before``.  Objects with a
``deletionTimestamp`` are what a cluster has been deleting for an hour, or so many ``minutes``.
"""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from mooring.check.bundle import NEWEST_MINOR, Bundle, Going
from mooring.manifests import documents, entries
from mooring.settings import reader
from mooring.settings.cluster_profiles import PROFILES
from mooring.settings.clusters import Cluster

RULES = Path(__file__).parent / "rules"


class Case(NamedTuple):
    """One file: the rule it is about, and what the rule must find in it."""

    rule: str
    path: Path

    @property
    def id(self) -> str:
        """The rule and the file's name, which is a sentence for a trap."""
        return f"{self.rule}/{self.path.stem}"

    @property
    def before(self) -> Path:
        """The file of what the manifests were before, which need not be there."""
        return self.path.with_suffix(".before")

    @property
    def directives(self) -> list[tuple[str, str]]:
        """The comments at the top, as word and rest."""
        found = []
        for line in self.path.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                break
            word, _, rest = line.lstrip("# ").partition(":")
            found.append((word.strip(), rest.strip()))
        return found

    @property
    def finds(self) -> list[tuple[str, str]]:
        """Subject and field of each expected finding, sorted."""
        expected = []
        for word, rest in self.directives:
            if word == "finds":
                subject, _, field = rest.partition(" ")
                expected.append(("" if subject == "-" else subject, field.strip()))
        return sorted(expected)

    @property
    def also(self) -> set[str]:
        """Other rules that may report errors here."""
        return {name for word, rest in self.directives if word == "also" for name in rest.split()}

    def bundle(self, content: bytes | None = None) -> Bundle:
        """Return the objects of the file, or of ``content`` in its place."""
        read = documents.read(content, self.path.name) if content else _read(self.path)
        words = dict(self.directives)
        made = Bundle(
            (one for one in entries.entries(read.documents) if not _is_going(one.manifest)),
            is_whole=not read.faults,
            is_closed="closed" in words,
            minor=int(words.get("minor", NEWEST_MINOR)),
            cluster=cluster(words["cluster"]) if "cluster" in words else None,
            today=date.fromisoformat(words["today"]) if "today" in words else None,
            registries=tuple(words.get("registries", "").split()),
        )
        made.going = tuple(
            Going(one.manifest, int(words.get("minutes", 60)), one.position("metadata.finalizers"))
            for one in entries.entries(read.documents)
            if _is_going(one.manifest)
        )
        if self.before.exists():
            made.before = Bundle(entries.entries(_read(self.before).documents))
        return made


@cache
def _read(path: Path) -> documents.Read:
    """Return what is in ``path``, which several tests look at and none changes."""
    return documents.read(path.read_bytes(), path.name)


def _is_going(manifest: dict[str, Any]) -> bool:
    metadata = manifest.get("metadata")
    return isinstance(metadata, dict) and bool(metadata.get("deletionTimestamp"))


def cluster(written: str) -> Cluster | None:
    """Return a built-in profile, or the cluster that mooring.yaml would describe so."""
    if written in PROFILES:
        return PROFILES[written]
    settled = f"clusters: {{it: {written}}}\nenvironments: {{production: {{cluster: it}}}}\n"
    (environment,) = reader.read(settled.encode(), "mooring.yaml").environments or ()
    return environment.cluster


def cases() -> list[Case]:
    """Return the cases of all rules."""
    return [
        Case(folder.name, path)
        for folder in sorted(RULES.iterdir())
        if folder.is_dir()
        for path in sorted(folder.glob("*.yaml"))
    ]
