"""``checks`` of mooring.yaml, as it is written there."""

from datetime import date

import msgspec

from mooring.compose.nodes import Mapping, Node, Sequence
from mooring.settings.check_choices import AllowedFinding, CheckChoices
from mooring.settings.checking import InvalidSettingsValue, Reading

_DAY = len("2027-03-01")


class _WrittenAllowance(msgspec.Struct, frozen=True):
    rule: str
    reason: str
    object: str | None = None
    until: str | None = None


class WrittenChecks(msgspec.Struct, frozen=True):
    """The choices as the file says them."""

    level: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    allow: tuple[_WrittenAllowance, ...] = ()
    registries: tuple[str, ...] = ()


def choices(root: Node, written: WrittenChecks, reading: Reading) -> CheckChoices:
    """Return the choices of the file ``root``; days that are none are faults in ``reading``."""
    said = root.get("checks") if isinstance(root, Mapping) else None
    allow = said.get("allow") if isinstance(said, Mapping) else None
    nodes = allow.items if isinstance(allow, Sequence) else ()
    for index, node in enumerate(nodes):
        _check_day(node, index, reading)
    return CheckChoices(
        level=written.level,
        select=written.select,
        ignore=written.ignore,
        registries=written.registries,
        allow=tuple(
            AllowedFinding(
                rule=one.rule,
                reason=one.reason,
                object=one.object,
                until=one.until[:_DAY] if one.until else None,
                position=node.position,
            )
            for one, node in zip(written.allow, nodes, strict=False)
        ),
    )


def _check_day(allowance: Node, index: int, reading: Reading) -> None:
    until = allowance.get("until") if isinstance(allowance, Mapping) else None
    text = getattr(until, "value", None)
    if until is None or not isinstance(text, str) or not text[:_DAY].replace("-", "").isdigit():
        return  # nothing is said, or what is said has a fault of its own
    try:
        date.fromisoformat(text[:_DAY])
    except ValueError:
        path = ("checks", "allow", index, "until")
        remedy = "write year, month and day, as in 2027-03-01"
        reading.add(InvalidSettingsValue, path, f'there is no day "{text}"', until.position, remedy)
