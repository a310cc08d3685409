"""
How a container tells that it serves: `healthcheck`, or the Dockerfile's HEALTHCHECK.

## What it means
Docker runs the test inside the container again and again; after some failures in a row the
container is "unhealthy", which holds back those that wait for it and restarts nothing.  What
`healthcheck` leaves out comes from the image's HEALTHCHECK, and what that leaves out from Docker:
every 30 s, for 30 s at most, 3 failures, and every 5 s during the start period.

## What it becomes
| Compose | Kubernetes |
|---|---|
| `test: [CMD, ...]` | `readinessProbe.exec.command` with these words |
| `test: [CMD-SHELL, text]`, `test: text` | the same with `["/bin/sh", "-c", text]` |
| `test: [NONE]`, `disable: true` | no probe, whatever the image says |
| `interval`, `timeout`, `retries` | `periodSeconds`, `timeoutSeconds`, `failureThreshold` |
| `start_period`, `start_interval` | a startup probe that ends with the first success |

The values are written out: Kubernetes' own default for the timeout is one second.

## What is lost
Probes count whole seconds, so parts of a second are rounded up.  A container that has not become
healthy some time after its start period is restarted; Compose would leave it unhealthy.  The
HEALTHCHECK of an image that is not built here is not known here.

## Example
    healthcheck:
      test: curl -f http://localhost/      # exec: ["/bin/sh", "-c", "curl -f http://localhost/"]
      start_period: 40s                    # startupProbe

## References
- https://docs.docker.com/reference/compose-file/services/#healthcheck
- https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
"""

from datetime import timedelta

from mooring.accounting import Path
from mooring.app.health import Health
from mooring.compose.dockerfile.facts import DEFAULT_SHELL, HealthCheck
from mooring.compose.nodes import Node
from mooring.decisions import Decision, Evidence
from mooring.findings import Rule, Severity
from mooring.sources import Position
from mooring.translate.durations import is_whole, seconds
from mooring.translate.extensions import extension_notes
from mooring.translate.notes import Note, Translated, approximated, carried, dropped
from mooring.translate.view import ServiceView, field, text, texts, truth, whole

ATTRIBUTES: tuple[str, ...] = ("healthcheck",)

UNKNOWN_TEST = Rule(id="health-test-unknown", severity=Severity.WARNING, since="0.1")

DEFAULTS = Health(command=())
"""Docker's own values, for what neither Compose nor the image says."""

_NOTHING: Translated[Health | None] = Translated(None)
_TO = "container.readinessProbe, container.startupProbe"
_FRACTION = "probes count whole seconds, so a part of a second is rounded up"

_FIELDS = {
    "interval": "container.readinessProbe.periodSeconds",
    "timeout": "container.readinessProbe.timeoutSeconds",
    "start_period": "container.startupProbe.failureThreshold",
    "start_interval": "container.startupProbe.periodSeconds",
}


def translate(service: ServiceView) -> Translated[Health | None]:
    """Return how the service's container tells that it serves; None where it does not."""
    facts = service.image_facts
    image_check = facts.healthcheck if facts is not None else None
    node = service.get("healthcheck")
    if node is None:
        if "healthcheck" in service.attributes.entries:
            note: Note = carried(service.path("healthcheck"), "the image's own HEALTHCHECK")
            return _of_image(service, image_check, (note,))
        return _NOTHING if image_check is None else _of_image(service, image_check, ())
    path = service.path("healthcheck")
    test = texts(field(node, "test"))
    if truth(field(node, "disable")) or test[:1] == ("NONE",):
        return Translated(
            None,
            (
                carried(path, "no probe, as the check is switched off"),
                *extension_notes(node, path),
            ),
        )
    if not test and image_check is not None:
        test = image_check.test
    command = _command(service, test)
    if command is None:
        return _no_test(service, node, test)
    health = Health(
        command=command,
        interval=_seconds(node, "interval", image_check) or DEFAULTS.interval,
        timeout=_seconds(node, "timeout", image_check) or DEFAULTS.timeout,
        retries=_retries(node, image_check),
        start_period=_seconds(node, "start_period", image_check) or DEFAULTS.start_period,
        start_interval=_seconds(node, "start_interval", image_check) or DEFAULTS.start_interval,
        position=service.position("healthcheck"),
    )
    return Translated(health, tuple(_notes(node, path)))


def _command(service: ServiceView, test: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return what a probe has to run, or None where ``test`` names nothing to run."""
    keyword, words = test[:1], test[1:]
    if not words:
        return None
    if keyword == ("CMD",):
        return words
    if keyword == ("CMD-SHELL",):
        facts = service.image_facts
        return (*((facts.shell if facts else None) or DEFAULT_SHELL), *words)
    return None


def _no_test(service: ServiceView, node: Node, test: tuple[str, ...]) -> Translated[Health | None]:
    path = service.path("healthcheck")
    if test == ("NONE",):
        reason = "the image switches its check off, and Compose gives no test of its own"
        return Translated(None, (dropped(path, reason), *extension_notes(node, path)))
    reason = (
        "it has no test: only the image knows what to run, and the image is not read here"
        if not test
        else "its test names nothing that could be run"
    )
    return Translated(
        None,
        (
            dropped(path, reason),
            *extension_notes(node, path),
            UNKNOWN_TEST.finding(
                service.position("healthcheck"),
                f'the health check of service "{service.name}" is left out: {reason}',
                remedy='write the command as healthcheck.test, as in ["CMD", "curl", "-f", URL]',
            ),
        ),
    )


def _of_image(
    service: ServiceView, check: HealthCheck | None, notes: tuple[Note, ...]
) -> Translated[Health | None]:
    """Return the check of the image that the service builds."""
    command = _command(service, check.test) if check is not None else None
    if check is None or command is None:
        return Translated(None, notes)
    health = Health(
        command=command,
        interval=_given(check.interval) or DEFAULTS.interval,
        timeout=_given(check.timeout) or DEFAULTS.timeout,
        retries=check.retries or DEFAULTS.retries,
        start_period=_given(check.start_period) or DEFAULTS.start_period,
        start_interval=_given(check.start_interval) or DEFAULTS.start_interval,
        position=check.position,
    )
    return Translated(health, (*notes, _decision(service, check.position)))


def _decision(service: ServiceView, position: Position) -> Decision:
    return Decision(
        subject=f"services.{service.name}",
        topic="health",
        choice="the HEALTHCHECK of its Dockerfile",
        evidence=(
            Evidence("the Compose file gives none, and Docker takes the image's then", position),
        ),
        overrule="healthcheck: {disable: true} at the service in the Compose file",
    )


def _seconds(node: Node, name: str, image_check: HealthCheck | None) -> float:
    """Return the field in seconds, from Compose or else from the image; 0 where neither says."""
    given = field(node, name)
    value = seconds(text(given)) if given is not None else 0.0
    if value > 0 or image_check is None:
        return max(0.0, value)
    inherited: timedelta | None = getattr(image_check, name)
    return _given(inherited)


def _given(duration: timedelta | None) -> float:
    return duration.total_seconds() if duration is not None else 0.0


def _retries(node: Node, image_check: HealthCheck | None) -> int:
    given = field(node, "retries")
    value = whole(given) if given is not None else 0
    if value > 0:
        return value
    return (image_check.retries if image_check else None) or DEFAULTS.retries


def _notes(node: Node, path: Path) -> list[Note]:
    """Return what became of each field of a check that is kept."""
    notes: list[Note] = [carried(path, _TO), *extension_notes(node, path)]
    for name, to in _FIELDS.items():
        given = field(node, name)
        if given is None:
            continue
        value = seconds(text(given))
        if not is_whole(value):
            notes.append(approximated((*path, name), _FRACTION, to))
        elif name == "start_period" and value > 0:
            notes.append(
                approximated(
                    (*path, name),
                    "a container that is not healthy some time after it is restarted, where "
                    "Compose would only call it unhealthy",
                    to,
                )
            )
    return notes
