"""
The one service that stands for all members of a cluster, and what speaks against it.

Each thing that a container has is compared: settings, command, check, mounts, rights, amounts.  A
difference is explained by a member's own identity, or it is kept with the value of each member, so
that one cluster and several workloads can be weighed against each other.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from mooring.app.configuration import Setting
from mooring.app.endpoints import Endpoint, Protocol
from mooring.app.health import Health, Hook
from mooring.app.process import Process
from mooring.app.workloads import Container
from mooring.images.facts import ImageFamily
from mooring.sensitive import Sensitive
from mooring.sources import Position
from mooring.translate.clusters import mounted, sameness
from mooring.translate.clusters.differences import Difference, Differences
from mooring.translate.clusters.knowledge import knowledge_of, options
from mooring.translate.clusters.peers import joining_all
from mooring.translate.clusters.texts import (
    OWN_NAME,
    Fault,
    Members,
    Slot,
    asking_itself,
    naming_pods,
    unified,
)
from mooring.translate.service import TranslatedService
from mooring.translate.view import ServiceView

_BEGINS_A_CLUSTER = ("initiate", "bootstrap", "join", "create")
"""Words of a check that does more than ask."""
_LOCAL = Slot(is_local=True)


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """
    The service that stands for all members, and what speaks against it.

    ``moved`` maps the ports of each member that become others; ``first_number`` is the ordinal of
    the first pod; ``explained`` says in words which differences are those of identity.
    """

    service: TranslatedService
    differences: tuple[Difference, ...]
    moved: tuple[dict[int, int], ...]
    first_number: int
    explained: tuple[str, ...]


def compared(
    services: Sequence[TranslatedService],
    views: Sequence[ServiceView],
    members: Members,
    family: ImageFamily | None,
    name: str,
) -> Compared:
    """Return what ``services``, the ``members`` in order, have in common under ``name``."""
    return _Comparison(services, views, members, family).result(name)


class _Comparison:
    """One pass over all that the members have, remembering what was met on the way."""

    def __init__(
        self,
        services: Sequence[TranslatedService],
        views: Sequence[ServiceView],
        members: Members,
        family: ImageFamily | None,
    ) -> None:
        self._services = services
        self._containers = [service.container for service in services]
        self._views = views
        self._knowledge = knowledge_of(family)
        self._members = self._with_own_names(members)
        self._differences = Differences(services)
        self._moved: tuple[dict[int, int], ...] = tuple({} for _ in services)
        self._numbers: set[int] = set()
        self._explained: dict[str, None] = {}

    def result(self, name: str) -> Compared:
        first = self._services[0]
        settings = self._settings()
        process = self._process()
        health = self._health()
        hooks = self._hooks("post_start", [one.after_start for one in self._containers])
        last_hooks = self._hooks("pre_stop", [one.before_stop for one in self._containers])
        mounts = mounted.unified(self._services, name, self._differences)
        sameness.compare(self._services, self._views, self._differences)
        number = min(self._numbers, default=0)

        def naming(text: str, slot: Slot) -> str:
            return naming_pods(text, self._members, slot, self._moved, number)

        container = msgspec.structs.replace(
            first.container,
            name=name,
            settings=(*self._given(settings), *self._settings_naming(settings, naming)),
            process=self._process_naming(process, naming),
            endpoints=self._endpoints(),
            documents=mounts.document_mounts,
            storage=mounts.storage_mounts,
            health=health,
            after_start=hooks,
            before_stop=last_hooks,
        )
        if any(len(service.storages) for service in self._services):
            self._explained.setdefault("volumes")
        return Compared(
            service=msgspec.structs.replace(
                first,
                container=container,
                storages=mounts.storages,
                documents=mounts.documents,
            ),
            differences=tuple(self._differences.found),
            moved=self._moved,
            first_number=number,
            explained=tuple(self._explained),
        )

    def _with_own_names(self, members: Members) -> Members:
        """Return ``members`` with the names that their processes give to themselves."""
        found = [dict.fromkeys(self._said_names(container)) for container in self._containers]
        names = [next(iter(said)) for said in found if len(said) == 1]
        if len(set(names)) != len(self._containers):
            return members
        identities = tuple(
            msgspec.structs.replace(identity, own_names=frozenset({own}))
            for identity, own in zip(members.identities, names, strict=True)
        )
        return msgspec.structs.replace(members, identities=identities)

    def _said_names(self, container: Container) -> Iterator[str]:
        for setting in container.settings:
            if self._knowledge.slot(setting.name).holds_name and isinstance(setting.value, str):
                yield setting.value.lower()
        process = container.process
        for option, word in options((*(process.entrypoint or ()), *(process.arguments or ()))):
            if self._knowledge.slot(option).holds_name:
                yield word.removeprefix(f"{option}=").lower()

    def _unify(
        self,
        what: str,
        texts: Sequence[str],
        slot: Slot,
        positions: Sequence[Position | None],
        *,
        is_amount: bool = False,
    ) -> str:
        found = unified(texts, self._members, slot)
        for at, own, kept in found.ports:
            if self._moved[at].setdefault(own, kept) != kept:
                texts_of_port = [str(own)] * len(texts)
                self._differences.tell(f"{what}, port {own}", texts_of_port, positions=positions)
        if found.first_number is not None:
            self._numbers.add(found.first_number)
            if len(self._numbers) > 1:
                self._differences.tell(what, texts, positions=positions)
        if found.fault is not None:
            fault = Fault.AMOUNT if is_amount else found.fault
            self._differences.tell(what, texts, fault=fault, positions=positions)
        elif found.differs:
            self._explained.setdefault(what)
        return found.text

    def _settings(self) -> tuple[Setting, ...]:
        by_name = [
            {setting.name: setting for setting in container.settings}
            for container in self._containers
        ]
        made: list[Setting] = []
        for name in dict.fromkeys(name for settings in by_name for name in settings):
            what = f"environment.{name}"
            found = [settings.get(name) for settings in by_name]
            present = [setting for setting in found if setting is not None]
            positions = [setting.position if setting is not None else None for setting in found]
            if len(present) < len(found) or any(setting.is_secret for setting in present):
                if len({_said(setting) for setting in found}) > 1:
                    shown = [_shown(setting) for setting in found]
                    self._differences.tell(what, shown, positions=positions)
                made.extend(setting for setting in found[:1] if setting is not None)
                continue
            is_amount = name in self._knowledge.memory
            texts = [str(_said(setting)) for setting in present]
            slot = self._knowledge.slot(name)
            text = self._unify(what, texts, slot, positions, is_amount=is_amount)
            made.append(msgspec.structs.replace(present[0], value=text))
        return tuple(made)

    def _given(self, settings: tuple[Setting, ...]) -> Iterator[Setting]:
        """Yield the settings that replicas need and that the members do not have."""
        facts = self._knowledge.facts
        set_already = {setting.name for setting in settings}
        host = f"{OWN_NAME}.{self._members.headless}"
        for name, value in facts.gives.items() if facts is not None else ():
            if name not in set_already:
                at = self._containers[0].position
                yield Setting(name=name, value=value.replace("{host}", host), position=at)

    def _settings_naming(
        self, settings: tuple[Setting, ...], naming: Callable[[str, Slot], str]
    ) -> Iterator[Setting]:
        for setting in settings:
            if isinstance(setting.value, Sensitive):
                yield setting
                continue
            text = naming(setting.value, self._knowledge.slot(setting.name))
            yield msgspec.structs.replace(setting, value=text)

    def _process(self) -> Process:
        processes = [container.process for container in self._containers]
        positions = [view.position("command") for view in self._views]
        changes: dict[str, tuple[str, ...]] = {}
        for name, what in (("entrypoint", "entrypoint"), ("arguments", "command")):
            several: list[tuple[str, ...] | None] = [getattr(one, name) for one in processes]
            if len(set(several)) == 1:
                continue
            rows = self._joining_all([self._bound_to_all(words or ()) for words in several])
            if None in several or len({len(words) for words in rows}) > 1:
                shown = [" ".join(words) for words in rows]
                self._differences.tell(what, shown, positions=positions)
                continue
            changes[name] = tuple(self._command(what, rows, positions))
        bare = [msgspec.structs.replace(one, entrypoint=None, arguments=None) for one in processes]
        self._differences.equal("working_dir, stdin_open or tty", bare)
        return msgspec.structs.replace(processes[0], **changes) if changes else processes[0]

    def _command(
        self, what: str, rows: Sequence[tuple[str, ...]], positions: Sequence[Position | None]
    ) -> Iterator[str]:
        for row in zip(*(options(words) for words in rows), strict=True):
            named = {option for option, _ in row}
            option = row[0][0] if len(named) == 1 else ""
            words = [word for _, word in row]
            start = f"{option}="
            if not option or not all(word.startswith(start) for word in words):
                start = ""
            text = self._unify(
                f"{option} in the {what}" if option else what,
                [word.removeprefix(start) for word in words],
                self._knowledge.slot(option),
                positions,
                is_amount=option in self._knowledge.memory,
            )
            yield f"{start}{text}"

    def _joining_all(self, rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        facts = self._knowledge.facts
        peers = facts.peers_setting if facts is not None else None
        joined = joining_all(rows, peers, self._members) if peers is not None else None
        if joined is None:
            return rows
        self._explained.setdefault(f"{peers} in the command")
        return joined

    def _bound_to_all(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Return ``words`` with an option that binds every address for one that binds its own."""
        facts = self._knowledge.facts
        if facts is None or not facts.bind_all:
            return words
        made: list[str] = []
        for option, word in options(words):
            if option not in facts.bind_settings:
                made.append(word)
                continue
            value = word.removeprefix(f"{option}=")
            if not self._speaks_of_a_member(value):
                made.append(word)
                continue
            if value == word:
                made.pop()
            made.extend(facts.bind_all)
            self._explained.setdefault(f"{option} in the command")
        return tuple(made)

    def _speaks_of_a_member(self, addresses: str) -> bool:
        words = {word.strip() for word in addresses.split(",")}
        return any(
            one.is_called(word) or word in one.addresses
            for one in self._members.identities
            for word in words
        )

    def _process_naming(self, process: Process, naming: Callable[[str, Slot], str]) -> Process:
        def named(words: tuple[str, ...] | None) -> tuple[str, ...] | None:
            if words is None:
                return None
            said = options(words)
            return tuple(naming(word, self._knowledge.slot(option)) for option, word in said)

        return msgspec.structs.replace(
            process, entrypoint=named(process.entrypoint), arguments=named(process.arguments)
        )

    def _health(self) -> Health | None:
        """Return the check of all replicas: that of the members that declare one."""
        declared = [
            (at, _with_ports(container.health, self._moved[at]))
            for at, container in enumerate(self._containers)
            if self._views[at].get("healthcheck") is not None and container.health is not None
        ]
        if not declared:
            return self._containers[0].health
        at, first = declared[0]
        if len(declared) < len(self._containers):
            said = " ".join(word for _, one in declared for word in one.command).lower()
            if any(word in said for word in _BEGINS_A_CLUSTER):
                checks = dict(declared)
                shown = [
                    " ".join(checks[at].command) if at in checks else "(none)"
                    for at in range(len(self._containers))
                ]
                self._differences.tell("healthcheck, which does more than ask", shown)
            words = first.command
            self._explained.setdefault("healthcheck")
        else:
            words = self._one_command([one for _, one in declared])
        own, moved = self._members.identities[at], self._moved[at]
        command = tuple(asking_itself(word, own, moved) for word in words)
        return msgspec.structs.replace(first, command=command)

    def _one_command(self, checks: Sequence[Health]) -> tuple[str, ...]:
        commands = [check.command for check in checks]
        positions = [check.position for check in checks]
        bare = [msgspec.structs.replace(one, command=(), position=None) for one in checks]
        self._differences.equal("healthcheck", bare, positions=positions)
        if len({len(command) for command in commands}) > 1:
            shown = [" ".join(command) for command in commands]
            self._differences.tell("healthcheck", shown, positions=positions)
            return commands[0]
        return tuple(
            self._unify("healthcheck", row, _LOCAL, positions)
            for row in zip(*commands, strict=True)
        )

    def _hooks(self, what: str, several: Sequence[tuple[Hook, ...]]) -> tuple[Hook, ...]:
        commands = [tuple(hook.command for hook in hooks) for hooks in several]
        shown = [" ; ".join(" ".join(words) for words in one) for one in commands]
        self._differences.equal(what, shown)
        return several[0]

    def _endpoints(self) -> tuple[Endpoint, ...]:
        """Return where all listen: on their own ports, or on those of the first member."""
        found: dict[tuple[int, Protocol], Endpoint] = {}
        for moved, container in zip(self._moved, self._containers, strict=True):
            for endpoint in container.endpoints:
                port = moved.get(endpoint.port, endpoint.port)
                known = found.get((port, endpoint.protocol))
                if known is None:
                    known = msgspec.structs.replace(endpoint, port=port, publications=())
                publications = dict.fromkeys((*known.publications, *endpoint.publications))
                found[port, endpoint.protocol] = msgspec.structs.replace(
                    known,
                    name=known.name or endpoint.name,
                    publications=tuple(publications),
                    position=known.position or endpoint.position,
                )
        return tuple(found.values())


def _with_ports(health: Health, moved: Mapping[int, int]) -> Health:
    """Return ``health`` asked on the ports on which all replicas listen."""
    if health.asked is None or health.asked.port not in moved:
        return health
    asked = msgspec.structs.replace(health.asked, port=moved[health.asked.port])
    return msgspec.structs.replace(health, asked=asked)


def _said(setting: Setting | None) -> str | None:
    if setting is None:
        return None
    return setting.value.reveal() if isinstance(setting.value, Sensitive) else setting.value


def _shown(setting: Setting | None) -> str:
    if setting is None:
        return "(not set)"
    return "(a secret of its own)" if isinstance(setting.value, Sensitive) else setting.value
