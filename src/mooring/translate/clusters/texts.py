"""
One text for all members of a cluster, where theirs differ in what is each one's own.

Texts are compared word by word.  A member's own name, its own address, its number and its own
ports explain a difference; the names of others do where every member lists all but itself.  What
each replica has to fill in itself stands in the result as a mark, a character of Unicode's private
use area, until the application is complete (see `own_words`).  An amount of memory that differs is
a difference that somebody may have meant; anything else shows that the members are not alike.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cached_property

import msgspec

from mooring.patterns import LazyPattern

OWN_NAME = "\ue000"
OWN_NUMBER = "\ue001"
OWN_ADDRESS = "\ue002"
"""Marks: what each replica puts in their place."""

SETTLED = "\ue003"
"""The mark before a pod's name that is the old name of another member: it is rewritten no more."""

_TOKENS = LazyPattern(r"[A-Za-z0-9_.-]+|[^A-Za-z0-9_.-]+")
_WORD_START = LazyPattern(r"[A-Za-z0-9_.-]")
_AMOUNT = LazyPattern(r"(-Xm[sxn])?\d+(?:\.\d+)?(?:[kmgtKMGT]i?[bB]?|%)?")
_RANGE = LazyPattern(r"([\w.-]+)\{(\d{1,3})\.\.\.(\d{1,3})\}")
"""Several names in one, as MinIO writes them."""
_SEPARATORS = LazyPattern(r"[,;\s]+")
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - what stands in a text


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """
    What belongs to one member alone.

    ``names`` are those by which it is dialled and ``own_names`` those that its process gives to
    itself, all in lower case; ``ports`` are those on which it listens or is published.
    """

    service: str
    names: frozenset[str]
    own_names: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    ports: frozenset[int] = frozenset()

    def is_called(self, word: str) -> bool:
        """Tell whether ``word`` is one of the member's names."""
        lower = word.lower()
        return lower in self.names or lower in self.own_names


class Fault(StrEnum):
    """Why texts cannot be one: they name amounts that differ, or differ in anything else."""

    AMOUNT = "amount"
    OTHER = "other"


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """
    What is known of the place of a text.

    It holds the member's own name, or lists the members by these names, or lists its peers, or
    holds its number, or says where it listens; or is for the container itself (``is_local``).
    """

    holds_name: bool = False
    lists_names: bool = False
    lists_peers: bool = False
    holds_number: bool = False
    binds: bool = False
    is_local: bool = False


class Unified(msgspec.Struct, frozen=True, kw_only=True):
    """
    The text for all members, or the first member's with the ``fault`` that keeps them apart.

    ``ports`` maps, for each member, its own ports to those of the first; ``first_number`` is the
    number that the first fills in; ``differs`` tells that there was something to explain.
    """

    text: str
    fault: Fault | None = None
    ports: tuple[tuple[int, int, int], ...] = ()
    first_number: int | None = None
    differs: bool = False


class Members(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The members in order, and the Service under which their pods are found one by one."""

    identities: tuple[Identity, ...]
    pod_stem: str
    headless: str

    def index(self, word: str) -> int | None:
        """Return the place of the member that is called ``word``, if one is."""
        return self._places.get(word.lower())

    @cached_property
    def _places(self) -> dict[str, int]:
        """The place of the first member that is called so, by each name."""
        places: dict[str, int] = {}
        for at, one in enumerate(self.identities):
            for name in (*one.names, *one.own_names):
                places.setdefault(name, at)
        return places


def unified(texts: Sequence[str], members: Members, slot: Slot) -> Unified:
    """Return one text for ``texts``, those of the members in order."""
    if len(set(texts)) == 1:
        return Unified(text=texts[0])
    rows = [_TOKENS.findall(text) for text in texts]
    if len({len(row) for row in rows}) == 1:
        found = _row(rows, members, slot)
        if found.fault is None or not slot.lists_peers:
            return found
    if slot.lists_peers or slot.lists_names:
        listed = _all_but_themselves(texts, members)
        if listed is not None:
            return Unified(text=listed, differs=True)
    if len({len(row) for row in rows}) == 1:
        return _row(rows, members, slot)
    return Unified(text=texts[0], fault=Fault.OTHER, differs=True)


def _row(rows: list[list[str]], members: Members, slot: Slot) -> Unified:
    """Return one text for ``rows`` of as many tokens each."""
    made: list[str] = []
    ports: list[tuple[int, int, int]] = []
    fault: Fault | None = None
    first_number: int | None = None
    for place in range(len(rows[0])):
        tokens = [row[place] for row in rows]
        if len(set(tokens)) == 1:
            made.append(tokens[0])
            continue
        own = _own(tokens, members, slot)
        if own is not None:
            made.append(own)
        elif slot.holds_number and (start := _first_of_row(tokens)) is not None:
            first_number = start
            made.append(OWN_NUMBER)
        elif _are_own_ports(tokens, members):
            ports += [(at, int(token), int(tokens[0])) for at, token in enumerate(tokens) if at > 0]
            made.append(tokens[0])
        else:
            is_amount = all(_AMOUNT.fullmatch(token) for token in tokens) and not slot.holds_number
            worse = Fault.AMOUNT if is_amount else Fault.OTHER
            fault = Fault.OTHER if Fault.OTHER in {fault, worse} else worse
            made.append(tokens[0])
    text = "".join(made) if fault is None else "".join(rows[0])
    return Unified(
        text=text, fault=fault, ports=tuple(ports), first_number=first_number, differs=True
    )


def _range_of_pods(found: re.Match[str], members: Members, first_number: int) -> str:
    """Return a range of members' names, as in `minio{1...4}`, as one of their pods."""
    before, start, end = found[1], found[2], found[3]
    width = len(start) if start.startswith("0") else 1
    names = [f"{before}{number:0{width}d}" for number in range(int(start), int(end) + 1)]
    places = [members.index(name) for name in names]
    first = places[0] if places else None
    if first is None or places != list(range(first, first + len(places))):
        return found[0]
    lowest = first_number + first
    ordinals = f"{{{lowest}...{lowest + len(places) - 1}}}"
    return f"{members.pod_stem}-{ordinals}.{members.headless}"


def _own(tokens: list[str], members: Members, slot: Slot) -> str | None:
    """Return what stands for ``tokens`` that are what each member is called, or its address."""
    identities = members.identities
    if all(one.is_called(token) for one, token in zip(identities, tokens, strict=True)):
        if slot.binds:
            return _EVERYWHERE
        if slot.is_local:
            return "localhost"
        return OWN_NAME if slot.holds_name else f"{OWN_NAME}.{members.headless}"
    if all(token in one.addresses for one, token in zip(identities, tokens, strict=True)):
        if slot.binds:
            return _EVERYWHERE
        return "localhost" if slot.is_local else OWN_ADDRESS
    # In a list of all, a member may write 0.0.0.0 for itself.
    named = {members.index(token) for token in tokens if token != _EVERYWHERE}
    if len(named) == 1 and None not in named:
        (at,) = named
        others = {token for token in tokens if token != _EVERYWHERE}
        if at is not None and tokens[at] == _EVERYWHERE and tokens.count(_EVERYWHERE) == 1:
            return min(others)
    return None


def _first_of_row(tokens: list[str]) -> int | None:
    """Return the first of numbers that follow one another; None where they do not."""
    if not all(token.isdecimal() for token in tokens):
        return None
    start = int(tokens[0])
    is_row = all(int(token) == start + at for at, token in enumerate(tokens))
    return start if is_row else None


def _are_own_ports(tokens: list[str], members: Members) -> bool:
    return all(
        token.isdecimal() and int(token) in one.ports
        for one, token in zip(members.identities, tokens, strict=True)
    )


def _all_but_themselves(texts: Sequence[str], members: Members) -> str | None:
    """
    Return the list of all members, where each of ``texts`` lists all but its own, or all.

    What stands around the names must be the same for every member.
    """
    forms: set[str] = set()
    spelled: dict[int, str] = {}
    separators: set[str] = set()
    for own, text in enumerate(texts):
        seen = {own}
        separators.update(_SEPARATORS.findall(text))
        for item in filter(None, _SEPARATORS.split(text)):
            tokens = _TOKENS.findall(item)
            places = [(at, members.index(token)) for at, token in enumerate(tokens)]
            named = [(at, index) for at, index in places if index is not None]
            if len(named) != 1:
                return None
            ((at, index),) = named
            forms.add("".join((*tokens[:at], "\0", *tokens[at + 1 :])))
            spelled[index] = tokens[at]
            seen.add(index)
        if seen != set(range(len(members.identities))):
            return None
    if len(forms) != 1 or len(separators) > 1 or len(spelled) != len(members.identities):
        return None
    (form,) = forms
    separator = separators.pop() if separators else ","
    return separator.join(form.replace("\0", spelled[at]) for at in sorted(spelled))


def asking_itself(text: str, own: Identity, moved: Mapping[int, int]) -> str:
    """
    Return the text of a check of the member ``own`` alone, so that every replica asks itself.

    ``moved`` are the ports of the member that become others.
    """
    tokens = _TOKENS.findall(text)
    for at, token in enumerate(tokens):
        if not own.is_called(token) and token not in own.addresses:
            continue
        tokens[at] = "localhost"
        after = tokens[at + 1] if at + 1 < len(tokens) else ""
        port = tokens[at + 2] if after == ":" and at + 2 < len(tokens) else ""
        if port.isdecimal():
            tokens[at + 2] = str(moved.get(int(port), int(port)))
    return "".join(tokens)


def naming_pods(
    text: str, members: Members, slot: Slot, moved: Sequence[Mapping[int, int]], first_number: int
) -> str:
    """
    Return a text of the members themselves with the pods that it names in place of members.

    Only a text that lists members is changed here: one that names a single member is read with
    those of all other services.  In a list by own names a pod is called by its name alone, but in
    `etcd0=http://etcd0:2380` only what stands before the equals sign is such a name.  ``moved`` are
    the ports of each member that become others.
    """
    text = _RANGE.sub(lambda found: _range_of_pods(found, members, first_number), text)
    tokens = _TOKENS.findall(text)
    named = {
        at: index for at, token in enumerate(tokens) if (index := members.index(token)) is not None
    }
    if not (slot.lists_names or slot.lists_peers or len(set(named.values())) > 1):
        return text
    for at, index in named.items():
        before = tokens[at - 1] if at else ""
        after = tokens[at + 1] if at + 1 < len(tokens) else ""
        pod = f"{members.pod_stem}-{first_number + index}"
        is_host = before.endswith(("/", "@")) or after.startswith(":")
        if slot.lists_names and (after.startswith("=") or not is_host):
            tokens[at] = pod if members.index(pod) is None else f"{SETTLED}{pod}"
            continue
        tokens[at] = f"{pod}.{members.headless}"
        port = tokens[at + 2] if after == ":" and at + 2 < len(tokens) else ""
        if port.isdecimal():
            tokens[at + 2] = str(moved[index].get(int(port), int(port)))
    return "".join(tokens)
