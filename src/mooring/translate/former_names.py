"""
Which variable that is set may be one that is not, under its former or later name.

Teams rename a variable in the Compose file and not in `.env`, or the other way round; Compose then
goes on with an empty text.  Only names that nothing uses are candidates.
"""

from collections.abc import Collection

_COMMON_WORDS = 3
_LONG_WORD = 5


def former_name(name: str, candidates: Collection[str]) -> str | None:
    """
    Return the one of ``candidates`` that may be ``name``; of several none.

    That is one with a word more or less (`POSTGRES_DB`, `POSTGRES_MAIN_DB`), with another last word
    behind three common ones, or with one word that is a letter or two longer.
    """
    words = name.upper().split("_")
    found = [other for other in candidates if _is_like(words, other.upper().split("_"))]
    return found[0] if len(found) == 1 else None


def _is_like(words: list[str], others: list[str]) -> bool:
    shorter, longer = sorted((words, others), key=len)
    if len(shorter) != len(longer):
        without = (longer[:index] + longer[index + 1 :] for index in range(len(longer)))
        return len(shorter) > 1 and any(shorter == one for one in without)
    different = [index for index, word in enumerate(words) if word != others[index]]
    if len(different) != 1:
        return not different
    place = different[0]
    is_last = place == len(words) - 1 and place >= _COMMON_WORDS
    return is_last or _is_nearly(words[place], others[place])


def _is_nearly(word: str, other: str) -> bool:
    """Tell whether one of two long words is the other with a letter or two behind it."""
    shorter, longer = sorted((word, other), key=len)
    is_close = len(longer) <= len(shorter) + 2
    return len(shorter) >= _LONG_WORD and is_close and longer.startswith(shorter)
