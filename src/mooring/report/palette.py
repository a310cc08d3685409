"""
Emphasis in text for a terminal, or none.

Few colours, each with one meaning, and none that only colour tells: what is red also says
"error".  Whether a stream gets colour is decided where the stream is known (`cli.terminal`).
"""

import msgspec


class Palette(msgspec.Struct, frozen=True, gc=False):
    """Wraps text in the codes of ECMA-48 ("SGR") where ``coloured``, else returns it as it is."""

    coloured: bool = False

    def bad(self, text: str) -> str:
        """Something is broken or refused."""
        return self._paint("1;31", text)

    def doubtful(self, text: str) -> str:
        """A risk, an approximation, an open question."""
        return self._paint("1;33", text)

    def good(self, text: str) -> str:
        """Done, carried, healthy."""
        return self._paint("32", text)

    def hint(self, text: str) -> str:
        """What to do, and where."""
        return self._paint("36", text)

    def strong(self, text: str) -> str:
        """A heading or a name."""
        return self._paint("1", text)

    def faint(self, text: str) -> str:
        """Evidence and places, read on the second look."""
        return self._paint("2", text)

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.coloured and text else text


PLAIN = Palette()
