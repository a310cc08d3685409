"""
From a loaded project to the application it means.

Each service is translated on its own; then services that share a pod are put together, storages
and documents get their names, and every name that cannot stay is rewritten where it is dialled.
"""

import posixpath
from collections.abc import Callable, Iterator
from functools import partial

import msgspec

from mooring.accounting import Ledger, Path
from mooring.app.application import Application
from mooring.compose import dockerfile
from mooring.compose.nodes import Mapping
from mooring.compose.project import Project, UnsetVariable
from mooring.decisions import Decision, OpenQuestion
from mooring.findings import Finding, Rule, Severity
from mooring.kube.names import label, service_name, unique
from mooring.settings.choices import Choices
from mooring.sources import Position
from mooring.translate import (
    development_commands,
    grouping,
    known_values,
    lifecycle,
    placeholder_files,
    renames,
    top_level,
    unfilled,
)
from mooring.translate import unset as unset_variables
from mooring.translate.binds import Meaning
from mooring.translate.capacity.deciding import with_capacity
from mooring.translate.clusters.candidates import candidates as candidates_for_clusters
from mooring.translate.clusters.outcome import Around, Formation
from mooring.translate.development import for_development
from mooring.translate.dialling import Dialled
from mooring.translate.dials import Dial, dials
from mooring.translate.discovery import closure
from mooring.translate.discovery.dialled_ports import with_dialled_ports
from mooring.translate.discovery.said import all_said
from mooring.translate.discovery.survey import survey
from mooring.translate.empty_secrets import empty_secrets
from mooring.translate.exposure import edge_proxy
from mooring.translate.exposure.ways import with_exposures
from mooring.translate.final_names import with_final_names
from mooring.translate.further_names import candidates, further_names
from mooring.translate.guarded_stores import guarding
from mooring.translate.knowledge import known_image, moved_images
from mooring.translate.lending import with_loans
from mooring.translate.machine_rights import with_rights
from mooring.translate.nameless import without_names
from mooring.translate.notes import Notes
from mooring.translate.own_name import declared, finding_themselves
from mooring.translate.pods import pod
from mooring.translate.port_checks import with_port_checks
from mooring.translate.recognition import with_program
from mooring.translate.reverse_proxy.programs import image_files
from mooring.translate.reverse_proxy.programs import programs as proxy_programs
from mooring.translate.scheduling import words as scheduling
from mooring.translate.service import context_for, translate_service
from mooring.translate.shared_secrets import with_shared_secrets
from mooring.translate.sharing import shared_access
from mooring.translate.statefulness import keeping_state
from mooring.translate.surroundings import LocalFiles, Surroundings
from mooring.translate.view import ServiceView, field, text, truth
from mooring.translate.waited_ports import with_waited_ports
from mooring.translate.workspaces import for_workspaces, programs_not_run

TYPE_CHECKING = False  # what stands above is imported at run time, see `cli.own_modules`
if TYPE_CHECKING:
    from mooring.translate.scheduling import settlement as settlement_of_schedules


class Translation(msgspec.Struct, frozen=True, kw_only=True):
    """An application, and everything that is to be said about how it came to be."""

    application: Application
    ledger: Ledger
    decisions: tuple[Decision, ...]
    questions: tuple[OpenQuestion, ...]
    findings: tuple[Finding, ...]
    dials: tuple[Dial, ...] = ()
    for_developers: tuple[development_commands.DevelopmentCommand, ...] = ()
    unmet: tuple[closure.Unmet, ...] = ()

    @property
    def unmet_hosts(self) -> frozenset[str]:
        """The names that are dialled and that nobody has."""
        return frozenset(one.host for one in self.unmet if one.meant is closure.Meant.HOST)

    def unaccounted(self, project: Project) -> Iterator[tuple[Path, Position | None]]:
        """Yield the leaves of ``project`` for which no entry answers: there should be none."""
        positioned = ((path, node.position) for path, node in project.leaves())
        for account in self.ledger.accounts(positioned):
            if isinstance(account, tuple):
                yield account


def translate(
    project: Project,
    *,
    choices: Choices,
    surroundings: Surroundings | None = None,
    unset: tuple[UnsetVariable, ...] = (),
    settled_images: frozenset[str] = frozenset(),
    folder: str = ".",
) -> Translation:
    """
    Return what ``project`` means.

    ``surroundings`` answers for the files that it mounts; by default the project's own folder.
    ``unset`` are the variables that were empty for want of a value when it was loaded;
    ``settled_images`` names what the environment says of where images are.
    ``folder`` is the project's folder as positions in its files are shown.
    """
    around = surroundings or _local_files(project)
    notes = Notes()
    unset = (*unset, *empty_secrets(project))
    services = project.services
    if not services:
        notes.add((_no_services(project),))
    all_views = {
        name: _view(project, name, node, notes, folder, choices) for name, node in services.items()
    }
    builds_images = any("build" in node.entries for node in services.values())
    if builds_images:
        from mooring.translate import built_images

        all_views = notes.take(built_images.with_image_names(all_views, choices))
    dns_names = unique(services, service_name)
    groups = grouping.groups(services)
    proxies = notes.take(edge_proxy.translate(all_views, groups, choices))
    programs = proxy_programs(all_views)
    if programs:
        from mooring.translate.reverse_proxy.configured import with_configs

        files = image_files(project, around, folder)
        proxies = notes.take(with_configs(proxies, programs, all_views, files, groups, choices))
    scheduled = _by_the_clock(project, choices, notes)
    if scheduled is not None and scheduled.left_out:
        proxies = msgspec.structs.replace(proxies, names=proxies.names | scheduled.left_out)
    views = proxies.without(all_views)
    context = context_for(project, around, choices)
    context = msgspec.structs.replace(
        context,
        unset=frozenset(variable.name for variable in unset),
        settled_images=settled_images,
    )
    notes.add(unset_variables.questions(project, unset, proxies.names, folder=folder))
    notes.add(unfilled.questions(views, project, choices))
    peers = lifecycle.peers(services)
    lives = {
        name: lifecycle.translate(
            view,
            peers.get(name, lifecycle.Peers()),
            choices,
            by_the_clock=scheduled is not None and name in scheduled.lives,
        )
        for name, view in views.items()
    }
    context = msgspec.structs.replace(
        context,
        kinds={name: life.value.kind for name, life in lives.items() if views[name].has_container},
        impossible_waits=grouping.impossible_waits(services, groups),
        by_the_clock=frozenset(scheduled.lives if scheduled is not None else ()),
    )
    translated = {
        name: made
        for name, view in views.items()
        if (
            made := translate_service(
                view,
                context=context,
                life=_with_clock(name, notes.take(lives[name]), scheduled),
                name=dns_names[name],
                notes=notes,
            )
        )
        is not None
    }
    translated = with_loans(translated, views, notes)
    if project.members:
        from mooring.translate import several_projects
        from mooring.translate.namesakes import told_apart

        notes.add(several_projects.decisions(project))
        translated = notes.take(told_apart(project, all_views, translated, dns_names, groups))
    if proxies.configs or any(name != made for name, made in dns_names.items()):
        from mooring.translate.reverse_proxy.adapted import with_adapted_images

        files = image_files(project, around, folder)
        translated = notes.take(
            with_adapted_images(translated, all_views, proxies.configs, dns_names, files, choices)
        )
    all_names = {
        name: tuple(candidates(views[name], one.aliases)) for name, one in translated.items()
    }
    own_settings = {name: declared(views[name]) for name in translated}
    dialled = Dialled(
        translated,
        (name for names in all_names.values() for name in names),
        declared=own_settings,
    )
    said = all_said(translated, proxies.configs)
    surveyed = partial(
        survey,
        project,
        views,
        names=all_names,
        leaders=groups.leaders,
        declared=own_settings,
        left_out=proxies.names,
    )
    translated = notes.take(
        with_dialled_ports(
            translated,
            names=all_names,
            leaders=groups.leaders,
            dialled=dialled,
            said=said,
            listening=surveyed(translated).listening,
            choices=choices,
        )
    )
    names = surveyed(translated).names
    translated = notes.take(with_exposures(translated, all_views, proxies, choices, names))
    who_is_there = surveyed(translated)
    unmet: list[closure.Unmet] = []
    for found in closure.findings(said, who_is_there):
        if isinstance(found, closure.Unmet):
            unmet.append(found)
        else:
            notes.add((found,))
    translated = notes.take(with_port_checks(translated, all_views, all_names, dialled))
    others = further_names(
        views,
        translated,
        dns_names=dns_names,
        groups=groups,
        dialled=dialled,
        notes=notes,
    )
    used = top_level.used(project, views, translated)
    clusters = Formation(translated=translated)
    clones = candidates_for_clusters(translated, views, choices)
    if clones:
        from mooring.translate.clusters import formation

        around_them = Around(
            translated=translated, views=views, dns_names=dns_names, groups=groups, others=others
        )
        formed = formation.formed(clones, around_them)
        clusters = formed.value
        clusters.told_in(notes)
        notes.add(formed.notes)
        translated = clusters.translated
    members = groups.members()
    parts = tuple(
        notes.take(
            pod(
                [translated[one] for one in members[name] if one in translated],
                name=clusters.names.get(name, dns_names[name]),
                other_names=clusters.other_names.get(name, others.by_leader.get(name, ())),
            )
        )
        for name in translated
        if groups.leaders[name] == name
    )
    parts = notes.take(finding_themselves(parts, all_names, dialled, views))
    parts = notes.take(without_names(parts, views, all_names, dialled))
    named = with_final_names(parts, translated)
    application = Application(
        name=label(project.name),
        folder=folder,
        closed_networks=_closed_networks(project),
        parts=named.parts,
        storages=named.storages,
        documents=named.documents,
    )
    shown = _shown(project.directory, folder)
    application = _with_state(application, views, choices, shown, notes)
    if any(
        view.known is not None and view.known.family.name == "hasura" for view in views.values()
    ):
        from mooring.translate import hasura

        application = notes.take(hasura.with_migrations(application, views))
    if any(
        fact.bind_all
        for view in views.values()
        if view.known is not None
        for fact in view.known.family.cluster
    ):
        from mooring.translate.own_addresses import listening_everywhere

        application = notes.take(listening_everywhere(application, views))
    application = notes.take(guarding(application, views, all_names, dialled, said, choices))
    notes.add(shared_access(application))
    granted = {label(name) for name in project.mappings("secrets")}
    notes.add(placeholder_files.questions(application, granted))
    if any(one.topic == "mount" and _KEEPS in one.choice for one in notes.decisions):
        from mooring.translate import absent_files

        notes.add(absent_files.questions(application, views, around, project.directory))
    notes.add(known_values.findings(project, views, application.documents, choices, around, folder))
    notes.add(top_level.translate(project.root, used, project.repeated))
    changed_names = (*renames.of_services(proxies.without(dns_names)), *others.renames)
    rewritten = notes.take(renames.rewrite(application, clusters.renamed(changed_names)))
    if clusters.names:
        from mooring.translate.clusters.own_words import with_own_words

        rewritten = with_own_words(rewritten)
    application = notes.take(with_shared_secrets(rewritten, views, all_names, choices))
    if builds_images:
        images = {name: one.container.image for name, one in translated.items()}
        built = built_images.builds(views, images, context.grants.secrets, project.directory)
        application = msgspec.structs.replace(application, builds=notes.take(built))
    if project.copies:
        from mooring.translate.scheduling.repetitions import without_repetitions

        without_repetitions(notes, project.copies)
    dialled_by = dials(said, who_is_there.names, views, own_settings)
    application = with_waited_ports(application, dialled_by, views)
    return Translation(
        application=application,
        ledger=Ledger(tuple(notes.entries)),
        decisions=tuple(dict.fromkeys(notes.decisions)),
        questions=tuple(dict.fromkeys(_asked_once(notes.questions))),
        findings=tuple(notes.findings),
        for_developers=development_commands.development_commands(views, around),
        dials=dialled_by,
        unmet=tuple(unmet),
    )


NO_SERVICES = Rule(id="no-services", severity=Severity.WARNING, since="0.1")


def _no_services(project: Project) -> Finding:
    disabled = sorted(project.disabled)
    if not disabled:
        return NO_SERVICES.finding(
            project.root.position,
            "the project has no service, so nothing is made of it",
            remedy="define one below services, or name the right file with --file",
        )
    named = ", ".join(disabled[:3]) + (", ..." if len(disabled) > 3 else "")
    return NO_SERVICES.finding(
        project.root.position,
        f"no service is active, so nothing is made: {named} belong to profiles that are not",
        remedy="name the profiles with --profile, or in mooring.yaml: "
        "environments: {<environment>: {profiles: [<profile>]}}",
    )


_KEEPS = Meaning.STORAGE.value
"""What a folder becomes of which the files that somebody names may be missing."""


def _by_the_clock(
    project: Project, choices: Choices, notes: Notes
) -> "settlement_of_schedules.Scheduled | None":
    """Return what of ``project`` runs by the clock; None where nothing speaks of one."""
    if not scheduling.are_spoken(project.services) and not any(
        one.schedule for one in choices.services.values()
    ):
        return None

    from mooring.translate.scheduling.settlement import settled

    return notes.take(settled(project, choices))


def _with_clock(
    name: str, life: lifecycle.Life, scheduled: "settlement_of_schedules.Scheduled | None"
) -> lifecycle.Life:
    return life if scheduled is None else scheduled.life(name, life)


def _asked_once(questions: list[OpenQuestion]) -> list[OpenQuestion]:
    """Return ``questions`` with one answer where one settles several services."""
    if not any(one.subject.endswith(".kernel") for one in questions):
        return questions

    from mooring.translate.kernel_needs import asked_once

    return asked_once(questions)


def _with_state(
    application: Application,
    views: dict[str, ServiceView],
    choices: Choices,
    shown: Callable[[str], str],
    notes: Notes,
) -> Application:
    known = {name: view.known for name, view in views.items() if view.known is not None}
    parts, storages = notes.take(keeping_state(application.parts, application.storages, known))
    workspaces = for_workspaces(views, choices)
    notes.add(programs_not_run(views, workspaces, shown))
    parts = notes.take(for_development(parts, known, workspaces, choices))
    application = msgspec.structs.replace(application, parts=parts, storages=storages)
    application = notes.take(with_rights(application, views, choices))
    return notes.take(with_capacity(application, views, choices))


def _closed_networks(project: Project) -> frozenset[str]:
    networks = project.mappings("networks")
    return frozenset(name for name, one in networks.items() if truth(field(one, "internal")))


def _local_files(project: Project) -> LocalFiles:
    """Return the project's own trees, and the files that it names as configs and secrets."""
    named = tuple(
        text(file)
        for element in ("configs", "secrets")
        for definition in project.mappings(element).values()
        if (file := field(definition, "file")) is not None
    )
    first, *others = project.directories
    return LocalFiles(first, (*others, *named))


def _view(
    project: Project, name: str, node: Mapping, notes: Notes, folder: str, choices: Choices
) -> ServiceView:
    build = node.get("build")
    facts: dockerfile.ImageFacts | None = None
    if isinstance(build, Mapping):
        found = dockerfile.locate(build, _read_bytes, file=_shown(project.directory, folder))
        if isinstance(found, dockerfile.NoDockerfile):
            notes.add((found.finding,))
        else:
            facts = found.image
            notes.add(found.findings)
    environment = project.resolved_environments.get(name, {})
    known = known_image(node, facts)
    notes.add(moved_images(name, known, node.key_position("image")))
    own_project, own_name = project.own_names.get(name, (project.name, name))
    view = ServiceView(name, node, environment, facts, full_name=f"{own_project}-{own_name}")
    known = notes.take(with_program(view, known, choices.service(name).family))
    return msgspec.structs.replace(view, known=known)


def _read_bytes(path: str) -> bytes:
    with open(path, "rb") as stream:
        return stream.read(1024 * 1024)


def _shown(directory: str, folder: str) -> Callable[[str], str]:
    """Return how a path is shown: from where the command runs, as positions are."""

    def shown(path: str) -> str:
        relative = posixpath.relpath(path, directory)
        return path if relative.startswith("..") else posixpath.normpath(f"{folder}/{relative}")

    return shown
