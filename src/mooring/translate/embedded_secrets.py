"""
A password inside an address is the secret of which it is a copy.

`DATABASE_URL=postgres://app:secret@db/shop` repeats what the database is told as
`POSTGRES_PASSWORD`.  With a key for each, whoever sets a new password has to write it into every
address as well, and a program of which that was forgotten is not let in.  So an address is composed
of the one key: where the server that it dials has this very secret, or where the container has it
beside the address, under a name that flowed into it or that can be no accident.  The same holds for
the key of signed tokens inside a JSON text.

An address of which something else is secret, or still a template, stays whole.  So does one that
spells the password otherwise than its server, percent-encoded: nothing in a cluster encodes it.
Then a decision says that two keys have to be changed together.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.application import Application
from mooring.app.configuration import Setting
from mooring.app.workloads import Container, InitialStep
from mooring.credentials import Credential, Form, around, decoded, passwords_in
from mooring.decisions import Decision, Evidence
from mooring.patterns import LazyPattern
from mooring.sensitive import Sensitive
from mooring.settings.choices import Choices
from mooring.translate.notes import Translated
from mooring.translate.one_source import Held, belong, for_user, lines_of, secrets_of_server
from mooring.translate.secrecy import is_placeholder, is_secret_content, is_secret_name
from mooring.translate.view import ServiceView

_SHORTEST = 8
"""Characters of a password that stands in two places of a container by no accident."""
_OPEN = LazyPattern(r"<[^<>]*>|\$\{")
"""What stands for a part of an address that nobody has given yet."""


def with_embedded_secrets(
    application: Application,
    views: ReadOnly[str, ServiceView],
    names: ReadOnly[str, Iterable[str]],
    choices: Choices,
) -> Translated[Application]:
    """
    Return ``application`` with addresses that are composed of the secrets in them.

    ``names`` are those under which each service may be dialled.
    """
    if not any(_may_hold(setting) for _, setting in _settings(application)):
        return Translated(application)
    composing = _Composing(application, views, names, choices)
    parts = tuple(
        msgspec.structs.replace(
            part,
            containers=tuple(map(composing.composed, part.containers)),
            initial_steps=tuple(
                InitialStep(container=composing.composed(step.container))
                for step in part.initial_steps
            ),
        )
        for part in application.parts
    )
    if not composing.decisions:
        return Translated(application)
    return Translated(msgspec.structs.replace(application, parts=parts), tuple(composing.decisions))


def _settings(application: Application) -> Iterator[tuple[Container, Setting]]:
    for part in application.parts:
        for container in (*part.containers, *(step.container for step in part.initial_steps)):
            for setting in container.settings:
                yield container, setting


def _may_hold(setting: Setting) -> bool:
    """Tell whether a setting is a text with more in it than a secret alone."""
    if not isinstance(setting.value, Sensitive):
        return False
    value = setting.value.reveal()
    return "@" in value or "=" in value or value.startswith("{")


class _Composing:
    """Finds of which secrets the settings of containers are composed."""

    def __init__(
        self,
        application: Application,
        views: ReadOnly[str, ServiceView],
        names: ReadOnly[str, Iterable[str]],
        choices: Choices,
    ) -> None:
        self._views = views
        self._choices = choices
        self._held: dict[str, dict[str, list[Held]]] = {}
        documents = lines_of(application)
        for part in application.parts:
            for container in part.containers:
                for one in secrets_of_server(container, views, documents):
                    held = self._held.setdefault(container.source_name, {})
                    held.setdefault(one.value, []).append(one)
        self._names = {
            name.lower(): server for server in self._held for name in names.get(server, (server,))
        }
        self.decisions: list[Decision] = []

    def composed(self, container: Container) -> Container:
        """Return ``container`` with each address composed that can be."""
        chosen = self._choices.service(container.source_name).settings
        changed: dict[str, Setting] = {}
        for setting in container.settings:
            if _may_hold(setting) and setting.name not in chosen:
                sources = self._sources(container, setting)
                if sources:
                    changed[setting.name] = self._with(container, setting, sources)
                    changed |= self._flowed_beside(container, setting, sources)
                else:
                    self._tell_of_encoded(container, setting)
        if not changed:
            return container
        settings = tuple(changed.get(one.name, one) for one in container.settings)
        return msgspec.structs.replace(container, settings=settings)

    def _sources(self, container: Container, setting: Setting) -> list[Held]:
        """Return whose secret each password in ``setting`` is; nothing where one is nobody's."""
        text = _revealed(setting)
        found = passwords_in(text)
        if not found or not _is_clear(around(text, found), container, setting):
            return []
        sources: list[Held] = []
        for one in found:
            source = self._of_server(one, text[one.start : one.end]) or self._beside(
                one, text[one.start : one.end], container, setting
            )
            if source is None:
                return []
            sources.append(source)
        return sources

    def _of_server(self, one: Credential, password: str) -> Held | None:
        """Return the secret of the server for which a password is, where it has the same."""
        for host in one.hosts:
            found = self._held.get(self._names.get(host, ""), {}).get(password)
            if found:
                return for_user(found, one.user.lower())
        return None

    def _beside(
        self, one: Credential, password: str, container: Container, setting: Setting
    ) -> Held | None:
        """Return the secret of the container itself of which a password is the copy."""
        flowed = _flowed_into(setting.name, self._views.get(container.source_name))
        alike = [
            other
            for other in container.settings
            if other is not setting
            and isinstance(other.value, Sensitive)
            and other.value.reveal() == password
            and is_secret_name(other.name)
        ]
        certain = [
            other
            for other in alike
            if other.name in flowed or _is_for(other.name, one.hosts, container)
        ]
        if not certain and len(password) >= _SHORTEST and not is_placeholder(password):
            certain = alike
        return Held(container, certain[0]) if certain else None

    def _flowed_beside(
        self, container: Container, address: Setting, sources: list[Held]
    ) -> dict[str, Setting]:
        """Return the settings into which the variable flowed that is a server's in ``address``."""
        view = self._views.get(container.source_name)
        chosen = self._choices.service(container.source_name).settings
        flowed = _flowed_into(address.name, view)
        tied: dict[str, Setting] = {}
        for source in sources:
            for other in container.settings if source.container is not container else ():
                if (
                    not isinstance(other.value, Sensitive)
                    or other.value.reveal() != source.value
                    or other.name in chosen
                    or other.source is not None
                    or not is_secret_name(other.name)
                    or flowed.isdisjoint({other.name, *_flowed_into(other.name, view)})
                ):
                    continue
                tied[other.name] = msgspec.structs.replace(other, source=source.place)
                self.decisions.append(
                    Decision(
                        subject=f"services.{container.source_name}",
                        topic="secret",
                        choice=f"its {other.name} is the {source.shown} of "
                        f"{source.container.source_name}: both come from one key",
                        evidence=(
                            Evidence(
                                f"what flows into it stands in {address.name} as well",
                                other.position,
                            ),
                        ),
                        overrule=_own(container, other),
                    )
                )
        return tied

    def _tell_of_encoded(self, container: Container, setting: Setting) -> None:
        """Decide that an address keeps the password that it spells otherwise than its server."""
        text = _revealed(setting)
        for one in passwords_in(text) if "%" in text else ():
            source = self._of_server(one, decoded(text[one.start : one.end]))
            if source is not None:
                self.decisions.append(
                    Decision(
                        subject=f"services.{container.source_name}",
                        topic="secret",
                        choice=f"{_told(container, setting, [source])}, percent-encoded: who sets "
                        "one of them has to set both",
                        evidence=(
                            Evidence("nothing in a cluster encodes it", setting.position),
                            Evidence("the server is told it as it is", source.setting.position),
                        ),
                        overrule=_own(container, setting),
                    )
                )

    def _with(self, container: Container, setting: Setting, sources: list[Held]) -> Setting:
        found = passwords_in(_revealed(setting))
        dialled = dict.fromkeys(
            source.container.source_name
            for source, one in zip(sources, found, strict=True)
            if one.hosts and source.container is not container
        )
        self.decisions.append(
            Decision(
                subject=f"services.{container.source_name}",
                topic="secret",
                choice=f"{_told(container, setting, sources)}: both come from one key",
                evidence=(
                    *(Evidence(f"it dials {one} there", setting.position) for one in dialled),
                    Evidence(
                        "both have the same value",
                        sources[0].setting.position if dialled else setting.position,
                    ),
                ),
                overrule=_own(container, setting),
            )
        )
        return msgspec.structs.replace(setting, embedded=tuple(source.place for source in sources))


def _told(container: Container, setting: Setting, sources: list[Held]) -> str:
    """Return whose secret the password in ``setting`` is, in words."""
    whose = dict.fromkeys(
        f"its {source.shown}"
        if source.container.source_name == container.source_name
        else f"the {source.shown} of {source.container.source_name}"
        for source in sources
    )
    is_key = passwords_in(_revealed(setting))[0].form is Form.JSON
    return f"the {'key' if is_key else 'password'} in its {setting.name} is {' and '.join(whose)}"


def _own(container: Container, setting: Setting) -> str:
    return f"services: {{{container.source_name}: {{settings: {{{setting.name}: own}}}}}}"


def _is_clear(pieces: tuple[str, ...], container: Container, setting: Setting) -> bool:
    """Tell whether everybody may read what stands around the passwords of ``setting``."""
    rest = "".join(pieces)
    if _OPEN.search(rest) or any(map(is_secret_content, pieces)):
        return False
    return not any(
        isinstance(other.value, Sensitive)
        and other is not setting
        and len(value := other.value.reveal()) >= _SHORTEST
        and value in rest
        and is_secret_name(other.name)
        for other in container.settings
    )


def _flowed_into(name: str, view: ServiceView | None) -> set[str]:
    """Return the variables that flowed into a setting, also those that did so through others."""
    flowed: set[str] = set()
    coming = [name] if view is not None else []
    while coming:
        entry = view.environment.get(coming.pop()) if view is not None else None
        for variable in entry.variables if entry is not None else ():
            if variable not in flowed:
                flowed.add(variable)
                coming.append(variable)
    return flowed


def _is_for(password: str, hosts: tuple[str, ...], container: Container) -> bool:
    """Tell whether the setting ``password`` is for one of ``hosts``, as one beside it says."""
    return any(
        isinstance(other.value, str)
        and other.value.partition(":")[0].lower() in hosts
        and belong(other.name, password)
        for other in container.settings
    )


def _revealed(setting: Setting) -> str:
    return setting.value.reveal() if isinstance(setting.value, Sensitive) else setting.value
