"""
A deployment as lines, for logs and for who reads along: one for each thing that happens.

      0.4 s  Deployment/api        is made
      6.2 s  Deployment/api        ready: 2 of 2 replicas are ready
"""

from mooring.deploy import happenings
from mooring.deploy.happenings import Happening
from mooring.deploy.plan import Action
from mooring.deploy.reconcile import Phase
from mooring.refs import ObjectRef
from mooring.report import printable
from mooring.report.palette import PLAIN, Palette

_DONE = {
    Action.CREATE: "is made",
    Action.CHANGE: "is changed",
    Action.RECREATE: "is made anew",
}

_TOLD = frozenset(
    {
        "Namespace", "CustomResourceDefinition", "PersistentVolumeClaim", "StatefulSet",
        "Deployment", "DaemonSet", "Job", "Pod", "ReplicaSet",
    }
)  # fmt: skip
"""Kinds that have a line of their own; all others have one with --verbose, or when they fail."""


def name(ref: ObjectRef) -> str:
    """Return an object as it is called here."""
    return printable.one_line(f"{ref.kind}/{ref.name}")


def line(
    happening: Happening,
    palette: Palette = PLAIN,
    *,
    is_verbose: bool = False,
    release: str = "",
) -> str:
    """
    Return the line for ``happening``; empty where it is not worth one.

    ``release`` is whose it is, where several are deployed together.
    """
    told = _told(happening, palette, is_verbose=is_verbose)
    whose = f"{palette.hint(release)}  " if release else ""
    return f"{happening.at:7.1f} s  {whose}{told}" if told else ""


def _told(happening: Happening, palette: Palette, *, is_verbose: bool) -> str:
    match happening:
        case happenings.Began(revision=number, resumes=resumes):
            verb = "goes on with" if resumes else "begins"
            return f"{verb} revision {number}"
        case happenings.Waits(holder=holder):
            return palette.doubtful(f"waits: {printable.one_line(holder)} is deploying here")
        case happenings.Writing(ref=ref, action=action):
            if not is_verbose and ref.kind not in _TOLD:
                return ""
            return f"{name(ref)}  {_DONE.get(action, action.value)}"
        case happenings.Progress():
            return _progress(happening, palette, is_verbose=is_verbose)
        case happenings.Failed():
            return failure(happening, palette)
        case happenings.Pruned(ref=ref):
            return f"{name(ref)}  deleted"
        case happenings.Holding(seconds=seconds):
            return f"all is ready; it has to stay so for {seconds:g} s"
        case happenings.Waiting(objects=objects):
            shown = [f"{name(ref)} ({printable.one_line(said)})" for ref, said in objects[:3]]
            more = f" and {len(objects) - 3} more" if len(objects) > 3 else ""
            return palette.faint(f"waits for {', '.join(shown)}{more}")
        case _:
            return ""


def _progress(told: happenings.Progress, palette: Palette, *, is_verbose: bool) -> str:
    message = printable.one_line(told.message or told.reason)
    if told.phase == Phase.READY.value:
        is_plain = not told.warning and (not message or told.ref.kind not in _TOLD)
        if is_plain and not is_verbose:
            return ""
        warning = f"  {palette.doubtful(printable.one_line(told.warning))}" if told.warning else ""
        words = f": {message}" if message else ""
        return f"{name(told.ref)}  {palette.good('ready')}{words}{warning}"
    if told.warning:
        return f"{name(told.ref)}  {palette.doubtful(printable.one_line(told.warning))}"
    if is_verbose and told.phase == Phase.OBSERVED.value and message:
        return f"{name(told.ref)}  {message}"
    return ""


def failure(told: happenings.Failed, palette: Palette = PLAIN) -> str:
    """Return why an object failed: cause, object, line, log, what to do."""
    lines = [
        f"{palette.bad('failed')}: {name(told.ref)}: {printable.one_line(told.message)}"
        f" ({printable.one_line(told.reason)})"
    ]
    if told.origin:
        lines.append(f"    from {printable.one_line(told.origin)}")
    if told.log:
        lines.append(f"    the last lines of {printable.one_line(told.container)}:")
        lines.extend(f"      {palette.faint(printable.one_line(one))}" for one in told.log[-15:])
    if told.remedy:
        lines.append(f"    next: {palette.hint(printable.one_line(told.remedy))}")
    return "\n".join(lines)
