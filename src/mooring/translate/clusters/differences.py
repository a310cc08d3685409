"""What tells members of a cluster apart and is not explained by which of them each is."""

from collections.abc import Sequence

import msgspec

from mooring.sources import Position
from mooring.translate.clusters.texts import Fault
from mooring.translate.service import TranslatedService

_SHOWN = 60
"""Characters of a value that are shown of a difference."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """``what`` differs: the value of each member, in order, and where it stands."""

    what: str
    values: tuple[str, ...]
    positions: tuple[Position | None, ...]
    fault: Fault


class Differences:
    """The differences between ``services``, gathered as they are met."""

    def __init__(self, services: Sequence[TranslatedService]) -> None:
        self._positions = [service.part.position for service in services]
        self.found: list[Difference] = []

    def tell(
        self,
        what: str,
        values: Sequence[str],
        *,
        fault: Fault = Fault.OTHER,
        positions: Sequence[Position | None] = (),
    ) -> None:
        """Keep that ``what`` has these ``values``, one for each member."""
        places = positions or self._positions
        self.found.append(
            Difference(
                what=what,
                values=tuple(map(_short, values)),
                positions=tuple(
                    place or own for place, own in zip(places, self._positions, strict=True)
                ),
                fault=fault,
            )
        )

    def equal(
        self,
        what: str,
        values: Sequence[object],
        *,
        fault: Fault = Fault.OTHER,
        positions: Sequence[Position | None] = (),
    ) -> None:
        """Keep that ``what`` differs, if ``values`` do."""
        if any(value != values[0] for value in values[1:]):
            self.tell(what, [_shown(value) for value in values], fault=fault, positions=positions)


def _shown(value: object) -> str:
    match value:
        case None:
            return "(not set)"
        case str() | int() | float():
            return str(value)
        case frozenset():
            return ", ".join(sorted(map(str, value))) or "(none)"
        case _:
            return "a value of its own"


def _short(value: str) -> str:
    return value if len(value) <= _SHOWN else f"{value[:_SHOWN]}..."
