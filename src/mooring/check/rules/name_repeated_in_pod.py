"""
Two things of one name within a pod.

## What it does
Finds containers, volumes and ports of one name, and mounts of one path in a container.

## Why it matters
The API server refuses the pods: the workload is accepted and never has any.

## Example
    volumeMounts:
    - {name: a, mountPath: /data}
    - {name: b, mountPath: /data}

Give each a name, or a path, of its own.

## References
- https://kubernetes.io/docs/concepts/workloads/pods/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(id="name-repeated-in-pod", severity=Severity.ERROR, since="0.1", group="workloads")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each name or path that stands twice in a pod."""
    for pod in bundle.pods:
        names: set[str] = set()
        for container in pod.containers:
            if container.name in names:
                yield RULE.finding(
                    pod.owner,
                    f"two containers are called {container.name}",
                    field=f"{container.path}.name",
                    remedy="give each a name of its own",
                )
            names.add(container.name)
            for word, key in (("volumeMounts", "mountPath"), ("ports", "name")):
                seen: set[str] = set()
                for index, entry in fields.mappings(container.raw.get(word)):
                    text = fields.text(entry.get(key))
                    if text is not None and text in seen:
                        yield RULE.finding(
                            pod.owner,
                            f"the container {container.name} has {key} {text} twice",
                            field=f"{container.path}.{word}[{index}].{key}",
                            remedy="keep one of them",
                        )
                    seen.add(text or "")
        volumes: set[str] = set()
        for path, volume in pod.template.volumes:
            name = fields.text(volume.get("name")) or ""
            if name in volumes:
                yield RULE.finding(
                    pod.owner,
                    f"two volumes are called {name}",
                    field=f"{path}.name",
                    remedy="give each a name of its own",
                )
            volumes.add(name)
