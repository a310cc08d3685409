"""Whatever a command tells under an id, `mooring explain` explains, and an allowance may name."""

import importlib
import pkgutil
import re

import pytest

import mooring
from mooring.check import besides, catalogue
from mooring.findings import Rule

SECTIONS = ("## What it does", "## Why it matters", "## Example", "## References")


def _rules() -> list[Rule]:
    """Return every rule that a module of the program has, whatever command tells of it."""
    found: dict[str, Rule] = {}
    for info in pkgutil.walk_packages(mooring.__path__, "mooring."):
        if info.name.endswith("__main__"):
            continue
        for value in vars(importlib.import_module(info.name)).values():
            if isinstance(value, Rule):
                found.setdefault(value.id, value)
    return [found[name] for name in sorted(found)]


RULES = _rules()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_what_can_be_told_has_a_page(rule: Rule) -> None:
    assert rule.id in besides.all_names()


@pytest.mark.parametrize("name", besides.names())
def test_a_page_besides_the_rules_is_of_something_that_is_told(name: str) -> None:
    (rule,) = [one for one in RULES if one.id == name]
    page = besides.page(name)
    assert page is not None
    assert page.rule.severity is rule.severity
    assert rule.group in ("", page.rule.group)
    assert name not in catalogue.names()


@pytest.mark.parametrize("name", besides.names())
def test_a_page_besides_the_rules_has_all_its_sections_and_a_source(name: str) -> None:
    page = besides.page(name)
    assert page is not None
    assert page.page.splitlines()[0].endswith(".")
    assert [one for one in SECTIONS if one not in page.page] == []
    assert re.search(r"^- https?://", page.page, re.MULTILINE)
    prose = [line for line in page.page.splitlines() if not line.startswith("- http")]
    assert max(map(len, prose)) <= 100
