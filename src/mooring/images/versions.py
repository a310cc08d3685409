"""
Which version of a program a tag names, and whether a range of versions holds for it.

A version is the number at the start of a tag (``17.4-alpine`` is 17.4, ``v2.40.2`` is 2.40.2,
``RELEASE.2024-12-18T13-15-44Z`` is 2024.12.18); what follows it is the variant.  A family whose
tags put it elsewhere says by which prefix it is known there (pg in ``pg17``, ``latest-pg17``).

A short number is a moving tag: ``redis:7`` is the newest 7.x.  So it lies above every bound
within its line (``<7.4`` does not hold for 7, ``>=7.4`` does).  A pre-release counts as its
release.

A tag without a number (none at all, ``latest``, ``alpine``, a commit) tells no version.  Of the
facts then only those hold whose range has no upper end: an image without a number is far more
often the newest than any old one, and whoever uses the facts is told that this was assumed.
"""

from functools import lru_cache

import msgspec

from mooring.patterns import LazyPattern

# After the number comes the end, a separator, or the word of a pre-release: 18beta1, 8.0.10-rc0.
# A commit such as 7f3e9ab is no version.
_NUMBER = LazyPattern(
    r"(?:v|V|version-|RELEASE\.)?(?P<number>[0-9]+(?:\.[0-9]+)*)"
    r"(?:(?:alpha|beta|rc|a|b)[0-9]*)?(?=$|[-_+.])"
)
_DATE = LazyPattern(r"(?:v|RELEASE\.)?([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")
_HYPHENS_OF_A_DATE = 2
_BOUND = LazyPattern(r"(>=|<)([0-9]+(?:\.[0-9]+)*)")


_DISTRIBUTION = LazyPattern(
    r"(?:alpine|debian|ubuntu|ubi|centos|rockylinux|fedora|el|windowsservercore|cuda)[0-9.]*"
)
"""
What an image is built on: a number there is no version of the program.

What comes with a release of Windows (``ltsc2022``) has the version of that.
"""


class Version(msgspec.Struct, frozen=True, order=True, gc=False):
    """The number of a version, most significant part first: at least one part."""

    numbers: tuple[int, ...]

    def __str__(self) -> str:
        return ".".join(map(str, self.numbers))


class Tag(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    What a tag tells.

    ``version`` is None where it names none; ``words`` are the parts of the tag between hyphens
    without the version, in order: ``17-3.5-alpine`` has ``3.5`` and ``alpine``.
    """

    version: Version | None
    words: tuple[str, ...] = ()

    def is_variant(self, variant: str) -> bool:
        """Tell whether the tag has ``variant`` among its words: alpine3.20 is an alpine."""
        return any(
            word == variant
            or (word.startswith(variant) and word[len(variant) :].replace(".", "").isdigit())
            for word in self.words
        )


class Range(msgspec.Struct, frozen=True, gc=False):
    """Versions from ``lowest`` on, up to but without ``below``; None is no limit."""

    lowest: Version | None = None
    below: Version | None = None

    def holds_for(self, version: Version | None) -> bool:
        """Tell whether ``version`` lies in the range; None, an unknown one, counts as newest."""
        if version is None:
            return self.below is None
        if self.lowest is not None and _compared(version, self.lowest) < self.lowest.numbers:
            return False
        return self.below is None or _compared(version, self.below) < self.below.numbers


def names_a_build(tag: str | None) -> bool:
    """
    Tell whether ``tag`` means a version, a date or a commit, and not whatever is the newest.

    A major version alone is one: what it moves to reads the same data and keeps its promises.
    ``alpine``, ``stable`` and ``lts-bookworm`` only say of which kind the newest one is.
    """
    if tag is None:
        return False
    return any(
        _DISTRIBUTION.fullmatch(word) is None and any(map(str.isdecimal, word))
        for word in _words(tag)
    )


def read_tag(tag: str | None, *, prefix: str | None = None) -> Tag:
    """
    Return what ``tag`` tells; None is the absence of a tag, which tells nothing.

    With ``prefix`` the version is the number after it in one of the words, and not the number at
    the start.
    """
    if tag is None:
        return Tag(version=None)
    if prefix is not None:
        return _read_prefixed(tag, prefix)
    date = _DATE.match(tag) if tag.count("-") >= _HYPHENS_OF_A_DATE else None
    if date is not None:
        return Tag(
            version=Version(tuple(int(part) for part in date.groups())),
            words=_words(tag[date.end() :]),
        )
    match = _NUMBER.match(tag)
    if match is None:
        return Tag(version=None, words=_words(tag))
    return Tag(version=_version(match["number"]), words=_words(tag[match.end() :]))


def _read_prefixed(tag: str, prefix: str) -> Tag:
    words = list(_words(tag))
    for place, word in enumerate(words):
        match = _NUMBER.fullmatch(word.removeprefix(prefix)) if word.startswith(prefix) else None
        if match is not None:
            del words[place]
            return Tag(version=_version(match["number"]), words=tuple(words))
    return Tag(version=None, words=tuple(words))


@lru_cache(maxsize=1024)
def parse_range(text: str) -> Range:
    """
    Return the range that ``text`` writes: ``>=`` and ``<`` with a number, one of each at most.

    Raises:
        ValueError: ``text`` is no range, or one in which nothing lies.
    """
    found: dict[str, Version] = {}
    for word in text.split():
        match = _BOUND.fullmatch(word)
        if match is None or match[1] in found:
            raise ValueError(f'"{text}" is no range of versions, such as ">=7.0 <7.4"')
        found[match[1]] = _version(match[2])
    if not found:
        raise ValueError("a range of versions is empty")
    written = Range(found.get(">="), found.get("<"))
    if None not in (written.lowest, written.below) and not (written.lowest < written.below):  # type: ignore[operator]
        raise ValueError(f'no version lies in "{text}"')
    return written


def _compared(version: Version, bound: Version) -> tuple[float, ...]:
    """Return ``version`` for a comparison with ``bound``: a missing part is above every number."""
    missing = len(bound.numbers) - len(version.numbers)
    return (*version.numbers, *[float("inf")] * missing)


def _version(number: str) -> Version:
    return Version(tuple(int(part) for part in number.split(".")))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.replace("_", "-").replace("+", "-").split("-") if word)
