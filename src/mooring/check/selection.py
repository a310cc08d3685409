"""
Which rules look, and which of their findings are shown.

A profile says what is worth being interrupted for: by default errors, and warnings that are
certain.  Rules are named by id or by group; naming a rule beats everything else.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from mooring.findings import Confidence, Finding, Rule, Severity


class Profile(StrEnum):
    """How much is shown."""

    ERRORS = "errors"
    """Errors alone."""
    DEFAULT = "default"
    """Errors, and warnings of high confidence."""
    STRICT = "strict"
    """All errors and warnings."""
    ALL = "all"
    """What is merely worth knowing as well; rules that must be asked for stay silent."""


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """
    What the user chose: ``select`` and ``ignore`` hold ids and groups of rules.

    With ``select`` only those look, all their findings are shown, and the profile says nothing.
    """

    profile: Profile = Profile.DEFAULT
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()

    def wants(self, rule: Rule) -> bool:
        """Return whether ``rule`` looks at all."""
        if rule.id in self.select:
            return True
        if rule.id in self.ignore or rule.group in self.ignore:
            return False
        return not rule.opt_in and (not self.select or rule.group in self.select)

    def heeds(self, name: str, group: str = "") -> bool:
        """Return whether a finding under ``name`` counts that no rule of the catalogue made."""
        named = {name, group}
        if name in self.select:
            return True
        return named.isdisjoint(self.ignore) and not (self.select and named.isdisjoint(self.select))

    def shows(self, finding: Finding) -> bool:
        """Return whether ``finding`` is shown."""
        if self.select or self.profile is Profile.ALL or finding.severity is Severity.ERROR:
            return True
        if finding.severity is Severity.INFO or self.profile is Profile.ERRORS:
            return False
        return self.profile is Profile.STRICT or finding.confidence is Confidence.HIGH


def unknown(names: Iterable[str], rules: Iterable[Rule]) -> tuple[str, ...]:
    """Return those of ``names`` that are neither the id nor the group of a rule, in order."""
    known = {name for rule in rules for name in (rule.id, rule.group)}
    return tuple(name for name in names if name not in known)
