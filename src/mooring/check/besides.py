"""
What is told besides the rules: of a project and its conversion, of allowances, of open questions.

No rule looks for it, because it arises on the way.  It has a page like a rule, a file in ``pages``
that is called for its id and begins with severity and group; and it can be selected, ignored and
allowed like one.  What the project is read and translated by stands above or beside this room, so
the pages do not ask there; a contract compares them.
"""

import os
from collections.abc import Iterator
from functools import cache

from mooring.check import catalogue
from mooring.check.bundle import Bundle
from mooring.check.catalogue import Check
from mooring.findings import Finding, Rule, Severity

FOLDER = os.path.join(os.path.dirname(__file__), "pages")
_ENDING = ".md"


@cache
def names() -> tuple[str, ...]:
    """Return the ids of all that is told besides, sorted; no page is read for it."""
    return tuple(
        sorted(file.removesuffix(_ENDING) for file in os.listdir(FOLDER) if file.endswith(_ENDING))
    )


@cache
def all_names() -> frozenset[str]:
    """Return every id under which something can be told: those of rules, and besides."""
    return frozenset((*catalogue.names(), *names()))


@cache
def page(name: str) -> Check | None:
    """Return the page of what is told under ``name`` and that no rule looks for."""
    if name not in names():
        return None
    with open(os.path.join(FOLDER, name + _ENDING), encoding="utf-8") as stream:
        head, _, text = stream.read().partition("\n\n")
    severity, _, group = head.partition(", in ")
    rule = Rule(id=name, severity=Severity(severity), since="0.1", group=group)
    return Check(rule, _nothing, text.strip())


def _nothing(bundle: Bundle) -> Iterator[Finding]:
    yield from ()
