"""
One password under two names is one secret.

A database is told its password as `POSTGRES_PASSWORD`, and the program that dials it the same one
as `GITEA__database__PASSWD`.  With a key for each, a new password has to be set twice, and whoever
sets one of them has a program that is not let in.  So where a setting that is called like the host
which a program dials (`WORDPRESS_DB_HOST`, `WORDPRESS_DB_PASSWORD`) has the value of a secret of
that very server, it takes its value from there.  The same value without such a bond is no reason:
two passwords that are both "changeme" are two.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.application import Application
from mooring.app.configuration import Setting
from mooring.app.workloads import Container, InitialStep
from mooring.decisions import Decision, Evidence
from mooring.images.facts import Role
from mooring.patterns import LazyPattern
from mooring.sensitive import Sensitive
from mooring.settings.choices import Choices, Secrecy
from mooring.translate.notes import Translated
from mooring.translate.view import ServiceView

_SERVERS = frozenset({Role.DATABASE, Role.CACHE, Role.BROKER, Role.SEARCH, Role.OBJECT_STORE})
_OF_HOSTS = frozenset(
    {"host", "hosts", "hostname", "addr", "address", "server", "servers", "url", "uri", "endpoint",
     "name", "service", "dsn", "node", "nodes"}
)  # fmt: skip
"""Words with which the name of a setting ends that says where a server is."""
_OF_CLIENTS = frozenset({"PGPASSWORD", "MYSQL_PWD", "REDISCLI_AUTH"})
"""What the programs that come with a server read, whatever else is set."""
_ADMINISTRATORS = frozenset({"root", "admin", "administrator"})
_HOST = LazyPattern(r"[\w.-]+")
_LAST_WORD = LazyPattern(r"([A-Za-z0-9]+)[_.:-]*$")


class _Held(msgspec.Struct, frozen=True):
    """A secret of a server: the container, and its setting."""

    container: Container
    setting: Setting


def with_one_source(
    application: Application,
    views: ReadOnly[str, ServiceView],
    names: ReadOnly[str, Iterable[str]],
    choices: Choices,
) -> Translated[Application]:
    """
    Return ``application`` with each password of a server under one key.

    ``names`` are those under which each service may be dialled.
    """
    held = _of_servers(application, views)
    if not held:
        return Translated(application)
    tying = _Tying(held, names, choices)
    parts = tuple(
        msgspec.structs.replace(
            part,
            containers=tuple(map(tying.tied, part.containers)),
            initial_steps=tuple(
                InitialStep(container=tying.tied(step.container)) for step in part.initial_steps
            ),
        )
        for part in application.parts
    )
    if not tying.decisions:
        return Translated(application)
    return Translated(msgspec.structs.replace(application, parts=parts), tuple(tying.decisions))


def _of_servers(
    application: Application, views: ReadOnly[str, ServiceView]
) -> dict[str, list[_Held]]:
    """Return the secrets of servers by their values, where others have the same under a name."""
    held: dict[str, list[_Held]] = {}
    others: set[str] = set()
    for part in application.parts:
        for container in part.containers:
            view = views.get(container.source_name)
            known = view.known if view is not None else None
            is_server = known is not None and known.family.role in _SERVERS
            for setting in container.settings:
                if isinstance(setting.value, Sensitive):
                    value = setting.value.reveal()
                    others.add(value) if not is_server else held.setdefault(value, []).append(
                        _Held(container, setting)
                    )
    return {value: found for value, found in held.items() if value in others}


class _Tying:
    """Ties the secrets of clients to those of their servers."""

    def __init__(
        self,
        held: dict[str, list[_Held]],
        names: ReadOnly[str, Iterable[str]],
        choices: Choices,
    ) -> None:
        self._held = held
        self._choices = choices
        self._names = {
            name.lower(): one.container.source_name
            for found in held.values()
            for one in found
            for name in names.get(one.container.source_name, (one.container.source_name,))
        }
        self.decisions: list[Decision] = []

    def tied(self, container: Container) -> Container:
        """Return ``container`` with its passwords of servers taken from these."""
        changed: dict[str, Setting] = {}
        for setting in container.settings:
            if not isinstance(setting.value, Sensitive):
                continue
            found = [
                one
                for one in self._held.get(setting.value.reveal(), ())
                if one.container.source_name != container.source_name
            ]
            if found and self._may_be_tied(container, setting):
                source, evidence = self._source(container, setting, found)
                if source is not None and evidence is not None:
                    changed[setting.name] = self._with(container, setting, source, evidence)
        if not changed:
            return container
        settings = tuple(changed.get(one.name, one) for one in container.settings)
        return msgspec.structs.replace(container, settings=settings)

    def _may_be_tied(self, container: Container, setting: Setting) -> bool:
        name = setting.name.lower()
        # An access key is the name of a user, though it is kept like a secret.
        if "user" in name or ("access" in name and "secret" not in name):
            return False
        chosen = self._choices.service(container.source_name).settings.get(setting.name)
        return chosen is not Secrecy.OWN

    def _source(
        self, container: Container, setting: Setting, found: list[_Held]
    ) -> tuple[_Held | None, Evidence | None]:
        """Return whose secret ``setting`` is, and what tells that; the first that is dialled."""
        for server, evidence in self._dialled(container, setting):
            of_server = [one for one in found if one.container.source_name == server]
            if of_server:
                asked = _user(container, setting)
                return _for_user(of_server, asked), evidence
        return None, None

    def _dialled(self, container: Container, setting: Setting) -> Iterator[tuple[str, Evidence]]:
        """Yield the servers of which a setting speaks that is called like ``setting``."""
        for other in container.settings:
            if isinstance(other.value, str) and _belong(other.name, setting.name):
                for server in self._in(other.value):
                    yield server, Evidence(f"it dials {server} by {other.name}", other.position)
        if setting.name in _OF_CLIENTS:
            process = container.process
            for word in (*(process.entrypoint or ()), *(process.arguments or ())):
                for server in self._in(word):
                    yield server, Evidence(f"its command dials {server}", container.position)

    def _in(self, text: str) -> Iterator[str]:
        for word in _HOST.findall(text.lower()):
            server = self._names.get(word)
            if server is not None:
                yield server

    def _with(
        self, container: Container, setting: Setting, source: _Held, evidence: Evidence
    ) -> Setting:
        server = source.container.source_name
        if source.setting.name != setting.name:
            self.decisions.append(
                Decision(
                    subject=f"services.{container.source_name}",
                    topic="secret",
                    choice=f"its {setting.name} is the {source.setting.name} of {server}: "
                    "both come from one key",
                    evidence=(
                        evidence,
                        Evidence(f"both have the same value as {server}", setting.position),
                    ),
                    overrule=f"services: {{{container.source_name}: "
                    f"{{settings: {{{setting.name}: own}}}}}}",
                )
            )
        return msgspec.structs.replace(setting, source=(source.container.name, source.setting.name))


def _belong(host: str, password: str) -> bool:
    """Tell whether the setting ``host`` says where that is for which ``password`` is."""
    stem = host
    while (match := _LAST_WORD.search(stem)) is not None and match[1].lower() in _OF_HOSTS:
        stem = stem[: match.start(1)]
    if stem == host:
        # Without anything between the words, as in PGHOST.
        stem = host[:-4] if host.lower().endswith("host") else ""
    return len(stem) > 1 and password.lower().startswith(stem.lower())


def _user(container: Container, setting: Setting) -> str:
    """Return the user whose password ``setting`` is, as far as the settings beside it tell."""
    for other in container.settings:
        if isinstance(other.value, str) and other.name.lower().endswith(("user", "username")):
            shared = other.name.lower().removesuffix("name").removesuffix("user")
            if shared and setting.name.lower().startswith(shared):
                return other.value.lower()
    return ""


def _for_user(found: list[_Held], user: str) -> _Held:
    """Return the secret that is the one of ``user``: of several the administrator's is the last."""
    wants_root = user in _ADMINISTRATORS
    ordered = sorted(found, key=lambda one: ("ROOT" in one.setting.name.upper()) != wants_root)
    return ordered[0]
