"""
A command line cut into words, as Docker Compose cuts ``command: echo hi``.

No shell runs: variables and globs stay as they are.  Quotes group and a backslash takes the next
character as it is, also within double quotes.  Text within backquotes and ``$()`` stays together.
A character that ends a command in a shell (``;``, ``&``, ``|``, ``<``, ``>``) ends the words:
Compose drops what follows it, which `dropped` tells.

Source: the behaviour of go-shellwords, which Docker Compose uses.
"""

_SPACES = frozenset(" \t\r\n")
_DIGITS = frozenset("0123456789")
_ENDS = frozenset(";&|<>")
_SPECIAL = frozenset("\\'\"`();&|<>")


class UnbalancedQuotes(ValueError):
    """A quote, backquote or parenthesis is opened and not closed."""


def split(text: str) -> list[str]:
    """
    Return the words of ``text`` up to where a command ends.

    Raises:
        UnbalancedQuotes: a quote is not closed, or a parenthesis stands outside of ``$()``.
    """
    if _SPECIAL.isdisjoint(text):
        return _plain_words(text)
    return _Cut(text).words


def dropped(text: str) -> str:
    """
    Return what Compose drops from ``text``: all from where a command ends in a shell.

    Raises:
        UnbalancedQuotes: as `split`.
    """
    return "" if _ENDS.isdisjoint(text) else text[_Cut(text).end :]


def _plain_words(text: str) -> list[str]:
    for space in "\t\r\n":
        text = text.replace(space, " ")
    return [word for word in text.split(" ") if word]


class _Cut:
    """The words of a text, and where they end."""

    def __init__(self, text: str) -> None:
        self.words: list[str] = []
        self.end = len(text)
        self._word = ""
        self._has_word = False
        # Quotes group within backquotes, but not the other way round; "(" stands for "$(".
        self._quote = ""
        self._in_backquotes = False
        escaped = False
        for index, character in enumerate(text):
            is_open = bool(self._quote) or self._in_backquotes
            if escaped:
                escaped = False
                self._take(character)
            elif character == "\\" and self._quote != "'":
                escaped = True
            elif character in _SPACES and not is_open:
                self._finish_word()
            elif character in _ENDS and not is_open:
                self.end = index
                if character == ">" and self._word[:1] in _DIGITS:
                    # A number before ">" says what is redirected, as in 2>file.
                    self._has_word = False
                break
            else:
                self._read(character)
        self._finish_word()
        if escaped or self._quote or self._in_backquotes:
            raise UnbalancedQuotes("has a quote or parenthesis that is not closed")

    def _read(self, character: str) -> None:
        """Take one character that ends neither a word nor the command."""
        quote = self._quote
        if character in "'\"":
            if quote in ("", character):
                self._has_word = self._has_word or quote == character
                self._quote = "" if quote else character
                return
        elif character == "`" and not quote:
            self._in_backquotes = not self._in_backquotes
        elif character in "()" and quote in ("", "(") and not self._in_backquotes:
            if character == "(" and (quote or not self._word.endswith("$")):
                raise UnbalancedQuotes("has a parenthesis outside of quotes")
            self._quote = "" if quote else "("
        if character in _SPACES:
            self._word += character
        else:
            self._take(character)

    def _take(self, character: str) -> None:
        self._word += character
        self._has_word = True

    def _finish_word(self) -> None:
        if self._has_word:
            self.words.append(self._word)
        self._word = ""
        self._has_word = False
