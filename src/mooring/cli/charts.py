"""Charts, made into manifests by the helm program where it is there; nothing else renders them."""

import shutil
import subprocess

from mooring.check import unreadable
from mooring.findings import Finding
from mooring.manifests import documents
from mooring.manifests.entries import Entry, entries
from mooring.sources import Position

_SECONDS = 120


def rendered(folder: str) -> tuple[tuple[Entry, ...], tuple[Finding, ...]]:
    """Return the objects of the chart in ``folder`` with its own values, or why there are none."""
    program = shutil.which("helm")
    if program is None:
        return (), (_fault(folder, "this is a chart, and helm, which renders it, is not here"),)
    try:
        run = subprocess.run(  # noqa: S603 - the user asked for this chart
            [program, "template", "release", folder],
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return (), (_fault(folder, f"helm did not render the chart: {error}"),)
    if run.returncode:
        told = run.stderr.decode("utf-8", "replace").strip().splitlines()
        last = told[-1] if told else f"status {run.returncode}"
        return (), (_fault(folder, f"helm does not render the chart: {last}"),)
    read = documents.read(run.stdout, f"{folder} (helm template)")
    faults = tuple(unreadable.of_faults(read.faults))
    return tuple(entries(read.documents)), faults


def _fault(folder: str, message: str) -> Finding:
    (found,) = unreadable.of_faults([documents.Fault(message, Position(folder))])
    return found
