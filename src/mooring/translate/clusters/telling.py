"""What is said of a cluster that is formed, or that is not, and of each of its members."""

from collections.abc import Iterator

from mooring.app.replicas import Member
from mooring.decisions import Decision, Evidence, OpenQuestion
from mooring.images.facts import ImageFamily
from mooring.settings.choices import NO_CLUSTER
from mooring.translate.clusters.candidates import Candidates
from mooring.translate.clusters.comparison import Compared
from mooring.translate.clusters.differences import Difference
from mooring.translate.service import TranslatedService
from mooring.translate.view import ServiceView

_MOST_TOLD = 6
"""Differences that a decision shows; more say nothing new."""


def alike(
    services: list[TranslatedService], views: list[ServiceView], family: ImageFamily | None
) -> Iterator[Evidence]:
    """Yield what the members' images have in common."""
    is_built = views[0].get("build") is not None
    image = (
        "are built in the same way" if is_built else f"run {services[0].container.image.reference}"
    )
    of_family = f", which is {family.name}" if family is not None and is_built else ""
    position = views[0].position("build" if is_built else "image")
    yield Evidence(f"all {image}{of_family}", position)


def told(differences: tuple[Difference, ...], group: Candidates) -> Iterator[Evidence]:
    """Yield each difference with what each member has, and where."""
    for one in differences[:_MOST_TOLD]:
        values = zip(group.members, one.values, one.positions, strict=True)
        shown = "; ".join(
            f"{value} in {name}{f' ({at.short})' if at is not None else ''}"
            for name, value, at in values
        )
        yield Evidence(f"{one.what} differs: {shown}", one.positions[0])
    if len(differences) > _MOST_TOLD:
        yield Evidence(f"and {len(differences) - _MOST_TOLD} more differences")


def apart(
    group: Candidates, speaks_for: tuple[Evidence, ...], against: tuple[Evidence, ...]
) -> Decision:
    """Return the decision that the members of ``group`` are no cluster."""
    return Decision(
        subject=f"services.{group.members[0]}",
        topic="cluster",
        choice=f"{listed(group.members)} stay apart, though they look like one cluster",
        evidence=(*against, *speaks_for),
        overrule=_line(group.members, group.name),
    )


def question(group: Candidates, amounts: list[Difference]) -> OpenQuestion:
    """Return the question whether members with different ``amounts`` are equal."""
    first = amounts[0]
    shown = ", ".join(
        f"{value} in {name}" for name, value in zip(group.members, first.values, strict=True)
    )
    return OpenQuestion(
        subject=f"services.{group.members[0]}.cluster",
        question=f"are {listed(group.members)} equal members of one cluster? Replicas have the "
        f"same amounts, and {first.what} differs: {shown}. Make them equal, or say that those of "
        f"{group.members[0]} count for all, or cluster: none",
        answer=_line(group.members, group.name),
        position=first.positions[-1],
    )


def _line(members: tuple[str, ...], cluster: str) -> str:
    said = ", ".join(f"{name}: {{cluster: {cluster}}}" for name in members)
    return f"services: {{{said}}}"


def together(
    group: Candidates, found: Compared, name: str, speaks_for: tuple[Evidence, ...]
) -> Decision:
    """Return the decision that the members of ``group`` are the cluster ``name``."""
    first, count = found.first_number, len(group.members)
    evidence = list(speaks_for)
    if group.asked:
        evidence.append(Evidence("mooring.yaml says so"))
    if found.explained:
        own = listed(found.explained)
        evidence.append(Evidence(f"they differ in what each has of its own: {own}"))
    for at, moved in enumerate(found.moved):
        for old, new in moved.items():
            evidence.append(Evidence(f"{group.members[at]} listens on {new} now, not on {old}"))
    if found.differences:
        evidence.append(Evidence(f"what {group.members[0]} says counts for all"))
        evidence.extend(told(found.differences, group))
    numbered = f", from {first} on, as their numbers are" if first else ""
    return Decision(
        subject=f"services.{group.members[0]}",
        topic="cluster",
        choice=f"{listed(group.members)} are one cluster: the StatefulSet {name} with {count} "
        f"replicas, {name}-{first} to {name}-{first + count - 1}{numbered}",
        evidence=tuple(evidence),
        overrule=f"services: {{{group.members[0]}: {{cluster: {NO_CLUSTER}}}}}",
    )


def membership(
    service: str, pod: str, member: Member, dialler: str | None, cluster: str, *, by_tls: bool
) -> Decision:
    """Return the decision that says which ``pod`` a member is, and how it is dialled."""
    names = listed(member.names)
    if not member.names:
        leads = f"; nothing dials {service} any more, and no name leads to it alone"
        why = "every program here is known, and all that it is told was rewritten"
    else:
        leads = f"; {names} {'lead' if len(member.names) > 1 else 'leads'} to it alone"
        why = (
            f"the image of {dialler} may name it in files that are not seen here"
            if dialler is not None
            else "an address with TLS names it, and so does its certificate"
            if by_tls
            else "it used to be dialled on another port"
        )
    return Decision(
        subject=f"services.{service}",
        topic="replica",
        choice=f"is the pod {pod} of the cluster {cluster}{leads}",
        evidence=(Evidence(why, member.position),),
        overrule=f"services: {{{service}: {{cluster: {NO_CLUSTER}}}}}",
    )


def listed(names: tuple[str, ...]) -> str:
    """Return ``names`` as a text: a, b and c."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
