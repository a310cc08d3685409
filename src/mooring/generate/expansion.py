"""
Literal texts, as Kubernetes has to see them.

Kubernetes expands ``$(NAME)`` in commands, arguments and values of the environment, and reads
``$$`` as one dollar sign.  A text that means itself must be escaped: ``$(date)`` is a shell's
business, and ``$$`` its process id.

Source: https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
"""


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
