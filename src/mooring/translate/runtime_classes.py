"""
Other container runtimes: which RuntimeClass of an environment's cluster stands for each.

Compose names what the daemon of a machine calls a runtime; a cluster has RuntimeClasses, under
names that whoever installed the runtime chose.  In production pods that name one that is not there
are refused, so somebody has to say which it is.  Loaded only where a service names a runtime.

Source: https://kubernetes.io/docs/concepts/containers/runtime-class/
"""

import msgspec

from mooring.app.application import Application
from mooring.app.workloads import Task, Workload
from mooring.decisions import Decision, Evidence, OpenQuestion
from mooring.findings import Rule, Severity
from mooring.kube.names import is_subdomain
from mooring.settings.clusters import RuntimeClass
from mooring.settings.environments import Environment, Tier
from mooring.translate.notes import Note, Translated

RUNTIME_CLASS_NEEDED = Rule(id="runtime-class-needed", severity=Severity.WARNING, since="0.1")

_USUAL = {
    "nvidia": "the GPU Operator and K3s call it nvidia",
    "nvidia-container-runtime": "the GPU Operator and K3s call it nvidia",
    "runsc": "GKE calls it gvisor",
    "io.containerd.runsc.v1": "GKE calls it gvisor",
    "kata": "Kata's own installer makes kata-qemu and others",
    "kata-runtime": "Kata's own installer makes kata-qemu and others",
    "io.containerd.kata.v2": "Kata's own installer makes kata-qemu and others",
}
"""
What those who install runtimes call their classes.

Sources: https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/getting-started.html,
https://docs.k3s.io/advanced#alternative-container-runtime-support,
https://cloud.google.com/kubernetes-engine/docs/how-to/sandbox-pods,
https://github.com/kata-containers/kata-containers/tree/main/tools/packaging/kata-deploy
"""


def settled(application: Application, environment: Environment) -> Translated[Application]:
    """Return ``application`` with the RuntimeClasses of ``environment`` for its runtimes."""
    notes: list[Note] = []
    parts = tuple(_settled(part, environment, notes) for part in application.parts)
    return Translated(msgspec.structs.replace(application, parts=parts), tuple(notes))


def _settled(part: Workload | Task, environment: Environment, notes: list[Note]) -> Workload | Task:
    runtime = part.placement.runtime
    if runtime is None:
        return part
    found = environment.runtimes.get(runtime)
    is_dev = environment.tier is Tier.DEV
    if found is not None:
        name: str | None = found.name
        notes.append(_decision(part, runtime, found, environment))
    else:
        name = runtime.lower().replace("_", "-")
        if is_dev or not part.development_only:
            notes.append(_needed(part, runtime, name) if is_dev else _asked(part, environment))
        if not is_subdomain(name):
            name = None
    return msgspec.structs.replace(
        part, placement=msgspec.structs.replace(part.placement, runtime=name)
    )


def _decision(
    part: Workload | Task, runtime: str, found: RuntimeClass, environment: Environment
) -> Decision:
    made = f", which is made for the handler {found.handler}" if found.handler else ""
    return Decision(
        subject=f"services.{part.source_name}",
        topic="runtime",
        choice=f"runs by the RuntimeClass {found.name}{made}",
        evidence=(Evidence(f"mooring.yaml says so of {runtime}", part.position),),
        overrule=_line(runtime, environment),
    )


def _needed(part: Workload | Task, runtime: str, name: str) -> Note:
    return RUNTIME_CLASS_NEEDED.finding(
        part.position,
        f'service "{part.source_name}" needs the runtime {runtime}: without the RuntimeClass '
        f"{name} its pods are refused",
        remedy=f"install the runtime on the nodes, and make the RuntimeClass {name}, or name "
        "another in mooring.yaml, below runtimes",
    )


def _asked(part: Workload | Task, environment: Environment) -> OpenQuestion:
    runtime = part.placement.runtime or ""
    usual = f" ({_USUAL[runtime]})" if runtime in _USUAL else ""
    return OpenQuestion(
        subject=f"services.{part.source_name}.runtime",
        question=f"it needs the runtime {runtime}: which RuntimeClass of the cluster of "
        f"{environment.name} stands for it{usual}?",
        answer=f"{_line(runtime, environment)}; with handler: <handler> beside it the class is "
        "made for what the nodes call the runtime",
        position=part.position,
    )


def _line(runtime: str, environment: Environment) -> str:
    """Return the setting that says which class stands for ``runtime``."""
    said = f"runtimes: {{{runtime}: {{class: <class>}}}}"
    cluster = environment.cluster
    if cluster is None:
        return f"environments: {{{environment.name}: {{{said}}}}}"
    return f"clusters: {{{cluster.name}: {{profile: {cluster.profile}, {said}}}}}"
