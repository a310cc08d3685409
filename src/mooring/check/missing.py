"""
References that lead nowhere, as findings: how certain it is that what they name does not exist.

An input seldom holds all of a cluster: a Secret may be made by an operator, a class by whoever runs
the cluster.  So what is missing is an error where the input is closed, or where it has an object
whose name is nearly the same and which nothing else explains; otherwise it is a doubt, and the
finding says so.  It is a doubt as well where an account of the namespace may create such objects:
a Job or an operator may be there to make it.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from mooring.check.bundle import Bundle
from mooring.compose.suggest import closest, did_you_mean
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.refs import ObjectRef
from mooring.semantics import kinds, views
from mooring.semantics.kinds import GroupKind
from mooring.semantics.references import Dangling, Missing
from mooring.semantics.rights import Deed


def dangling(
    bundle: Bundle, *wanted: GroupKind, missing: Missing = Missing.OBJECT
) -> Iterator[Dangling]:
    """Yield the references to objects of the kinds ``wanted`` that lead nowhere in this way."""
    for one in bundle.dangling:
        target = one.reference.target
        if one.missing is missing and kinds.group_kind(target.api_version, target.kind) in wanted:
            yield one


def _may_be_there(bundle: Bundle, kind: GroupKind, target: ObjectRef) -> bool:
    """Tell whether an object may turn out to be where ``target`` is, once both have a namespace."""
    if not bundle.has_undecided:
        return False
    places = _places(bundle).get((kind, target.name), frozenset())
    return bool(places) and (not target.namespace or "" in places)


@lru_cache(maxsize=4)
def _places(bundle: Bundle) -> dict[tuple[GroupKind, str], frozenset[str]]:
    """Return the namespaces of the objects of each kind and name."""
    found: dict[tuple[GroupKind, str], set[str]] = {}
    for item in bundle.objects:
        found.setdefault((item.kind, item.ref.name), set()).add(item.namespace)
    return {key: frozenset(places) for key, places in found.items()}


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
        if one.likely_maker is not None:
            continue
        near = _near(bundle, target)
        doubt = _doubt(bundle, target, made_elsewhere, near)
        certain = doubt is None
        told = f"it names {_shown(target)}, which this input does not hold"
        if doubt is not None:
            told += f"; {doubt}"
        yield rule.finding(
            one.reference.source,
            told,
            field=one.reference.field,
            remedy=f'did you mean "{near}"?' if near else remedy,
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


def _doubt(
    bundle: Bundle, target: ObjectRef, made_elsewhere: str | None, near: str | None
) -> str | None:
    """Return why the object may be there all the same, None where nothing speaks for it."""
    if not bundle.is_whole:
        return "parts of it could not be read"
    plural = _MADE_BY_PROGRAMS.get(kinds.group_kind(target.api_version, target.kind))
    if plural is not None:
        wanted = Deed(verb="create", resource=plural, namespace=target.namespace or "")
        if bundle.rights.is_made_here(wanted):
            return "an account of the namespace may create such objects, and then it makes it"
    if _may_be_there(bundle, kinds.group_kind(target.api_version, target.kind), target):
        return "one of that name is here, and whether in the same namespace is decided later"
    if bundle.is_closed or made_elsewhere is None or (near and _is_same(target.name, near)):
        return None
    return made_elsewhere


_MADE_BY_PROGRAMS = {
    kinds.SECRET: "secrets",
    kinds.CONFIG_MAP: "configmaps",
    kinds.CLAIM: "persistentvolumeclaims",
}

_ALMOST = 0.85
"""So much alike are a name and a slip of it: one letter of seven, or two of fourteen."""


def _is_same(name: str, near: str) -> bool:
    """
    Return whether one name was meant by both, rather than two of one family.

    What kustomize adds to a name when it makes the object is no difference.
    """
    from difflib import SequenceMatcher

    near = _HASH.sub("", near)
    return SequenceMatcher(None, name, near, autojunk=False).ratio() >= _ALMOST


_HASH = LazyPattern("-[2456789bcdfghkmt]{10}$")


def _near(bundle: Bundle, target: ObjectRef) -> str | None:
    """Return the name of an object of the same kind that is nearly the same, if there is one."""
    kind = kinds.group_kind(target.api_version, target.kind)
    names = _names(bundle).get((kind, target.namespace or ""))
    if names and len(names) > _MOST_NAMES:
        begun = target.name[:_BEGINNING]
        names = tuple(name for name in names if name.startswith(begun))
    return closest(target.name, names) if names else None


_MOST_NAMES, _BEGINNING = 500, 3
"""Among more names than these, only those that begin alike are compared letter by letter."""


@lru_cache(maxsize=4)
def _names(bundle: Bundle) -> dict[tuple[GroupKind, str], tuple[str, ...]]:
    found: dict[tuple[GroupKind, str], list[str]] = {}
    for item in bundle.objects:
        found.setdefault((item.kind, item.namespace), []).append(item.ref.name)
    return {place: tuple(names) for place, names in found.items()}
