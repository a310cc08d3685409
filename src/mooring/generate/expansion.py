"""
Literal texts, as Kubernetes has to see them.

Kubernetes expands ``$(NAME)`` in commands, arguments and values of the environment, and reads
``$$`` as one dollar sign.  A text that means itself must be escaped: ``$(date)`` is a shell's
business, and ``$$`` its process id.

Source: https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
"""

from collections.abc import Iterable

from mooring.app.process import Reference


def literal(text: str) -> str:
    """Return the text that Kubernetes expands to exactly ``text``."""
    if "$(" not in text and "$$" not in text:
        return text
    escaped = []
    for index, character in enumerate(text):
        escaped.append(character)
        if character == "$" and text[index + 1 : index + 2] in {"$", "("}:
            escaped.append("$")
    return "".join(escaped)


def literals(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return each of ``texts`` as `literal`."""
    return tuple(literal(text) for text in texts)


def referring(texts: tuple[str, ...], references: Iterable[Reference]) -> tuple[str, ...]:
    """
    Return ``texts`` as `literal`, with ``references`` to settings where those stand.

    Those in one text are in order and do not overlap.
    """
    places: dict[int, list[Reference]] = {}
    for place in references:
        places.setdefault(place.word, []).append(place)
    if not places:
        return literals(texts)
    return tuple(_referring(text, places.get(number, [])) for number, text in enumerate(texts))


def _referring(text: str, places: list[Reference]) -> str:
    pieces: list[str] = []
    end = 0
    for place in places:
        pieces += (literal(text[end : place.start]), f"$({place.setting})")
        end = place.end
    return "".join((*pieces, literal(text[end:])))
