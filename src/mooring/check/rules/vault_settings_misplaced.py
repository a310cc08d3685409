"""
A storage of Vault that is not told where it is.

## What it does
Finds settings of Vault and OpenBao, in mounted ConfigMaps and Secrets or in VAULT_LOCAL_CONFIG,
whose storage `postgresql` or `mysql` has no address under the key that Vault reads
(`connection_url` for PostgreSQL), and `ha_enabled` outside of the storage.

## Why it matters
Vault ends at its start: `missing connection_url`.  An `ha_enabled` at the top is not heeded, and
two pods then write without knowing of one another.

## Example
    storage "postgresql" {
      connection_string = "postgres://..."       # connection_url
    }

Use the keys that the manual gives, within the storage.

## References
- https://developer.hashicorp.com/vault/docs/configuration/storage/postgresql
"""

from collections.abc import Iterator

from mooring.check import environment, mounts
from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.refs import ObjectRef
from mooring.semantics import kinds

RULE = Rule(
    id="vault-settings-misplaced", severity=Severity.ERROR, since="0.1", group="known-images"
)

_OF_VAULT = ("vault", "openbao")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each setting that is missing where it is read."""
    told: set[tuple[ObjectRef, str]] = set()
    for container in bundle.containers:
        if container.known is None or container.known.family.name not in _OF_VAULT:
            continue
        # These stand for what the settings leave out.
        if {"VAULT_PG_CONNECTION_URL", "BAO_PG_CONNECTION_URL"} & container.variable.keys():
            continue
        for ref, key, text, field in _settings(bundle, container):
            if (ref, field) in told:
                continue
            told.add((ref, field))
            for message, remedy, severity in _faults(text):
                yield RULE.finding(
                    ref,
                    f'in "{key}" {message}',
                    field=field,
                    remedy=remedy,
                    severity=severity,
                )


def _settings(bundle: Bundle, container: Container) -> Iterator[tuple[ObjectRef, str, str, str]]:
    """Yield object, key, text and field of each file or variable of settings."""
    for mount in mounts.of(container):
        kind = {"configMap": kinds.CONFIG_MAP, "secret": kinds.SECRET}.get(mount.kind)
        if kind is None or mount.name is None:
            continue
        item = bundle.objects.find(kind, mount.name, container.pod.namespace)
        for key, text, field in environment.texts(item) if item is not None else ():
            if "storage" in text:
                yield item.ref, key, text, field  # type: ignore[union-attr]
    one = container.variable.get("VAULT_LOCAL_CONFIG")
    if one is not None and one.value and "storage" in one.value:
        ref, field = one.place(container.owner)
        yield ref, one.name, one.value, field


_STORAGE = LazyPattern(r"\b(?:ha_)?storage[\"']?\s*[:=]?\s*\{?\s*[\"'](\w+)[\"']\s*[:=]?\s*\{")
_COMMENT = LazyPattern(r"(?m)(?:^|\s)(?:#|//(?!\S*@)).*$")
_WANTED = {"postgresql": "connection_url", "mysql": "password"}


def _faults(text: str) -> Iterator[tuple[str, str, Severity | None]]:
    plain = _COMMENT.sub("", text)
    inside = 0
    for found in _STORAGE.finditer(plain):
        body = _body(plain, found.end())
        inside += body.count("ha_enabled")
        wanted = _WANTED.get(found[1])
        if wanted is None or wanted in body:
            continue
        instead = next((one for one in _MISTAKEN if one in body), None)
        has = f" and has {instead}" if instead else ""
        yield (
            f"the storage {found[1]} has no {wanted}{has}",
            f"name it {wanted}" if instead else f"give it {wanted}",
            None,
        )
    if plain.count("ha_enabled") > inside and _STORAGE.search(plain):
        yield (
            "ha_enabled stands outside of the storage, where it is not heeded",
            "put it into the storage",
            Severity.WARNING,
        )


_MISTAKEN = ("connection_string", "connection_uri", "connectionUrl", "dsn", "address")


def _body(text: str, begin: int) -> str:
    """Return what stands between the brace before ``begin`` and the one that closes it."""
    depth = 1
    for index in range(begin, len(text)):
        if text[index] == "{":
            depth += 1
        elif text[index] == "}":
            depth -= 1
            if not depth:
                return text[begin:index]
    return text[begin:]
