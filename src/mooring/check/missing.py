"""
References that lead nowhere, as findings: how certain it is that what they name does not exist.

An input seldom holds all of a cluster: a Secret may be made by an operator, a class by whoever runs
the cluster.  So what is missing is an error where the input is closed, or where it has an object
whose name is nearly the same and which nothing else explains; otherwise it is a doubt, and the
finding says so.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from mooring.check.bundle import Bundle
from mooring.compose.suggest import did_you_mean
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.refs import ObjectRef
from mooring.semantics import kinds, views
from mooring.semantics.kinds import GroupKind
from mooring.semantics.references import Dangling, Missing

Wanted = Callable[[Dangling], bool]


def dangling(
    bundle: Bundle, *wanted: GroupKind, missing: Missing = Missing.OBJECT
) -> Iterator[Dangling]:
    """Yield the references to objects of the kinds ``wanted`` that lead nowhere in this way."""
    for one in bundle.dangling:
        target = one.reference.target
        if one.missing is missing and kinds.group_kind(target.api_version, target.kind) in wanted:
            yield one


def objects(
    bundle: Bundle,
    rule: Rule,
    found: Iterable[Dangling],
    *,
    remedy: str,
    made_elsewhere: str | None = None,
) -> Iterator[Finding]:
    """
    Yield a finding of ``rule`` for each object in ``found`` that the input does not hold.

    ``made_elsewhere`` says what may well make such objects outside of the input; None where nothing
    usual does, so that a missing one is an error in any input that could be read whole.
    """
    for one in found:
        target = one.reference.target
        near = _near(bundle, target)
        if one.likely_maker is not None:
            continue
        certain = bundle.is_whole and (
            bundle.is_closed or made_elsewhere is None or near is not None
        )
        told = f"it names {_shown(target)}, which this input does not hold"
        if not certain:
            told += f"; {made_elsewhere}" if made_elsewhere else "; parts of it could not be read"
        yield rule.finding(
            one.reference.source,
            told,
            field=one.reference.field,
            remedy=near or remedy,
            severity=rule.severity if certain else Severity.WARNING,
            confidence=rule.confidence if certain else Confidence.MEDIUM,
        )


def keys(bundle: Bundle, rule: Rule, found: Iterable[Dangling]) -> Iterator[Finding]:
    """Yield a finding for each reference to a key that its ConfigMap or Secret does not have."""
    for one in found:
        target, key = one.reference.target, one.reference.key or ""
        kind = kinds.group_kind(target.api_version, target.kind)
        item = bundle.objects.find(kind, target.name, target.namespace)
        held = sorted(views.data_keys(item)) if item is not None else []
        has = f"has {_some(held)}" if held else "has no keys"
        yield rule.finding(
            one.reference.source,
            f'it wants the key "{key}" of {_shown(target)}, which {has}',
            field=one.reference.field,
            remedy=did_you_mean(key, held) or f'add the key "{key}", or name one that is there',
        )


def _shown(target: ObjectRef) -> str:
    return f"{target.kind} {target.name}"


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _near(bundle: Bundle, target: ObjectRef) -> str | None:
    """Return a suggestion where an object of the same kind has nearly the same name."""
    kind = kinds.group_kind(target.api_version, target.kind)
    names = _names(bundle).get((kind, target.namespace or ""))
    return did_you_mean(target.name, names) if names else None


@lru_cache(maxsize=4)
def _names(bundle: Bundle) -> dict[tuple[GroupKind, str], tuple[str, ...]]:
    found: dict[tuple[GroupKind, str], list[str]] = {}
    for item in bundle.objects:
        found.setdefault((item.kind, item.namespace), []).append(item.ref.name)
    return {place: tuple(names) for place, names in found.items()}
