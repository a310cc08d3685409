"""
One service, translated: its container, its life, and what it brings to the pod it lives in.

This is the table of contents of ``translate.attributes``: every attribute of a service is answered
in one of the calls below, or in ``unsupported``.
"""

from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.configuration import Document
from mooring.app.dependencies import Dependency
from mooring.app.endpoints import HostEntry
from mooring.app.storage import Storage
from mooring.app.workloads import Container, InitialStep, Task, Workload
from mooring.compose.nodes import Mapping
from mooring.compose.project import Project
from mooring.kube.names import label
from mooring.settings.choices import Choices, Kind
from mooring.translate import (
    debuggers,
    grouping,
    known_checks,
    rooms,
    seeding,
    surroundings,
    unread_files,
    unsupported,
)
from mooring.translate.attributes import (
    depends_on,
    dns,
    endpoint_mode,
    environment,
    extra_hosts,
    granted_files,
    healthcheck,
    hooks,
    host_names,
    image,
    labels,
    namespaces,
    networks,
    placement,
    ports,
    pre_start,
    process,
    resources,
    rollout,
    scaling,
    security,
    shm_size,
    stopping,
    volumes,
)
from mooring.translate.bounds import bounds
from mooring.translate.chosen_ports import with_chosen_ports
from mooring.translate.copied_secrets import secrets_of
from mooring.translate.data_folder import with_own_folder
from mooring.translate.hollow_volumes import shared_volumes
from mooring.translate.known_accounts import with_known_accounts
from mooring.translate.known_ports import with_known_ports
from mooring.translate.lifecycle import Life
from mooring.translate.mounts import Mounts, joined
from mooring.translate.native_checks import recognised
from mooring.translate.notes import Notes
from mooring.translate.own_copies import with_own_copies
from mooring.translate.own_ports import with_own_ports
from mooring.translate.process_user import with_native_user
from mooring.translate.proposed_storage import with_proposed_storage
from mooring.translate.secrecy import is_placeholder, is_secret_name
from mooring.translate.view import ServiceView, entries, field, text


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """
    What the translation of a service needs to know of its project.

    ``known_secrets`` are values that are secret somewhere in it; ``unset`` are the variables for
    whose values the project asks in questions of their own; ``settled_images`` names what the
    environment says of where images are: `registry`, `tag`, `pull_secret`.  ``kinds`` has every
    service with a container of its own; ``impossible_waits`` says by waiting and awaited service
    why no pod can wait so; ``by_the_clock`` has the tasks that run again and again.
    """

    choices: Choices
    mounts: volumes.Around
    grants: granted_files.Grants
    known_secrets: frozenset[str]
    unset: frozenset[str] = frozenset()
    settled_images: frozenset[str] = frozenset()
    kinds: ReadOnly[str, Kind] = {}
    impossible_waits: ReadOnly[tuple[str, str], str] = {}
    by_the_clock: frozenset[str] = frozenset()


def context_for(project: Project, around: surroundings.Surroundings, choices: Choices) -> Context:
    """Return what ``project`` says for all of its services; ``around`` has its files."""
    no_definitions = Mapping({})
    elements = {
        name: found if isinstance(found := project.root.get(name), Mapping) else no_definitions
        for name in ("volumes", "configs", "secrets")
    }
    files: dict[str, surroundings.FoundFile | None] = {}
    variables: dict[tuple[str, str], str] = {}
    for element in ("configs", "secrets"):
        for name, definition in entries(elements[element]):
            if not isinstance(definition, Mapping):
                continue
            file = field(definition, "file")
            if file is not None:
                path = text(file)
                is_file = around.kind(path) is surroundings.Kind.FILE
                files[path] = around.file(path) if is_file else None
            variable = field(definition, "environment")
            if variable is not None:
                value = project.variable(text(variable), kind=element, key=name)
                variables[element, name] = value or ""
    secrets = secrets_of(project.resolved_environments)
    return Context(
        choices=choices,
        mounts=volumes.Around(
            project_directory=project.directory,
            volumes=elements["volumes"],
            surroundings=around,
            choices=choices,
            shared=shared_volumes(project.services),
            secrets=secrets,
        ),
        grants=granted_files.Grants(
            configs=elements["configs"],
            secrets=elements["secrets"],
            files=files,
            variables=variables,
            held=secrets,
        ),
        known_secrets=frozenset(
            value
            for environment in project.environments
            for name, value in environment.items()
            # What everybody knows is no secret wherever else it stands.
            if len(value) >= 8 and is_secret_name(name) and not is_placeholder(value)
        ),
    )


class TranslatedService(msgspec.Struct, frozen=True, kw_only=True):
    """
    One service before pods are put together.

    ``part`` carries what belongs to the pod, with placeholders where several services have a say;
    storages and documents are keyed by identity, as the mounts of ``container`` refer to them.
    """

    source_name: str
    part: Workload | Task
    container: Container
    initial_steps: tuple[InitialStep, ...]
    dependencies: tuple[Dependency, ...]
    host_entries: tuple[HostEntry, ...]
    aliases: tuple[str, ...]
    hostname: str | None
    stop_seconds: float
    storages: dict[str, Storage]
    documents: dict[str, Document]


def translate_service(
    service: ServiceView, *, context: Context, life: Life, name: str, notes: Notes
) -> TranslatedService | None:
    """
    Return what ``service`` means, as the part ``name``; what there is to say goes into ``notes``.

    None for a service without a container of its own: one that a provider runs.
    """
    take = notes.take
    if life.schedule is not None and service.image_facts is not None:
        # What runs by the clock does not listen where the program of its image does.
        facts = msgspec.structs.replace(service.image_facts, ports=(), healthcheck=None)
        service = msgspec.structs.replace(service, image_facts=facts)
    known = service
    if life.kind is Kind.TASK and service.known is not None:
        # A task runs another program of the image than the one that the image is known for.
        service = msgspec.structs.replace(service, known=None)
        known = known if life.shares_image else service
    notes.add(unsupported.account(service))
    made = _container(service, context=context, name=name, notes=notes, image_known=known)
    if made is not None and life.shares_image:
        run = msgspec.structs.replace(made[0].process, is_whole=True)
        made = msgspec.structs.replace(made[0], process=run), made[1]
    kernel: tuple[InitialStep, ...] = ()
    if made is not None and _needs_of_kernel(service):
        from mooring.translate.kernel_needs import with_kernel_needs

        met = take(with_kernel_needs(made[0].settings, made[1], service, name, context.choices))
        made = msgspec.structs.replace(made[0], settings=met.settings), made[1]
        kernel = met.steps
    scale = take(scaling.translate(service, by_the_clock=life.schedule is not None))
    if life.kind is Kind.WORKLOAD:
        scale = take(scaling.scaled(scale, service, context.choices))
    stop_seconds = take(stopping.grace_seconds(service))
    filled = (
        take(seeding.filling_steps(service, *made, context.mounts.surroundings)) if made else ()
    )
    steps, step_mounts = _initial_steps(service, context=context, name=name, notes=notes)
    labelled = take(labels.translate(service))
    update = take(rollout.translate(service))
    answers_by_address = take(endpoint_mode.answers_by_address(service))
    hostname = take(host_names.hostname(service))
    domain = take(host_names.domain(service))
    resolution = take(dns.translate(service))
    placed = take(placement.translate(service))
    shared = take(namespaces.translate(service))
    network = take(grouping.network_access(service))
    dependencies = take(
        depends_on.translate(service, context.kinds, context.impossible_waits, context.by_the_clock)
    )
    host_entries = take(extra_hosts.translate(service))
    membership = take(networks.translate(service))
    if made is None:
        return None
    roomy = take(rooms.with_rooms(*made, known, context.choices))
    container, mounts = roomy.container, roomy.mounts
    part: Workload | Task
    if life.kind is Kind.TASK:
        bounded = take(bounds(service, life, context.choices))
        part = Task(
            name=name,
            source_name=service.name,
            containers=(container,),
            retries=bounded.retries,
            deadline_seconds=bounded.deadline_seconds,
            completions=life.runs or scale.replicas,
            parallel=life.runs or scale.replicas,
            schedule=life.schedule,
        )
    else:
        part = Workload(
            name=name,
            source_name=service.name,
            containers=(container,),
            scale=scale.scale,
            replicas=scale.replicas,
            update=update,
            answers_by_address=answers_by_address,
        )
    part = msgspec.structs.replace(
        part,
        network=network,
        networks=membership.networks,
        hostname=hostname,
        domain=domain,
        name_resolution=resolution,
        placement=placed,
        security=shared,
        labels=labelled.labels,
        annotations=labelled.annotations,
        object_labels=labelled.object_labels,
        object_annotations=labelled.object_annotations,
        position=service.attributes.position,
    )
    all_mounts = (mounts, *step_mounts)
    return TranslatedService(
        source_name=service.name,
        part=part,
        container=container,
        initial_steps=(*kernel, *roomy.steps, *filled, *steps),
        dependencies=dependencies,
        host_entries=host_entries,
        aliases=membership.aliases,
        hostname=hostname,
        stop_seconds=stop_seconds,
        storages={key: one for some in all_mounts for key, one in some.storages.items()},
        documents={key: one for some in all_mounts for key, one in some.documents.items()},
    )


def _needs_of_kernel(service: ServiceView) -> bool:
    return service.known is not None and any(one.fatal for one in service.known.family.kernel)


def _container(
    service: ServiceView,
    *,
    context: Context,
    name: str,
    notes: Notes,
    image_known: ServiceView | None = None,
) -> tuple[Container, Mounts] | None:
    """
    Return the container of ``service`` and what it mounts; None where it has no image.

    ``image_known`` is the service with what is known of the users of its image, where it runs
    another program than that for which the image is known.
    """
    take = notes.take
    choices = context.choices
    found = take(
        image.translate(service, choices, settled=context.settled_images, unset=context.unset)
    )
    settings = take(environment.translate(service, choices, context.known_secrets, context.unset))
    mounts = joined(
        (
            take(volumes.translate(service, context.mounts)),
            take(granted_files.translate(service, context.grants)),
        )
    )
    endpoints = take(with_known_ports(take(ports.translate(service)), service))
    if context.kinds.get(service.name) is not Kind.TASK and not service.within:
        endpoints = take(with_own_ports(endpoints, service))
    endpoints = take(with_chosen_ports(endpoints, service, choices))
    endpoints = take(debuggers.for_development(endpoints, service, choices))
    hooked = take(hooks.translate(service))
    health = take(recognised(take(healthcheck.translate(service)), endpoints, service))
    is_lively = choices.service(service.name).liveness is not False
    liveness = take(known_checks.liveness(service, endpoints)) if is_lively else None
    run = take(process.translate(service))
    lasting = take(with_proposed_storage(mounts, settings, run, service, choices))
    mounts, settings = lasting.mounts, lasting.settings
    notes.add(unread_files.findings(service, mounts.document_mounts))
    mounts = take(with_own_copies(mounts, service, run, choices, context.mounts.surroundings))
    documents = mounts.documents.values()
    settings = take(with_known_accounts(settings, documents, run, service))
    amounts = take(resources.translate(service, choices))
    user = image_known or service
    rights = take(with_native_user(take(security.translate(user, choices)), user))
    settings = take(with_own_folder(settings, mounts, rights, service))
    shared_memory = take(shm_size.translate(service))
    stop_signal = take(stopping.stop_signal(service))
    if found is None:
        return None
    container = Container(
        name=name,
        source_name=service.name,
        image=found,
        process=run,
        settings=settings,
        endpoints=endpoints,
        documents=mounts.document_mounts,
        storage=mounts.storage_mounts,
        health=health,
        liveness=liveness,
        after_start=hooked.after_start,
        before_stop=hooked.before_stop,
        stop_signal=stop_signal,
        resources=amounts,
        security=rights,
        shared_memory=shared_memory,
        position=service.attributes.position,
    )
    return container, mounts


def _initial_steps(
    service: ServiceView, *, context: Context, name: str, notes: Notes
) -> tuple[tuple[InitialStep, ...], tuple[Mounts, ...]]:
    steps: list[InitialStep] = []
    mounts: list[Mounts] = []
    for step in notes.take(pre_start.translate(service)):
        made = _container(
            step.view, context=context, name=label(f"{name}-step-{step.index + 1}"), notes=notes
        )
        if made is not None:
            steps.append(InitialStep(container=made[0]))
            mounts.append(made[1])
    return tuple(steps), tuple(mounts)
