"""
A small Compose stack walked the whole road, and what a test asks of its manifests.

What is asked about is named by a few words (`container web`, `Service db`), and a place in it by
a path (`resources.limits.memory`, `ports[0].name`).  A place that is not there is None.
"""

import re
import textwrap
from collections.abc import Mapping
from pathlib import Path

from mooring import pipeline
from mooring.accounting import Account
from mooring.compose.discovery import LoadRequest
from mooring.compose.nodes import leaves, path_text
from mooring.decisions import Decision, OpenQuestion
from mooring.findings import Finding
from mooring.kube.manifest import Manifest, Value, manifest, revealed

ENVIRONMENT = "dev"
"""The environment in which nothing is added to what the Compose files say."""

"""The tier that adds nothing of its own to what the files ask for."""
_RUNNERS = ("Deployment", "StatefulSet", "DaemonSet", "Job")


class Walked:
    """What was made of a stack for development."""

    def __init__(self, stack: pipeline.Stack, *, folder: Path) -> None:
        (self.result,) = stack.environments
        self.stack = stack
        self.folder = folder
        self.manifests = [manifest(item) for item in self.result.objects]
        self._revealed = [revealed(item) for item in self.result.objects]

    def of_kind(self, kind: str) -> list[str]:
        """Return the names of the objects of ``kind``, in order."""
        return [_name(item) for item in self.manifests if item["kind"] == kind]

    def at(self, subject: str, path: str = "") -> Value:
        """
        Return the value at ``path`` in ``subject``; None where either is missing.

        A subject is a kind and a name (`Secret shop-secrets`, with its values), `pod web`, or
        `container web`, which may be an initial container.
        """
        kind, _, name = subject.partition(" ")
        found: Value
        if kind == "pod":
            found = self._pod(name)
        elif kind == "container":
            found = self._container(name)
        else:
            found = next(
                (item for item in self._revealed if item["kind"] == kind and _name(item) == name),
                None,
            )
        return _inside(found, path)

    def runner(self, name: str) -> str | None:
        """Return the kind of the object that runs the pods called ``name``."""
        return next((kind for kind in _RUNNERS if name in self.of_kind(kind)), None)

    def fate(self, path: str) -> str:
        """Return what became of the one leaf or of the leaves at ``path``: "carried", ..."""
        outcomes = {account.entry.outcome.value for account in self._accounts(path)}
        return ", ".join(sorted(outcomes)) or "no such leaf"

    def reason(self, path: str) -> str:
        """Return the reasons for the fate of what stands at ``path``."""
        return "; ".join(dict.fromkeys(one.entry.reason for one in self._accounts(path)))

    def _accounts(self, path: str) -> list[Account]:
        positioned = [(at, node.position) for at, node in leaves(self.result.project.root)]
        found = []
        for account in self.result.translation.ledger.accounts(positioned):
            assert isinstance(account, Account), account
            shown = path_text(account.path)
            if shown == path or shown.startswith((f"{path}.", f"{path}[")):
                found.append(account)
        return found

    @property
    def questions(self) -> tuple[OpenQuestion, ...]:
        """What is open."""
        return self.result.translation.questions

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What was decided."""
        return self.result.translation.decisions

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found."""
        return self.result.findings

    @property
    def rules(self) -> list[str]:
        """The rules of the findings, sorted, each once."""
        return sorted({finding.rule for finding in self.findings})

    def asked(self, subject: str) -> list[str]:
        """Return the questions about ``subject``."""
        return [question.question for question in self.questions if question.subject == subject]

    def decided(self, subject: str, topic: str) -> list[str]:
        """Return what was decided about ``topic`` of ``subject``."""
        return [
            decision.choice
            for decision in self.decisions
            if (decision.subject, decision.topic) == (subject, topic)
        ]

    def files(self, form: str) -> dict[str, str]:
        """Return the written files of the form ``form`` by path."""
        tree = pipeline.tree(self.stack, form)
        return {path: tree[path].content.decode() for path in tree}

    def _pod(self, name: str) -> Value:
        kind = self.runner(name)
        return self.at(f"{kind} {name}", "spec.template.spec") if kind else None

    def _container(self, name: str) -> Value:
        for kind in _RUNNERS:
            for pod in map(self._pod, self.of_kind(kind)):
                assert isinstance(pod, dict)
                for part in ("containers", "initContainers"):
                    for container in _list(pod.get(part)):
                        if isinstance(container, dict) and container["name"] == name:
                            return container
        return None


def walk(
    folder: Path,
    compose: str,
    files: Mapping[str, str | bytes] | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    load: tuple[str, ...] = (),
    profiles: tuple[str, ...] = (),
) -> Walked:
    """
    Return what development gets of the stack ``shop``: ``compose`` and the ``files`` beside it.

    ``load`` names the Compose files to load where those of the usual names are not meant;
    ``environment`` is that of the process.
    """
    shop = folder / "shop"
    contents: dict[str, str | bytes] = {"compose.yaml": compose, **(files or {})}
    for name, content in contents.items():
        path = shop / name
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = textwrap.dedent(content).encode() if isinstance(content, str) else content
        path.write_bytes(raw)
    request = LoadRequest(
        directory=str(shop),
        files=load,
        profiles=profiles,
        environment={"HOME": str(folder), **(environment or {})},
    )
    return Walked(pipeline.stack(pipeline.Request(load=request, only=ENVIRONMENT)), folder=shop)


def web(*attributes: str, image: str = "app:1") -> str:
    """Return a Compose file with the one service `web`; each attribute begins with its name."""
    lines = [f"image: {image}"] if image else []
    for attribute in attributes:
        lines.extend(textwrap.dedent(attribute).strip("\n").splitlines())
    return "services:\n  web:\n" + "".join(f"    {line}\n" for line in lines)


def _name(item: Manifest) -> str:
    """Return the name of an object; that of a Job without the hash of its content."""
    metadata = item["metadata"]
    assert isinstance(metadata, dict)
    name = str(metadata["name"])
    return without_hash(name) if item["kind"] == "Job" else name


def without_hash(name: str) -> str:
    """Return the name of the task that the Job ``name`` runs."""
    found = re.fullmatch(r"(.+)-[0-9a-f]{8}", name)
    assert found is not None, f"the Job {name} has no hash"
    return found[1]


def _list(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []


_STEP = re.compile(r"\[(\d+)\]|\"([^\"]*)\"|([^.\[\]\"]+)")


def _inside(value: Value, path: str) -> Value:
    """Return what stands at ``path``; a key with dots stands in quotes: `labels."a.b/c"`."""
    for index, quoted, word in _STEP.findall(path):
        if index:
            value = (
                value[int(index)] if isinstance(value, list) and int(index) < len(value) else None
            )
        else:
            value = value.get(quoted or word) if isinstance(value, dict) else None
    return value
