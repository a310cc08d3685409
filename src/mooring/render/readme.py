"""The README of a written tree: what was made, what was decided, what is open, how to apply."""

from collections.abc import Iterable, Iterator, Sequence

from mooring.accounting import Entry, Outcome
from mooring.decisions import Decision, OpenQuestion, grouped
from mooring.folding import folded
from mooring.kube.plurals import counted
from mooring.render import applying, builds
from mooring.render.environments import EnvironmentObjects
from mooring.sources import Position

_MOST_PATHS = 3


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
    lines = [f"# {project}", "", _WHAT_IT_IS, "", "## Environments", ""]
    for environment in environments:
        counted = _counted(environment)
        lines.append(f"- **{environment.name}**, namespace `{environment.namespace}`: {counted}")
    lines.append("")
    lines.extend(_open(questions, folder, environments[-1].name))
    lines.extend(builds.section(environments))
    lines.extend(applying.section(environments, format_name))
    lines.extend(_jobs(environments))
    lines.extend(_decided(decisions, folder))
    lines.extend(_lost(entries))
    return "\n".join(lines).rstrip("\n") + "\n"


_WHAT_IT_IS = """\
Kubernetes manifests, written by `mooring convert` from the Compose files.  Do not edit them: change
the Compose files or `mooring.yaml`, and convert again.  `mooring explain` says what became of each
service, and why."""


def _counted(environment: EnvironmentObjects) -> str:
    """Return what an environment has: what runs first, then how it is reached, then the rest."""
    counts: dict[str, int] = {}
    for item in environment.objects:
        counts[item.kind] = counts.get(item.kind, 0) + 1
    del counts["Namespace"]
    first = [kind for kind in _FIRST if kind in counts]
    kinds = [*first, *sorted(counts.keys() - set(first))]
    return ", ".join(counted(counts[kind], kind) for kind in kinds) or "nothing"


_FIRST = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Service", "Ingress")


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


def _open(questions: Iterable[OpenQuestion], folder: str, environment: str) -> list[str]:
    lines = [f"## Open before {environment}", ""]
    groups = grouped(questions)
    if not groups:
        return [*lines, "Nothing.", ""]
    lines += [
        "Only you know these.  Add the lines to `mooring.yaml`, or to the file that is named, and "
        "convert again.",
        "",
    ]
    for group in groups:
        if len(group.members) == 1:
            question, others = group.members[0]
            said = question.question.rstrip(".")
            lines.append(
                f"- `{question.subject}`{others}{_place(question.position, folder)}: {said}"
            )
            lines += ["", f"      {question.answer}", ""]
            continue
        lines += [f"- {group.heading}{f'; in `{group.place}`' if group.place else ''}:", ""]
        for question, others in group.members:
            note = group.note(question, others)
            lines.append(f"      {group.line(question)}{f'  # {note}' if note else ''}")
        lines.append("")
    return lines


def _decided(decisions: Iterable[Decision], folder: str) -> list[str]:
    """Return what was decided of each service, and once what several have in common."""
    by_service: dict[str, list[Decision]] = {}
    beside: list[Decision] = []
    for decision in decisions:
        kind, _, service = decision.subject.partition(".")
        if kind == "services":
            by_service.setdefault(service, []).append(decision)
        else:
            beside.append(decision)
    kinds, own = folded(by_service)
    lines: list[str] = []
    if kinds:
        lines += ["### Several services", ""]
        for alike in kinds:
            because = f" ({alike.because})" if alike.because else ""
            names = ", ".join(
                f"`{name}`{f' ({its})' if its else ''}" for name, its in alike.services
            )
            lines.append(f"- {alike.topic}: {alike.choice}{because}: {names}")
        lines.append("")
    for service, made in own.items():
        if made:
            lines += [f"### {service}", "", *_lines_of(made, folder), ""]
    if beside:
        lines += ["### Environments, volumes, networks", ""]
        lines += [*_lines_of(beside, folder, with_subject=True), ""]
    if not lines:
        return []
    return ["## What was decided", "", _DECIDED, "", *lines]


_DECIDED = "What the files leave open.  `mooring explain SERVICE` names all reasons."


def _lines_of(
    decisions: Iterable[Decision], folder: str, *, with_subject: bool = False
) -> Iterator[str]:
    for decision in decisions:
        evidence = "; ".join(
            f"{one.statement}{_place(one.position, folder)}" for one in decision.evidence
        )
        subject = f"`{decision.subject}`: " if with_subject else ""
        yield f"- {subject}{decision.topic}: {decision.choice} ({evidence})"
        if decision.overrule:
            yield f"  To overrule: `{decision.overrule}`"


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
