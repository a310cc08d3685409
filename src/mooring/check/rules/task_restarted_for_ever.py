"""
A task that is started again as soon as it is done.

## What it does
Finds Deployments, StatefulSets and DaemonSets whose last command is a task that ends: a
migration, a seed, the making of buckets or topics.  A service of Compose with `restart: always`
becomes one.

## Why it matters
The task ends, the pod is restarted to do it again, with a longer pause each time
(`CrashLoopBackOff`), and the workload never becomes ready.

## Example
    kind: Deployment
    ... args: [alembic, upgrade, head]

Make it a Job.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/job/
- https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.semantics import kinds

RULE = Rule(id="task-restarted-for-ever", severity=Severity.WARNING, since="0.1", group="jobs")

_LASTING = (kinds.DEPLOYMENT, kinds.STATEFUL_SET, kinds.DAEMON_SET, kinds.REPLICA_SET)
_TASK = LazyPattern(
    r"(?:^|[\s/;&])(?:alembic\s+upgrade|flyway\s+(?:\S+\s+)*migrate|liquibase\s+(?:\S+\s+)*update"
    r"|prisma\s+(?:migrate\s+deploy|db\s+(?:push|seed))|manage\.py\s+(?:migrate|loaddata)"
    r"|flask\s+db\s+upgrade|(?:rails|rake)\s+db:(?:migrate|seed|prepare|setup)|goose\s+\S*\s*up"
    r"|dbmate\s+(?:up|migrate)|knex\s+(?:migrate:latest|seed:run)|sequelize\S*\s+db:\S+"
    r"|typeorm\s+migration:run|artisan\s+(?:migrate|db:seed)|sqlx\s+migrate\s+run|diesel\s+migration"
    r"|migrate\s+(?:-\S+\s+\S+\s+)+up|mc\s+(?:mb|anonymous|policy)\s|kafka-topics(?:\.sh)?\s"
    r"|createdb\s|pg_restore\s|airflow\s+db\s+(?:migrate|init|upgrade)|superset\s+(?:init|db)"
    r"|hasura(?:-cli)?\s+(?:migrate|metadata|seed)s?\s+apply)[^;&|\n]*$"
)
_GOES_ON = ("exec ", "sleep inf", "tail -f", "while ", "--watch")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each task that never stays done."""
    for pod in bundle.pods:
        if pod.kind not in _LASTING or pod.replicas == 0:
            continue
        for container in pod.main_containers:
            words = container.words.rstrip(" \n;")
            if not words or any(sign in words for sign in _GOES_ON):
                continue
            found = _TASK.search(words)
            if found is not None:
                task = found[0].strip(" ;&/").partition(" -")[0][:60]
                yield RULE.finding(
                    pod.owner,
                    f'the container {container.name} ends with the task "{task}", and is started '
                    "again when it is done",
                    field=f"{container.path}.{'args' if container.args else 'command'}",
                    remedy="make it a Job",
                )
