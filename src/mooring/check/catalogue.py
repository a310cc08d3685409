"""The rules there are, found by looking: every module in `rules` is one."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from mooring.check import rules
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule

Look = Callable[[Bundle], Iterator[Finding]]


class Check(NamedTuple):
    """A rule, what looks for it, and its page in Markdown."""

    rule: Rule
    look: Look
    page: str


@cache
def names() -> tuple[str, ...]:
    """Return the ids of all rules, sorted; none of them is loaded for it."""
    modules = pkgutil.iter_modules(rules.__path__)
    return tuple(sorted(module.name.replace("_", "-") for module in modules))


@cache
def check(name: str) -> Check:
    """
    Return the rule called ``name``.

    Raises:
        KeyError: there is no such rule.
    """
    if name not in names():
        raise KeyError(name)
    module = importlib.import_module(f"{rules.__name__}.{name.replace('-', '_')}")
    return Check(module.RULE, module.check, inspect.getdoc(module) or "")


@cache
def checks() -> tuple[Check, ...]:
    """Return all rules, by id."""
    return tuple(check(name) for name in names())
