"""
How a container is stopped: `stop_grace_period` and `stop_signal`.

## What it means
Docker sends the stop signal (the image's STOPSIGNAL, or SIGTERM) and kills the container when it
has not ended within the grace period, which is 10 seconds where nothing is said.

## What it becomes
`Pod.spec.terminationGracePeriodSeconds`, written out because Kubernetes would wait 30 seconds.
The time of `pre_stop` hooks is a part of it.  Where nothing is said, a known data store has the
time that it needs to end without loss: a cluster moves pods as a matter of course, and one that is
killed has to recover each time.

## What is lost
The signal: pods are sent the signal that the **image** names.  A `lifecycle.stopSignal` exists
only behind a feature gate that clusters have off.  Where the image names the same signal, nothing
is lost; otherwise write STOPSIGNAL into the Dockerfile.

## Example
    stop_grace_period: 1m30s     # terminationGracePeriodSeconds: 90
    stop_signal: SIGINT          # Dockerfile: STOPSIGNAL SIGINT

## References
- https://docs.docker.com/reference/compose-file/services/#stop_grace_period
- https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
"""

from mooring.decisions import Decision, Evidence
from mooring.findings import Rule, Severity
from mooring.translate.durations import is_whole, seconds
from mooring.translate.notes import Translated, approximated, carried, dropped
from mooring.translate.view import ServiceView, text

ATTRIBUTES: tuple[str, ...] = ("stop_grace_period", "stop_signal")

STOP_SIGNAL_LOST = Rule(id="stop-signal-lost", severity=Severity.WARNING, since="0.1")

DEFAULT_SECONDS = 10.0
"""Docker's grace period."""

_GRACE_TO = "Pod.spec.terminationGracePeriodSeconds"
_DEFAULT_GRACE = Translated(DEFAULT_SECONDS)
_NO_SIGNAL: Translated[str | None] = Translated(None)
_SIGNALS = {
    "1": "SIGHUP", "2": "SIGINT", "3": "SIGQUIT", "6": "SIGABRT", "9": "SIGKILL",
    "10": "SIGUSR1", "12": "SIGUSR2", "15": "SIGTERM", "28": "SIGWINCH",
}  # fmt: skip
"""Names of the numbers that people write, as Linux counts them on x86 and ARM."""


def grace_seconds(service: ServiceView) -> Translated[float]:
    """Return the seconds that the service's containers have for their end."""
    node = service.get("stop_grace_period")
    if node is None:
        return _of_image(service)
    value = max(0.0, seconds(text(node)))
    path = service.path("stop_grace_period")
    if is_whole(value):
        return Translated(value, (carried(path, _GRACE_TO),))
    # Rounding up never kills what the author would have let end.
    return Translated(
        float(int(value) + 1),
        (approximated(path, "pods count whole seconds, so it is rounded up", _GRACE_TO),),
    )


def _of_image(service: ServiceView) -> Translated[float]:
    """Return Docker's grace period, or the longer one that a known data store needs."""
    family = service.known.family if service.known is not None else None
    if family is None or not family.stateful or not family.stop:
        return _DEFAULT_GRACE
    needed = max(family.stop, key=lambda stop: stop.grace_seconds)
    if needed.grace_seconds <= DEFAULT_SECONDS:
        return _DEFAULT_GRACE
    decision = Decision(
        subject=f"services.{service.name}",
        topic="end",
        choice=f"has {needed.grace_seconds} seconds to end",
        evidence=(
            Evidence(
                f"{family.name} may need them ({family.sources[needed.source]})",
                service.position("image"),
            ),
        ),
        overrule=f"services.{service.name}.stop_grace_period in the Compose file",
    )
    return Translated(float(needed.grace_seconds), (decision,))


def stop_signal(service: ServiceView) -> Translated[str | None]:
    """Return the signal, as SIGINT, that ends the service's process; None is the image's own."""
    node = service.get("stop_signal")
    if node is None:
        return _NO_SIGNAL
    signal = _name(text(node))
    path = service.path("stop_signal")
    facts = service.image_facts
    of_image = facts.stop_signal if facts else None
    if of_image is not None and _name(of_image.value) == signal:
        to = f"the image's STOPSIGNAL ({of_image.position.short})"
        return Translated(signal, (carried(path, to),))
    if signal == "SIGTERM" and of_image is None:
        return Translated(
            signal, (carried(path, "the signal that pods are sent unless the image names one"),)
        )
    return Translated(
        signal,
        (
            dropped(path, "pods are sent the signal that the image names, or SIGTERM"),
            STOP_SIGNAL_LOST.finding(
                service.position("stop_signal"),
                f'service "{service.name}" is stopped by the signal of its image instead of '
                f"{signal}",
                remedy=f"write STOPSIGNAL {signal} into its Dockerfile",
            ),
        ),
    )


def _name(given: str) -> str:
    """Return a signal's name with SIG: "15", "term" and "SIGTERM" are one."""
    signal = given.upper()
    return _SIGNALS.get(signal) or (signal if signal.startswith("SIG") else f"SIG{signal}")
