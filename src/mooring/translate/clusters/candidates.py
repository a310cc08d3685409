"""
Which services may be the members of one cluster, going by their names and images.

Members run the same image, or one that is built in the same way, of a family that is known to form
clusters, and their names differ in one number (or one last letter).  mooring.yaml may name the
members instead; then neither the family nor the names matter.
"""

import re
from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.workloads import Workload
from mooring.compose.nodes import plain
from mooring.kube.names import service_name
from mooring.patterns import LazyPattern
from mooring.settings.choices import NO_CLUSTER, Choices
from mooring.translate.service import TranslatedService
from mooring.translate.view import ServiceView

_NUMBER = LazyPattern(r"\d+")
_LAST_LETTER = LazyPattern(r"(?<=[-_.])[a-z]$")


class Candidates(msgspec.Struct, frozen=True, kw_only=True):
    """
    Services that may form the cluster ``name``, in the order of their numbers.

    ``asked`` tells that mooring.yaml says that they do.
    """

    name: str
    members: tuple[str, ...]
    asked: bool = False


def candidates(
    translated: ReadOnly[str, TranslatedService],
    views: ReadOnly[str, ServiceView],
    choices: Choices,
) -> tuple[Candidates, ...]:
    """Return the groups of services that may form clusters, each service in one at most."""
    chosen = {
        name: said for name in translated if (said := choices.service(name).cluster) is not None
    }
    asked: dict[str, list[str]] = {}
    for name, said in chosen.items():
        if said != NO_CLUSTER:
            asked.setdefault(said, []).append(name)
    found: list[Candidates] = []
    taken: set[str] = set()
    workloads = [name for name, one in translated.items() if isinstance(one.part, Workload)]
    for group in _alike(workloads, translated, views):
        names = {chosen[name] for name in group.members if name in chosen}
        if not names:
            found.append(group)
            taken.update(group.members)
        elif len(names) == 1 and NO_CLUSTER not in names:
            # A member whose cluster is named speaks for those that say nothing.
            (said,) = names
            members = tuple(dict.fromkeys((*group.members, *asked[said])))
            found.append(Candidates(name=said, members=members, asked=True))
            taken.update(members)
    for said, several in asked.items():
        members = tuple(name for name in several if name not in taken)
        if len(members) > 1:
            found.append(Candidates(name=said, members=members, asked=True))
    return tuple(found)


def _forms_clusters(view: ServiceView) -> bool:
    return view.known is not None and bool(view.known.family.cluster)


def _alike(
    names: list[str],
    translated: ReadOnly[str, TranslatedService],
    views: ReadOnly[str, ServiceView],
) -> Iterator[Candidates]:
    by_image: dict[str, list[str]] = {}
    able = [name for name in names if _forms_clusters(views[name])]
    for name in able if len(able) > 1 else ():
        by_image.setdefault(image_identity(views[name], translated[name]), []).append(name)
    for several in by_image.values():
        if len(several) > 1:
            yield from _numbered(several)


def image_identity(view: ServiceView, service: TranslatedService) -> str:
    """Return a text that two services share where they run the same image."""
    build = view.get("build")
    return repr(plain(build)) if build is not None else service.container.image.reference


def _numbered(names: list[str]) -> Iterator[Candidates]:
    """Yield the groups of ``names`` that differ in one number, the last ones first."""
    left = list(names)
    for place in (-1, -2, 0):
        groups: dict[str, list[tuple[int, str]]] = {}
        for name in left:
            found = list(_NUMBER.finditer(name))
            if found and -len(found) <= place < len(found):
                at = found[place]
                pattern = f"{name[: at.start()]}\0{name[at.end() :]}"
                groups.setdefault(pattern, []).append((int(at[0]), name))
        for pattern, members in groups.items():
            stem = _stem(pattern)
            # The first of `mongo`, `mongo2`, `mongo3` may have no number.
            if stem in left and all(number > 1 for number, _ in members):
                members.append((1, stem))
            if len(members) > 1 and len({number for number, _ in members}) == len(members):
                yield _group(stem, members)
                left = [name for name in left if name not in {one for _, one in members}]
    lettered: dict[str, list[tuple[int, str]]] = {}
    for name in left:
        letter = _LAST_LETTER.search(name)
        if letter is not None:
            stem = name[: letter.start()].rstrip("-_.")
            lettered.setdefault(stem, []).append((ord(letter[0]), name))
    for stem, members in lettered.items():
        if len(members) > 1 and min(members)[0] == ord("a"):
            yield _group(stem, members)


def _group(stem: str, members: list[tuple[int, str]]) -> Candidates:
    ordered = tuple(name for _, name in sorted(members))
    return Candidates(
        name=service_name(stem) if stem else service_name(ordered[0]), members=ordered
    )


def _stem(pattern: str) -> str:
    """Return what is common to names that differ where ``pattern`` has a null character."""
    before, _, after = pattern.partition("\0")
    if not after:
        return before.rstrip("-_.")
    return re.sub(r"[-_.]{2,}", "-", f"{before}{after}").strip("-_.")


def common_name(names: tuple[str, ...]) -> str | None:
    """Return what is left of ``names`` without the number in which they differ; None: no such."""
    runs = [list(_NUMBER.finditer(name)) for name in names]
    for place in range(min(map(len, runs))):
        patterns = {
            f"{name[: found[place].start()]}\0{name[found[place].end() :]}"
            for name, found in zip(names, runs, strict=True)
        }
        if len(patterns) == 1:
            return _stem(patterns.pop()) or None
    return None
