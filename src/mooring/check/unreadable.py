"""
What of the input could not be looked at, as findings.

They are no rules: they arise while the input is read.  Nothing is passed over in silence, because
a file that was not looked at must not count as one in which nothing was found.
"""

from collections.abc import Iterable, Iterator

from mooring.findings import Finding, Rule, Severity
from mooring.manifests.documents import Fault
from mooring.manifests.gathering import Gathered

DOCUMENT = Rule(id="unreadable-document", severity=Severity.ERROR, since="0.1", group="api")
REPEATED_KEY = Rule(id="key-repeated", severity=Severity.ERROR, since="0.1", group="api")


def findings(gathered: Gathered) -> Iterator[Finding]:
    """Yield a finding for each document that cannot be read, and each key that stands twice."""
    yield from of_faults(gathered.faults)
    for document in gathered.documents:
        swallowed = {"apiVersion", "kind"} <= {one.key for one in document.repeated}
        for one in document.repeated:
            if swallowed and one.key != "apiVersion":
                continue
            told = (
                "a second object begins inside of the document, whose fields replace those of "
                "the first"
                if swallowed
                else f"{one.key} stands twice in one mapping, and only the last is heeded"
            )
            yield REPEATED_KEY.finding(
                one.position,
                told,
                remedy="put a line --- before it" if swallowed else "keep one of the two",
            )


def of_faults(faults: Iterable[Fault]) -> Iterator[Finding]:
    """Yield a finding for each of ``faults``."""
    for fault in faults:
        yield DOCUMENT.finding(
            fault.position, fault.message, remedy="correct it; until then nothing is said of it"
        )
