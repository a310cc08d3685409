"""
``extra_hosts``: addresses of names that no DNS server knows.

Source: Compose Specification, "extra_hosts": ``host=address`` or ``host:address``, several
addresses joined by commas, an IPv6 address with or without brackets.
"""

from mooring.compose import scalar_text
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.errors import InputError


def typed(node: Node) -> Node | None:
    """
    Return the sorted list of ``host=address`` texts, one for each address; None where empty.

    Raises:
        InputError: an entry without an address or with a name that holds a separator.
    """
    found: list[Scalar] = []
    if isinstance(node, Mapping):
        for name, value in node.entries.items():
            _check_name(name, value)
            for item in value.items if isinstance(value, Sequence) else (value,):
                assert isinstance(item, Scalar)
                address = "" if item.value is None else scalar_text.text(item)
                found.append(_entry(name, address, item))
    elif isinstance(node, Sequence):
        for item in node.items:
            assert isinstance(item, Scalar)
            text = scalar_text.text(item)
            separator = "=" if "=" in text else ":"
            name, found_separator, addresses = text.partition(separator)
            if not found_separator:
                raise InputError(
                    f'extra host "{text}" has no address',
                    position=item.position,
                    remedy='write it as "name=address", as in "db=10.0.0.5"',
                )
            _check_name(name, item)
            found += [_entry(name, address, item) for address in addresses.split(",")]
    found.sort(key=lambda entry: str(entry.value))
    return Sequence(tuple(found), node.position) if found else None


def _entry(name: str, address: str, source: Scalar) -> Scalar:
    if len(address) > 2 and address[0] == "[" and address[-1] == "]":
        address = address[1:-1]
    return Scalar(f"{name}={address}", source.position, source.variables)


def _check_name(name: str, source: Node) -> None:
    if not name or ":" in name or "=" in name:
        raise InputError(
            f'"{name}" is no host name',
            position=source.position,
            remedy='write it as "name=address", as in "db=10.0.0.5"',
        )
