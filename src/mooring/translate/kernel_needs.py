"""
What a program needs of its node's kernel and does not start without.

A Compose stack runs on a machine that somebody prepared once: `sysctl -w vm.max_map_count=262144`,
`ulimits: {memlock: -1}`.  A pod comes to any node and can set neither for itself.  There are three
ways: the nodes are prepared as well; a step with the rights to do so prepares the node before each
start; or the program is told to do without.  The last takes nothing but speed and is taken where
the stack itself asked for the luxury; where the need is the program's own, the user is asked.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from mooring.app.configuration import Document, Setting
from mooring.app.process import Image, Process
from mooring.app.resources import Resources
from mooring.app.security import ContainerSecurity
from mooring.app.workloads import Container, InitialStep
from mooring.decisions import Decision, Evidence, OpenQuestion
from mooring.images.facts import KernelNeed
from mooring.kube.names import label
from mooring.sensitive import Sensitive
from mooring.settings.choices import Choices, KernelChoice
from mooring.translate.mounts import Mounts
from mooring.translate.notes import Note, Translated
from mooring.translate.view import ServiceView

_SUBJECT = ".kernel"
_IMAGE = "busybox:1.37.0"
_SCRIPT = """\
set -eu
if [ "$(sysctl -n "$0")" -lt "$1" ]; then sysctl -w "$0=$1"; fi
"""

_LITTLE = Resources(
    cpu_request=Decimal("0.01"), memory_request=32 * 1024**2, memory_limit=64 * 1024**2
)


class Met(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of a container whose needs are met, and the steps that meet them before."""

    settings: tuple[Setting, ...]
    steps: tuple[InitialStep, ...] = ()


def with_kernel_needs(
    settings: tuple[Setting, ...], mounts: Mounts, service: ServiceView, name: str, choices: Choices
) -> Translated[Met]:
    """Return ``settings`` of ``service``, the part ``name``, so that it starts on its nodes."""
    family = service.known.family if service.known is not None and not service.within else None
    needs = [one for one in family.kernel if one.fatal] if family is not None else []
    if not needs:
        return Translated(Met(settings=settings))
    values = {one.name: one.value for one in settings}
    texts = tuple(_texts(mounts))
    choice = choices.service(service.name).kernel
    notes: list[Note] = []
    steps: list[InitialStep] = []
    for need in needs:
        if not _arises(need, values, texts):
            continue
        if choice is KernelChoice.NODE:
            continue
        if need.when or choice is KernelChoice.AVOID:
            settings = tuple(_changed(settings, need.avoid, service))
            if need.when:
                notes.append(_done_without(service, need))
        elif choice is KernelChoice.INIT:
            steps.append(_step(service, need, name))
        else:
            notes.append(_question(service, need))
    return Translated(Met(settings=settings, steps=tuple(steps)), tuple(notes))


def _arises(
    need: KernelNeed, values: dict[str, str | Sensitive[str]], texts: tuple[str, ...]
) -> bool:
    """Tell whether the program has the need as it is set up, and is not told to do without."""

    def says(setting: str, value: str) -> bool:
        if setting in values:
            return values[setting] == value
        return any(f"{setting}: {value}" in text for text in texts)

    if any(says(*one) for one in need.unless.items()):
        return False
    if need.when:
        return any(says(*one) for one in need.when.items())
    return not (need.avoid and all(says(*one) for one in need.avoid.items()))


def _texts(mounts: Mounts) -> Iterator[str]:
    documents: tuple[Document, ...] = tuple(mounts.documents.values())
    for document in documents:
        for content in document.files.values():
            raw = content.reveal() if isinstance(content, Sensitive) else content
            yield raw.decode("utf-8", "replace")


def _changed(
    settings: tuple[Setting, ...], avoid: dict[str, str], service: ServiceView
) -> Iterator[Setting]:
    for setting in settings:
        value = avoid.get(setting.name)
        yield setting if value is None else msgspec.structs.replace(setting, value=value)
    present = {setting.name for setting in settings}
    for name, value in avoid.items():
        if name not in present:
            yield Setting(name=name, value=value, position=service.position("environment"))


def _done_without(service: ServiceView, need: KernelNeed) -> Decision:
    assert service.known is not None
    family = service.known.family
    said = ", ".join(f"{name} is {value}" for name, value in need.avoid.items())
    source = family.sources[need.source]
    at = service.environment.get(next(iter(need.when)))
    return Decision(
        subject=f"services.{service.name}",
        topic="kernel",
        choice=f"{said}: a pod has no limit {need.setting} of its own, and {family.name} would not "
        "start without",
        evidence=(
            Evidence(
                f"{family.name} needs {need.setting} of {need.least} ({source})",
                at.position if at is not None else service.position("environment"),
            ),
        ),
        overrule=f"services: {{{service.name}: {{kernel: {KernelChoice.NODE.value}}}}}",
    )


def _question(service: ServiceView, need: KernelNeed) -> OpenQuestion:
    assert service.known is not None
    family = service.known.family
    without = f" ({need.avoid_with})" if need.avoid_with else ""
    first = KernelChoice.AVOID if need.avoid else KernelChoice.NODE
    others = [one.value for one in KernelChoice if one is not first]
    if not need.avoid:
        others.remove(KernelChoice.AVOID.value)
    answer = f"services: {{{service.name}: {{kernel: {first.value}}}}}"
    return OpenQuestion(
        subject=f"services.{service.name}.kernel",
        question=f"{family.name} does not start where {need.setting} is below {need.least}, as on "
        f"most nodes. Do the nodes have it already (node), may a privileged step set it before "
        f"each start (init), or shall it do without{without} (avoid)?",
        answer=f"{answer}, or {', or '.join(others)}",
        position=service.attributes.position,
    )


def asked_once(questions: Sequence[OpenQuestion]) -> list[OpenQuestion]:
    """Return ``questions`` with one answer for all services that are asked the same of a kernel."""
    same: dict[str, list[str]] = {}
    for one in questions:
        if one.subject.endswith(_SUBJECT):
            service = one.subject.removeprefix("services.").removesuffix(_SUBJECT)
            same.setdefault(one.question, []).append(service)
    return [
        msgspec.structs.replace(one, answer=_answer(same[one.question], one.answer))
        if one.subject.endswith(_SUBJECT) and len(same[one.question]) > 1
        else one
        for one in questions
    ]


def _answer(services: list[str], answer: str) -> str:
    """Return ``answer``, which settles one service, for ``services``."""
    _, _, others = answer.partition("}}")
    way = KernelChoice.AVOID if "kernel: avoid" in answer else KernelChoice.NODE
    said = ", ".join(f"{name}: {{kernel: {way.value}}}" for name in dict.fromkeys(services))
    return f"services: {{{said}}}{others}"


def _step(service: ServiceView, need: KernelNeed, name: str) -> InitialStep:
    script = ("/bin/sh", "-c", _SCRIPT, need.setting, need.least)
    return InitialStep(
        container=Container(
            name=label(f"{name}-kernel"),
            source_name=service.name,
            image=Image(reference=_IMAGE),
            process=Process(entrypoint=script),
            resources=_LITTLE,
            security=ContainerSecurity(user=0, group=0, privileged=True),
            position=service.attributes.position,
        )
    )
