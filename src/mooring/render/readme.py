"""The README of a written tree: what was made, what was decided, what is open, how to apply."""

from collections.abc import Iterable, Sequence

from mooring.accounting import Entry, Outcome
from mooring.decisions import Decision, OpenQuestion, together
from mooring.render import builds
from mooring.render.environments import EnvironmentObjects
from mooring.sources import Position

_KUSTOMIZE = """\
## Apply

    kubectl apply -k environments/{environment}

`base/` holds what all environments share, `environments/<name>/` what differs.  Your own changes
belong into `environments/<name>/patches/`: the next conversion leaves that folder alone, and
refuses to overwrite other files that you edited.

Values of secrets stand in `environments/<name>/secrets.env` (and `secrets/`), which git ignores;
`secrets.env.example` names the keys.  On a fresh clone, fill in the values before you apply.
"""

_PLAIN = """\
## Apply

    kubectl apply -R -f {environment}/

Each folder holds the finished manifests of one environment.  Values of secrets stand in files
that git ignores; the examples beside them name the keys.
"""

_MOST_PATHS = 3
_INSTRUCTIONS = {"kustomize": _KUSTOMIZE, "plain": _PLAIN}


def readme(
    project: str,
    environments: Sequence[EnvironmentObjects],
    *,
    format_name: str,
    folder: str = ".",
    decisions: Iterable[Decision],
    questions: Iterable[OpenQuestion],
    entries: Iterable[Entry],
) -> str:
    """
    Return the README, in Markdown, of a tree in the form ``format_name``.

    ``folder`` is the stack's folder as positions are shown; the README counts from there.
    """
    lines = [f"# {project}", "", "Written by `mooring convert` from the Compose files.", ""]
    lines.append("## What was made")
    lines.append("")
    for environment in environments:
        counted = _counted(environment)
        lines.append(f"- **{environment.name}**, namespace `{environment.namespace}`: {counted}")
    lines.append("")
    lines.extend(_open(questions, folder))
    lines.extend(builds.section(environments))
    lines.append(_INSTRUCTIONS[format_name].format(environment=environments[-1].name))
    lines.extend(_jobs(environments))
    lines.extend(_decided(decisions, folder))
    lines.extend(_lost(entries))
    return "\n".join(lines).rstrip("\n") + "\n"


def _counted(environment: EnvironmentObjects) -> str:
    counts: dict[str, int] = {}
    for item in environment.objects:
        counts[item.kind] = counts.get(item.kind, 0) + 1
    return ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) or "nothing"


def _jobs(environments: Sequence[EnvironmentObjects]) -> list[str]:
    """Return what has to be known of Jobs, where there is one."""
    if not any(item.kind == "Job" for environment in environments for item in environment.objects):
        return []
    return [
        "The name of a Job tells its content, so that a new release runs it anew.  A Job itself "
        "can never be",
        "changed: after a change by hand of something that it uses, a secret too, delete it with "
        "`kubectl delete",
        "job <name>` before you apply, and it runs again.",
        "",
    ]


def _open(questions: Iterable[OpenQuestion], folder: str) -> list[str]:
    lines = ["## What is open before production", ""]
    asked = [
        f"- `{question.subject}`{others}{_place(question.position, folder)}: "
        f"{question.question}.  Answer: {question.answer}"
        for question, others in together(questions)
    ]
    return [*lines, *(asked or ["Nothing."]), ""]


def _decided(decisions: Iterable[Decision], folder: str) -> list[str]:
    lines = []
    for decision in decisions:
        evidence = "; ".join(
            f"{one.statement}{_place(one.position, folder)}" for one in decision.evidence
        )
        lines.append(f"- `{decision.subject}`: {decision.choice} ({evidence}).")
        if decision.overrule:
            lines.append(f"  To overrule: `{decision.overrule}`")
    return ["## What was decided", "", *lines, ""] if lines else []


def _lost(entries: Iterable[Entry]) -> list[str]:
    """Return the values that were left out, those with one reason in one line."""
    by_reason: dict[tuple[Outcome, str], list[str]] = {}
    for entry in entries:
        if entry.outcome in {Outcome.DROPPED, Outcome.REFUSED}:
            by_reason.setdefault((entry.outcome, entry.reason), []).append(_path(entry))
    lines = [
        f"- {outcome.value}: {_listed(paths)}: {reason}"
        for (outcome, reason), paths in by_reason.items()
    ]
    return ["## What was left out", "", *lines, ""] if lines else []


def _listed(paths: list[str]) -> str:
    shown = ", ".join(f"`{path}`" for path in paths[:_MOST_PATHS])
    more = len(paths) - _MOST_PATHS
    return f"{shown} and {more} more" if more > 0 else shown


def _path(entry: Entry) -> str:
    text = ""
    for part in entry.path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _place(position: Position | None, folder: str) -> str:
    if position is None:
        return ""
    return f" ({position.short_from(folder)})"
