"""
The text of a YAML value where Compose puts it into a text: ``KEY=value``, a label, a variable.

Docker Compose formats numbers as Go does by default; a converter that formats them otherwise
(``1000000.0`` for ``1e+06``) changes what the container sees.
"""

import math

from mooring.compose.nodes import Mapping, Node, Sequence


def text(node: Node) -> str:
    """Return ``node`` as Go's ``%v`` prints it."""
    if isinstance(node, Sequence):
        return f"[{' '.join(text(item) for item in node.items)}]"
    if isinstance(node, Mapping):
        pairs = (f"{name}:{text(node.entries[name])}" for name in sorted(node.entries))
        return f"map[{' '.join(pairs)}]"
    value = node.value
    if isinstance(value, str):
        return value
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return float_text(value)
    return str(value)


def float_text(value: float) -> str:
    """
    Return ``value`` with the fewest digits that give it back, as Go's ``%v`` does.

    An exponent is written from 1e+06 on and below 0.0001, with two digits at least: 1e-05.

    Source: https://pkg.go.dev/fmt ("%v" of a floating-point number is "%g").
    """
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    if math.isnan(value):
        return "NaN"
    sign = "-" if math.copysign(1.0, value) < 0 else ""
    mantissa, _, exponent_text = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    if fraction == "0":
        fraction = ""
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return f"{sign}0"
    # The value is 0.DIGITS times 10 to the power of ``point``.
    point = len(whole) + int(exponent_text or 0)
    if whole == "0":
        point -= 1 + len(fraction) - len(fraction.lstrip("0"))
    digits = digits.rstrip("0")
    exponent = point - 1
    if exponent < -4 or exponent >= 6:
        tail = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{tail}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if len(digits) <= point:
        return f"{sign}{digits}{'0' * (point - len(digits))}"
    return f"{sign}{digits[:point]}.{digits[point:]}"
