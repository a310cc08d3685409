"""
A secret in a ConfigMap or in the text of a workload.

## What it does
Finds literal variables and ConfigMap entries that are secret by their name or by their content:
passwords, tokens, keys, URLs with a password in them.  What only names a secret, its file or its
length is none.

## Why it matters
Everybody who may read the workload may read it, it stands in the repository, and every change of
it is a deployment.

## Example
    env: [{name: DATABASE_URL, value: "postgres://app:pw@db/app"}]

Put it into a Secret and refer to its key.

## References
- https://kubernetes.io/docs/concepts/configuration/secret/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds
from mooring.translate import secrecy

RULE = Rule(id="secret-in-clear", severity=Severity.WARNING, since="0.1", group="secrets")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each secret that stands in clear."""
    for container in bundle.containers:
        for index, entry in fields.mappings(container.raw.get("env")):
            name, value = fields.text(entry.get("name")), fields.text(entry.get("value"))
            if not name or not value or "$(" in value or _is_file(container, value):
                continue
            if secrecy.is_secret_setting(name, value):
                yield RULE.finding(
                    container.owner,
                    f"the variable {name} of the container {container.name} is a secret in clear",
                    field=f"{container.path}.env[{index}]",
                    remedy="put it into a Secret and refer to its key",
                )
    for item in bundle.of_kind(kinds.CONFIG_MAP):
        for key, text in fields.mapping(item.manifest.get("data")).items():
            if not isinstance(text, str) or "\n" in text.strip() or not text:
                continue
            # A key with a dot is the name of a file, which tells of more than of its content.
            is_secret = (
                secrecy.is_secret_content(text)
                if "." in key
                else secrecy.is_secret_setting(key, text)
            )
            if is_secret:
                yield RULE.finding(
                    item.ref,
                    f'the value of "{key}" is a secret in clear',
                    field=f"data.{key}",
                    remedy="put it into a Secret",
                )


def _is_file(container: Container, value: str) -> bool:
    """Tell whether ``value`` is the path of a file that is mounted, as secrets are."""
    return value.startswith(("/run/secrets/", "/var/run/secrets/")) or (
        value.startswith("/")
        and any(
            value.startswith(path.rstrip("/") + "/")
            for _, mount in container.mounts
            if (path := fields.text(mount.get("mountPath")))
        )
    )
