"""
Services of several projects that answer to one name, each on networks of its own.

On one machine ``db`` leads to the ``db`` of the network on which the caller stands, so two projects
may each have one.  In a namespace a name leads to one Service.  Joined, the two are called after
their projects, and here every caller is told whom it means: whoever answers to the name on one of
the caller's networks.  A caller of whom that is true of two, on one network, would be answered by
either on Docker too; that is an error, because nobody can mean it.

Source: Docker's embedded DNS, which asks the networks of the calling container one after another:
https://docs.docker.com/engine/network/#dns-services
"""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.workloads import InitialStep
from mooring.compose import suggest
from mooring.compose.nodes import Mapping
from mooring.compose.project import Project
from mooring.decisions import Decision, Evidence
from mooring.errors import InputError, InputErrors
from mooring.translate.grouping import Groups
from mooring.translate.notes import Note, Translated
from mooring.translate.renames import Rename, Rewriting
from mooring.translate.service import TranslatedService
from mooring.translate.view import ServiceView, entries, field, items, text


class AmbiguousName(InputError):
    """A name that services of several projects answer to on one network, and that is dialled."""


class _Answer(msgspec.Struct, frozen=True):
    """A service that answers to a name on the network, and the project that it belongs to."""

    service: str
    project: str
    network: str


def told_apart(
    project: Project,
    views: ReadOnly[str, ServiceView],
    translated: ReadOnly[str, TranslatedService],
    dns_names: ReadOnly[str, str],
    groups: Groups,
) -> Translated[dict[str, TranslatedService]]:
    """
    Return ``translated`` with names that several projects have put right in what each service says.

    Raises:
        InputErrors: names that lead to services of several projects where they are dialled.
    """
    answers = _contested(project, views, translated)
    if not answers:
        return Translated(dict(translated))
    owners = _owners(project)
    changed: dict[Rename, dict[Evidence, None]] = {}
    left: list[Note] = []
    errors: list[InputError] = []
    done: dict[str, TranslatedService] = {}
    for name, service in translated.items():
        networks = frozenset(_networks(views[groups.leaders[name]]))
        meant: list[Rename] = []
        for contested, answering in answers.items():
            heard = [one for one in answering if one.network in networks]
            chosen = _chosen(name, owners[name], heard)
            if chosen is None and heard:
                errors += _ambiguous(contested, heard, service)
            elif chosen is not None:
                meant.append(Rename(service=chosen, old=contested, new=dns_names[chosen]))
        rewriting = Rewriting(tuple(meant))
        done[name] = _rewritten(service, rewriting)
        for rename, places in rewriting.changed.items():
            changed.setdefault(rename, {}).update(places)
        left.extend(rewriting.left)
    if errors:
        raise InputErrors(errors)
    return Translated(done, (*_decisions(project, changed), *dict.fromkeys(left)))


def _contested(
    project: Project,
    views: ReadOnly[str, ServiceView],
    translated: ReadOnly[str, TranslatedService],
) -> dict[str, list[_Answer]]:
    """Return who answers to each name, in lower case, that services of several projects have."""
    owners = _owners(project)
    found: dict[str, list[_Answer]] = {}
    for name in translated:
        own = project.own_names[name][1]
        for network, options in entries(views[name].get("networks")):
            aliases = field(options, "aliases") if isinstance(options, Mapping) else None
            for one in dict.fromkeys((own, *(text(item) for _, item in items(aliases)))):
                if one:
                    answer = _Answer(name, owners[name], network)
                    found.setdefault(one.lower(), []).append(answer)
    return {
        name: answers
        for name, answers in found.items()
        if len({answer.project for answer in answers}) > 1
    }


def _owners(project: Project) -> dict[str, str]:
    """Return the project of each service, as the user calls it."""
    return {
        joined: member.name
        for member in project.members
        for joined in member.keys.get("services", {}).values()
    }


def _networks(view: ServiceView) -> Iterator[str]:
    for network, _ in entries(view.get("networks")):
        yield network


def _chosen(caller: str, project: str, heard: Iterable[_Answer]) -> str | None:
    """
    Return whom ``caller``, of ``project``, means by a name; None where nobody can say.

    It means itself before others, and one of its own project before one of another that stands on
    none of the same networks.
    """
    answers = list(heard)
    services = list(dict.fromkeys(answer.service for answer in answers))
    if caller in services:
        return caller
    own = [answer for answer in answers if answer.project == project]
    others = {answer.network for answer in answers if answer.project != project}
    if own and others.isdisjoint(answer.network for answer in own):
        return own[0].service
    return services[0] if len(services) == 1 else None


def _ambiguous(
    name: str, heard: list[_Answer], service: TranslatedService
) -> Iterator[AmbiguousName]:
    """Yield an error for each place in which ``service`` dials ``name``."""
    answering = list({answer.service: answer for answer in heard}.values())
    probe = Rewriting((Rename(service=answering[0].service, old=name, new=f"{name}-"),))
    _rewritten(service, probe)
    networks = ", ".join(dict.fromkeys(answer.network for answer in heard))
    projects = suggest.listed(dict.fromkeys(answer.project for answer in answering))
    for places in probe.changed.values():
        for place in places:
            yield AmbiguousName(
                f'{place.statement} dials "{name}", which is a service of each of the projects '
                f"{projects}, all on {networks}",
                position=place.position,
                remedy="give the one that is meant a network alias of its own and dial that, or "
                "take the other off the network",
            )


def _rewritten(service: TranslatedService, rewriting: Rewriting) -> TranslatedService:
    """Return ``service`` with its container, its steps and what they are shipped rewritten."""
    documents = {}
    moved: dict[str, str] = {}
    for identity, document in service.documents.items():
        made = rewriting.document(document)
        if made.files != document.files:
            # What several services are shipped says to each of them what it means there.
            moved[identity] = f"{identity} for {service.source_name}"
        documents[moved.get(identity, identity)] = made
    container = rewriting.container(service.container)
    steps = tuple(rewriting.container(step.container) for step in service.initial_steps)
    if moved:
        container, *rest = (
            msgspec.structs.replace(
                one,
                documents=tuple(
                    msgspec.structs.replace(
                        mount, document=moved.get(mount.document, mount.document)
                    )
                    for mount in one.documents
                ),
            )
            for one in (container, *steps)
        )
        steps = tuple(rest)
    return msgspec.structs.replace(
        service,
        container=container,
        initial_steps=tuple(InitialStep(container=step) for step in steps),
        documents=documents,
    )


def _decisions(
    project: Project, changed: ReadOnly[Rename, ReadOnly[Evidence, None]]
) -> Iterator[Decision]:
    """Yield a decision for each service that got another name, and for each shared alias."""
    for name, (_, own) in project.own_names.items():
        dialled = {one.old: places for one, places in changed.items() if one.service == name}
        if own != name and name in project.services:
            sharing = suggest.listed(
                member.name for member in project.members if own in member.keys.get("services", {})
            )
            places = dialled.pop(own.lower(), {})
            yield Decision(
                subject=f"services.{name}",
                topic="name",
                choice=f'called "{name}": the projects {sharing} each have a service "{own}"',
                evidence=tuple(places) or (Evidence("nothing here dials it"),),
                overrule="another name in one of the Compose files",
            )
        for alias, places in dialled.items():
            if places:
                yield Decision(
                    subject=f"services.{name}",
                    topic="name",
                    choice=f'dialled by its own name where "{alias}" means it: services of several '
                    "projects answer to that",
                    evidence=tuple(places),
                    overrule="another alias in one of the Compose files",
                )
