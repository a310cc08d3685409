"""
A migration that nobody waits for.

## What it does
Finds Jobs that change the schema of a database which other workloads of the input dial, where
none of them waits for it: no hook, no sync wave, and no init container that names the Job or
waits for its end.

## Why it matters
All start at once: the new program meets the old schema, fails, and is restarted until the
migration is through, or writes what the migration does not expect.

## Example
    kind: Job            # migrate, beside
    kind: Deployment     # api, which dials the same database

Let an init container wait for the Job, or make the Job a hook that runs before.

## References
- https://kubernetes.io/docs/concepts/workloads/pods/init-containers/
- https://helm.sh/docs/topics/charts_hooks/
"""

from collections.abc import Iterator

from mooring.check import hooks
from mooring.check.bundle import Bundle
from mooring.check.dialling import Dialled
from mooring.check.pods import Pod
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.images.facts import Role
from mooring.patterns import LazyPattern
from mooring.refs import ObjectRef
from mooring.semantics import kinds, pods

RULE = Rule(
    id="migration-without-order",
    severity=Severity.WARNING,
    since="0.1",
    group="jobs",
    confidence=Confidence.MEDIUM,
)

_TASKS = (kinds.JOB, kinds.CRON_JOB)
_STORES = (Role.DATABASE, Role.CACHE, Role.BROKER, Role.SEARCH, Role.OBJECT_STORE)
_MIGRATES = LazyPattern(
    r"(?i)migrat|alembic upgrade|flyway|liquibase|goose .*up|dbmate|schematool|setup-schema"
)
_WAITS = LazyPattern(r"(?i)kubectl .*wait|k8s-wait-for|condition=complete|migrat")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each migration beside which those who need it start."""
    migrations = [pod for pod in bundle.pods if pod.kind == kinds.JOB and _migrates(bundle, pod)]
    if not migrations:
        return
    stores: dict[tuple[str, str], dict[ObjectRef, Pod]] = {}
    asked: dict[ObjectRef, set[tuple[str, str]]] = {}
    for one in bundle.dialled:
        place = _store(bundle, one)
        if place is not None:
            pod = one.container.pod
            stores.setdefault(place, {})[pod.owner] = pod
            asked.setdefault(pod.owner, set()).add(place)
    for migration in migrations:
        users = {
            ref: pod
            for place in asked.get(migration.owner, ())
            for ref, pod in stores[place].items()
            if pod.kind not in _TASKS and not _is_store(pod)
        }
        if users and not any(_waits(pod, migration.owner.name) for pod in users.values()):
            named = ", ".join(str(ref) for ref in sorted(users)[:3])
            more = f" and {len(users) - 3} more" if len(users) > 3 else ""
            yield RULE.finding(
                migration.owner,
                f"it changes a database that {named}{more} dial, and none of them waits for it",
                field="spec.template.spec",
                remedy="let an init container wait for the Job, or make it a hook that runs before",
            )


def _migrates(bundle: Bundle, pod: Pod) -> bool:
    item = bundle.objects.get(pod.owner)
    if item is None or hooks.of(item) or hooks.ARGO_WAVE in item.annotations:
        return False
    text = " ".join((pod.owner.name, *(one.words for one in pod.main_containers)))
    return _MIGRATES.search(text) is not None


def _store(bundle: Bundle, one: Dialled) -> tuple[str, str] | None:
    """Return namespace and name of the Service of a data store that is dialled."""
    service = bundle.names.service(one.namespace, one.service) if one.service else None
    if service is None or not any(_is_store(pod) for pod in bundle.behind(service)):
        return None
    return service.item.namespace, service.item.ref.name


def _is_store(pod: Pod) -> bool:
    return any(
        one.known is not None and one.known.family.role in _STORES for one in pod.main_containers
    )


def _waits(pod: Pod, job: str) -> bool:
    """Tell whether an init container of ``pod`` waits for the Job, or migrates itself."""
    return any(
        job in words or _WAITS.search(words) is not None
        for one in pod.containers
        if one.role is pods.Role.INIT
        for words in (f"{one.name} {one.image} {one.words}",)
    )
