"""
Two copies of one secret that differ in the input itself.

A server is made with one password, and who asks for the same account is given another: an env file
for one environment here, one for another there.  Compose does not see it and the client is refused,
or the volume remembers a third one.  Which of them holds only the user knows, so production asks;
`settings: {<NAME>: shared}` at the server makes all of them its own, and `own` leaves them as they
are.  Compared is only the same account of the same server: one that an address names, one that a
host and a user beside the password name, and a variable that is called like the server's own.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.application import Application
from mooring.app.configuration import Setting
from mooring.app.workloads import Container, InitialStep
from mooring.credentials import can_hold, decoded, passwords_in
from mooring.decisions import Decision, Evidence, OpenQuestion
from mooring.patterns import LazyPattern
from mooring.sensitive import Sensitive
from mooring.settings.choices import Choices, Secrecy
from mooring.translate.notes import Note, Translated
from mooring.translate.one_source import belong, is_store
from mooring.translate.server_accounts import MADE_WITH
from mooring.translate.view import ServiceView

_HOST = LazyPattern(r"[\w.-]+")
_OF_CLIENTS = {"HASURA_ADMIN_SECRET": "HASURA_GRAPHQL_ADMIN_SECRET"}
"""What clients call a secret of their server, by the server's own name for it."""
_STORE_KEYS = ("SECRET_ACCESS_KEY", "SECRET_KEY")
_STORE_USERS = ("ACCESS_KEY_ID", "ACCESS_KEY")
_MOST_NAMED = 3


class _Account(msgspec.Struct, frozen=True):
    """An account with which a server is made; without a ``user`` it is the only one."""

    container: Container
    setting: Setting
    user: str | None

    @property
    def server(self) -> str:
        return self.container.source_name


class _Copy(msgspec.Struct, frozen=True):
    """A setting of a client that holds another secret than the account that it is for."""

    account: _Account
    container: Container
    setting: Setting
    development_only: bool = False
    is_store: bool = False


def with_equal_copies(
    application: Application,
    views: ReadOnly[str, ServiceView],
    names: ReadOnly[str, Iterable[str]],
    choices: Choices,
) -> Translated[Application]:
    """
    Return ``application`` with the copies equal of which the user says that they are.

    ``names`` are those under which each service may be dialled.
    """
    accounts = list(_accounts(application, views))
    if not accounts:
        return Translated(application)
    comparing = _Comparing(accounts, names, choices)
    copies = [
        msgspec.structs.replace(
            copy,
            development_only=part.development_only,
            is_store=is_store(views.get(container.source_name)),
        )
        for part in application.parts
        for container in part.containers
        for copy in comparing.copies(container)
    ]
    if not copies:
        return Translated(application)
    notes: list[Note] = []
    shared: list[_Account] = []
    for account in accounts:
        found = [one for one in copies if one.account is account]
        chosen = choices.service(account.server).settings.get(account.setting.name)
        if found and chosen is Secrecy.SHARED:
            shared.append(account)
            notes.append(_told(account, found))
        elif chosen is not Secrecy.OWN and any(not one.development_only for one in found):
            notes.append(_asked(account, [one for one in found if not one.development_only]))
    if not shared:
        return Translated(application, tuple(notes))
    sharing = _Sharing([one for one in copies if one.account in shared])
    parts = tuple(
        msgspec.structs.replace(
            part,
            containers=tuple(map(sharing.shared, part.containers)),
            initial_steps=tuple(
                InitialStep(container=sharing.shared(step.container)) for step in part.initial_steps
            ),
        )
        for part in application.parts
    )
    return Translated(msgspec.structs.replace(application, parts=parts), tuple(notes))


def _accounts(application: Application, views: ReadOnly[str, ServiceView]) -> Iterator[_Account]:
    for part in application.parts:
        for container in part.containers:
            view = views.get(container.source_name)
            known = view.known if view is not None else None
            held = {one.name: one for one in container.settings}
            for user, usual, password in MADE_WITH.get(known.family.name, ()) if known else ():
                setting = held.get(password)
                if setting is None or not setting.is_secret or not _revealed(setting):
                    continue
                said = held.get(user) if user is not None else None
                name = _revealed(said) if said is not None else usual
                if name is None and user is not None:
                    continue
                yield _Account(container, setting, name)


class _Comparing:
    """Finds what clients are given for the accounts of servers."""

    def __init__(
        self,
        accounts: Iterable[_Account],
        names: ReadOnly[str, Iterable[str]],
        choices: Choices,
    ) -> None:
        self._accounts: dict[str, list[_Account]] = {}
        for one in accounts:
            self._accounts.setdefault(one.server, []).append(one)
        self._names = {
            name.lower(): server
            for server in self._accounts
            for name in names.get(server, (server,))
        }
        self._own_names = {
            one.setting.name for several in self._accounts.values() for one in several
        }
        self._choices = choices

    def copies(self, container: Container) -> Iterator[_Copy]:
        """Yield the settings of ``container`` that differ from the accounts which they are for."""
        chosen = self._choices.service(container.source_name).settings
        for setting in container.settings:
            if (
                not setting.is_secret
                or setting.embedded
                or chosen.get(setting.name) is Secrecy.OWN
                or not _revealed(setting)
            ):
                continue
            for account, password in self._meant(container, setting):
                is_same = account.setting is setting or setting.source == (
                    account.container.name,
                    account.setting.name,
                )
                if not is_same and _revealed(account.setting) not in (password, decoded(password)):
                    yield _Copy(account, container, setting)
                    break

    def _meant(self, container: Container, setting: Setting) -> Iterator[tuple[_Account, str]]:
        """Yield the accounts for which ``setting`` is, and the password that it has for each."""
        value = _revealed(setting)
        if "@" in value or "=" in value:
            for one in passwords_in(value):
                for host in one.hosts:
                    for account in self._of(host, decoded(one.user)):
                        yield account, value[one.start : one.end]
        elif setting.name in self._own_names or setting.name in _OF_CLIENTS:
            name = _OF_CLIENTS.get(setting.name, setting.name)
            only = self._dialled_with(name, container)
            if only is not None:
                yield only, value
        else:
            user = _user_beside(container, setting)
            if user:
                for other in container.settings:
                    if isinstance(other.value, str) and belong(other.name, setting.name):
                        for host in _HOST.findall(other.value):
                            for account in self._of(host, user):
                                yield account, value

    def _of(self, host: str, user: str) -> Iterator[_Account]:
        for account in self._accounts.get(self._names.get(host.lower(), ""), ()):
            if account.user is None or account.user == user:
                yield account

    def _dialled_with(self, name: str, container: Container) -> _Account | None:
        """Return the account called ``name`` of the only server of the kind that is dialled."""
        dialled = {
            server
            for other in container.settings
            for word in _HOST.findall(_revealed(other).lower())
            if (server := self._names.get(word)) is not None
        }
        own = self._accounts.get(container.source_name, ())
        found = [
            account
            for server in dialled - {container.source_name}
            for account in self._accounts[server]
            if account.setting.name == name
        ]
        if len(found) != 1 or any(account.setting.name == name for account in own):
            return None
        held = {one.name: _revealed(one) for one in container.settings}
        users = {held.get(user, found[0].user) for user in _users_of(name)}
        return found[0] if users <= {found[0].user} else None


def _users_of(password: str) -> set[str]:
    """Return the variables that name the user of the account of which ``password`` is one."""
    return {
        user
        for rows in MADE_WITH.values()
        for user, _, name in rows
        if name == password and user is not None
    }


def _user_beside(container: Container, setting: Setting) -> str:
    """Return the user that stands beside a password; nothing where none does."""
    held = {one.name: one for one in container.settings}
    name = setting.name
    for ending in _STORE_KEYS:
        if name.endswith(ending):
            stem = name.removesuffix(ending)
            users = [held[f"{stem}{one}"] for one in _STORE_USERS if f"{stem}{one}" in held]
            return _revealed(users[0]) if users else ""
    for ending in ("PASSWORD", "PASSWD", "PASS"):
        if name.upper().endswith(ending):
            stem = name[: -len(ending)]
            for word in ("USER", "USERNAME", "user", "username"):
                if f"{stem}{word}" in held:
                    return _revealed(held[f"{stem}{word}"])
    return ""


class _Sharing:
    """Gives clients the secret of their server in place of their copy."""

    def __init__(self, copies: Iterable[_Copy]) -> None:
        self._copies = {(one.container.name, one.setting.name): one.account for one in copies}
        self._values = {
            (one.setting.name, _revealed(one.setting)): one.account
            for one in copies
            if one.setting.name == one.account.setting.name
        }

    def shared(self, container: Container) -> Container:
        """Return ``container`` with the secrets of its servers."""
        settings = tuple(self._setting(container, one) for one in container.settings)
        return msgspec.structs.replace(container, settings=settings)

    def _setting(self, container: Container, setting: Setting) -> Setting:
        if not setting.is_secret or setting.embedded:
            return setting
        value = _revealed(setting)
        account = self._copies.get((container.name, setting.name)) or self._values.get(
            # Who is given all settings of a stack has the copy, too, and never looks at it.
            (setting.name, value)
        )
        if account is None or account.setting is setting:
            return setting
        source = account.container.name, account.setting.name
        password = _revealed(account.setting)
        found = [
            one
            for one in passwords_in(value)
            if account.user is None or decoded(one.user) == account.user
        ]
        if not found:
            return msgspec.structs.replace(
                setting,
                value=Sensitive(password),
                source=source,
                is_placeholder=account.setting.is_placeholder,
            )
        fits = all(can_hold(one.form, password) for one in found)
        text = value
        for one in reversed(found):
            put_in = password if fits else _encoded(password)
            text = text[: one.start] + put_in + text[one.end :]
        is_whole = len(found) == len(passwords_in(value))
        return msgspec.structs.replace(
            setting,
            value=Sensitive(text),
            source=None,
            embedded=(source,) * len(found) if fits and is_whole else (),
            is_placeholder=account.setting.is_placeholder,
        )


def _asked(account: _Account, copies: list[_Copy]) -> OpenQuestion:
    server, name = account.server, account.setting.name
    return OpenQuestion(
        subject=f"services.{server}.environment.{name}",
        question=f"{_places(copies)} given another value than {server} is made with: "
        "which one holds?",
        answer=f"services: {{{server}: {{settings: {{{name}: shared}}}}}} makes theirs that of "
        f"{server}, whose value stands in environments/<environment>/secrets.env; own leaves both",
        position=account.setting.position,
    )


def _told(account: _Account, copies: list[_Copy]) -> Decision:
    server, name = account.server, account.setting.name
    return Decision(
        subject=f"services.{server}",
        topic="secret",
        choice=f"its {name} is that of {_listed(copies)} as well, which had another value",
        evidence=(
            Evidence("mooring.yaml says that it is shared", account.setting.position),
            *dict.fromkeys(
                Evidence("here stands another one", one.setting.position) for one in copies
            ),
        ),
        overrule=f"services: {{{server}: {{settings: {{{name}: own}}}}}}",
    )


def _places(copies: list[_Copy]) -> str:
    """Return who differs, and where that is written."""
    places = dict.fromkeys(
        one.setting.position.short for one in copies if one.setting.position is not None
    )
    where = f" ({', '.join([*places][:_MOST_NAMED])})" if places else ""
    several = len({one.container.source_name for one in copies}) > 1
    return f"{_listed(copies)}{where} {'are' if several else 'is'}"


def _listed(copies: list[_Copy]) -> str:
    # A database that is given all settings of a stack asks nobody.
    asking = [one for one in copies if not one.is_store] or copies
    names = list(dict.fromkeys(one.container.source_name for one in asking))
    if len(names) > _MOST_NAMED:
        return f"{', '.join(names[:_MOST_NAMED])} and {len(names) - _MOST_NAMED} more"
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"


def _revealed(setting: Setting) -> str:
    return setting.value.reveal() if isinstance(setting.value, Sensitive) else setting.value


def _encoded(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")
