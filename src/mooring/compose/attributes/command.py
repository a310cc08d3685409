"""
``command`` and ``entrypoint``: the words of a process.

A text is cut into words without a shell.  Null means what the image says; an empty text or list
means none at all.

Source: Compose Specification, "command", "entrypoint".
"""

from mooring.compose import shell_words
from mooring.compose.attributes import short_text
from mooring.compose.nodes import Node, Scalar, Sequence
from mooring.errors import InputError


def typed(node: Node) -> Node:
    """
    Return the list of words, or null where none are given.

    Raises:
        InputError: quotes are not closed, or a word is no text.
    """
    if isinstance(node, Sequence):
        for item in node.items:
            if type(item) is not Scalar or not isinstance(item.value, str):
                raise InputError(
                    "a word of a command must be a text",
                    position=item.position or node.position,
                    remedy="put it in quotes",
                )
        return node
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return Scalar(None, node.position)
    try:
        words = shell_words.split(node.value)
    except shell_words.UnbalancedQuotes as fault:
        raise InputError(
            f"the command {fault}",
            position=node.position,
            remedy="close it, or write the command as a list of words",
        ) from None
    return Sequence(tuple(short_text.piece(node, word) for word in words), node.position)
