"""
What `mooring check` finds in the stacks of the corpus, as Mooring and as Kompose convert them.

The figures stand on a page, `docs/decisions/checked-stacks.md`, between two marks;
`scripts/corpus-report` writes them anew, and a test compares them where the corpus is present.
"""

import os
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.acceptance import answers
from tests.integration import stacks
from tests.integration.stacks import Stack
from tests.support import gotools

from mooring.answered import with_values
from mooring.check import catalogue, engine, unreadable
from mooring.check.bundle import Bundle
from mooring.check.selection import Selection
from mooring.compose.discovery import FILE_NAMES
from mooring.findings import Finding, Severity
from mooring.kube import manifest
from mooring.manifests import gathering
from mooring.manifests.entries import Entry

PAGE = stacks.ROOT / "docs" / "decisions" / "checked-stacks.md"
BEGIN, END = "<!-- figures: made by scripts/corpus-report -->", "<!-- end of figures -->"


class Count(NamedTuple):
    """How often a rule found something, and in how many stacks."""

    findings: int
    stacks: int


class Figures(NamedTuple):
    """
    What was found by severity and rule, of how many stacks, and the names of those left out.

    ``questions`` is how many questions were asked of the stacks before, and answered.
    """

    counts: dict[tuple[Severity, str], Count]
    stacks: int
    left_out: tuple[str, ...] = ()
    questions: int = 0

    def rules(self, severity: Severity) -> set[str]:
        """Return the rules that found something of ``severity``."""
        return {rule for each, rule in self.counts if each is severity}


def of_mooring(answered: Callable[[Stack], answers.Answered]) -> Figures:
    """Return what is found by default in production of each stack, its questions answered."""
    every = [answered(stack) for stack in stacks.corpus()]
    found = [_found(deployed(one)) for one in every]
    return Figures(_counted(found), len(every), questions=sum(len(one.answers) for one in every))


def deployed(stack: answers.Answered) -> Bundle:
    """Return what goes into the cluster of production: the objects, with the values given."""
    made = stack.production
    objects = with_values(made.objects, environment=made.environment.name, output=str(stack.tree))
    return Bundle(
        (Entry(manifest.revealed(one)) for one in objects),
        namespace=made.namespace,
        is_closed=True,
        runtime_classes=frozenset(one.name for one in made.environment.runtimes.values()),
    )


def of_kompose(program: Path, folder: Path) -> Figures:
    """Return what is found by default in what Kompose makes of each stack, below ``folder``."""
    found: list[list[Finding]] = []
    left_out: list[str] = []
    for stack in stacks.corpus():
        made = kompose_made(stack, program, folder)
        if made is None:
            left_out.append(stack.name)
            continue
        gathered = gathering.gather([str(made)])
        bundle = Bundle(gathered.entries, is_whole=gathered.is_whole, is_closed=True)
        found.append(_found(bundle, unreadable.findings(gathered)))
    return Figures(_counted(found), len(found), tuple(left_out))


def kompose_made(stack: Stack, program: Path, folder: Path) -> Path | None:
    """Return the file of manifests that Kompose makes of ``stack``, None where it makes none."""
    load = stack.copied(folder)
    copy = Path(load.directory)
    usual = [name for name in FILE_NAMES if (copy / name).exists()][:1]
    files = [word for name in stack.files or usual for word in ("-f", name)]
    made = copy / "kompose-made.yaml"
    subprocess.run(
        [program, "convert", *files, "-o", made.name],
        cwd=copy,
        env={**os.environ, "HOME": str(copy)},
        capture_output=True,
        check=False,
    )
    return made if made.exists() else None


def _found(bundle: Bundle, others: Iterable[Finding] = ()) -> list[Finding]:
    judged = engine.judge(bundle, catalogue.checks(), Selection(), others=others)
    assert not judged.broken
    return list(judged.findings)


def _counted(found: list[list[Finding]]) -> dict[tuple[Severity, str], Count]:
    every = Counter((one.severity, one.rule) for each in found for one in each)
    places = Counter(key for each in found for key in {(one.severity, one.rule) for one in each})
    return {key: Count(every[key], places[key]) for key in every}


_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def told(mooring: Figures, kompose: Figures) -> str:
    """Return the figures as they stand on the page, between the marks."""
    left_out = ", ".join(kompose.left_out) or "none"
    return "\n".join(
        [
            BEGIN,
            "",
            f"{mooring.stacks} stacks; Kompose converts {kompose.stacks} of them, and stops at "
            f"{left_out}.",
            f"Before it was judged, Mooring's conversion had asked {mooring.questions} questions.",
            "",
            "| severity | rule | Mooring: findings | stacks | Kompose: findings | stacks |",
            "|---|---|---:|---:|---:|---:|",
            *_rows(mooring, kompose),
            "",
            END,
        ]
    )


def _rows(mooring: Figures, kompose: Figures) -> Iterator[str]:
    none = Count(0, 0)
    every = {*mooring.counts, *kompose.counts}
    for severity, rule in sorted(every, key=lambda one: (_ORDER.index(one[0]), one[1])):
        ours, theirs = (each.counts.get((severity, rule), none) for each in (mooring, kompose))
        page = f"[{rule}](../reference/checks/{rule}.md)"
        numbers = (*ours, *theirs)
        yield f"| {severity} | {page} | {' | '.join(str(one) for one in numbers)} |"
    for severity in (Severity.ERROR, Severity.WARNING):
        sums = [
            sum(count.findings for key, count in each.counts.items() if key[0] is severity)
            for each in (mooring, kompose)
        ]
        yield f"| | all {severity}s | {sums[0]} | | {sums[1]} | |"


class SpotCheck(NamedTuple):
    """A row of the table of findings that were looked at: what it is about, and the verdict."""

    rule: str
    stack: str
    subject: str
    verdict: str
    why: str


def spot_checks() -> list[SpotCheck]:
    """Return the findings that were looked at by hand, as the page has them."""
    table = PAGE.read_text(encoding="utf-8").partition("## Looked at by hand")[2]
    rows = re.findall(r"^\| ([a-z-]+) \| (.+?) \| (.+?) \| (true|false) \| (.+?) \|$", table, re.M)
    return [SpotCheck(*row) for row in rows]


def written() -> str:
    """Return the figures that the page has."""
    text = PAGE.read_text(encoding="utf-8")
    return text[text.index(BEGIN) : text.index(END) + len(END)]


def main() -> None:
    """Write the figures on the page anew."""
    with tempfile.TemporaryDirectory() as folder:

        def answered(stack: Stack) -> answers.Answered:
            return answers.answered(stack.copied(Path(folder) / "mooring"))

        ours = of_mooring(answered)
        theirs = of_kompose(gotools.tool("kompose"), Path(folder) / "kompose")
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(text.replace(written(), told(ours, theirs)), encoding="utf-8")


if __name__ == "__main__":
    main()
