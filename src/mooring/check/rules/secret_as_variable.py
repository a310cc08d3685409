"""
A secret in a variable.

## What it does
Finds variables that come from a key of a Secret, and whole Secrets that become variables.

## Why it matters
A variable is inherited by every child process, is shown by debuggers, crash reports and `kubectl
exec ... env`, and does not change with the Secret; a mounted file is and does none of that.

## Example
    env: [{name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}]

Mount the Secret, and let the program read the file, as many do by `..._FILE`.

## References
- https://kubernetes.io/docs/concepts/security/secrets-good-practices/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(
    id="secret-as-variable", severity=Severity.INFO, since="0.1", group="secrets", opt_in=True
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each variable, or set of them, that comes from a Secret."""
    for container in bundle.containers:
        for index, source in fields.mappings(container.raw.get("envFrom")):
            name = fields.text(fields.at(source, "secretRef", "name"))
            if name:
                yield RULE.finding(
                    container.owner,
                    f"all keys of the Secret {name} are variables of the container "
                    f"{container.name}",
                    field=f"{container.path}.envFrom[{index}]",
                    remedy="mount the Secret, and let the program read files",
                )
        for index, entry in fields.mappings(container.raw.get("env")):
            if fields.at(entry, "valueFrom", "secretKeyRef", "name"):
                yield RULE.finding(
                    container.owner,
                    f"the variable {entry.get('name')} of the container {container.name} holds a "
                    "secret",
                    field=f"{container.path}.env[{index}]",
                    remedy="mount the Secret, and let the program read a file",
                )
