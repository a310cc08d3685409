"""
Kubernetes quantities, read exactly and written in the unit that a reader expects.

``m`` means a thousandth and ``M`` a million; what Compose calls ``512m`` is ``512Mi`` here.

Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
"""

from decimal import ROUND_CEILING, Decimal
from functools import lru_cache

from mooring.errors import InputError
from mooring.patterns import LazyPattern

_BINARY = {"Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30, "Ti": 1 << 40, "Pi": 1 << 50, "Ei": 1 << 60}
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_READABLE = (
    *((suffix, factor) for suffix, factor in reversed(_BINARY.items())),
    *((suffix, 10**power) for suffix, power in reversed(_DECIMAL.items()) if power > 0),
)
_QUANTITY = LazyPattern(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))([eE][+-]?[0-9]+|[A-Za-z]*)")


class InvalidQuantity(InputError):
    """A text is no number with a suffix that Kubernetes defines."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f'"{text}" is not a quantity',
            remedy='write a number and a unit, as in "512Mi", "1.5Gi" or "250m"',
        )


def parse(text: str) -> Decimal:
    """
    Return a quantity in base units: bytes for memory, cores for cpu.

    "1.5Gi" is 1610612736, "250m" is 0.25.  Exact: no binary floating point is involved.

    Raises:
        InvalidQuantity: ``text`` has no number, or a suffix that Kubernetes does not define.
    """
    found = _QUANTITY.fullmatch(text)
    if found is None:
        raise InvalidQuantity(text)
    number, suffix = Decimal(found[1]), found[2]
    if suffix in _BINARY:
        return number * _BINARY[suffix]
    if suffix in _DECIMAL:
        return number.scaleb(_DECIMAL[suffix])
    if suffix[1:].lstrip("+-").isdigit():
        return number.scaleb(int(suffix[1:]))
    raise InvalidQuantity(text)


@lru_cache(maxsize=1024)
def memory(amount: int | Decimal) -> str:
    """
    Return an amount of bytes in the largest unit that holds it exactly: "512Mi", "1G", "1000001".

    Binary units come first.  A part of a byte is rounded up.
    """
    size = int(Decimal(amount).to_integral_value(ROUND_CEILING))
    if size == 0:
        return "0"
    for suffix, factor in _READABLE:
        if size % factor == 0:
            return f"{size // factor}{suffix}"
    return str(size)


@lru_cache(maxsize=1024)
def cpu(cores: int | Decimal) -> str:
    """Return an amount of cores: "2", "250m"; less than a thousandth is rounded up to one."""
    millis = int((Decimal(cores) * 1000).to_integral_value(ROUND_CEILING))
    return f"{millis}m" if millis % 1000 else str(millis // 1000)


def whole_mebibytes(amount: int | Decimal) -> str:
    """Return an amount of bytes for a reader: rounded up to whole MiB, "1504Mi", "3Gi"."""
    mebibyte = _BINARY["Mi"]
    return memory((Decimal(amount) / mebibyte).to_integral_value(ROUND_CEILING) * mebibyte)


def shown(resource: str, size: Decimal) -> str:
    """
    Return an amount of ``resource`` as a reader expects it: cores, bytes, pieces.

    The resource may have the name by which a quota counts it (``requests.memory``).
    """
    name = resource.rpartition(".")[2]
    if name == "cpu":
        return cpu(size)
    in_bytes = name in {"memory", "storage", "ephemeral-storage"} or name.startswith("hugepages-")
    return memory(size) if in_bytes else f"{size.normalize():f}"
