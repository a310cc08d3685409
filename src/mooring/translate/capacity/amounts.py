"""
What each container is promised, and what it may take: requests and limits for every one.

What the Compose file says counts first.  What it leaves open follows from what the program usually
takes (`usual`) and from what it was told to take (`told`): a limit leaves room for the heap that
the stack itself sets.  No request is ever above its limit, which the API server would refuse.

Memory has a request and a limit everywhere: a container without a limit takes its neighbours down
with it.  CPU has a request everywhere, which is its share when cores are short, and a limit only
where the Compose file sets one: a limit throttles a container in each tenth of a second even on an
idle node, so it costs latency and saves nobody.

The numbers are the same in all environments, so that what was tried is what runs.

Sources: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/,
https://docs.kernel.org/scheduler/sched-bwc.html
"""

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as ReadOnly
from decimal import Decimal

import msgspec

from mooring.app.application import Application
from mooring.app.configuration import Document
from mooring.app.resources import Bound, Resources
from mooring.app.storage import Lifetime, Storage
from mooring.app.workloads import Container, InitialStep, Task, Workload
from mooring.decisions import Decision, Evidence
from mooring.findings import Finding, Rule, Severity
from mooring.kube import quantity
from mooring.sensitive import Sensitive
from mooring.settings.choices import EVERYWHERE, Choices, ResourceChoices
from mooring.sources import Position
from mooring.translate.attributes.resources import REQUEST_ABOVE_LIMIT
from mooring.translate.capacity.hints import may_tell_of_memory
from mooring.translate.capacity.usual import Usual, usual
from mooring.translate.notes import Note, Translated
from mooring.translate.view import ServiceView

TOLD_TOO_MUCH = Rule(id="memory-setting-above-limit", severity=Severity.ERROR, since="0.1")
TOLD_MUCH = Rule(id="memory-setting-near-limit", severity=Severity.WARNING, since="0.1")

_MI = 1024**2
_STEPS = ((1024 * _MI, 32 * _MI), (4096 * _MI, 128 * _MI))
"""Bytes to whose multiples derived limits are rounded up, for the reader: up to a size, to what."""
_LARGE_STEP = 512 * _MI
_SMALL_PART = 8
"""What is kept in memory below this part of a limit fits into what it has to spare."""


def with_amounts(
    application: Application, views: ReadOnly[str, ServiceView], choices: Choices
) -> Translated[Application]:
    """Return ``application`` with requests and limits for each container, and why they are so."""
    storages = {storage.name: storage for storage in application.storages}
    documents = {document.name: document for document in application.documents}
    notes: list[Note] = []
    parts: list[Workload | Task] = []
    for part in application.parts:
        containers = []
        for container in part.containers:
            chosen = choices.service(container.source_name).resources.get(EVERYWHERE)
            view = views.get(container.source_name)
            stated = msgspec.structs.replace(
                container.resources,
                bounds=_bounds(container, view, documents),
                in_memory=_in_memory(container, storages),
            )
            if chosen is not None:
                notes.extend(not_obeyed(container, chosen))
                stated = overruled(stated, chosen)
            normally = usual(
                view.known if view is not None else None,
                view.image_facts if view is not None else None,
                serves=bool(container.endpoints),
                ends=isinstance(part, Task),
                on_gpu=any("gpu" in one.resource.lower() for one in container.resources.devices),
                position=container.position,
            )
            settled = completed(stated, normally)
            notes.extend(_decisions(container, stated, settled, normally, view))
            containers.append(msgspec.structs.replace(container, resources=settled))
            notes.extend(contradictions(containers[-1]))
        parts.append(
            msgspec.structs.replace(
                part,
                containers=tuple(containers),
                initial_steps=tuple(_like(step, containers) for step in part.initial_steps),
            )
        )
    return Translated(msgspec.structs.replace(application, parts=tuple(parts)), tuple(notes))


def completed(stated: Resources, normally: Usual) -> Resources:
    """Return ``stated`` with what it leaves open as is usual, and no request above its limit."""
    cpu = stated.cpu_request or normally.cpu
    if stated.cpu_limit is not None:
        cpu = min(cpu, stated.cpu_limit)
    request, limit = stated.memory_request, stated.memory_limit
    if limit is None:
        limit = _limit(stated, normally)
        request = request or max(normally.request, stated.told)
    elif request is None:
        # Who set the limit knew the program; a promise of the half leaves room on the node.
        least = normally.request if normally.is_typical else limit // 2 // _MI * _MI
        request = max(least, stated.told)
    return msgspec.structs.replace(
        stated, cpu_request=cpu, memory_request=min(request, limit), memory_limit=limit
    )


def overruled(own: Resources, chosen: ResourceChoices) -> Resources:
    """Return ``own`` with what is ``chosen`` instead; a request is cut to the limit."""
    requests, limits = chosen.requests, chosen.limits
    cpu = quantity.parse(requests.cpu) if requests.cpu else own.cpu_request
    cpu_limit = quantity.parse(limits.cpu) if limits.cpu else own.cpu_limit
    memory = int(quantity.parse(requests.memory)) if requests.memory else own.memory_request
    memory_limit = int(quantity.parse(limits.memory)) if limits.memory else own.memory_limit
    return msgspec.structs.replace(
        own,
        cpu_request=min(cpu, cpu_limit) if cpu and cpu_limit else cpu,
        cpu_limit=cpu_limit,
        memory_request=min(memory, memory_limit) if memory and memory_limit else memory,
        memory_limit=memory_limit,
    )


def not_obeyed(container: Container, chosen: ResourceChoices) -> Iterator[Finding]:
    """Yield a finding for each request in mooring.yaml that the limit of ``container`` cuts."""
    after = overruled(container.resources, chosen)
    asked = chosen.requests
    for name, wanted, given, limit in (
        ("memory", asked.memory, after.memory_request, _shown(after.memory_limit)),
        ("cpu", asked.cpu, after.cpu_request, _cpu(after.cpu_limit)),
    ):
        if wanted is not None and given is not None and quantity.parse(wanted) > given:
            yield REQUEST_ABOVE_LIMIT.finding(
                container.position,
                f"mooring.yaml requests {wanted} of {name} for the service "
                f'"{container.source_name}", whose limit is {limit}',
                remedy=f"set limits: {{{name}: {wanted}}} beside it",
            )


def contradictions(container: Container) -> Iterator[Finding]:
    """Yield a finding where the process was told to take more than its limit has room for."""
    resources = container.resources
    limit = resources.memory_limit
    if limit is None or limit >= resources.least_limit or not resources.bounds:
        return
    bounds = resources.largest_bounds
    told = " and ".join(each.said for each in bounds)
    beside = resources.in_memory
    files = f", with {_shown(beside)} of files in memory," if beside else ""
    needed = resources.told + beside
    share = min(each.share for each in bounds)
    percent = int(100 * resources.told / limit)
    is_above = needed >= limit
    message = (
        f'service "{container.source_name}" is told {told}{files} with a limit of memory of '
        f"{_shown(limit)}: " + (
            "it is killed before it has taken all"
            if is_above
            else f"{percent} % of it, where {int(100 * share)} % leaves room for the rest"
        )
    )  # fmt: skip
    room = max(int((limit - beside) * share), 0) // _MI
    rule = TOLD_TOO_MUCH if is_above else TOLD_MUCH
    yield rule.finding(
        next((each.position for each in bounds if each.position), container.position),
        message,
        remedy=f"set a limit of {_shown(_rounded(resources.least_limit))}, or tell it to take at "
        f"most {room} MiB",
    )


def _limit(stated: Resources, normally: Usual) -> int:
    """Return a limit of memory that leaves room for all that is known."""
    beside = stated.in_memory if stated.in_memory > normally.limit // _SMALL_PART else 0
    promised = 2 * (stated.memory_request or 0)
    least = max(normally.limit + beside, stated.least_limit, promised)
    return normally.limit if least == normally.limit else _rounded(least)


def _rounded(size: int) -> int:
    step = next((step for most, step in _STEPS if size <= most), _LARGE_STEP)
    return -(-size // step) * step


def _like(step: InitialStep, containers: Sequence[Container]) -> InitialStep:
    """
    Return ``step`` with the amounts of the container of its service where it has none.

    It runs before that one, so its pod asks for no more than it does anyway.
    """
    own = step.container
    model = next(
        (one.resources for one in containers if one.source_name == own.source_name),
        containers[0].resources,
    )
    limit = own.resources.memory_limit or model.memory_limit
    request = own.resources.memory_request or model.memory_request
    cpu_limit = own.resources.cpu_limit or model.cpu_limit
    cpu = own.resources.cpu_request or model.cpu_request
    resources = msgspec.structs.replace(
        own.resources,
        cpu_request=min(cpu, cpu_limit) if cpu and cpu_limit else cpu,
        cpu_limit=cpu_limit,
        memory_request=min(request, limit) if request and limit else request,
        memory_limit=limit,
    )
    return InitialStep(container=msgspec.structs.replace(own, resources=resources))


def _in_memory(container: Container, storages: ReadOnly[str, Storage]) -> int:
    """Return the bytes that files in memory may take, which count as the container's own."""
    places = {mount.storage for mount in container.storage}
    sizes = (
        storages[name].size or 0 for name in places if storages[name].lifetime is Lifetime.MEMORY
    )
    return sum(sizes) + (container.shared_memory or 0)


def _bounds(
    container: Container, view: ServiceView | None, documents: ReadOnly[str, Document]
) -> tuple[Bound, ...]:
    """Return what the process of ``container`` was told about its memory, anywhere."""
    family = view.known.family if view is not None and view.known is not None else None
    telling = [
        (content, position)
        for content, position in _texts(container, view)
        if may_tell_of_memory(content, family)
    ]
    if family is not None and family.memory:
        telling += [
            (content, mount.position)
            for mount in container.documents
            for content in _settings_in(documents[mount.document], mount.file)
            if may_tell_of_memory(content, family)
        ]
    if not telling:
        return ()

    from mooring.translate.capacity import told

    return told.bounds([told.Text(*each) for each in telling], family)


def _texts(container: Container, view: ServiceView | None) -> Iterator[tuple[str, Position | None]]:
    """Yield what the process reads at its start: its variables, and its words."""
    facts = view.image_facts if view is not None else None
    process = container.process
    own = {setting.name for setting in container.settings}
    for setting in container.settings:
        value = setting.value.reveal() if isinstance(setting.value, Sensitive) else setting.value
        yield f"{setting.name}={value}", setting.position
    if facts is not None:
        for name, given in facts.environment.items():
            if name not in own:
                yield f"{name}={given.value}", given.position
    words = (*(process.entrypoint or ()), *(process.arguments or ()))
    if words:
        at = view.position("command") if view is not None else container.position
        yield " ".join(words), at
    elif facts is not None:
        for line in (facts.entrypoint, facts.command):
            if line is not None:
                yield " ".join(line.words), line.position


def _settings_in(document: Document, file: str | None) -> Iterator[str]:
    """Yield the files of ``document``, or the one of them that is mounted, without comments."""
    for name, content in document.files.items():
        if file is not None and name != file:
            continue
        raw = content.reveal() if isinstance(content, Sensitive) else content
        if len(raw) <= _LONGEST_FILE:
            lines = raw.decode("utf-8", "replace").splitlines()
            yield "\n".join(line for line in lines if not line.lstrip().startswith("#"))


_LONGEST_FILE = 256 * 1024


def _decisions(
    container: Container,
    stated: Resources,
    settled: Resources,
    normally: Usual,
    view: ServiceView | None,
) -> Iterator[Decision]:
    """Yield why the amounts are as they are; nothing where the user said each of them."""
    if None not in (stated.cpu_request, stated.memory_request, stated.memory_limit):
        return
    asked = f"cpu: {_cpu(settled.cpu_request)}, memory: {_shown(settled.memory_request)}"
    most = f"memory: {_shown(settled.memory_limit)}"
    if settled.cpu_limit is not None:
        most = f"cpu: {_cpu(settled.cpu_limit)}, {most}"
    yield Decision(
        subject=f"services.{container.source_name}",
        topic="resources",
        choice=f"asks for {_words(settled.cpu_request, settled.memory_request)}, and may take "
        f"{_words(settled.cpu_limit, settled.memory_limit)}",
        evidence=tuple(_evidence(container.resources, stated, settled, normally, view)),
        overrule=f"services: {{{container.source_name}: {{resources: {{requests: {{{asked}}}, "
        f"limits: {{{most}}}}}}}}}",
    )


def _evidence(
    composed: Resources,
    stated: Resources,
    settled: Resources,
    normally: Usual,
    view: ServiceView | None,
) -> Iterator[Evidence]:
    """Yield whence the amounts come, the strongest word first."""
    if stated != msgspec.structs.replace(
        composed, bounds=stated.bounds, in_memory=stated.in_memory
    ):
        yield Evidence("mooring.yaml sets some of it")
    limits = _words(composed.cpu_limit, composed.memory_limit)
    promises = _words(composed.cpu_request, composed.memory_request)
    keys = [name for name in _STATED if view is not None and view.get(name) is not None]
    at = view.position(keys[0]) if view is not None and keys else None
    for what, said in (("a limit", limits), ("a reservation", promises)):
        if said:
            yield Evidence(f"the Compose file sets {what} of {said}", at)
    here = normally.because.position
    if stated.memory_limit is None or (stated.memory_request is None and normally.is_typical):
        yield normally.because
    elif stated.memory_request is None:
        yield Evidence("nothing says how much it always needs, so half of that is kept free", here)
    elif stated.cpu_request is None:
        yield Evidence("nothing says how much CPU it needs; that much is usual", here)
    for bound in settled.largest_bounds:
        percent = int(100 * bound.share)
        yield Evidence(f"{bound.said} should be at most {percent} % of the limit", bound.position)
    if settled.in_memory > normally.limit // _SMALL_PART:
        yield Evidence(f"{_shown(settled.in_memory)} of files in memory count as its own")


_STATED = ("deploy", "mem_limit", "cpus", "mem_reservation", "cpu_quota", "cpu_shares", "cpu_count")


def _words(cpu: Decimal | None, memory: int | None) -> str:
    """Return amounts for a reader, without those that there are none of."""
    said = (
        *((f"{_cpu(cpu)} CPU",) if cpu is not None else ()),
        *((f"{_shown(memory)} memory",) if memory is not None else ()),
    )
    return " and ".join(said)


def _cpu(cores: Decimal | None) -> str:
    return quantity.cpu(cores or 0)


def _shown(size: int | None) -> str:
    return quantity.memory(size or 0)
