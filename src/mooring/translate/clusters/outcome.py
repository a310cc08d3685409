"""What clusters make of the services of a stack, and what they have to know of them."""

from collections.abc import Iterable
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.translate.further_names import FurtherNames
from mooring.translate.grouping import Groups
from mooring.translate.notes import Notes
from mooring.translate.renames import Rename
from mooring.translate.service import TranslatedService
from mooring.translate.view import ServiceView


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """
    All services, and what has to be known of them besides.

    ``dns_names`` and ``others`` are their names as they were made without clusters.
    """

    translated: ReadOnly[str, TranslatedService]
    views: ReadOnly[str, ServiceView]
    dns_names: ReadOnly[str, str]
    groups: Groups
    others: FurtherNames


class Formation(msgspec.Struct, frozen=True, kw_only=True):
    """
    The services as clusters leave them.

    The first member of a cluster stands for all and ``names`` has its name in the cluster;
    ``absorbed`` maps the others to it.  ``other_names`` are those of the cluster as a whole and
    ``renames`` what the members' names become.
    """

    translated: dict[str, TranslatedService]
    names: dict[str, str] = {}
    absorbed: dict[str, str] = {}
    other_names: dict[str, tuple[str, ...]] = {}
    renames: tuple[Rename, ...] = ()

    def with_more(self, other: "Formation") -> "Formation":
        """Return this with the cluster of ``other`` as well."""
        gone = (*self.absorbed, *other.absorbed)
        made = {**self.translated, **{one: other.translated[one] for one in other.names}}
        return Formation(
            translated={name: one for name, one in made.items() if name not in gone},
            names={**self.names, **other.names},
            absorbed={**self.absorbed, **other.absorbed},
            other_names={**self.other_names, **other.other_names},
            renames=(*self.renames, *other.renames),
        )

    def renamed(self, renames: Iterable[Rename]) -> tuple[Rename, ...]:
        """Return ``renames`` of all services, with those of the members in place of their own."""
        own = {one.service for one in self.renames}
        return (*(one for one in renames if one.service not in own), *self.renames)

    def told_in(self, notes: Notes) -> None:
        """
        Take out of ``notes`` what was decided for members that are no workloads of their own.

        What is asked of a member stays unless the same is asked of the first.
        """
        if not self.absorbed:
            return
        asked = {one.subject for one in notes.questions}
        notes.decisions = [one for one in notes.decisions if self._of_first(one.subject) is None]
        notes.questions = [
            one for one in notes.questions if self._of_first(one.subject) not in asked
        ]

    def _of_first(self, subject: str) -> str | None:
        """Return ``subject`` of an absorbed member as that of the first; None for others."""
        kind, _, rest = subject.partition(".")
        for member, first in self.absorbed.items():
            if kind == "services" and (rest == member or rest.startswith(f"{member}.")):
                return f"services.{first}{rest.removeprefix(member)}"
        return None
