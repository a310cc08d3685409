"""
What a conversion did, for a person: files, environments, what is lost and what is open.

    deploy: 43 files for dev, staging, production (81 objects)
      41 written, 2 unchanged, 0 removed
      not simply carried, in 8 places: 5 approximated, 3 dropped
        (mooring explain says what and why)

    2 open questions, to be answered for production
      ...
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from mooring.accounting import Ledger, Outcome
from mooring.decisions import OpenQuestion
from mooring.findings import Finding
from mooring.render.writing import Changes
from mooring.report import printable, questions
from mooring.report.palette import PLAIN, Palette


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """One environment of a conversion, and how many objects it has."""

    name: str
    namespace: str
    objects: int


class Conversion(msgspec.Struct, frozen=True, kw_only=True):
    """
    What was written to ``output`` in the form ``form``.

    ``not_carried`` counts the statements about values that are approximated, dropped or refused,
    in all environments together, each once.
    """

    output: str
    form: str
    environments: tuple[Made, ...]
    changes: Changes
    not_carried: dict[str, int]
    questions: tuple[OpenQuestion, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def is_exact(self) -> bool:
        """Whether every value is carried and nothing is open."""
        return not any(self.not_carried.values()) and not self.questions


def not_carried(ledgers: Sequence[Ledger]) -> dict[str, int]:
    """Return how many statements of ``ledgers`` have each outcome but carried; equal ones once."""
    # Environments that read the same files share one ledger, and comparing that is not free.
    apart = {id(ledger): ledger for ledger in ledgers}.values()
    statements = [
        entry for ledger in apart for entry in ledger.entries if entry.outcome != Outcome.CARRIED
    ]
    if len(apart) > 1:
        statements = list(dict.fromkeys(statements))
    wanted = (Outcome.APPROXIMATED, Outcome.DROPPED, Outcome.REFUSED)
    return {
        outcome.value: sum(entry.outcome is outcome for entry in statements) for outcome in wanted
    }


def text(conversion: Conversion, *, palette: Palette = PLAIN) -> str:
    """Return what was done, without a final line break."""
    return "\n".join(_lines(conversion, palette))


def _lines(conversion: Conversion, palette: Palette) -> Iterator[str]:
    changes = conversion.changes
    files = len(changes.write) + changes.unchanged
    names = ", ".join(environment.name for environment in conversion.environments)
    objects = sum(environment.objects for environment in conversion.environments)
    output = palette.strong(printable.one_line(conversion.output))
    yield f"{output}: {files} files for {names} ({objects} objects)"
    yield (
        f"  {len(changes.write)} written, {changes.unchanged} unchanged, "
        f"{len(changes.remove)} removed"
    )
    lost = ", ".join(f"{count} {word}" for word, count in conversion.not_carried.items() if count)
    if lost:
        places = sum(conversion.not_carried.values())
        yield f"  not simply carried, in {places} places: {palette.doubtful(lost)}"
        yield "    (mooring explain says what and why)"
    for label, paths in (
        ("your edit stays", changes.kept),
        ("no longer made, but edited, so it stays", changes.left),
        ("your values stay, other than those of the Compose files", _by_file(changes.differing)),
    ):
        for path in paths:
            yield f"  {palette.hint(label)}: {printable.one_line(path)}"
    if conversion.questions:
        yield ""
        yield questions.text(
            conversion.questions,
            environments=[environment.name for environment in conversion.environments],
            output=conversion.output,
            palette=palette,
        )


def _by_file(places: Iterable[str]) -> Iterator[str]:
    """Yield the keys of ``places``, "file: key", together for each file."""
    found: dict[str, list[str]] = {}
    for place in places:
        file, _, key = place.partition(": ")
        found.setdefault(file, []).append(key)
    for file, keys in found.items():
        shown = ", ".join(filter(None, keys[:_KEYS]))
        more = f" and {len(keys) - _KEYS} more" if len(keys) > _KEYS else ""
        yield f"{file}: {shown}{more}" if shown else file


_KEYS = 3
