"""
What is told besides the rules: of the reading of the input, of allowances, of open questions.

No rule looks for it, because it arises on the way.  It has a page like a rule, and can be selected
and ignored like one.
"""

from collections.abc import Iterator

from mooring.check import allowances, open_questions, unreadable
from mooring.check.bundle import Bundle
from mooring.check.catalogue import Check
from mooring.findings import Finding, Rule


def page(name: str) -> Check | None:
    """Return the page of what is told under ``name`` and that no rule looks for."""
    return next((one for one in _EVERY if one.rule.id == name), None)


def names() -> tuple[str, ...]:
    """Return the names of all that is told besides."""
    return tuple(one.rule.id for one in _EVERY)


def _nothing(bundle: Bundle) -> Iterator[Finding]:
    yield from ()


def _check(rule: Rule, text: str) -> Check:
    return Check(rule, _nothing, text.strip())


_EVERY = (
    _check(
        unreadable.DOCUMENT,
        """
A document that cannot be looked at.

## What it does
Tells of documents that are no YAML or JSON, of objects that say not of which kind or version they
are, of a file that was named and holds no manifest, and of a kustomization or chart that cannot be
built.

## Why it matters
What cannot be read is not applied, or stops whoever applies it.  Nothing is said of what may stand
in it, and what others refer to may be there: so what seems missing is a doubt and no error.

## Example
    apiVersion: v1
    data: {LEVEL: info}          # and no kind

Correct the document.

## References
- https://kubernetes.io/docs/concepts/overview/working-with-objects/#required-fields
""",
    ),
    _check(
        unreadable.REPEATED_KEY,
        """
A key that stands twice in one mapping.

## What it does
Tells of keys that are written twice, and of documents in which a second object begins because the
line `---` before it is missing.

## Why it matters
Only the last of the two is heeded, and no program says so: half of a list of variables is lost, or
the first of two objects as a whole.

## Example
    env: [{name: LEVEL, value: info}]
    env: [{name: MODE, value: fast}]      # the level is gone

Keep one, or put `---` between the objects.

## References
- https://yaml.org/spec/1.2.2/#mapping
""",
    ),
    _check(
        allowances.BROKEN,
        """
An allowance that allows nothing.

## What it does
Tells of allowances, in comments, annotations and mooring.yaml, that name no rule there is, give no
reason, are past their day, or stand where the rule finds nothing.

## Why it matters
An allowance that is left behind hides the next fault of that kind.

## Example
    image: vendor/agent:1.4   # mooring: allow image-without-version -- it had no versions

Remove it.

## References
- https://docs.astral.sh/ruff/rules/unused-noqa/
""",
    ),
    _check(
        open_questions.RULE,
        """
A question about the project that only you can answer.

## What it does
Tells what Mooring would have to invent: a password, the registry of an image, a public name.  In
staging and production it is an error; in development it is only worth knowing.

## Why it matters
An invented answer would look finished, and fail when somebody relies on it.

## Example
    services.web.image: to which registry is its image pushed?

Write the line that stands below the question into mooring.yaml, or the value into the file that it
names.

## References
- https://docs.docker.com/reference/compose-file/
""",
    ),
)
