"""
A command that starts a daemon and ends.

## What it does
Finds containers whose last command puts its program into the background:  `service nginx start`,
`systemctl start`, `apachectl start`, `pg_ctl start`, `redis-server --daemonize yes`,
`...-start.sh -daemon`, and nothing after it that goes on.

## Why it matters
A container lives as long as its first process: the daemon is started, the command ends, and the
container with it, again and again.

## Example
    command: [sh, -c, "service nginx start"]

Run the program in the foreground: `nginx -g "daemon off;"`.

## References
- https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-states
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.semantics import kinds

RULE = Rule(id="command-ends-at-once", severity=Severity.ERROR, since="0.1", group="workloads")

_DAEMON = LazyPattern(
    r"(?:(?:^|[;&|\n]\s*|\s-[a-z]*c\s+|sbin/|sudo\s+)service\s+[\w.-]+\s+(?:re)?start"
    r"|(?:^|[\s/;&])(?:systemctl\s+(?:re)?start\s+[\w.@-]+"
    r"|/etc/init\.d/[\w.-]+\s+(?:re)?start|apachectl\s+(?:-k\s+)?start|pg_ctl\b[^;&|\n]*\sstart"
    r"|catalina\.sh\s+start|redis-server\b[^;&|\n]*--daemonize\s+yes|[\w.-]*start[\w.-]*\.sh\s+"
    r"-daemon\b[^;&|\n]*|sbin/start-(?:all|dfs|yarn|master|slave|worker)\.sh[^;&|\n]*"
    r"|supervisord\s+--?daemon))\s*$"
)
_GOES_ON = ("tail -f", "tail -F", "sleep inf", "while true", "while :", "wait", "exec ", "-n ")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container that is done before it served."""
    for container in bundle.containers:
        if not container.goes_on or container.pod.kind in (kinds.JOB, kinds.CRON_JOB):
            continue
        words = container.words.rstrip(" \n;")
        if not words or ("start" not in words and "daemon" not in words):
            continue
        if "SPARK_NO_DAEMONIZE" in container.variable:
            continue
        found = _DAEMON.search(words)
        if found is not None and not any(sign in words for sign in _GOES_ON):
            yield RULE.finding(
                container.owner,
                f'"{found[0].strip()}" of the container {container.name} starts a daemon and ends, '
                "and the container with it",
                field=f"{container.path}.{'args' if container.args else 'command'}",
                remedy="run the program in the foreground",
            )
