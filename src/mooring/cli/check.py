"""`mooring check`: what of a project, or of anybody's manifests, will break."""

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from mooring.check import baseline, besides, catalogue, engine, repair, settled
from mooring.check.bundle import Bundle
from mooring.check.engine import Input, Judgement
from mooring.check.selection import Profile, Selection, unknown
from mooring.cli import check_before, options, statuses, terminal
from mooring.cli.invocation import Invocation
from mooring.cli.options import Option
from mooring.errors import InputError, OutputError, UsageError
from mooring.findings import Rule, Severity
from mooring.report import judgement
from mooring.settings.clusters import PROFILE_NAMES
from mooring.sources import Position

if TYPE_CHECKING:
    from datetime import date

    from mooring.pipeline import Request

ARGUMENTS = ("paths...",)
OPTIONS = (
    options.output_format(*judgement.FORMS),
    Option(
        ("--to",),
        "reports",
        repeats=True,
        metavar="FORM=FILE",
        help="Write a report to a file as well, such as sarif=mooring.sarif; may be repeated.",
    ),
    Option(
        ("--level",),
        "level",
        choices=tuple(one.value for one in Profile),
        help="How much is shown: errors; with certain warnings (default); all warnings; all.",
    ),
    Option(
        ("--select",),
        "select",
        metavar="RULES",
        help="Only these rules or groups of rules, separated by commas.",
    ),
    Option(
        ("--ignore",),
        "ignore",
        metavar="RULES",
        help="Not these rules or groups of rules, separated by commas.",
    ),
    Option(
        ("--cluster",),
        "cluster",
        choices=PROFILE_NAMES,
        help="Judge manifests for a cluster of this kind; by default for that of mooring.yaml.",
    ),
    Option(
        ("--from-cluster",),
        "from_cluster",
        is_flag=True,
        help="Judge what was declared in a live cluster, read with your own rights.",
    ),
    Option(
        ("--context",),
        "context",
        metavar="NAME",
        help="With --from-cluster: the context of the kubeconfig, instead of its current one.",
    ),
    Option(
        ("-n", "--namespace"),
        "namespace",
        metavar="NAMESPACE",
        help="With --from-cluster: only this namespace, and what is outside of all.",
    ),
    Option(("--fix",), "fix", is_flag=True, help="Mend in the files what can be mended safely."),
    Option(("--diff",), "diff", is_flag=True, help="Print what --fix would change."),
    Option(
        ("--baseline",),
        "known",
        metavar="FILE|DIR",
        help="Show only what is not in this file of findings that are known; or what is not found "
        "in these manifests, or in the live cluster (cluster), and what changes against them.",
    ),
    Option(
        ("--since",),
        "since",
        metavar="REV",
        help="Show only what was not found yet at this revision of git, such as origin/main, and "
        "what changes against it.",
    ),
    Option(
        ("--new-only",),
        "new_only",
        is_flag=True,
        help="Show only what is new: --since HEAD, unless --since or --baseline says otherwise.",
    ),
    Option(
        ("--write-baseline",),
        "write_known",
        metavar="FILE",
        help="Write what is found to such a file, and exit with status 0.",
    ),
)


def check(
    invocation: Invocation,
    *,
    paths: tuple[str, ...],
    format_name: str,
    reports: tuple[str, ...],
    level: str | None,
    select: str | None,
    ignore: str | None,
    cluster: str | None,
    from_cluster: bool,
    context: str | None,
    namespace: str | None,
    fix: bool,
    diff: bool,
    known: str | None,
    since: str | None,
    new_only: bool,
    write_known: str | None,
) -> int:
    """
    Judge the project, or any manifests: what breaks, why, and what to do.

    PATHS are files and folders of manifests, - for standard input.  Without PATHS the objects that
    would be made of the Compose project are judged, those of production unless --environment names
    another environment.  Exits with status 1 when there are errors or warnings, with 4 when there
    are none in what could be read of a cluster, and not all could.
    """
    import datetime

    from mooring import pipeline

    wanted = [_report(text) for text in reports]
    request = invocation.stack_request()
    settings = pipeline.settings(request)
    choices = settings.checks
    chosen = settled.selection(choices, level=level, select=_names(select), ignore=_names(ignore))
    checks = catalogue.checks()
    _refuse_unknown(chosen, [one.rule for one in checks])
    today = datetime.date.today()
    request = msgspec.structs.replace(request, settings=settings)

    def live() -> tuple[Input, ...]:
        is_quiet = invocation.verbosity < 0
        return _in_cluster(request, context, namespace, cluster, today, is_quiet=is_quiet)

    if from_cluster:
        _refuse_beside_cluster(paths, fix=fix or diff)
    elif (context or namespace) and known != check_before.CLUSTER:
        raise UsageError(
            "--context and --namespace are for a live cluster", remedy="add --from-cluster"
        )
    then = _before(
        invocation,
        paths,
        known,
        since,
        new_only=new_only,
        in_files=lambda path: _inputs(request, (path,), cluster, today),
        live=live,
    )
    before = [*then.known]
    if then.to_judge:
        before.append(check_before.known_in(then.inputs, chosen))
    inputs = live() if from_cluster else _inputs(request, paths, cluster, today)
    if file := os.environ.get(check_before.WRITTEN_TO):
        check_before.write(inputs, file)
    check_before.compare(inputs, then.inputs)
    unseen = [told for one in inputs for told in one.unseen]
    for told in unseen:
        terminal.say(f"not looked at: {told}")
    judged = engine.together(
        [
            engine.sifted(
                engine.judge(one.bundle, checks, chosen, others=one.others, before=one.before),
                one.bundle,
                today=today,
                names=besides.all_names(),
            )
            for one in inputs
        ]
    )
    judged = msgspec.structs.replace(judged, unseen=tuple(unseen))
    judged = settled.sifted(judged, choices, today=today, names=besides.all_names())
    for each in before:
        judged = engine.beyond(judged, each)
    for broken in judged.broken:
        terminal.say(f"error: a bug of mooring: the rule {broken.rule} failed: {broken.error}")
    if write_known:
        _write(write_known, baseline.of(judged.findings))
        terminal.say(f"{len(judged.findings)} findings are in {write_known}")
        return statuses.FINE
    if fix or diff:
        judged = _mended([one.bundle for one in inputs], judged, only_shown=diff)

    def edits() -> list[repair.Edit | None]:
        return _edits([one.bundle for one in inputs], judged)

    for form, file in wanted:
        _write(file, judgement.told(judged, form, edits=edits).encode())
    terminal.print_result(
        judgement.told(
            judged,
            format_name,
            is_verbose=invocation.verbosity > 0,
            palette=terminal.palette(sys.stdout, invocation.arguments),
            lines_of=terminal.lines_of(sys.stdout),
            edits=edits,
        )
    )
    if any(one.severity is not Severity.INFO for one in judged.findings):
        return statuses.FINDINGS
    if judged.broken:
        return statuses.BUG
    return statuses.INCOMPLETE if unseen else statuses.FINE


def _refuse_beside_cluster(paths: tuple[str, ...], *, fix: bool) -> None:
    if paths:
        raise UsageError(
            "--from-cluster judges what is in the cluster, and no files",
            remedy="call mooring check twice",
        )
    if fix:
        raise UsageError(
            "what is in a cluster is not mended there",
            remedy="mend the files that it was made of, without --from-cluster",
        )


def _in_cluster(
    request: "Request",
    context: str | None,
    namespace: str | None,
    cluster: str | None,
    today: "date",
    *,
    is_quiet: bool,
) -> tuple[Input, ...]:
    from mooring.cli import check_cluster, check_inputs
    from mooring.settings.cluster_profiles import PROFILES

    return (
        check_cluster.of_cluster(
            context=context,
            namespace=namespace,
            cluster=PROFILES[cluster] if cluster else None,
            registries=check_inputs.registries(request),
            today=today,
            tell=(lambda _: None) if is_quiet else terminal.say,
        ),
    )


class _Then(NamedTuple):
    """What was before: findings that are known, and inputs, in which they may yet be looked for."""

    known: tuple[baseline.Baseline, ...] = ()
    inputs: tuple[Input, ...] = ()
    to_judge: bool = False


def _before(
    invocation: Invocation,
    paths: tuple[str, ...],
    file: str | None,
    revision: str | None,
    *,
    new_only: bool,
    in_files: Callable[[str], tuple[Input, ...]],
    live: Callable[[], tuple[Input, ...]],
) -> _Then:
    """Return what was before: in a file, a folder, the cluster, or at a revision of git."""
    if file == check_before.CLUSTER and not os.path.exists(file):
        seen = tuple(one._replace(place=check_before.EVERYWHERE) for one in live())
        for one in seen:
            one.bundle.holds_others = True
        return _Then(inputs=seen, to_judge=True)
    if file and (os.path.isdir(file) or file.endswith((".yaml", ".yml"))):
        return _Then(inputs=in_files(file), to_judge=True)
    known = (baseline.read(_content(file), file),) if file else ()
    if revision is None and new_only and not known:
        revision = "HEAD"
    if revision is None:
        return _Then(known)
    from mooring.cli import at_revision

    then = at_revision.then(revision, invocation.arguments, paths)
    return _Then((*known, then.known), then.inputs)


def _inputs(
    request: "Request", paths: tuple[str, ...], cluster: str | None, today: "date"
) -> tuple[Input, ...]:
    from mooring.cli import charts, check_inputs
    from mooring.settings.cluster_profiles import PROFILES

    if not paths and cluster:
        raise UsageError(
            "--cluster is for manifests: objects are made for the cluster of mooring.yaml",
            remedy=f"set environments.<name>.cluster: {cluster} in mooring.yaml",
        )
    if not paths:
        return check_inputs.of_project(request, today=today)
    return check_inputs.in_files(
        paths,
        stdin=sys.stdin.buffer.read() if "-" in paths and sys.stdin else None,
        rendered=charts.rendered,
        registries=check_inputs.registries(request),
        cluster=PROFILES[cluster] if cluster else check_inputs.cluster_of_files(request),
        today=today,
    )


def _mended(bundles: list[Bundle], judged: Judgement, *, only_shown: bool) -> Judgement:
    """Carry out the safe fixes, or print them; return what is left to be told."""
    contents = _contents(bundles)
    done = repair.repaired(bundles, judged.findings, contents)
    for refused in done.refused:
        place = f"{refused.finding.position}: " if refused.finding.position else ""
        terminal.say(f"not mended: {place}{refused.finding.rule}: {refused.reason}")
    if only_shown:
        for file, content in sorted(done.contents.items()):
            terminal.print_result(_difference(file, contents[file], content))
        return judged
    for file, content in sorted(done.contents.items()):
        _write(file, content)
    mended = {id(one) for one in done.done}
    terminal.say(f"mended {len(mended)} in {len(done.contents)} files")
    left = tuple(one for one in judged.findings if id(one) not in mended)
    return msgspec.structs.replace(judged, findings=left)


def _edits(bundles: list[Bundle], judged: Judgement) -> list[repair.Edit | None]:
    """Return what the safe fix of each finding changes in the files, None where there is none."""
    contents = _contents(bundles)
    return [repair.edit(bundles, one, contents) for one in judged.findings]


def _contents(bundles: list[Bundle]) -> dict[str, bytes]:
    """Return what stands in the files that the objects are of, as far as they can be written."""
    files = {
        entry.document.file
        for bundle in bundles
        for entry in bundle.entries
        if entry.document is not None and os.path.isfile(entry.document.file)
    }
    return {file: _content(file) for file in sorted(files)}


def _difference(file: str, before: bytes, after: bytes) -> str:
    import difflib

    lines = difflib.unified_diff(
        before.decode("utf-8", "replace").splitlines(),
        after.decode("utf-8", "replace").splitlines(),
        file,
        file,
        lineterm="",
    )
    return "\n".join(lines)


def _report(text: str) -> tuple[str, str]:
    form, separator, file = text.partition("=")
    if form not in judgement.FORMS or not separator or not file:
        raise UsageError(
            f'"{text}" names no report',
            remedy=f"write FORM=FILE, where FORM is one of {', '.join(judgement.FORMS)}",
        )
    return form, file


def _content(file: str) -> bytes:
    try:
        with open(file, "rb") as stream:
            return stream.read()
    except OSError as error:
        raise InputError(
            f"the file cannot be read: {error.strerror}", position=Position(file)
        ) from error


def _write(file: str, content: bytes) -> None:
    try:
        with open(file, "wb") as stream:
            stream.write(content)
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror}") from error


def _names(text: str | None) -> frozenset[str]:
    return frozenset(name.strip() for name in (text or "").split(",") if name.strip())


def _refuse_unknown(chosen: Selection, rules: list[Rule]) -> None:
    from mooring.compose.suggest import did_you_mean

    told = [*rules, *(one.rule for name in besides.names() if (one := besides.page(name)))]
    for name in unknown(sorted(chosen.select | chosen.ignore), told):
        raise UsageError(
            f'there is no rule or group of rules "{name}"',
            remedy=did_you_mean(name, [one.id for one in told])
            or f"the groups are {', '.join(sorted({one.group for one in rules}))}",
        )
