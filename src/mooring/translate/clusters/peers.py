"""
Peers that members name in an option for each: `-retry-join=b -retry-join=c` in the member `a`.

Every member leaves itself out, so no two commands are alike.  A process that is told to join itself
as well does no harm, and then all say the same.
"""

from collections.abc import Sequence

from mooring.translate.clusters.knowledge import options
from mooring.translate.clusters.texts import Members


def joining_all(
    rows: Sequence[tuple[str, ...]], peers: str, members: Members
) -> list[tuple[str, ...]] | None:
    """
    Return the commands ``rows`` with the option ``peers`` for every one of ``members``.

    None where ``peers`` is no option, or where not every member names others with it.
    """
    if not peers.startswith("-"):
        return None
    made = [_without_peers(words, peers, members) for words in rows]
    forms = {form for _, form in made}
    if len(forms) != 1 or None in forms:
        return None
    named = [identity.service for identity in members.identities]
    joined = (
        [f"{peers}={name}" for name in named]
        if forms == {True}
        else [word for name in named for word in (peers, name)]
    )
    return [
        tuple(word for each in words for word in (joined if each is None else (each,)))
        for words, _ in made
    ]


def _without_peers(
    words: tuple[str, ...], peers: str, members: Members
) -> tuple[list[str | None], bool | None]:
    """Return ``words`` with None for all that name a member, and whether these have a "="."""
    made: list[str | None] = []
    form: bool | None = None
    for option, word in options(words):
        value = word.removeprefix(f"{peers}=")
        if option != peers or members.index(value) is None:
            made.append(word)
            continue
        form = value != word
        if not form:
            made.pop()
        if None not in made:
            made.append(None)
    return made, form
