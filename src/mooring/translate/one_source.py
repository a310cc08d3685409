"""
One password under two names is one secret.

A database is told its password as `POSTGRES_PASSWORD`, and the program that dials it the same one
as `GITEA__database__PASSWD`.  With a key for each, a new password has to be set twice, and whoever
sets one of them has a program that is not let in.  So where a setting that is called like the host
which a program dials (`WORDPRESS_DB_HOST`, `WORDPRESS_DB_PASSWORD`) has the value of a secret of
that very server, it takes its value from there.  So do settings into which one and the same
variable flowed as a whole, as `${DB_PASSWORD}` under two names, also where one container gets the
variable itself from an `env_file`, as from the `.env` that fills in the other.  The same value
without such a bond is no reason: two passwords that are both "changeme" are two.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.application import Application
from mooring.app.configuration import NOBODY, Setting
from mooring.app.workloads import Container, InitialStep
from mooring.decisions import Decision, Evidence
from mooring.images.facts import Role
from mooring.kube.names import config_key
from mooring.patterns import LazyPattern
from mooring.sensitive import Sensitive
from mooring.settings.choices import Choices, Secrecy
from mooring.translate.notes import Translated
from mooring.translate.own_name import is_compose_file
from mooring.translate.server_accounts import passwords_of
from mooring.translate.view import ServiceView

_SERVERS = frozenset({Role.DATABASE, Role.CACHE, Role.BROKER, Role.SEARCH, Role.OBJECT_STORE})
_OF_HOSTS = frozenset(
    {"host", "hosts", "hostname", "addr", "address", "server", "servers", "url", "uri", "endpoint",
     "name", "service", "dsn", "node", "nodes", "seed", "seeds", "urls", "uris", "broker",
     "brokers", "endpoints"}
)  # fmt: skip
"""Words with which the name of a setting ends that says where a server is."""
_OF_CLIENTS = frozenset({"PGPASSWORD", "MYSQL_PWD", "REDISCLI_AUTH"})
"""What the programs that come with a server read, whatever else is set."""
_ADMINISTRATORS = frozenset({"root", "admin", "administrator"})
_HOST = LazyPattern(r"[\w.-]+")
_LAST_WORD = LazyPattern(r"([A-Za-z0-9]+)[_.:-]*$")


class Held(msgspec.Struct, frozen=True):
    """
    A secret of a server: the container, and its setting; one of its accounts, or another.

    Where the server reads it from the file of a ``document``, the setting is what it would be.
    """

    container: Container
    setting: Setting
    is_account: bool = False
    document: str | None = None

    @property
    def place(self) -> tuple[str, str]:
        """Where it stands: the container and the setting, or nobody and the document."""
        if self.document is not None:
            return NOBODY, self.document
        return self.container.name, self.setting.name

    @property
    def value(self) -> str:
        """The secret itself."""
        value = self.setting.value
        return value.reveal() if isinstance(value, Sensitive) else value

    @property
    def shown(self) -> str:
        """What it is called where its value is set."""
        return self.setting.key or self.setting.name


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
    flowed = _flowed(application, views)
    if not held and not flowed:
        return Translated(application)
    tying = _Tying(held, flowed, names, choices)
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
) -> dict[str, list[Held]]:
    """Return the secrets of servers by their values, where others have the same under a name."""
    held: dict[str, list[Held]] = {}
    others: set[str] = set()
    documents = lines_of(application)
    for part in application.parts:
        for container in part.containers:
            of_server = secrets_of_server(container, views, documents)
            for one in of_server:
                held.setdefault(one.value, []).append(one)
            # What a server holds besides may be a copy that it is given with all the others.
            others.update(
                setting.value.reveal()
                for setting in container.settings
                if isinstance(setting.value, Sensitive)
                and not any(one.is_account and one.setting is setting for one in of_server)
            )
    return {value: found for value, found in held.items() if value in others}


def secrets_of_server(
    container: Container,
    views: ReadOnly[str, ServiceView],
    documents: ReadOnly[str, tuple[str, str]],
) -> list[Held]:
    """
    Return the secrets that ``container`` is given, where it is a server; nothing otherwise.

    ``documents`` has path and text of those of a single line, by their names.
    """
    view = views.get(container.source_name)
    known = view.known if view is not None else None
    if known is None:
        return []
    accounts = passwords_of(known.family.name)
    if not is_store(view) and not accounts:
        return []
    held = [
        Held(container, setting, is_account=setting.name in accounts)
        for setting in container.settings
        if _is_whole(setting)
    ]
    for setting in container.settings:
        name = setting.name.removesuffix("_FILE")
        if name not in accounts or name == setting.name:
            continue
        for mount in container.documents:
            line = documents.get(mount.document)
            if line is not None and mount.file is not None and mount.path == setting.value:
                said = Setting(
                    name=name,
                    value=Sensitive(line[1]),
                    key=config_key(line[0]),
                    position=setting.position,
                )
                held.append(Held(container, said, is_account=True, document=mount.document))
    return held


def lines_of(application: Application) -> dict[str, tuple[str, str]]:
    """Return path and text of the secret documents that are a single line, by their names."""
    return {
        one.name: one.single_line
        for one in application.documents
        if one.single_line is not None and one.external_name is None
    }


def is_store(view: ServiceView | None) -> bool:
    """Tell whether a service is a server of data, as a database or a broker."""
    return view is not None and view.known is not None and view.known.family.role in _SERVERS


def _is_whole(setting: Setting) -> bool:
    """Tell whether a setting is a secret with a key of its own, and not composed of others."""
    return setting.is_secret and not setting.embedded


def _flowed(
    application: Application, views: ReadOnly[str, ServiceView]
) -> dict[tuple[str, str], tuple[Held, str]]:
    """
    Return the secrets into which a single variable flowed, by container and name.

    With each stand the secret that is the same and the variable: that of the name in the same
    container, or else the first into which it flowed as well; one of a server's accounts if there
    is one.
    """
    alike: dict[tuple[str, str], list[Held]] = {}
    from_files: dict[tuple[str, str], list[Held]] = {}
    found: dict[tuple[str, str], tuple[Held, str]] = {}
    for part in application.parts:
        for container in part.containers:
            view = views.get(container.source_name)
            own = {one.name: one for one in container.settings if _is_whole(one)}
            accounts = {one.setting.name for one in secrets_of_server(container, views, {})
                        if one.is_account}  # fmt: skip
            for name, setting in own.items():
                entry = view.environment.get(name) if view is not None else None
                if entry is None or len(entry.variables) > 1 or not entry.value:
                    continue
                held = Held(container, setting, is_account=name in accounts)
                if not entry.variables:
                    if entry.position is not None and not is_compose_file(entry.position.file):
                        from_files.setdefault((name, entry.value), []).append(held)
                    continue
                (variable,) = entry.variables
                other = own.get(variable)
                if other is not None and other is not setting:
                    is_account = variable in accounts
                    if other.value == setting.value and not (is_account and held.is_account):
                        found[container.name, name] = Held(container, other), variable
                    continue
                alike.setdefault((variable, entry.value), []).append(held)
    for key, several in from_files.items():
        if key in alike:
            alike[key] += several
    for (variable, _), several in alike.items():
        first = min(several, key=lambda one: not one.is_account)
        for one in several:
            if one is not first and not one.is_account and one.value == first.value:
                found[one.container.name, one.setting.name] = first, variable
    return found


class _Tying:
    """Ties the secrets of clients to those of their servers."""

    def __init__(
        self,
        held: dict[str, list[Held]],
        flowed: dict[tuple[str, str], tuple[Held, str]],
        names: ReadOnly[str, Iterable[str]],
        choices: Choices,
    ) -> None:
        self._held = held
        self._flowed = flowed
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
            if not isinstance(setting.value, Sensitive) or not _is_whole(setting):
                continue
            if setting.source is not None:
                continue
            found = [
                one
                for one in self._held.get(setting.value.reveal(), ())
                if one.container.source_name != container.source_name
                or (one.is_account and not self._is_account(one, setting))
            ]
            source: Held | None = None
            evidence: Evidence | None = None
            if found and self._may_be_tied(container, setting):
                source, evidence = self._source(container, setting, found)
            flowed = self._flowed.get((container.name, setting.name))
            if source is None and flowed is not None and self._is_free(container, setting):
                source, variable = flowed
                evidence = Evidence(f"the variable {variable} flows into both", setting.position)
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
        # An address is more than a password, whatever it is called.
        if isinstance(setting.value, Sensitive) and "://" in setting.value.reveal():
            return False
        return self._is_free(container, setting)

    def _is_free(self, container: Container, setting: Setting) -> bool:
        chosen = self._choices.service(container.source_name).settings.get(setting.name)
        return chosen is not Secrecy.OWN

    def _is_account(self, one: Held, setting: Setting) -> bool:
        """Tell whether ``setting`` is of an account of the server of ``one`` as well."""
        return any(
            other.setting is setting and other.is_account for other in self._held.get(one.value, ())
        )

    def _source(
        self, container: Container, setting: Setting, found: list[Held]
    ) -> tuple[Held | None, Evidence | None]:
        """Return whose secret ``setting`` is, and what tells that; the first that is dialled."""
        for server, evidence in self._dialled(container, setting):
            of_server = [one for one in found if one.container.source_name == server]
            if of_server:
                asked = _user(container, setting)
                return for_user(of_server, asked), evidence
        return None, None

    def _dialled(self, container: Container, setting: Setting) -> Iterator[tuple[str, Evidence]]:
        """Yield the servers of which a setting speaks that is called like ``setting``."""
        for other in container.settings:
            if isinstance(other.value, str) and belong(other.name, setting.name):
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
        self, container: Container, setting: Setting, source: Held, evidence: Evidence
    ) -> Setting:
        server = source.container.source_name
        is_own = server == container.source_name
        shown = source.shown
        if shown != (setting.key or setting.name):
            self.decisions.append(
                Decision(
                    subject=f"services.{container.source_name}",
                    topic="secret",
                    choice=f"its {setting.name} is "
                    + (f"its {shown}" if is_own else f"the {shown} of {server}")
                    + ": both come from one key",
                    evidence=(evidence, Evidence("both have the same value", setting.position)),
                    overrule=f"services: {{{container.source_name}: "
                    f"{{settings: {{{setting.name}: own}}}}}}",
                )
            )
        return msgspec.structs.replace(setting, source=source.place)


def belong(host: str, password: str) -> bool:
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


def for_user(found: list[Held], user: str) -> Held:
    """
    Return the secret that is the one of ``user``.

    That with which its server is made comes before what it holds besides, and of several the
    administrator's is the last.
    """
    wants_root = user in _ADMINISTRATORS
    ordered = sorted(
        found,
        key=lambda one: (not one.is_account, ("ROOT" in one.setting.name.upper()) != wants_root),
    )
    return ordered[0]
