"""
Names that cannot stay, and every place that speaks of them.

A service name with an underscore or a digit first is no DNS label, so the name changes and whoever
dials it must be told: settings, commands, health checks, hooks and shipped files are rewritten
where the old name stands as a host.  A place that merely holds the same word (a database called
like the service) is left alone, and where nothing in it was rewritten a finding tells of it.

A service that became a replica of a cluster is dialled by the name of its pod, and on the port on
which all replicas listen.  Its old name goes on leading to it, on the old port as well, so where no
port stands behind the name nothing is rewritten that would have to be guessed.  Neither is an
address with TLS (`https://es01:9200`): its certificate was issued to the old name, and whoever
checks it would find another.
"""

import re
from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.application import Application
from mooring.app.configuration import Document, Setting
from mooring.app.health import Hook
from mooring.app.process import Process
from mooring.app.workloads import Container, InitialStep, Task, Workload
from mooring.decisions import Decision, Evidence
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.sensitive import Sensitive
from mooring.sources import Position
from mooring.translate.notes import Note, Translated

TYPE_CHECKING = False  # what stands above is imported at run time, see `cli.own_modules`
if TYPE_CHECKING:
    from mooring.translate.reverse_proxy.nginx_hosts import Hosts

OLD_NAME_REMAINS = Rule(id="old-name-remains", severity=Severity.WARNING, since="0.1")

_HOST_ENDINGS = ("HOST", "HOSTNAME", "HOSTS", "ADDR", "ADDRESS", "SERVER", "SERVERS", "URL", "URI")
_HOST_WORDS = frozenset(
    {"ENDPOINT", "ENDPOINTS", "UPSTREAM", "BACKEND", "BROKER", "BROKERS", "DSN", "PEERS", "NODES",
     "MASTER", "SEED", "SEEDS"}
)  # fmt: skip
_WORD = LazyPattern(r"(?<![\w.-])(\w[\w-]*(?:\.[\w-]+)*)(:[0-9]+)?")
"""A name, and the port behind it."""
_BEFORE_A_HOST = LazyPattern(
    r"(?://|@|\s-h[\s=]*|(?:host|hostname|server|upstream|address|addr|reverse_proxy|\w+_pass"
    r"|replicaof|slaveof)[\s=:\"']+)$",
    re.IGNORECASE,
)
_LOOK_BACK = 24
"""Characters before a word in which the sign of a host is looked for."""
_TLS = LazyPattern(
    r"(?:https|wss|amqps|rediss|valkeys|mqtts|ldaps|imaps|smtps|ftps|grpcs|tls|ssl|nats\+tls)://"
    r"(?:[^\s/@\"']*@)?$",
    re.IGNORECASE,
)
"""What stands before a host whose certificate names it."""


class Rename(msgspec.Struct, frozen=True, kw_only=True):
    """
    The name ``old`` of ``service``, by which it may be dialled, is ``new`` in the cluster.

    ``of_pod`` tells that it is the name of a single replica, and ``is_kept`` that the old one leads
    to it as well; ``ports`` has those ports of it that change, each with the one that it becomes.
    """

    service: str
    old: str
    new: str
    of_pod: bool = False
    is_kept: bool = False
    ports: tuple[tuple[int, int], ...] = ()


def of_services(dns_names: ReadOnly[str, str]) -> tuple[Rename, ...]:
    """Return the renames of services, from the DNS name that each has got."""
    return tuple(
        Rename(service=name, old=name, new=made) for name, made in dns_names.items() if made != name
    )


def rewrite(application: Application, renames: tuple[Rename, ...]) -> Translated[Application]:
    """Return ``application`` with every old name rewritten, and what there is to say of it."""
    if not renames:
        return Translated(application)
    rewriting = Rewriting(renames)
    parts = tuple(rewriting.part(part) for part in application.parts)
    documents = tuple(rewriting.document(document) for document in application.documents)
    result = msgspec.structs.replace(application, parts=parts, documents=documents)
    return Translated(result, rewriting.notes())


class _Place(msgspec.Struct, frozen=True):
    """Where a text stands."""

    where: str
    position: Position | None


class Rewriting:
    """
    One pass over texts, remembering what it changed and what it dared not change.

    ``changed`` has the places of each rename, ``left`` findings about what was not rewritten.
    """

    def __init__(self, renames: tuple[Rename, ...]) -> None:
        self._renames = renames
        # Case matters to nobody who looks a name up, so a name that differs in nothing else stays.
        self._names = {one.old.lower(): one for one in renames if one.old.lower() != one.new}
        self.changed: dict[Rename, dict[Evidence, None]] = {one: {} for one in renames}
        self.left: dict[Finding, None] = {}

    def notes(self) -> tuple[Note, ...]:
        """Return a decision for each name that changed, and findings for what was left."""
        decisions = [
            _decision(one, tuple(places))
            for one, places in self.changed.items()
            if places or not one.of_pod
        ]
        return (*decisions, *self.left)

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
        """Return ``container`` with its settings and all that it runs rewritten."""
        where = f"services.{container.source_name}"
        health = container.health
        if health is not None:
            place = _Place(f"{where}.healthcheck", health.position)
            health = msgspec.structs.replace(health, command=self._words(health.command, place))
        return msgspec.structs.replace(
            container,
            settings=tuple(self.setting(one, where) for one in container.settings),
            process=self._process(
                container.process, _Place(f"{where}.command", container.position)
            ),
            health=health,
            after_start=tuple(self._hook(hook, where) for hook in container.after_start),
            before_stop=tuple(self._hook(hook, where) for hook in container.before_stop),
        )

    def setting(self, setting: Setting, where: str) -> Setting:
        """Return ``setting`` with hosts in its value rewritten."""
        value = setting.value.reveal() if isinstance(setting.value, Sensitive) else setting.value
        place = _Place(f"{where}.environment.{setting.name}", setting.position)
        changed = self._text(value, place, is_list_of_hosts=_names_a_host(setting.name))
        if changed == value:
            return setting
        new = Sensitive(changed) if isinstance(setting.value, Sensitive) else changed
        return msgspec.structs.replace(setting, value=new)

    def document(self, document: Document) -> Document:
        """Return ``document`` with hosts in its texts rewritten."""
        files: dict[str, bytes | Sensitive[bytes]] = {}
        for path, content in document.files.items():
            raw = content.reveal() if isinstance(content, Sensitive) else content
            files[path] = content
            try:
                decoded = raw.decode("utf-8")
            except UnicodeDecodeError:
                continue
            place = _Place(f"the file {path}", document.position)
            hosts = _hosts_of_nginx(decoded)
            changed = (
                self._text(decoded, place) if hosts is None else self._at(decoded, hosts, place)
            ).encode()
            if changed != raw:
                files[path] = Sensitive(changed) if isinstance(content, Sensitive) else changed
        return msgspec.structs.replace(document, files=files)

    def _process(self, process: Process, place: _Place) -> Process:
        return msgspec.structs.replace(
            process,
            entrypoint=self._words(process.entrypoint, place) if process.entrypoint else None,
            arguments=self._words(process.arguments, place) if process.arguments else None,
        )

    def _hook(self, hook: Hook, where: str) -> Hook:
        command = self._words(hook.command, _Place(f"{where}: a hook", hook.position))
        return msgspec.structs.replace(hook, command=command)

    def _words(self, words: tuple[str, ...], place: _Place) -> tuple[str, ...]:
        """Return the words of a command; one after `--host` is a host as a whole."""
        before = ("", *words)
        return tuple(
            self._text(word, place, is_list_of_hosts=option == "-h" or _is_host_option(option))
            for option, word in zip(before, words, strict=False)
        )

    def _at(self, text: str, hosts: "Hosts", place: _Place) -> str:
        """Return ``text`` with the old names replaced at the places of ``hosts``."""
        renamed: dict[str, str] = {}
        for host in hosts.hosts:
            rename = self._names.get(host.host.lower())
            if rename is not None:
                renamed[host.host] = rename.new
                self.changed[rename][Evidence(place.where, place.position)] = None
        return hosts.renamed(text, renamed)

    def _text(self, text: str, place: _Place, *, is_list_of_hosts: bool = False) -> str:
        """
        Return ``text`` with the old names replaced where they stand as hosts.

        A host follows `//`, `@` or a word such as `server`, or is followed by a port; in a list of
        hosts it stands between separators.
        """
        left: dict[str, Rename] = {}
        has_changed = False

        def put(found: re.Match[str]) -> str:
            nonlocal has_changed
            name, port = found[1], found[2] or ""
            rename = self._names.get(name.lower())
            if rename is None or (rename.ports and not port):
                return found[0]
            if rename.is_kept and is_behind_tls(text, found.start()):
                return found[0]
            before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
            after = text[found.end() : found.end() + 1]
            is_host = (
                bool(port)
                or _BEFORE_A_HOST.search(before)
                or (is_list_of_hosts and before[-1:] in _AROUND and after[:1] in _AROUND)
            )
            if not is_host:
                if not rename.of_pod:
                    left[name] = rename
                return found[0]
            has_changed = True
            self.changed[rename][Evidence(place.where, place.position)] = None
            moved = dict(rename.ports).get(int(port[1:] or 0))
            return f"{rename.new}{port}" if moved is None else f"{rename.new}:{moved}"

        changed = _WORD.sub(put, text)
        if not has_changed:
            for word, rename in left.items():
                self.left[_remaining(word, rename, place)] = None
        return changed


def is_behind_tls(text: str, at: int) -> bool:
    """Tell whether what stands ``at`` is the host of an address with TLS."""
    return _TLS.search(text[max(0, at - _LONGEST_START) : at]) is not None


_LONGEST_START = 256
"""Characters of an address before its host: the scheme, and a user with a password."""


def dialled_by_tls(text: str) -> Iterator[str]:
    """Yield the hosts of the addresses with TLS in ``text``, in lower case."""
    if "://" in text and ("s://" in text.lower() or "l://" in text.lower()):
        for found in _WORD.finditer(text):
            if is_behind_tls(text, found.start()):
                yield found[1].lower()


def _hosts_of_nginx(text: str) -> "Hosts | None":
    """Return where hosts stand in a configuration of nginx, which has a grammar of its own."""
    if "_pass" not in text and "upstream" not in text:
        return None
    from mooring.translate.reverse_proxy.nginx_hosts import hosts_in

    return hosts_in(text)


_AROUND = frozenset({"", " ", ",", ";"})
"""What stands around a host in a list of them; nothing does at its ends."""


def _names_a_host(setting: str) -> bool:
    last = setting.upper().replace("-", "_").replace(".", "_").rpartition("_")[2]
    return last in _HOST_WORDS or last.endswith(_HOST_ENDINGS)


def _is_host_option(word: str) -> bool:
    return word.startswith("-") and "=" not in word and _names_a_host(word)


def _decision(rename: Rename, places: tuple[Evidence, ...]) -> Decision:
    if rename.of_pod:
        return Decision(
            subject=f"services.{rename.service}",
            topic="name",
            choice=f'where "{rename.old}" is dialled "{rename.new}" stands now, its pod',
            evidence=places,
            overrule=f"services: {{{rename.service}: {{cluster: none}}}}",
        )
    return Decision(
        subject=f"services.{rename.service}",
        topic="name",
        choice=f'its name "{rename.old}" is "{rename.new}" in the cluster: a DNS label',
        evidence=places or (Evidence("nothing here dials it"),),
        overrule="another name in the Compose file",
    )


def _remaining(word: str, rename: Rename, place: _Place) -> Finding:
    return OLD_NAME_REMAINS.finding(
        place.position,
        f'{place.where} holds "{word}", the old name of service "{rename.service}", but not as a '
        "host",
        remedy=f'if it is dialled there, write "{rename.new}"',
    )
