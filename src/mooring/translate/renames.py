"""
Names that cannot stay, and every place that speaks of them.

A service name with an underscore or capitals is no DNS label, so the name changes and whoever
dials it must be told: settings, commands, health checks and shipped files are rewritten where the
old name stands as a host.  A place that merely holds the same word (a database called like the
service) is left alone and reported.
"""

import re
from collections.abc import Callable

import msgspec

from mooring.app.application import Application
from mooring.app.configuration import Document, Setting
from mooring.app.health import Health
from mooring.app.process import Process
from mooring.app.workloads import Container, InitialStep, Task, Workload
from mooring.decisions import Decision, Evidence
from mooring.findings import Rule, Severity
from mooring.kube.names import service_name
from mooring.sensitive import Sensitive
from mooring.translate.notes import Note, Translated

OLD_NAME_REMAINS = Rule(id="old-name-remains", severity=Severity.WARNING, since="0.1")

_HOST_WORDS = ("HOST", "HOSTNAME", "ADDR", "ADDRESS", "SERVER", "SERVERS", "ENDPOINT", "ENDPOINTS",
               "URL", "URI", "UPSTREAM", "BACKEND", "BROKER", "BROKERS", "DSN", "PEERS", "NODES",
               "HOSTS", "MASTER", "SEED", "SEEDS")  # fmt: skip


def renamed(names: list[str]) -> dict[str, str]:
    """Return the names among ``names`` that cannot stay, each with what it becomes."""
    return {name: made for name in names if (made := service_name(name)) != name}


def rewrite(application: Application, names: dict[str, str]) -> Translated[Application]:
    """Return ``application`` with every host in ``names`` rewritten, and a list of the places."""
    if not names:
        return Translated(application)
    rewriting = _Rewriting(names)
    parts = tuple(rewriting.part(part) for part in application.parts)
    documents = tuple(rewriting.document(document) for document in application.documents)
    result = msgspec.structs.replace(application, parts=parts, documents=documents)
    return Translated(result, rewriting.notes())


class _Rewriting:
    """One pass over an application, remembering what it changed and what it dared not change."""

    def __init__(self, names: dict[str, str]) -> None:
        self._names = names
        alternatives = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        self._word = re.compile(rf"(?<![\w.-])(?:{alternatives})(?![\w-])(?!\.\w)")
        self._changed: dict[str, list[Evidence]] = {}
        self._left: list[Note] = []

    def notes(self) -> tuple[Note, ...]:
        """Return a decision for each name that changed, and findings for what was left."""
        decisions = [
            Decision(
                subject=f"services.{old}",
                topic="name",
                choice=f'is called "{new}" in the cluster, where names are DNS labels',
                evidence=tuple(self._changed.get(old, ())) or (Evidence("nothing here dials it"),),
            )
            for old, new in self._names.items()
        ]
        return (*decisions, *self._left)

    def part(self, part: Workload | Task) -> Workload | Task:
        """Return ``part`` with its containers rewritten."""
        return msgspec.structs.replace(
            part,
            containers=tuple(self.container(one) for one in part.containers),
            initial_steps=tuple(
                InitialStep(container=self.container(step.container)) for step in part.initial_steps
            ),
        )

    def container(self, container: Container) -> Container:
        """Return ``container`` with its settings, command and health check rewritten."""
        where = f"services.{container.source_name}"

        def in_command(text: str) -> str:
            return self._text(text, Evidence(f"{where}.command", container.position))

        return msgspec.structs.replace(
            container,
            settings=tuple(self.setting(one, where) for one in container.settings),
            process=_process(container.process, in_command),
            health=_health(container.health, in_command),
        )

    def setting(self, setting: Setting, where: str) -> Setting:
        """Return ``setting`` with hosts in its value rewritten."""
        secret = isinstance(setting.value, Sensitive)
        value = setting.value.reveal() if isinstance(setting.value, Sensitive) else setting.value
        if not self._word.search(value):
            return setting
        evidence = Evidence(f"{where}.environment.{setting.name}", setting.position)
        if value in self._names:
            names_a_host = setting.name.upper().replace("-", "_").split("_")[-1] in _HOST_WORDS
            changed = self._replace(value, evidence) if names_a_host else value
        else:
            changed = self._text(value, evidence)
        if changed == value:
            self._left.append(
                OLD_NAME_REMAINS.finding(
                    setting.position,
                    f"{setting.name} holds a service's old name, but not as a host",
                    remedy="if it is dialled, write the new name",
                )
            )
            return setting
        new = Sensitive(changed) if secret else changed
        return msgspec.structs.replace(setting, value=new)

    def document(self, document: Document) -> Document:
        """Return ``document`` with hosts in its texts rewritten."""
        files: dict[str, bytes | Sensitive[bytes]] = {}
        for path, content in document.files.items():
            raw = content.reveal() if isinstance(content, Sensitive) else content
            files[path] = content
            if not any(name.encode() in raw for name in self._names):
                continue
            try:
                decoded = raw.decode("utf-8")
            except UnicodeDecodeError:
                continue
            changed = self._text(decoded, Evidence(f"file {path}", document.position)).encode()
            if changed != raw:
                files[path] = Sensitive(changed) if isinstance(content, Sensitive) else changed
        return msgspec.structs.replace(document, files=files)

    def _text(self, text: str, evidence: Evidence) -> str:
        """
        Return ``text`` with the old names replaced where they stand as hosts.

        A host follows `//` or `@`, or is followed by a port; in a file a name may also follow the
        word `server` or `host`.
        """

        def put(found: re.Match[str]) -> str:
            before = text[max(0, found.start() - 12) : found.start()]
            after = text[found.end() : found.end() + 2]
            is_host = (
                before.endswith(("//", "@"))
                or (after[:1] == ":" and after[1:2].isdigit())
                or re.search(r"(?:server|host|upstream)[\s=:\"']+$", before, re.IGNORECASE)
            )
            return self._replace(found[0], evidence) if is_host else found[0]

        return self._word.sub(put, text)

    def _replace(self, name: str, evidence: Evidence) -> str:
        self._changed.setdefault(name, [])
        if evidence not in self._changed[name]:
            self._changed[name].append(evidence)
        return self._names[name]


def _process(process: Process, change: Callable[[str], str]) -> Process:
    def all_of(words: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if words is None else tuple(change(word) for word in words)

    return msgspec.structs.replace(
        process, entrypoint=all_of(process.entrypoint), arguments=all_of(process.arguments)
    )


def _health(health: Health | None, change: Callable[[str], str]) -> Health | None:
    if health is None:
        return None
    command = tuple(change(word) for word in health.command)
    return msgspec.structs.replace(health, command=command)
