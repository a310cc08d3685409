"""
How replicas are replaced: `deploy.update_config` and `deploy.rollback_config`.

## What it means
How many replicas are replaced at once (0: all), whether the new ones start before the old ones
stop, and how long to wait and watch in between.

## What it becomes
| Compose | Kubernetes, in `Deployment.spec` |
|---|---|
| `parallelism`, `order: start-first` | `strategy.rollingUpdate.maxSurge`, nothing unavailable |
| `parallelism`, `order: stop-first` | `strategy.rollingUpdate.maxUnavailable`, no surge |
| `delay`, `monitor` | `minReadySeconds`: the longer of both |

A workload that holds a volume which one node at a time can mount is stopped first, whatever the
order says.

## What is lost
A failing update stops where it is (`failure_action: pause`); it neither goes on nor goes back by
itself.  Going back is one step, `kubectl rollout undo`, so `rollback_config` has no counterpart.

## Example
    deploy:
      update_config: {parallelism: 2, order: start-first}   # maxSurge: 2, maxUnavailable: 0

## References
- https://docs.docker.com/reference/compose-file/deploy/#update_config
- https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy
"""

from mooring.app.workloads import UpdatePolicy
from mooring.translate.durations import seconds
from mooring.translate.extensions import extension_notes
from mooring.translate.notes import Note, Translated, approximated, carried, dropped
from mooring.translate.view import ServiceView, field, text, whole

ATTRIBUTES: tuple[str, ...] = ("deploy.update_config", "deploy.rollback_config")

_NOTHING: Translated[UpdatePolicy | None] = Translated(None)
_STRATEGY = "Deployment.spec.strategy.rollingUpdate"
_SETTLE = "Deployment.spec.minReadySeconds"


def translate(service: ServiceView) -> Translated[UpdatePolicy | None]:
    """Return how the service's replicas are replaced; None leaves it to the platform."""
    deploy = service.get("deploy")
    if deploy is None:
        return _NOTHING
    notes: list[Note] = []
    if field(deploy, "rollback_config") is not None:
        notes.append(
            dropped(
                service.path("deploy", "rollback_config"),
                "an update is taken back as one step, `kubectl rollout undo`",
            )
        )
    config = field(deploy, "update_config")
    if config is None:
        return Translated(None, tuple(notes)) if notes else _NOTHING
    path = service.path("deploy", "update_config")
    notes.append(carried(path, _STRATEGY))
    notes.extend(extension_notes(config, path))
    at_once = whole(node) if (node := field(config, "parallelism")) is not None else None
    order = text(node) if (node := field(config, "order")) is not None else "stop-first"
    settle = 0.0
    for name in ("delay", "monitor"):
        if (node := field(config, name)) is not None:
            settle = max(settle, seconds(text(node)))
            notes.append(
                approximated(
                    (*path, name),
                    "a new replica counts as working after that time; there is no pause beside it",
                    _SETTLE,
                )
            )
    if (node := field(config, "failure_action")) is not None:
        notes.append(_note_of_failure_action(service, text(node)))
    if field(config, "max_failure_ratio") is not None:
        reason = "an update stops at the first replica that does not become ready"
        notes.append(dropped((*path, "max_failure_ratio"), reason))
    return Translated(
        UpdatePolicy(
            at_once=at_once,
            starts_new_first=order == "start-first",
            settle_seconds=settle or None,
        ),
        tuple(notes),
    )


def _note_of_failure_action(service: ServiceView, action: str) -> Note:
    path = service.path("deploy", "update_config", "failure_action")
    if action in {"pause", ""}:
        return carried(path, "an update that does not become ready stops where it is")
    if action == "rollback":
        reason = "a failing update stops where it is; `kubectl rollout undo` takes it back"
    else:
        reason = "an update never goes on over replicas that do not become ready"
    return dropped(path, reason)
