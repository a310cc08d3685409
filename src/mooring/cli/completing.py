"""
What may stand for a value on the command line, for shells that complete it.

Whatever the project holds is read anew for each answer, and where it cannot be read nothing is
offered: a key that is pressed is no place for errors.
"""

from collections.abc import Callable, Iterable

from mooring.errors import MooringError


def values(name: str, incomplete: str) -> list[str]:
    """Return what may stand for the value of the option or argument ``name``."""
    found = _ASKED.get(name)
    if found is None:
        return []
    # Of a list only the last word is being typed; of FORM=FILE the file is the shell's affair.
    begun = incomplete.rpartition(",")[0] if name in _LISTS else ""
    before = f"{begun}," if begun else ""
    given = set(begun.split(","))
    try:
        offered = list(found())
    except (MooringError, OSError):
        return []
    return [
        f"{before}{one}"
        for one in offered
        if one not in given and f"{before}{one}".startswith(incomplete)
    ]


def _rules() -> Iterable[str]:
    from mooring.check import besides

    return sorted(besides.all_names())


def _rules_and_groups() -> Iterable[str]:
    from mooring.check import catalogue

    groups = {one.rule.group for one in catalogue.checks()}
    return (*sorted(groups), *_rules())


def _environments() -> Iterable[str]:
    from mooring import pipeline
    from mooring.cli.invocation import Invocation

    return [one.name for one in pipeline.environments(Invocation([]).stack_request())]


def _services() -> Iterable[str]:
    from mooring import pipeline
    from mooring.cli.invocation import Invocation

    loaded = pipeline.load_each(Invocation([]).stack_request()).values()
    return sorted({name for one in loaded for name in one.project.services})


def _services_and_rules() -> Iterable[str]:
    try:
        services = tuple(_services())
    except (MooringError, OSError):
        services = ()
    return (*services, *_rules())


def _forms() -> Iterable[str]:
    from mooring.report import judgement

    return [f"{form}=" for form in judgement.FORMS]


def _shells() -> Iterable[str]:
    from mooring.cli import completion

    return completion.SHELLS


_LISTS = frozenset({"select", "ignore"})
_ASKED: dict[str, Callable[[], Iterable[str]]] = {
    "select": _rules_and_groups,
    "ignore": _rules_and_groups,
    "environment": _environments,
    "service": _services_and_rules,
    "reports": _forms,
    "shell": _shells,
}
"""By the name of an option or argument: what it may be."""
