"""
Text that may come from a file or a cluster, made safe to print.

A control character in a Compose file could move the cursor, recolour the screen or rename the
terminal's window; printed, it is shown as an escape instead.
"""

from mooring.report.palette import Palette
from mooring.sources import Position

_ESCAPES = {code: f"\\x{code:02x}" for code in (*range(32), 127, *range(0x80, 0xA0))}
_ESCAPES |= {code: f"\\u{code:04x}" for code in (0x2028, 0x2029, *range(0x202A, 0x202F))}
_ESCAPES |= {code: f"\\u{code:04x}" for code in range(0x2066, 0x206A)}
del _ESCAPES[ord("\t")]
_LINES = {code: escape for code, escape in _ESCAPES.items() if code != ord("\n")}


def one_line(text: str) -> str:
    """Return ``text`` with every control character but the tab escaped, line breaks too."""
    return text.translate(_ESCAPES)


def lines(text: str, indent: str) -> str:
    """Return ``text`` made safe, the lines after its first moved in by ``indent``."""
    return text.translate(_LINES).replace("\n", f"\n{indent}")


def place(position: Position | None, palette: Palette) -> str:
    """Return ``position`` as it stands behind a statement; nothing for none."""
    return f"  {palette.faint(one_line(position.short))}" if position else ""


def many(count: int, thing: str) -> str:
    """Return ``count`` and ``thing`` in its number: "1 value", "2 values"."""
    return f"{count} {thing}{'' if count == 1 else 's'}"
