"""
The real systems that statements of acceptance are about, converted where they stand.

A statement asks for what a container, a Service or a Secret is in one environment; `Made` answers
with plain manifests, Secrets in clear.  Nothing is written beside the corpus.  Where it is absent,
the test is skipped with one line.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.integration import stacks

from mooring import pipeline
from mooring.app.workloads import Container, Task, Workload
from mooring.compose.discovery import LoadRequest
from mooring.compose.nodes import leaves
from mooring.decisions import Decision, OpenQuestion
from mooring.generate.presence import present
from mooring.kube import manifest as manifests
from mooring.semantics.objects import ManifestSet
from mooring.settings import reader
from mooring.settings.settled import FILE_NAME, Settings

ENVIRONMENTS = ("dev", "staging", "production")
STRICT = ("staging", "production")
CONTROLLERS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")


class System(NamedTuple):
    """Where a system of the corpus stands, and its Compose files in load order."""

    folder: str
    files: tuple[str, ...]

    @property
    def path(self) -> Path:
        """Its folder."""
        return stacks.CORPUS / self.folder


SYSTEMS = {
    "synmetrix-dev": System("synmetrix/root__docker-compose.dev", ("docker-compose.dev.yml",)),
    "synmetrix-stage": System(
        "synmetrix/root__docker-compose.stage", ("docker-compose.stage.yml",)
    ),
    "synmetrix-test": System("synmetrix/root__docker-compose.test", ("docker-compose.test.yml",)),
    "synmetrix-stack": System(
        "synmetrix/root__docker-compose.stack", ("docker-compose.stack.yml",)
    ),
    "synmetrix-fork-dev": System(
        "synmetrix-smartdata/root__docker-compose.dev", ("docker-compose.dev.yml",)
    ),
    "synmetrix-fork-stage": System(
        "synmetrix-smartdata/root__docker-compose.stage", ("docker-compose.stage.yml",)
    ),
    "synmetrix-fork-test": System(
        "synmetrix-smartdata/root__docker-compose.test", ("docker-compose.test.yml",)
    ),
    "cptm8-backend": System("cptm8/root__docker-compose-backend", ("docker-compose-backend.yml",)),
    "cptm8-frontend": System(
        "cptm8/root__docker-compose-frontend", ("docker-compose-frontend.yml",)
    ),
    "zymtrace": System("zymtrace/docker", ("docker-compose.yml",)),
}
SYNMETRIX = ("synmetrix-dev", "synmetrix-stage", "synmetrix-test", "synmetrix-stack")


def converted(
    name: str, *, settings: str = "", variables: Mapping[str, str] | None = None
) -> "dict[str, Made]":
    """
    Return the system ``name`` of `SYSTEMS` by environment.

    ``settings`` is the text of a mooring.yaml, ``variables`` what the shell would set.  The test
    is skipped where the corpus is absent.
    """
    if not stacks.CORPUS.is_dir():
        pytest.skip("the corpus of real stacks is not beside the clone")
    return _converted(name, settings, tuple(sorted((variables or {}).items())))


@lru_cache(maxsize=32)
def _converted(
    name: str, settings: str, variables: tuple[tuple[str, str], ...]
) -> "dict[str, Made]":
    system = SYSTEMS[name]
    directory = str(system.path)
    load = LoadRequest(directory=directory, files=system.files, environment=dict(variables))
    settled = (
        reader.read(settings.encode(), FILE_NAME, directory=directory) if settings else Settings()
    )
    return made(pipeline.Request(load=load, settings=settled))


def made(request: pipeline.Request) -> "dict[str, Made]":
    """Return what ``request`` asks for by environment, for fixtures of our own."""
    return {one.environment.name: Made(one) for one in pipeline.stack(request).environments}


class Made:
    """One environment of a system, as plain manifests and what was said about it."""

    def __init__(self, result: pipeline.EnvironmentResult) -> None:
        self.result = result
        self.application = present(result.translation.application, result.environment.tier)
        self.objects: list[dict[str, Any]] = [manifests.revealed(one) for one in result.objects]

    @property
    def manifests(self) -> ManifestSet:
        """The objects for the simulations of `mooring.semantics`."""
        return ManifestSet(self.objects)

    # Objects.

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return the objects of ``kind`` by name."""
        return {one["metadata"]["name"]: one for one in self.objects if one["kind"] == kind}

    def names(self, *kinds: str) -> set[str]:
        """Return the names of the objects of ``kinds``."""
        return {one["metadata"]["name"] for one in self.objects if one["kind"] in kinds}

    def controllers(self) -> dict[str, dict[str, Any]]:
        """Return what makes pods, by name; Jobs with a hash in the name too."""
        return {one["metadata"]["name"]: one for one in self.objects if one["kind"] in CONTROLLERS}

    def pods(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Yield each controller with the spec of its pods."""
        for one in self.controllers().values():
            yield one, pod_spec(one)

    # What a service of the Compose file became.

    def part(self, service: str) -> Workload | Task:
        """Return the part of the application in which ``service`` runs; KeyError if in none."""
        for part in self.application.parts:
            members = part.members if isinstance(part, Workload) else ()
            if any(each.source_name == service for each in (*part.containers, *members)):
                return part
        raise KeyError(service)

    def controller(self, service: str) -> dict[str, Any]:
        """Return the object that makes the pods of ``service``."""
        part = self.part(service)
        for name, one in self.controllers().items():
            if name == part.name or (one["kind"] == "Job" and name.startswith(f"{part.name}-")):
                return one
        raise KeyError(service)

    def pod(self, service: str) -> dict[str, Any]:
        """Return the spec of the pods of ``service``."""
        return pod_spec(self.controller(service))

    def container(self, service: str) -> dict[str, Any]:
        """Return the container of ``service``."""
        name = self._source(service).name
        pod = self.pod(service)
        (found,) = [
            one
            for one in (*pod["containers"], *pod.get("initContainers", ()))
            if one["name"] == name
        ]
        return found  # type: ignore[no-any-return]

    def _source(self, service: str) -> Container:
        return next(one for one in self.part(service).containers if one.source_name == service)

    def services(self) -> dict[str, list[str]]:
        """Return the names of the Compose services that run, by the part they run in."""
        return {
            part.name: [one.source_name for one in part.containers]
            for part in self.application.parts
        }

    # Configuration.

    def environment(self, service: str) -> dict[str, str]:
        """
        Return the variables with which the process of ``service`` starts, Secrets in clear.

        Those that the pod itself says (``fieldRef``) are left out.
        """
        return environment(self.container(service), self.of("ConfigMap"), self.of("Secret"))

    def secret_variables(self, service: str) -> dict[str, tuple[str, str]]:
        """
        Return the variables of ``service`` that a Secret holds: its name and the key.

        So does it hold what is secret in a variable that is composed of such a one.
        """
        found: dict[str, tuple[str, str]] = {}
        container = self.container(service)
        for source in container.get("envFrom", ()):
            if "secretRef" in source:
                name = source["secretRef"]["name"]
                for key in _data(self.of("Secret")[name]):
                    found[source.get("prefix", "") + key] = (name, key)
        for variable in container.get("env", ()):
            reference = variable.get("valueFrom", {}).get("secretKeyRef")
            if reference is not None:
                found[variable["name"]] = (reference["name"], reference["key"])
            for name in re.findall(r"\$\(([^()]+)\)", variable.get("value", "")):
                if name in found:
                    found[variable["name"]] = found[name]
        return found

    def plain_texts(self) -> Iterator[str]:
        """Yield every text of every object but of Secrets: values, names, arguments, files."""
        for one in self.objects:
            if one["kind"] != "Secret":
                yield from texts(one)

    # The network.

    def ports(self, service_object: str) -> dict[int, Any]:
        """Return the ports of a Service, each with its target."""
        found = self.of("Service")[service_object]["spec"].get("ports", ())
        return {one["port"]: one.get("targetPort", one["port"]) for one in found}

    def routes(self) -> dict[tuple[str, str], tuple[str, Any]]:
        """Return by host and path the Service of each rule of the Ingresses, and its port."""
        found: dict[tuple[str, str], tuple[str, Any]] = {}
        for one in self.of("Ingress").values():
            for rule in one["spec"].get("rules", ()):
                for path in rule["http"]["paths"]:
                    backend = path["backend"]["service"]
                    port = backend["port"].get("number") or backend["port"]["name"]
                    found[rule.get("host", ""), path.get("path", "/")] = (backend["name"], port)
        return found

    # What was said.

    def decisions(self, topic: str | None = None, subject: str | None = None) -> list[Decision]:
        """Return what was decided, about ``topic`` and ``subject`` where they are given."""
        return [
            one
            for one in self.result.translation.decisions
            if topic in {None, one.topic} and subject in {None, one.subject}
        ]

    def questions(self, words: str = "") -> list[OpenQuestion]:
        """Return what is open and speaks of ``words``, in its subject or in the question."""
        return [
            one
            for one in self.result.translation.questions
            if words in one.subject or words in one.question
        ]

    def rules(self) -> set[str]:
        """Return the rules of the findings."""
        return {one.rule for one in self.result.findings}

    def said(self) -> str:
        """Return everything that was said: decisions, questions, findings, losses; one a line."""
        translation = self.result.translation
        lines = [
            f"{one.subject}: {one.topic}: {one.choice}: "
            + "; ".join(each.statement for each in one.evidence)
            for one in translation.decisions
        ]
        lines += [f"{one.subject}: {one.question}" for one in translation.questions]
        lines += [f"{one.rule}: {one.message}" for one in self.result.findings]
        lines += [
            f"{'.'.join(map(str, one.path))}: {one.outcome}: {one.reason}"
            for one in translation.ledger.entries
            if one.reason
        ]
        return "\n".join(lines)

    def unaccounted(self) -> list[str]:
        """Return the values of the input of which nothing is said; there should be none."""
        found = self.result.translation.unaccounted(self.result.project)
        return [".".join(map(str, path)) for path, _ in found]

    def leaves(self) -> int:
        """Return how many values the input has."""
        return sum(1 for _ in leaves(self.result.project.root))


def pod_spec(controller: Mapping[str, Any]) -> dict[str, Any]:
    """Return the spec of the pods that ``controller`` makes."""
    spec = controller["spec"]
    if controller["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    return spec["template"]["spec"]  # type: ignore[no-any-return]


def containers(pod: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return all containers of a pod's spec, those that run first too."""
    return [*pod.get("initContainers", ()), *pod["containers"]]


def environment(
    container: Mapping[str, Any],
    config_maps: Mapping[str, Mapping[str, Any]],
    secrets: Mapping[str, Mapping[str, Any]],
) -> dict[str, str]:
    """Return the variables of ``container`` as the kubelet computes them, but ``fieldRef``."""
    found: dict[str, str] = {}
    for source in container.get("envFrom", ()):
        prefix = source.get("prefix", "")
        if "configMapRef" in source:
            data = _data(config_maps[source["configMapRef"]["name"]])
        else:
            data = _data(secrets[source["secretRef"]["name"]])
        found.update({prefix + key: value for key, value in data.items()})
    for variable in container.get("env", ()):
        origin = variable.get("valueFrom")
        if origin is None:
            found[variable["name"]] = expanded(variable.get("value", ""), found)
        elif "configMapKeyRef" in origin:
            reference = origin["configMapKeyRef"]
            found[variable["name"]] = _data(config_maps[reference["name"]])[reference["key"]]
        elif "secretKeyRef" in origin:
            reference = origin["secretKeyRef"]
            found[variable["name"]] = _data(secrets[reference["name"]])[reference["key"]]
    return found


def expanded(value: str, variables: Mapping[str, str]) -> str:
    """
    Return ``value`` with its references ``$(NAME)`` replaced, as the kubelet does.

    A name without a value stays as it is written, and ``$$`` is one ``$``.
    Source: k8s.io/kubernetes/third_party/forked/golang/expansion.
    """
    made, rest = "", value
    while "$" in rest:
        before, _, rest = rest.partition("$")
        made += before
        if rest.startswith("$"):
            made, rest = f"{made}$", rest[1:]
        elif rest.startswith("(") and ")" in rest:
            name, _, rest = rest[1:].partition(")")
            made += variables.get(name, f"$({name})")
        else:
            made += "$"
    return made + rest


def _data(item: Mapping[str, Any]) -> dict[str, str]:
    return {**item.get("data", {}), **item.get("stringData", {})}


def texts(value: object) -> Iterator[str]:
    """Yield every text in a manifest: keys and values, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
