"""
What is kept of a deployment that failed, to be read later by somebody else.

    summary.txt                         what failed, why, and the next command
    plan.json, journal.json             what was to be done, and what was done before
    happenings.jsonl                    everything that was told on the way, with its time
    verdicts.txt                        how each object stands
    events/<namespace>.txt              what the cluster said, in order of time
    pods/<namespace>/<pod>.json         pods of what is not ready
    logs/<namespace>/<pod>.<container>[.previous].log

It is gathered before anything is undone.  Values of secrets are masked in all of it, those of the
cluster's own Secrets as well; of pods neither environment nor arguments are kept, and no object
that holds configuration.  Small on purpose: some pods, the last lines of logs.
"""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from mooring.cluster import errors
from mooring.cluster.changes import KindName
from mooring.deploy import happenings, observed
from mooring.deploy.happenings import Happening
from mooring.deploy.health import Health
from mooring.deploy.journal import Journal
from mooring.deploy.outcome import Outcome
from mooring.deploy.plan import Plan
from mooring.deploy.redaction import Redactor
from mooring.errors import ClusterError
from mooring.refs import ObjectRef
from mooring.semantics import failing, fields, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.objects import Item, ManifestSet
from mooring.sensitive import MASK

if TYPE_CHECKING:
    from mooring.cluster.client import Client

MOST_PODS = 20
_LINES = 200
_MOST_BYTES = 64 * 1024
_MOST_EVENTS = 500

_ASSIGNED = re.compile(
    r"(?i)((?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|bearer)"
    r"[\"']?\s*[=: ]\s*[\"']?)[^\s\"',;&]+"
)
_OF_OTHERS = ("events/", "logs/", "happenings", "summary", "verdicts")

_KEPT_OF_CONTAINER = (
    "name", "image", "imagePullPolicy", "ports", "resources", "volumeMounts",
    "readinessProbe", "livenessProbe", "startupProbe",
)  # fmt: skip


class Told(msgspec.Struct, frozen=True):
    """What is known of a deployment when it has failed."""

    plan: Plan
    journal: Journal
    outcome: Outcome
    happened: Sequence[Happening] = ()


async def files(
    client: "Client", told: Told, objects: ManifestSet, health: Health
) -> dict[str, bytes]:
    """Return the files of the bundle by their paths, sorted; what may not be read is left out."""
    spaces = sorted({ref.namespace for ref in health.verdicts if ref.namespace})
    redact = await _redactor(client, objects, spaces)
    made: dict[str, str] = {
        "summary.txt": _summary(told),
        "plan.json": told.plan.encoded().decode(),
        "journal.json": msgspec.json.format(told.journal.encoded(), indent=1).decode() + "\n",
        "happenings.jsonl": "".join(
            msgspec.json.encode(one).decode() + "\n" for one in told.happened
        ),
        "verdicts.txt": "".join(
            f"{one.status.value:12} {ref}: {one.warning or one.message or one.reason}\n"
            for ref, one in health.verdicts.items()
        ),
    }
    for space in spaces:
        if events := await _events(client, space):
            made[f"events/{space}.txt"] = events
    for pod in _pods(health)[:MOST_PODS]:
        ref = observed.ref_of(pod)
        made[f"pods/{ref.namespace}/{ref.name}.json"] = _json(_walked(_shown(pod), redact))
        for container, logs in (await _logs(client, ref, pod)).items():
            made[f"logs/{ref.namespace}/{ref.name}.{container}.log"] = logs
    return {
        # What others wrote may hold secrets that we do not know; our own files do not.
        path: (redacted(text, redact) if path.startswith(_OF_OTHERS) else redact(text)).encode()
        for path, text in sorted(made.items())
    }


def redacted(text: str, redact: Redactor) -> str:
    """Return ``text`` without values that are known, or look, like secrets."""
    return _ASSIGNED.sub(rf"\1{MASK}", redact(text))


async def _redactor(client: "Client", objects: ManifestSet, spaces: Iterable[str]) -> Redactor:
    """Return what masks the values that we sent, and those of all Secrets that we may read."""
    items: list[Item] = list(objects)
    for space in spaces:
        try:
            listing = await client.list(KindName("v1", "Secret"), namespace=space)
        except ClusterError:
            continue
        # What we keep of revisions is compressed, and nobody logs it.
        ours = "mooring.dev/revision"
        live = [one for one in listing.items if one.get("type") != ours]
        items.extend(ManifestSet(live, namespace=None))
    return Redactor(items)


def _summary(told: Told) -> str:
    outcome, plan = told.outcome, told.plan
    last = told.journal.revision(outcome.revision)
    lines = [f"{plan.project} in {plan.environment}, namespace {plan.home}"]
    if last is not None:
        lines.append(f"revision {last.number}, begun {last.started} by {last.by}: {last.what}")
    lines.append(f"failed after {outcome.seconds:.1f} s")
    lines += [f"  {one.ref}: {one.message} ({one.reason})" for one in outcome.failures]
    lines += [
        f"  next, for {one.ref}: {one.remedy}"
        for one in told.happened
        if isinstance(one, happenings.Failed) and one.remedy
    ]
    return "\n".join(lines) + "\n"


async def _events(client: "Client", space: str) -> str:
    try:
        listing = await client.list(KindName("v1", "Event"), namespace=space)
    except (errors.Forbidden, ClusterError):
        return ""
    lines = sorted(map(_event, listing.items))
    return "".join(f"{line}\n" for line in lines[-_MOST_EVENTS:])


def _event(event: Manifest) -> str:
    at = next(
        (text for key in ("lastTimestamp", "eventTime", "firstTimestamp")
         if (text := fields.text(event.get(key)))),
        fields.text(fields.at(event, "metadata", "creationTimestamp")) or "",
    )  # fmt: skip
    about = fields.mapping(event.get("involvedObject"))
    count = fields.integer(event.get("count")) or 1
    times = f" (x{count})" if count > 1 else ""
    message = " ".join((fields.text(event.get("message")) or "").split())
    who = f"{about.get('kind')}/{about.get('name')}"
    return f"{at} {event.get('type')} {event.get('reason')} {who}: {message}{times}"


def _pods(health: Health) -> list[Manifest]:
    """Return the pods that are not ready of what is not ready, by name."""
    found: dict[str, Manifest] = {}
    for ref in health.unready:
        live = health.view.get(ref)
        for pod in health.view.pods_of(live) if live is not None else ():
            found[observed.uid_of(pod)] = pod
    return sorted(found.values(), key=lambda pod: (failing.is_ready(pod), observed.ref_of(pod)))


async def _logs(client: "Client", ref: ObjectRef, pod: Manifest) -> dict[str, str]:
    found: dict[str, str] = {}
    for field in ("initContainerStatuses", "containerStatuses"):
        for _, status in fields.mappings(fields.at(pod, "status", field)):
            name = fields.text(status.get("name")) or ""
            for previous in (False, True) if status.get("restartCount") else (False,):
                try:
                    text = await client.logs(ref, name, previous=previous, tail=_LINES)
                except (errors.Refused, ClusterError):
                    continue
                if text.strip():
                    found[f"{name}.previous" if previous else name] = text[-_MOST_BYTES:]
    return found


def _shown(pod: Manifest) -> dict[str, Any]:
    """Return ``pod`` without what may hold values: environment, arguments, annotations."""
    spec = fields.mapping(pod.get("spec"))
    metadata = fields.mapping(pod.get("metadata"))
    containers = {
        field: [
            {key: one[key] for key in _KEPT_OF_CONTAINER if key in one}
            for _, one in fields.mappings(spec.get(field))
        ]
        for field in ("initContainers", "containers")
        if spec.get(field)
    }
    kept = ("nodeName", "nodeSelector", "tolerations", "volumes", "serviceAccountName")
    return {
        "apiVersion": "v1",
        "kind": kinds.POD.kind,
        "metadata": {
            key: metadata[key]
            for key in ("name", "namespace", "uid", "labels", "ownerReferences",
                        "creationTimestamp", "deletionTimestamp", "finalizers")
            if key in metadata
        },
        "spec": {**{key: spec[key] for key in kept if key in spec}, **containers},
        "status": pod.get("status") or {},
    }  # fmt: skip


def _walked(value: Any, redact: Redactor) -> Any:
    """Return ``value`` with each of its texts redacted."""
    if isinstance(value, str):
        return redacted(value, redact)
    if isinstance(value, dict):
        return {key: _walked(one, redact) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_walked(one, redact) for one in value]
    return value


def _json(value: Any) -> str:
    encoded = msgspec.json.encode(value, order="deterministic")
    return msgspec.json.format(encoded, indent=1).decode() + "\n"
